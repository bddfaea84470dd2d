"""What nobody needs any more: texts to people who were erased, old sign-ins, counts of attempts."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, and_, delete, exists, func, select, update
from sqlalchemy.orm import Session

from contest.domain.throttling import FORGOTTEN_AFTER
from contest.infra.wiring import Services
from contest.models.account import LoginSession, Throttle
from contest.models.edition import Edition
from contest.models.outbox import Message
from contest.models.submission import Submission, SubmissionState
from contest.operations.erase import later, record_destruction
from contest.queries.editions import rules_of

#: Where no edition says how long records of access are kept.
ACCESS_MONTHS = 24
_OF_SUBMISSIONS = ("submission", "draft", "guardian")


def due_messages(session: Session, now: dt.datetime) -> int:
    """How many messages still hold a text to somebody whose submission was erased."""
    del now
    return session.scalar(select(func.count()).select_from(Message).where(_left_over())) or 0


def erase_messages(services: Services, now: dt.datetime) -> int:
    """Empty recipient and text of such messages; what was sent when stays. Returns how many."""
    with services.database.write() as uow:
        found = uow.session.scalars(select(Message.id).where(_left_over())).all()
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
    if found:
        record_destruction(services, "message", None, count=len(found), rule="retention.entrants", now=now)
    return len(found)


def _left_over() -> ColumnElement[bool]:
    living = exists().where(Submission.id == Message.subject_id, Submission.state != SubmissionState.ERASED)
    return and_(Message.subject_kind.in_(_OF_SUBMISSIONS), Message.body_sealed.is_not(None), ~living)


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
    if count:
        record_destruction(services, "sign_in", None, count=count, rule="retention.access_logs", now=now)
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
