"""What staff do with messages: take texts to the office's own sender, mark, send again, try on themselves."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.messages import Channel, sample_facts
from contest.infra import mailer
from contest.infra.http_gateway import Undelivered
from contest.infra.texts.messages import render
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.outbox import Message
from contest.operations.disclosure import disclose
from contest.queries.messages import (
    LinkUnmadeError,
    common_facts,
    is_due,
    opened_texts,
    waits_for_a_minute,
    with_links,
    with_public_links,
)

SENDERS = (Role.OPERATOR, Role.APPROVER)
STAND_IN = "https://…"


def bundle_texts(uow: UnitOfWork, *, actor: Actor, now: dt.datetime) -> str:
    """Put the due text messages that are in no bundle into one; its id. Raises Denied, Conflict if none."""
    actor.require(*SENDERS)
    batch = uow.ids.token()
    bundled = uow.session.scalars(
        update(Message)
        .where(
            Message.channel == Channel.SMS.value,
            is_due(now),
            Message.batch.is_(None),
            Message.lease_until.is_(None),  # or it is just leaving through the gateway
        )
        .values(batch=batch, batched_at=now)
        .returning(Message.id)
    ).all()
    if not bundled:
        raise Conflict("message.none_due")
    uow.note("message.bundled", ("batch", batch), actor=actor, now=now, count=len(bundled))
    return batch


def hand_over_texts(
    uow: UnitOfWork, services: Services, batch: str, reason: str, *, actor: Actor, now: dt.datetime
) -> list[tuple[str, str]]:
    """(number, text) of each text message of a bundle that may still leave: a disclosure with its reason.

    A text whose link cannot be made is parked as failed.
    Raises Denied, Invalid for a reason that says nothing, Conflict where nothing is left.
    """
    actor.require(*SENDERS)
    rows = uow.session.scalars(
        select(Message)
        .where(Message.batch == batch, is_due(now))
        .order_by(Message.not_before, Message.id)
        .with_for_update()
    ).all()
    if not rows:
        raise Conflict("message.batch_missing")
    taken: list[tuple[str, str]] = []
    for row in rows:
        try:
            number, _, body = opened_texts(uow.crypto, row)
            text = with_links(services, uow.session, body, row.subject_kind, row.subject_id)
        except LinkUnmadeError:
            row.failed = "no link"
        else:
            row.attempts += 1
            taken.append((number, text))
    disclose(uow, "messages", ("batch", batch), reason, actor=actor, now=now, count=len(taken))
    return taken


def mark_batch_sent(uow: UnitOfWork, batch: str, *, actor: Actor, now: dt.datetime) -> int:
    """Mark a download's texts as sent, those voided since excepted; how many. Raises Conflict if none."""
    actor.require(*SENDERS)
    marked = uow.session.scalars(
        update(Message)
        .where(
            Message.batch == batch,
            Message.sent_at.is_(None),
            Message.voided_at.is_(None),
            Message.failed.is_(None),
        )
        .values(sent_at=now, sent_by=actor.id)
        .returning(Message.id)
    ).all()
    if not marked:
        raise Conflict("message.batch_missing")
    uow.note("message.batch_sent", ("batch", batch), actor=actor, now=now, count=len(marked))
    return len(marked)


def mark_told(uow: UnitOfWork, message_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Mark one message as told by a person: a text, a call, a failed mail. Raises Missing, Conflict."""
    row = _held_row(uow, message_id, actor)
    is_ours = row.channel == Channel.MAIL.value and row.failed is None  # that letter leaves by itself
    if row.sent_at is not None or is_ours or row.not_before > now:
        raise Conflict("message.state")
    row.sent_at, row.sent_by, row.failed = now, actor.id, None
    uow.note("message.told", ("message", row.id), actor=actor, now=now, edition_id=row.edition_id)


def mark_undelivered(uow: UnitOfWork, message_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """The office's sender reports that a text did not arrive: it stands as failed. Raises Missing, Conflict."""
    row = _held_row(uow, message_id, actor)
    if row.channel != Channel.SMS.value or row.sent_at is None:
        raise Conflict("message.state")
    row.sent_at, row.sent_by, row.failed = None, None, "undelivered"
    uow.note("message.undelivered", ("message", row.id), actor=actor, now=now, edition_id=row.edition_id)


def retry(uow: UnitOfWork, message_id: str | None, *, actor: Actor, now: dt.datetime) -> int:
    """Let one failed message, or all of them, leave again; how many. Raises Conflict if there are none."""
    actor.require(*SENDERS)
    failed = Message.failed.is_not(None) & Message.voided_at.is_(None) & Message.sent_at.is_(None)
    if message_id is not None:
        failed &= Message.id == message_id
    revived = uow.session.scalars(
        update(Message)
        .where(failed)
        .values(failed=None, attempts=0, lease_until=None, batch=None, batched_at=None)
        .returning(Message.id)
    ).all()
    if not revived:
        raise Conflict("message.not_failed")
    uow.note("message.retried", ("message", message_id), actor=actor, now=now, count=len(revived))
    uow.ring("send_messages")
    return len(revived)


def send_now(uow: UnitOfWork, message_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Let a message leave outside the hours of sending.

    Raises Conflict `message.held` for one that waits for a set minute: that minute is a decision of its own.
    """
    row = _held_row(uow, message_id, actor)
    if row.sent_at is not None or row.failed is not None or row.not_before <= now:
        raise Conflict("message.state")
    if waits_for_a_minute(row):
        raise Conflict("message.held")
    row.not_before = now
    uow.note("message.hastened", ("message", row.id), actor=actor, now=now, edition_id=row.edition_id)
    uow.ring("send_messages")


def show_contact(uow: UnitOfWork, message_id: str, reason: str, *, actor: Actor, now: dt.datetime) -> None:
    """Note that somebody looks at the full number or address of a message. Raises Missing, Invalid."""
    row = _held_row(uow, message_id, actor, void_too=True)
    disclose(uow, "contact", ("message", row.id), reason, actor=actor, now=now, edition_id=row.edition_id)


def send_test(services: Services, code: str, locale: str, *, actor: Actor, now: dt.datetime) -> str:
    """Send a message with sample facts to the actor's own mail address, and return that address.

    Raises Missing for an unknown code, Invalid `message.no_address` or `message.not_delivered`.
    """
    actor.require(*SENDERS)
    with services.database.write() as uow:
        account = uow.session.get_one(Account, actor.id)
        address = account.email or (account.login if "@" in account.login else "")
        if not address:
            raise Invalid("message.no_address")
        try:
            facts = {**sample_facts(code), **common_facts(uow.session, None, locale)}
        except ValueError as error:
            raise Missing("missing") from error
        title, _, text = render(code, locale, facts)
        uow.note("message.tested", ("account", account.id), actor=actor, now=now, code=code)
    body = with_public_links(services, text, STAND_IN)
    try:
        services.mailer.send(mailer.Message(address, f"[시험] {title}", body))
    except ValueError as error:
        raise Invalid("message.no_address") from error
    except Undelivered as error:
        raise Invalid("message.not_delivered", reason=error.reason) from error
    return address


def _held_row(uow: UnitOfWork, message_id: str, actor: Actor, *, void_too: bool = False) -> Message:
    actor.require(*SENDERS)
    row = uow.session.scalars(select(Message).where(Message.id == message_id).with_for_update()).one_or_none()
    if row is None:
        raise Missing("missing")
    if row.voided_at is not None and not void_too:
        raise Conflict("message.state")
    return row
