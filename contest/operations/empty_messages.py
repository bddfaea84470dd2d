"""Messages to somebody forgotten: none leaves any more, and neither text nor recipient stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import update

from contest.infra.unit_of_work import UnitOfWork
from contest.models.outbox import Message


def empty_messages(uow: UnitOfWork, subject_ids: Sequence[str], now: dt.datetime) -> None:
    """Void what was not sent to these subjects, and empty all of it; that it was sent, and when, stays."""
    theirs = Message.subject_id.in_(subject_ids)
    uow.session.execute(
        update(Message)
        .where(theirs, Message.sent_at.is_(None), Message.voided_at.is_(None))
        .values(voided_at=now)
    )
    uow.session.execute(
        update(Message).where(theirs).values(to_sealed=None, title_sealed=None, body_sealed=None)
    )
