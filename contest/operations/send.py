"""Sending what is due: each message is claimed, sent and marked on its own, so that a kill repeats one."""

from __future__ import annotations

import datetime as dt
import logging

from sqlalchemy import ColumnElement, or_, select, update

from contest.domain.messages import Channel
from contest.infra import mailer
from contest.infra.http_gateway import Undelivered
from contest.infra.texter import Text
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.outbox import Message
from contest.queries.messages import LinkUnmadeError, is_due, opened_texts, with_links

ATTEMPTS = 3
LEASE = dt.timedelta(minutes=2)  # longer than one conversation with a relay or gateway may take
PAUSES = (dt.timedelta(minutes=2), dt.timedelta(minutes=15))  # before the second and the third attempt
_ONE_RUN = 500

log = logging.getLogger(__name__)


def send_due_messages(services: Services, now: dt.datetime) -> None:
    """Job and sweep: send the mail that is due, one letter after another, until none is left.

    Texts too where a texter is set; those that staff took away in a bundle stay theirs.
    A message whose sending was interrupted three times is parked as failed.
    """
    with services.database.read() as session:
        due = session.scalars(
            select(Message.id)
            .where(_may_leave(services, now))
            .order_by(Message.not_before, Message.id)
            .limit(_ONE_RUN)
        ).all()
    for message_id in due:
        letter = _claim(services, message_id, now)
        if letter is not None:
            _send(services, message_id, letter, now)


def _may_leave(services: Services, now: dt.datetime) -> ColumnElement[bool]:
    channels = [Channel.MAIL.value] + ([Channel.SMS.value] if services.texter else [])
    is_free = or_(Message.lease_until.is_(None), Message.lease_until <= services.clock.wall())
    return is_due(now) & Message.channel.in_(channels) & Message.batch.is_(None) & is_free


def _claim(services: Services, message_id: str, now: dt.datetime) -> mailer.Message | Text | None:
    """Count an attempt and take the message; None if another worker has it or it cannot go."""
    wall = services.clock.wall()
    with services.database.write() as uow:
        row = uow.session.scalars(
            select(Message)
            .where(Message.id == message_id, _may_leave(services, now))
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        if row.attempts >= ATTEMPTS:
            row.failed = "interrupted"
            return None
        row.attempts += 1
        row.lease_until = wall + LEASE
        try:
            return _letter(services, uow, row)
        except LinkUnmadeError:
            row.failed = "no link"
        except ValueError:
            row.failed = "address"
        return None


def _letter(services: Services, uow: UnitOfWork, row: Message) -> mailer.Message | Text:
    to, title, body = opened_texts(uow.crypto, row)
    text = with_links(services, uow.session, body, row.subject_kind, row.subject_id)
    if row.channel == Channel.SMS.value:
        return Text(to, title, text, key=row.id)
    domain = mailer_domain(services)
    # The same letter sent again after a kill carries the same identity: mailboxes show it once.
    return mailer.Message(to, title, text, {"Message-ID": f"<{row.id}@{domain}>"})


def mailer_domain(services: Services) -> str:
    """The domain of message identities: that of the sender."""
    return services.settings.mail_from.rpartition("@")[2].strip("> ") or "localhost"


def _send(services: Services, message_id: str, letter: mailer.Message | Text, now: dt.datetime) -> None:
    settings = services.settings
    try:
        if isinstance(letter, Text):
            assert services.texter is not None
            services.texter.send(letter)
            way = settings.text_url
        else:
            services.mailer.send(letter)
            way = settings.mail_url
    except Undelivered as error:
        log.warning("message %s undelivered: %s", message_id, error.reason)
        _mark_undelivered(services, message_id, error)
        return
    with services.database.write() as uow:
        # It has left: that is what the row says, even if it was voided while it was on its way.
        uow.session.execute(
            update(Message)
            .where(Message.id == message_id)
            .values(
                sent_at=now,
                sent_by=way.partition(":")[0],
                voided_at=None,
                lease_until=None,
            )
        )


def _mark_undelivered(services: Services, message_id: str, error: Undelivered) -> None:
    wall = services.clock.wall()
    with services.database.write() as uow:
        row = uow.session.get_one(Message, message_id)
        if error.permanent or row.attempts >= ATTEMPTS:
            row.failed, row.lease_until = error.reason[:200], None
        else:
            row.lease_until = wall + PAUSES[row.attempts - 1]
