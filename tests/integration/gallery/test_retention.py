"""On the day the call says, what won nothing is destroyed; winners stay, and every proof still holds."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from contest.domain.actors import Role
from contest.models.account import LoginSession, Throttle
from contest.models.entry import Entry
from contest.models.outbox import Destruction, Message
from contest.models.paper import Paper
from contest.models.photo import Fingerprint, Photo, PhotoState, Rendition
from contest.models.submission import Submission, SubmissionState
from contest.operations.audit import broken_link
from contest.operations.check import find_faults
from contest.operations.notify import notify, submission_recipient
from contest.operations.retention import run_erasures
from contest.queries.editions import get_edition
from gallery.operations.hold import hold
from judging.queries.allocation import allocation_differences

ANNOUNCED = dt.datetime(2024, 10, 1, 1, 0, tzinfo=dt.UTC)
THIRTY_DAYS = ANNOUNCED + dt.timedelta(days=30)
THREE_MONTHS = dt.datetime(2025, 1, 1, 1, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def fingerprints(services) -> None:
    with services.database.write() as uow:
        uow.session.add_all(
            Fingerprint(photo_id=photo_id, pdq=b"0" * 32, pdq_quality=100, phash=b"0" * 32, packed=b"0")
            for photo_id in uow.session.scalars(select(Photo.id)).all()
        )


def photos_of(services, entries):
    with services.database.read() as session:
        return set(session.scalars(select(Entry.photo_id).where(Entry.id.in_(entries))))


def everything_holds(services, edition_id) -> None:
    with services.database.read() as session:
        assert broken_link(session) is None
        assert allocation_differences(session, get_edition(session, edition_id)) == []


def test_losing_photographs_end_on_their_day(services, clock, decided, approved) -> None:
    fingerprints(services)
    losing, winning = photos_of(services, decided.losers), photos_of(services, decided.entries)
    clock.move_to(THIRTY_DAYS - SECOND)
    assert run_erasures(services, clock.now())["losing_photo"] == 0
    clock.move_to(THIRTY_DAYS)
    before = list(find_faults(services, hashes=False))
    assert run_erasures(services, clock.now())["losing_photo"] == len(decided.losers)
    assert set(services.storage.list("originals")) == {f"originals/{photo_id}" for photo_id in winning}
    assert len(list(services.storage.list("renditions"))) == 2 * len(winning)
    with services.database.read() as session:
        gone = session.scalars(select(Photo).where(Photo.id.in_(losing))).all()
        assert {(photo.state, photo.submission_id) for photo in gone} == {(PhotoState.ERASED, None)}
        assert session.scalar(select(func.count()).select_from(Rendition)) == 2 * len(winning)
        assert session.scalar(select(func.count()).select_from(Fingerprint)) == len(winning) + len(losing)
        line = session.scalars(select(Destruction)).one()
        assert (line.kind, line.count, line.edition_id) == (
            "losing_photo", len(decided.losers), decided.edition_id,
        )  # fmt: skip
    assert photos_of(services, decided.losers) == {None}
    everything_holds(services, decided.edition_id)
    assert [fault for fault in find_faults(services, hashes=False) if fault not in before] == []
    assert run_erasures(services, clock.now())["losing_photo"] == 0


def test_personal_data_of_those_who_won_nothing_ends_winners_stay(services, clock, decided, approved) -> None:
    with services.database.write() as uow:
        loser = uow.session.scalars(
            select(Submission)
            .join(Entry, Entry.submission_id == Submission.id)
            .where(Entry.id == decided.losers[0])
        ).one()
        loser_id = loser.id
        uow.session.add(
            Paper(
                id="signed",
                submission_id=loser_id,
                kind="drone",
                format="PDF",
                bytes=4,
                sha256="0" * 64,
                stored_at=clock.now(),
            )
        )
    services.storage.put("entry-papers/signed", b"%PDF")
    clock.move_to(THREE_MONTHS - SECOND)
    assert run_erasures(services, clock.now())["entrant_data"] == 0
    clock.move_to(THREE_MONTHS)
    assert run_erasures(services, clock.now())["entrant_data"] == len(decided.losers)
    with services.database.read() as session:
        states = dict(
            session.execute(select(Submission.state, func.count()).group_by(Submission.state)).all()
        )
        assert states == {
            SubmissionState.ERASED: len(decided.losers),
            SubmissionState.SUBMITTED: len(decided.entries),
        }
        loser = session.get_one(Submission, loser_id)
        assert (loser.name_sealed, loser.phone_sealed, loser.person_key) == (None, None, None)
        told = session.scalars(select(Message).where(Message.subject_id == loser_id)).all()
        assert told
        assert {message.body_sealed for message in told} == {None}
        papers = session.execute(
            select(Destruction.count, Destruction.rule).where(Destruction.kind == "paper")
        )
        assert papers.all() == [(1, "retention.entrants")]
        assert session.get(Paper, "signed") is None
    assert list(services.storage.list("entry-papers")) == []
    everything_holds(services, decided.edition_id)


def test_a_text_written_after_the_erasure_is_emptied(services, clock, decided, approved) -> None:
    clock.move_to(THREE_MONTHS)
    with services.database.read() as session:
        person = session.scalars(select(Submission).order_by(Submission.receipt_number.desc())).first()
    with services.database.write() as uow:
        recipient = submission_recipient(uow, uow.session.get_one(Submission, person.id))
    run_erasures(services, clock.now())
    with services.database.write() as uow:
        facts = {"request": "erase", "result": "done", "at": clock.now()}
        notify(
            uow, "A10", recipient, edition_id=decided.edition_id, event="late", facts=facts, now=clock.now()
        )
    assert run_erasures(services, clock.now())["message"] == 1
    assert run_erasures(services, clock.now())["message"] == 0


def test_an_announcement_on_hold_ends_nothing(services, clock, decided, approved, people) -> None:
    with services.database.write() as uow:
        hold(uow, decided.edition_id, "이의신청 확인 중", actor=people.operator, now=clock.now())
    clock.move_to(THREE_MONTHS)
    done = run_erasures(services, clock.now())
    assert (done["losing_photo"], done["entrant_data"]) == (0, 0)


def test_old_sign_ins_and_counts_of_attempts_end(services, clock, edition, login_as) -> None:
    login_as(Role.OPERATOR)
    with services.database.write() as uow:
        uow.session.add(Throttle(key="k", window_start=clock.wall(), count=3))
    clock.advance(hours=1)
    assert run_erasures(services, clock.now())["attempts"] == 1
    assert run_erasures(services, clock.now())["sign_in"] == 0
    clock.advance(days=800)
    assert run_erasures(services, clock.now())["sign_in"] == 1
    with services.database.read() as session:
        assert session.scalars(select(LoginSession)).all() == []


def test_the_ledger_is_read_by_staff(services, clock, decided, approved, login_as) -> None:
    clock.move_to(THIRTY_DAYS)
    auditor = login_as(Role.AUDITOR)
    page = auditor.get("/staff/destruction").text
    assert "아직 파기한 자료가 없습니다." in page
    assert f"수상하지 않은 사진 {len(decided.losers)}건" in page
    assert f"수상하지 않은 사진 {len(decided.losers)}건" in auditor.get("/staff").text
    run_erasures(services, clock.now())
    page = auditor.get("/staff/destruction").text
    assert "결과 발표부터 정한 기간" in page
    assert "지금 파기할 자료가 없습니다." in page
    assert "파기할 때가 된 자료" not in auditor.get("/staff").text
