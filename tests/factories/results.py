"""A contest whose judging is sealed, made as rows: entrants, works, pictures, panel, standings."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from contest.domain.actors import Role
from contest.domain.stages import Stage
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.photo import Photo, PhotoState, Rendition
from contest.models.submission import Submission, SubmissionState
from contest.queries.editions import rules_of
from judging.domain.round_rule import rule_of
from judging.models.panel import Judge
from judging.models.round import Round, RoundEntry, RoundState, StandingRow


@dataclass(frozen=True)
class Sealed:
    """entries: ids best first; numbers: their 출품번호; judges: ids of the panel."""

    edition_id: str
    round_id: str
    entries: tuple[str, ...]
    numbers: tuple[str, ...]
    judges: tuple[str, ...]


def seal_judging(
    services: Services,
    edition: Edition,
    *,
    works: int = 34,
    ranks: list[int] | None = None,
    persons: list[int] | None = None,
    judges: int = 3,
    picture: bytes | None = None,
) -> Sealed:
    """The edition in stage JUDGING with one sealed round: work n has rank ranks[n] and person persons[n]."""
    ids, crypto, now = services.ids, services.crypto, services.clock.now()
    ranks = ranks or list(range(1, works + 1))
    persons = persons or list(range(works))
    stored: list[tuple[str, str]] = []
    for _ in range(works if picture else 0):
        rendition = ids.token()
        services.storage.put(f"renditions/{rendition}", picture or b"")
        stored.append((rendition, ids.token()))
    with services.database.write() as uow:
        session = uow.session
        held = session.scalars(select(Edition).where(Edition.id == edition.id)).one()
        held.stage = Stage.JUDGING
        panel = []
        for n in range(judges):
            account = Account(
                id=ids.token(), login=f"judge-{ids.token()[:8]}@example.kr", name=f"심사{'가나다라마바사'[n]}", role=Role.JUDGE,
                recovery_digests=[], created_at=now, activated_at=now,
            )  # fmt: skip
            session.add(account)
            session.flush()
            judge = Judge(id=ids.token(), edition_id=edition.id, account_id=account.id, is_chair=n == 0)
            session.add(judge)
            panel.append(judge.id)
        round_ = Round(
            id=ids.token(), edition_id=edition.id, ordinal=1, state=RoundState.SEALED, rule=rule_of(rules_of(held), 1).to_document(), trim=False,
            opened_at=now, sealed_at=now, seal="0" * 64,
        )  # fmt: skip
        session.add(round_)
        session.flush()
        entries, numbers = [], []
        for n in range(works):
            number = f"2024-02-{n + 1:04d}"
            submission = Submission(
                id=ids.token(), edition_id=edition.id, state=SubmissionState.SUBMITTED, receipt_number=number,
                age_band="adult", person_key=f"person-{persons[n]}", created_at=now, updated_at=now, submitted_at=now,
            )  # fmt: skip
            submission.name_sealed = crypto.seal(f"홍길{n}", f"submission.name:{submission.id}")
            submission.phone_sealed = crypto.seal(f"+8210{n:08d}", f"submission.phone:{submission.id}")
            session.add(submission)
            session.flush()
            photo_id = None
            if stored:
                rendition, photo_id = stored[n]
                session.add(Photo(
                    id=photo_id, edition_id=edition.id, submission_id=submission.id, state=PhotoState.CHECKED,
                    sha256=f"{n:064d}", bytes=1, suffix=".jpg", stored_at=now, facts={},
                ))  # fmt: skip
                session.flush()
                session.add(Rendition(
                    id=rendition, photo_id=photo_id, kind="preview", sha256=f"{n:064d}",
                    bytes=len(picture or b""), width=1200, height=800,
                ))  # fmt: skip
            entry = Entry(
                id=ids.token(), edition_id=edition.id, submission_id=submission.id, photo_id=photo_id, ordinal=1,
                entry_number=f"{number}-1", state=EntryState.FIT, title=f"원제목{n}", screened_title=f"금천의 하루 {n + 1}",
                screened_description=f"골목에서 만난 빛 {n + 1}", screened_place="독산1동", screened_at=now,
                created_at=now, updated_at=now,
            )  # fmt: skip
            session.add(entry)
            session.flush()
            mean = Fraction(9900 - 50 * ranks[n], 100)
            session.add(RoundEntry(round_id=round_.id, entry_id=entry.id, common_number=f"{n + 101}"))
            session.add(StandingRow(
                round_id=round_.id, entry_id=entry.id, rank=ranks[n], mean=str(mean),
                printed=f"{float(mean):.2f}",
                detail={"totals": {judge: str(mean) for judge in panel}, "rule": "plain", "dropped": [],
                        "left_out": [], "ties": []},
            ))  # fmt: skip
            entries.append(entry.id)
            numbers.append(f"{number}-1")
    return Sealed(edition.id, round_.id, tuple(entries), tuple(numbers), tuple(panel))
