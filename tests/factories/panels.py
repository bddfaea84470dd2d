"""Works that passed screening, juries that signed, rounds that are open: for tests of judging."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PIL import Image
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.stages import Stage
from contest.infra.clock import KST, SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.photo import Photo, PhotoState, Rendition
from contest.models.submission import Submission, SubmissionState
from judging.domain.pledges import PledgeKind
from judging.models.panel import Conflict, Judge
from judging.models.round import JudgeWork
from judging.operations.close import close_judging
from judging.operations.panel import appoint_judge, set_chair
from judging.operations.pledge import sign_pledges
from judging.operations.rounds import open_first_round
from judging.operations.score import complete_judging, save_score
from judging.queries.blind import seat_of, tiles

JUDGING_OPENS = dt.datetime(2024, 9, 5, 9, 0, tzinfo=KST)
CRITERIA = ("theme", "creativity", "artistry", "usability")


@dataclass(frozen=True)
class Entrant:
    """Everything about a person that no judge may learn."""

    name: str = "홍길동"
    phone: str = "+821012345678"
    email: str = "hong@example.kr"
    serial: str = "SN-0001"


@dataclass(frozen=True)
class Jury:
    """What a test of judging works with."""

    edition_id: str
    round_id: str
    operator: Actor
    approver: Actor
    judges: list[Actor]
    entries: list[str]


def small_picture(seed: int, size: int = 32) -> bytes:
    """A small JPEG of one colour: pixels that tell works apart."""
    buffer = io.BytesIO()
    Image.new("RGB", (size, size), (seed * 37 % 256, seed * 91 % 256, seed * 53 % 256)).save(buffer, "JPEG")
    return buffer.getvalue()


def plain_renditions(number: int, entrant: Entrant) -> Mapping[str, bytes]:
    """The renditions of work `number`: one colour, whoever entered it."""
    del entrant
    return dict.fromkeys(("judge", "thumb"), small_picture(number))


def make_works(
    services: Services,
    edition_id: str,
    count: int,
    entrants: Sequence[Entrant] = (Entrant(),),
    render: Callable[[int, Entrant], Mapping[str, bytes]] = plain_renditions,
) -> list[str]:
    """Fit works with their renditions stored; work n is by entrant n (round robin). Entry ids in entry order."""
    now = services.clock.now()
    made: list[str] = []
    for number in range(1, count + 1):
        entrant = entrants[(number - 1) % len(entrants)]
        pictures = render(number, entrant)
        renditions = {kind: services.ids.token() for kind in pictures}
        for kind, identifier in renditions.items():
            services.storage.put(f"renditions/{identifier}", pictures[kind])
        with services.database.write() as uow:
            submission = Submission(
                id=uow.ids.token(), edition_id=edition_id, state=SubmissionState.SUBMITTED,
                receipt_number=f"2024-02-{number:04d}", age_band="adult", created_at=now, updated_at=now,
                submitted_at=now, person_key=uow.crypto.digest("person", entrant.name + entrant.phone),
            )  # fmt: skip
            submission.name_sealed = uow.crypto.seal(entrant.name, f"submission.name:{submission.id}")
            submission.phone_sealed = uow.crypto.seal(entrant.phone, f"submission.phone:{submission.id}")
            submission.email_sealed = uow.crypto.seal(entrant.email, f"submission.email:{submission.id}")
            uow.session.add(submission)
            uow.session.flush()
            photo = Photo(
                id=uow.ids.token(), edition_id=edition_id, submission_id=submission.id, state=PhotoState.CHECKED,
                sha256="0" * 64, bytes=len(pictures["judge"]), suffix=".jpg", stored_at=now, width=32, height=32,
                format="jpeg", facts={"exif": {"serial": entrant.serial, "artist": entrant.name}},
            )  # fmt: skip
            uow.session.add(photo)
            uow.session.flush()
            uow.session.add_all(
                Rendition(
                    id=identifier, photo_id=photo.id, kind=kind, bytes=len(pictures[kind]),
                    sha256=hashlib.sha256(pictures[kind]).hexdigest(), width=32, height=32,
                )
                for kind, identifier in renditions.items()
            )  # fmt: skip
            entry = Entry(
                id=uow.ids.token(), edition_id=edition_id, submission_id=submission.id, photo_id=photo.id,
                ordinal=1, entry_number=f"2024-02-{number:04d}-1", state=EntryState.FIT,
                title=f"{entrant.name}의 작품 {number}", screened_title=f"작품 {number}",
                screened_description=f"설명 {number}", screened_place="독산동", screened_at=now,
                created_at=now, updated_at=now,
            )  # fmt: skip
            uow.session.add(entry)
            made.append(entry.id)
    return made


def make_panel(services: Services, edition_id: str, operator: Actor, size: int = 5) -> list[Actor]:
    """A jury of `size`, all but the last external, the first in the chair. The judges' actors."""
    actors: list[Actor] = []
    for number in range(1, size + 1):
        with services.database.write() as uow:
            judge_id = appoint_judge(
                uow, edition_id, name=f"심사{'가나다라마바사아자'[number - 1]}", affiliation="사진학과",
                is_external=size == 1 or number < size, actor=operator, now=services.clock.now(),
            )  # fmt: skip
            if number == 1:
                set_chair(uow, judge_id, actor=operator, now=services.clock.now())
            account_id = uow.session.get_one(Judge, judge_id).account_id
        actors.append(Actor("judge", account_id, Role.JUDGE))
    return actors


def name_of(judges: Sequence[Actor], judge: Actor) -> str:
    """The name that make_panel gave a judge."""
    return f"심사{'가나다라마바사아자'[list(judges).index(judge)]}"


def sign_everything(services: Services, judges: Sequence[Actor]) -> None:
    """Every judge signs every paper and knows nobody."""
    for judge in judges:
        name = name_of(judges, judge)
        with services.database.write() as uow:
            sign_pledges(
                uow, dict.fromkeys(PledgeKind, name), "", name=name, actor=judge, now=services.clock.now()
            )


def open_judging(services: Services, clock: SteppedClock, edition: Edition, operator: Actor) -> str:
    """Put the edition into judging at the opening minute, as the stage move does; the round's id."""
    clock.move_to(max(JUDGING_OPENS.astimezone(dt.UTC), clock.now()))
    with services.database.write() as uow:
        uow.session.get_one(Edition, edition.id).stage = Stage.JUDGING
        return open_first_round(uow, edition.id, actor=operator, now=clock.now())


def score_work(services: Services, judge: Actor, work_id: str, levels: Sequence[int], key: str = "") -> None:
    """Give a work its four levels."""
    for criterion, level in zip(CRITERIA, levels, strict=True):
        with services.database.write() as uow:
            save_score(
                uow,
                work_id,
                criterion,
                level,
                f"{key or work_id}:{criterion}",
                actor=judge,
                now=services.clock.now(),
            )


def works_of(services: Services, judge: Actor) -> list[str]:
    """The ids of a judge's works in the judge's own order."""
    with services.database.read() as session:
        return [tile.work_id for tile in tiles(session, seat_of(session, judge.id))]


def sign_off(services: Services, judges: Sequence[Actor], judge: Actor) -> None:
    """심사 완료."""
    name = name_of(judges, judge)
    with services.database.write() as uow:
        complete_judging(uow, name, name=name, actor=judge, now=services.clock.now())


def judge_contest(
    services: Services,
    clock: SteppedClock,
    edition: Edition,
    operator: Actor,
    *,
    works: int = 8,
    judges: int = 3,
) -> list[Actor]:
    """Works of one entrant each judged by a panel that signed, one work stepped back from after scoring; sealed."""
    make_works(
        services, edition.id, works, [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(works)]
    )
    panel = make_panel(services, edition.id, operator, judges)
    sign_everything(services, panel)
    open_judging(services, clock, edition, operator)
    # Every work another total, the same from every judge: whatever is left out, nothing is tied.
    with services.database.read() as session:
        dealt = session.execute(select(JudgeWork.judge_id, JudgeWork.id, JudgeWork.entry_id)).all()
        seats = {judge.account_id: judge.id for judge in session.scalars(select(Judge))}
    places = {entry: place for place, entry in enumerate(sorted({entry for _, _, entry in dealt}))}
    for judge in panel:
        for seat, work, entry in dealt:
            if seat == seats[judge.id]:
                score_work(services, judge, work, (1 + places[entry] % 5, 1 + places[entry] // 5, 3, 3))
    with services.database.write() as uow:
        work = uow.session.scalars(select(JudgeWork).order_by(JudgeWork.id)).first()
        assert work is not None
        uow.session.add(
            Conflict(
                judge_id=work.judge_id, entry_id=work.entry_id, kind="recusal", declared_at=clock.now(),
                declared_by=panel[0].id,
            )
        )  # fmt: skip
    for judge in panel:
        sign_off(services, panel, judge)
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=operator, now=clock.now())
    return panel


def add_preliminary(services: Services, edition_id: str, **rule: object) -> None:
    """Put a round of votes before the edition's own round; rule: values of the round's document."""
    with services.database.write() as uow:
        edition = uow.session.get_one(Edition, edition_id)
        vote = {
            "code": "preliminary", "name": {"ko": "예심"}, "method": "vote", "advance": "threshold",
            "advance_percent": 50, "shows": ["title"], **rule,
        }  # fmt: skip
        rounds = edition.document["rounds"]
        assert isinstance(rounds, list)
        edition.document = {**edition.document, "rounds": [vote, *rounds]}


def let_deliberate(services: Services, edition_id: str) -> None:
    """Have a deliberation follow the edition's last round."""
    with services.database.write() as uow:
        edition = uow.session.get_one(Edition, edition_id)
        *before, last = edition.document["rounds"]  # type: ignore[misc]  # a list of documents
        edition.document = {**edition.document, "rounds": [*before, {**last, "deliberation": True}]}


def judge_by_ballots(services: Services, edition_id: str, **document: object) -> None:
    """Have the edition's last round put works in order; document: other values of the edition's."""
    with services.database.write() as uow:
        edition = uow.session.get_one(Edition, edition_id)
        *before, last = edition.document["rounds"]  # type: ignore[misc]  # a list of documents
        edition.document = {
            **edition.document, "rounds": [*before, {**last, "method": "ballot"}], "ties": ["counts", "chair"], **document
        }  # fmt: skip


def meet_twice(services: Services, edition_id: str, works: int, **rule: object) -> None:
    """Have every judge of the edition's last round meet so many works twice; rule: other values of the round's."""
    with services.database.write() as uow:
        edition = uow.session.get_one(Edition, edition_id)
        *before, last = edition.document["rounds"]  # type: ignore[misc]  # a list of documents
        edition.document = {**edition.document, "rounds": [*before, {**last, "repeats": works, **rule}]}


def entries_of(services: Services, judge: Actor) -> dict[str, str]:
    """Entry -> the judge's own work, in the judge's present round."""
    with services.database.read() as session:
        seat = seat_of(session, judge.id)
        rows = session.execute(
            select(JudgeWork.entry_id, JudgeWork.id).where(
                JudgeWork.round_id == seat.round_id, JudgeWork.judge_id == seat.judge_id
            )
        )
        return dict(rows.all())


def vote_on(services: Services, judge: Actor, votes: Mapping[str, int]) -> None:
    """Give each entry 1 (no), 2 (abstain) or 3 (yes)."""
    works = entries_of(services, judge)
    for entry, level in votes.items():
        with services.database.write() as uow:
            save_score(
                uow, works[entry], "vote", level, f"v{works[entry]}", actor=judge, now=services.clock.now()
            )
