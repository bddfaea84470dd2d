"""What nobody needs any more: texts to people who were erased, old sign-ins, counts of attempts."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from contest.domain.schedule import later
from contest.domain.throttling import FORGOTTEN_AFTER
from contest.infra.wiring import Services
from contest.models.account import LoginSession, Throttle
from contest.models.edition import Edition
from contest.models.news import NewsContact
from contest.models.outbox import Message
from contest.models.submission import Submission, SubmissionState
from contest.operations.destruction import note_destruction
from contest.operations.erase import FAREWELL
from contest.operations.news import NEWS
from contest.queries.editions import rules_of

#: Where no edition says how long records of access are kept.
ACCESS_MONTHS = 24
#: How long a contact may wait for the message that its data were erased: then it is given up and forgotten too.
FAREWELL_DAYS = dt.timedelta(days=5)
_OF_SUBMISSIONS = ("submission", "draft", "guardian")


def due_messages(session: Session, now: dt.datetime) -> int:
    """How many messages still hold a text to somebody whose data were erased."""
    return session.scalar(select(func.count()).select_from(Message).where(_left_over(now))) or 0


def erase_messages(services: Services, now: dt.datetime) -> int:
    """Empty recipient and text of such messages; what was sent when stays. Returns how many.

    A farewell waits until it has left or is given up; nothing else to them may still leave.
    """
    with services.database.write() as uow:
        found = uow.session.scalars(select(Message.id).where(_left_over(now))).all()
        for at in range(0, len(found), 500):
            chunk = found[at : at + 500]
            uow.session.execute(
                update(Message)
                .where(Message.id.in_(chunk), Message.sent_at.is_(None), Message.voided_at.is_(None))
                .values(voided_at=now)
            )
            uow.session.execute(
                update(Message)
                .where(Message.id.in_(chunk))
                .values(to_sealed=None, title_sealed=None, body_sealed=None)
            )
        note_destruction(uow, "message", None, count=len(found), rule="messages", now=now)
    return len(found)


def _left_over(now: dt.datetime) -> ColumnElement[bool]:
    living = exists().where(Submission.id == Message.subject_id, Submission.state != SubmissionState.ERASED)
    listed = exists().where(NewsContact.id == Message.subject_id)
    is_late = or_(
        and_(Message.subject_kind.in_(_OF_SUBMISSIONS), ~living), and_(Message.subject_kind == NEWS, ~listed)
    )
    is_over = or_(
        Message.sent_at.is_not(None),
        Message.voided_at.is_not(None),
        Message.created_at <= now - FAREWELL_DAYS,
    )
    return and_(
        Message.body_sealed.is_not(None), or_(is_late, and_(Message.subject_kind == FAREWELL, is_over))
    )


def due_sign_ins(session: Session, wall: dt.datetime) -> int:
    """How many records of sign-ins are past their period (wall time)."""
    return (
        session.scalar(
            select(func.count())
            .select_from(LoginSession)
            .where(LoginSession.seen_at <= _since(session, wall))
        )
        or 0
    )


def erase_sign_ins(services: Services, now: dt.datetime) -> int:
    """Delete records of sign-ins last used longer ago than records of access are kept; returns how many."""
    wall = services.clock.wall()
    with services.database.write() as uow:
        since = _since(uow.session, wall)
        count = uow.session.scalar(
            select(func.count()).select_from(LoginSession).where(LoginSession.seen_at <= since)
        )
        uow.session.execute(delete(LoginSession).where(LoginSession.seen_at <= since))
        note_destruction(uow, "sign_in", None, count=count or 0, rule="retention.access_logs", now=now)
    return count or 0


def _since(session: Session, wall: dt.datetime) -> dt.datetime:
    """Sign-ins last used at or before this are past the longest period that an edition announces."""
    periods = [rules_of(edition).retention.get("access_logs") for edition in session.scalars(select(Edition))]
    starts = [later(wall, -period.months, -period.days) for period in periods if period is not None]
    return min(starts, default=later(wall, -ACCESS_MONTHS, 0))


def due_attempts(session: Session, wall: dt.datetime) -> int:
    """How many counts of attempts no longer count (wall time)."""
    return (
        session.scalar(
            select(func.count()).select_from(Throttle).where(Throttle.window_start <= wall - FORGOTTEN_AFTER)
        )
        or 0
    )


def erase_attempts(services: Services, now: dt.datetime) -> int:
    """Delete counts that no longer count. They name nobody, so the ledger has no line; returns how many."""
    del now
    wall = services.clock.wall()
    with services.database.write() as uow:
        count = due_attempts(uow.session, wall)
        uow.session.execute(delete(Throttle).where(Throttle.window_start <= wall - FORGOTTEN_AFTER))
    return count
