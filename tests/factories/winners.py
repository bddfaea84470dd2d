"""A decided contest: winners with photographs, consents and final awards, others who took part."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from contest.domain.actors import Actor
from contest.domain.consents import ConsentKind
from contest.domain.stages import Stage
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.consent import Consent
from contest.models.edition import ConsentText, Edition, PrizeSlot, Spot
from contest.models.entry import Entry, EntryState
from contest.models.photo import Photo, PhotoState, Rendition
from contest.models.submission import Submission, SubmissionState
from contest.queries.editions import get_edition, rules_of
from factories.photos import jpeg
from judging.domain.allocator import AllocationPolicy, Candidate, allocate
from judging.models.award import Allocation, Award, Reserve
from judging.models.round import Round, RoundState, StandingRow

NAMES = ("김금천", "이시흥", "박독산", "최가산", "정호암", "강안양", "조은행", "윤벚꽃", "장시장", "임노을")


@dataclass(frozen=True)
class Decided:
    """Ids of what was made; entries in the order of their slots."""

    edition_id: str
    entries: tuple[str, ...]
    losers: tuple[str, ...]


def decide_contest(
    services: Services,
    edition_id: str,
    by: Actor,
    *,
    losers: int = 3,
    consents: Sequence[ConsentKind] = (ConsentKind.LICENCE, ConsentKind.PRIVACY, ConsentKind.PLEDGE),
    in_full: Sequence[int] = (),
    titles: Sequence[str] = (),
    pictures: Sequence[bytes] = (),
    sizes: Sequence[tuple[int, int]] = (),
) -> Decided:
    """A work on every slot of the edition, `losers` more that took part, the edition decided.

    in_full: places (from 0) of winners who agreed to their whole name.
    """
    now = services.clock.now()
    with services.database.read() as session:
        winners = len(session.scalars(select(PrizeSlot).where(PrizeSlot.edition_id == edition_id)).all())
        spots = [spot.id for spot in session.scalars(select(Spot).order_by(Spot.position))]
    files = pictures or (jpeg(7, 640, 480),)
    made: list[tuple[str, str]] = []
    photos: list[tuple[str, str, str, bytes]] = []
    with services.database.write() as uow:
        edition = get_edition(uow.session, edition_id)
        texts = {
            row.kind: row.digest
            for row in uow.session.scalars(
                select(ConsentText).where(ConsentText.edition_id == edition_id, ConsentText.locale == "ko")
            )
        }
        for at in range(winners + losers):
            file = files[at % len(files)]
            size = sizes[at % len(sizes)] if sizes else (640, 480)
            entry, key, photo = _take_part(
                uow,
                edition,
                at,
                file,
                size,
                spots[at % len(spots)],
                titles[at] if at < len(titles) else f"금천의 빛 {at + 1}",
                now,
            )
            given = [*consents, *([ConsentKind.NAME_PUBLICATION] if at in in_full else [])]
            uow.session.add_all(
                Consent(
                    id=uow.ids.token(),
                    submission_id=entry.submission_id,
                    kind=kind,
                    text_digest=texts[kind],
                    given_at=now,
                )
                for kind in given
            )
            made.append((entry.id, key))
            photos.append(photo)
        uow.session.flush()
        _award(uow, edition, made, by, now)
    for original, large, thumb, file in photos:
        services.storage.put(f"originals/{original}", file)
        services.storage.put(f"renditions/{large}", file)
        services.storage.put(f"renditions/{thumb}", file)
    return Decided(edition_id, tuple(e for e, _ in made[:winners]), tuple(e for e, _ in made[winners:]))


def _take_part(  # noqa: PLR0917  one place, one set of facts
    uow: UnitOfWork,
    edition: Edition,
    at: int,
    file: bytes,
    size: tuple[int, int],
    spot: str,
    title: str,
    now: dt.datetime,
) -> tuple[Entry, str, tuple[str, str, str, bytes]]:
    token = uow.ids.token
    submission_id, key = token(), hashlib.sha256(f"{edition.id}{at}".encode()).hexdigest()
    number = f"{edition.year}-{at + 1:04d}"
    uow.session.add(
        Submission(
            id=submission_id, edition_id=edition.id, state=SubmissionState.SUBMITTED, receipt_number=number, age_band="adult",
            name_sealed=uow.crypto.seal(NAMES[at % len(NAMES)], f"submission.name:{submission_id}"),
            phone_sealed=uow.crypto.seal(f"0101234{at:04d}", f"submission.phone:{submission_id}"),
            person_key=key, created_at=now, updated_at=now, submitted_at=now,
        )
    )  # fmt: skip
    uow.session.flush()
    photo = Photo(
        id=token(), edition_id=edition.id, submission_id=submission_id, state=PhotoState.CHECKED,
        sha256=hashlib.sha256(file).hexdigest(), bytes=len(file), suffix="jpg", stored_at=now, format="JPEG", width=size[0], height=size[1],
        facts={},
    )  # fmt: skip
    uow.session.add(photo)
    uow.session.flush()
    renditions = [
        Rendition(
            id=token(),
            photo_id=photo.id,
            kind=kind,
            sha256=photo.sha256,
            bytes=len(file),
            width=size[0],
            height=size[1],
        )
        for kind in ("preview", "thumb")
    ]
    entry = Entry(
        id=token(), edition_id=edition.id, submission_id=submission_id, photo_id=photo.id, ordinal=1, entry_number=f"{number}-1",
        state=EntryState.FIT, title=title, screened_title=title, screened_description="해 질 녘에 찍었습니다.", spot_id=spot, dong="시흥2동",
        screened_at=now, created_at=now, updated_at=now,
    )  # fmt: skip
    uow.session.add_all([*renditions, entry])
    uow.session.flush()
    return entry, key, (photo.id, renditions[0].id, renditions[1].id, file)


def _award(
    uow: UnitOfWork, edition: Edition, made: list[tuple[str, str]], by: Actor, now: dt.datetime
) -> None:
    """What judging leaves behind: a sealed round, its standings, the provisional and the final run, the awards."""
    rules = rules_of(edition)
    round_ = Round(
        id=uow.ids.token(), edition_id=edition.id, ordinal=1, state=RoundState.SEALED, rule={}, trim=True, opened_at=now, sealed_at=now,
        seal="0" * 64,
    )  # fmt: skip
    uow.session.add(round_)
    uow.session.flush()
    ranking = [Candidate(entry, rank, key) for rank, (entry, key) in enumerate(made, start=1)]
    uow.session.add_all(
        StandingRow(round_id=round_.id, entry_id=c.entry, rank=c.rank, mean="1/1", printed="1.00", detail={})
        for c in ranking
    )
    result = allocate(ranking, rules.prizes, {}, AllocationPolicy(reserves=rules.reserves))
    holding = {
        "awards": result.to_document()["awards"], "reserves": result.to_document()["reserves"], "vacant": [],
        "count": len(result.awards), "sum": result.spent,
    }  # fmt: skip
    runs = [
        ("provisional", result.inputs.to_document(), result.to_document(), result.digest()),
        ("final", {"before": holding}, holding, _digest({"before": holding}, holding)),
    ]
    for version, (cause, inputs, document, digest) in enumerate(runs, start=1):
        run = Allocation(
            id=uow.ids.token(), edition_id=edition.id, version=version, cause=cause, inputs=inputs, result=document, digest=digest,
            made_at=now, made_by=by.id,
        )  # fmt: skip
        uow.session.add(run)
        uow.session.flush()
    uow.session.add_all(
        Award(
            id=uow.ids.token(), edition_id=edition.id, slot_ordinal=a.slot.ordinal, entry_id=a.entry, person_key=a.person,
            allocation_id=run.id, state="final", created_at=now, decided_at=now,
        )
        for a in result.awards
    )  # fmt: skip
    uow.session.add_all(
        Reserve(edition_id=edition.id, entry_id=c.entry, ordinal=at, person_key=c.person)
        for at, c in enumerate(result.reserves, start=1)
    )
    edition.stage = Stage.DECIDED
    uow.session.flush()


def _digest(inputs: object, result: object) -> str:
    document = {"inputs": inputs, "result": result}
    return hashlib.sha256(
        json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()
