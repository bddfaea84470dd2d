"""The sweep, the clock moved: drafts, replies and the state of entry are told once, and taken back in time."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from factories.submissions import make_submission
from sqlalchemy import select

from contest.domain.actors import Role
from contest.domain.stages import Stage
from contest.infra.clock import KST, SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.outbox import Message
from contest.models.submission import Submission, SubmissionState
from contest.operations.timely import send_timely
from contest.queries.messages import opened_texts

CLOSES = dt.datetime(2024, 8, 30, 18, 0, tzinfo=KST)


def at(services: Services, clock: SteppedClock, instant: dt.datetime) -> Counter[str]:
    """Sweep twice at an instant; the codes that still wait."""
    clock.move_to(instant.astimezone(dt.UTC))
    send_timely(services, clock.now())
    send_timely(services, clock.now())
    with services.database.read() as session:
        waiting = select(Message.code).where(Message.voided_at.is_(None), Message.sent_at.is_(None))
        return Counter(session.scalars(waiting))


def test_a_draft_with_a_telephone_is_reminded_until_it_is_handed_in(
    services: Services, clock: SteppedClock, edition: Edition
) -> None:
    draft = make_submission(services, edition, state=SubmissionState.DRAFT)
    silent = make_submission(services, edition, state=SubmissionState.DRAFT, phone="010-9999-0000")
    with services.database.write() as uow:
        uow.session.get_one(Submission, silent.id).phone_sealed = None
    assert at(services, clock, CLOSES - dt.timedelta(days=3, minutes=1)) == {}
    assert at(services, clock, CLOSES - dt.timedelta(days=3)) == {"A2": 1}
    with services.database.write() as uow:
        row = uow.session.scalars(select(Message)).one()
        _, title, body = opened_texts(services.crypto, row)
        assert "홍길동" not in title + body
        assert (row.subject_id, "{link:draft}" in body) == (draft.id, True)
        row.sent_at = clock.now()
    assert at(services, clock, CLOSES - dt.timedelta(days=2)) == {}
    assert at(services, clock, CLOSES - dt.timedelta(days=1)) == {"A2": 1}
    assert at(services, clock, CLOSES - dt.timedelta(hours=3)) == {"A2": 1}
    with services.database.write() as uow:
        uow.session.get_one(Submission, draft.id).state = SubmissionState.WITHDRAWN
    assert at(services, clock, CLOSES - dt.timedelta(hours=2)) == {}
    with services.database.read() as session:
        rows = session.scalars(select(Message).order_by(Message.not_before)).all()
        assert [row.sent_at is not None for row in rows] == [True, False, False]
        assert all(9 <= row.not_before.astimezone(KST).hour < 20 for row in rows)


def test_an_entrant_hears_that_the_time_to_answer_ends_unless_the_answer_is_there(
    services: Services, clock: SteppedClock, edition: Edition, make_account
) -> None:
    made = make_submission(services, edition, entry_state=EntryState.UNFIT)
    until, approver = CLOSES + dt.timedelta(days=5), make_account(Role.APPROVER)
    clock.move_to(CLOSES.astimezone(dt.UTC))
    with services.database.write() as uow:
        uow.session.get_one(Edition, edition.id).stage = Stage.SCREENING
        work = uow.session.get_one(Entry, made.entries[0])
        work.screened_at, work.screened_by = clock.now(), approver.id
        work.reply_until = until
    assert at(services, clock, until - dt.timedelta(days=2)) == {}
    assert at(services, clock, until - dt.timedelta(days=1)) == {"A7": 1}
    assert at(services, clock, until + dt.timedelta(minutes=1)) == {"A7": 1}
    with services.database.write() as uow:
        work = uow.session.get_one(Entry, made.entries[0])
        work.reply, work.replied_at = "금천구가 맞습니다.", clock.now()
    assert at(services, clock, until + dt.timedelta(minutes=2)) == {}


def test_the_office_hears_how_entry_stands(
    services: Services, clock: SteppedClock, edition: Edition, make_account
) -> None:
    make_account(Role.OPERATOR)
    make_account(Role.APPROVER)
    make_submission(services, edition)
    at(services, clock, CLOSES - dt.timedelta(days=2, hours=8))
    at(services, clock, CLOSES - dt.timedelta(hours=2))
    at(services, clock, CLOSES)
    with services.database.read() as session:
        rows = session.scalars(select(Message).order_by(Message.not_before)).all()
        assert [(row.code, row.sent_at is not None) for row in rows] == [
            ("O1", True)
        ] * 2  # mail leaves at once
        assert "누적 1건" in opened_texts(services.crypto, rows[-1])[2]
