"""The outbox as staff read it: what waits, what is due, what left, what failed; texts with their links."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from contest.domain.actors import Role
from contest.domain.errors import Missing
from contest.domain.korean import MessageSize, measure_message
from contest.domain.messages import FORMS, Channel, Fact, send_window
from contest.domain.persons import mask_email, parse_phone
from contest.infra.crypto import Crypto
from contest.infra.registry import NextStep
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.outbox import Message
from contest.queries.editions import current_edition

PAGE = 30
_LINK_HEAD = re.compile(r"(?:https?://[^/]+)?/[a-z]+/")
_MARKER = re.compile(r"\{link(?::([a-z_]+|/[^{}]*))?\}")


class MessageState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    VOID = "void"


class LinkUnmadeError(Exception):
    """The subject of a private link is gone or gives none."""


@dataclass(frozen=True)
class Filters:
    """What a list shows; None shows all."""

    state: MessageState | None = None
    channel: Channel | None = None
    code: str | None = None


@dataclass(frozen=True)
class MessageLine:
    """A message on staff pages: its text with the private part of links starred, its recipient masked."""

    id: str
    code: str
    event: str
    channel: Channel
    state: MessageState
    recipient: str
    title: str
    text: str
    size: MessageSize | None  # of text messages
    not_before: dt.datetime
    sent_at: dt.datetime | None
    sent_by: str | None
    failed: str | None
    attempts: int
    batched_at: dt.datetime | None
    held: bool  # waits for a set minute, not only for office hours


@dataclass(frozen=True)
class MessagePage:
    """One page of a list and how many there are."""

    lines: tuple[MessageLine, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Batch:
    """Text messages that were downloaded together and are not yet marked as sent."""

    id: str
    at: dt.datetime
    open: int
    void: int


def is_due(now: dt.datetime) -> ColumnElement[bool]:
    """Rows that may leave now and have not."""
    return (
        (Message.not_before <= now)
        & Message.sent_at.is_(None)
        & Message.voided_at.is_(None)
        & Message.failed.is_(None)
    )


def _state(now: dt.datetime) -> ColumnElement[str]:
    return case(
        (Message.voided_at.is_not(None), MessageState.VOID.value),
        (Message.sent_at.is_not(None), MessageState.SENT.value),
        (Message.failed.is_not(None), MessageState.FAILED.value),
        (Message.not_before <= now, MessageState.DUE.value),
        else_=MessageState.WAITING.value,
    )


def count_states(session: Session, now: dt.datetime) -> dict[MessageState, int]:
    """How many messages stand in each state."""
    state = _state(now)
    found = {row[0]: row[1] for row in session.execute(select(state, func.count()).group_by(state))}
    return {each: found.get(each.value, 0) for each in MessageState}


def count_of(session: Session, now: dt.datetime, state: MessageState, channel: Channel) -> int:
    """How many messages of a channel stand in a state."""
    wanted = select(func.count()).where(_state(now) == state.value, Message.channel == channel.value)
    return session.scalar(wanted) or 0


def undelivered(session: Session, edition_id: str, now: dt.datetime) -> dict[str, Any] | None:
    """What the staff home shows: messages that failed, texts that wait to be taken; None if there are none."""
    state = _state(now)
    rows = session.execute(
        select(state, Message.channel, func.count(), func.min(Message.not_before))
        .where(
            state.in_([MessageState.FAILED.value, MessageState.DUE.value]),
            # What the program itself is trying to send waits for nobody.
            Message.failed.is_not(None) | Message.lease_until.is_(None),
            (Message.edition_id == edition_id) | Message.edition_id.is_(None),
        )
        .group_by(state, Message.channel)
    ).all()
    failed = sum(row[2] for row in rows if row[0] == MessageState.FAILED.value)
    due = {row[1]: row[2] for row in rows if row[0] == MessageState.DUE.value}
    texts, calls = due.get(Channel.SMS.value, 0), due.get(Channel.PHONE.value, 0)
    since = min(
        (row[3] for row in rows if row[0] == MessageState.DUE.value and row[1] == "sms"), default=None
    )
    if not failed and not texts and not calls:
        return None
    return {"failed": failed, "texts": texts, "calls": calls, "since": since}


def sending_steps(session: Session, edition_id: str, now: dt.datetime) -> list[NextStep]:
    """Text messages that wait for staff are one of the next things to do."""
    found = undelivered(session, edition_id, now)
    if not found or not found["texts"]:
        return []
    title = f"문자 {found['texts']:,}건을 내려받아 보내기"
    return [NextStep(found["since"], title, frozenset({Role.OPERATOR, Role.APPROVER}), "outbox.texts")]


def list_messages(
    services: Services, session: Session, filters: Filters, page: int, *, now: dt.datetime, contacts: bool
) -> MessagePage:
    """One page of messages, the newest due first. contacts: whether masked recipients are shown."""
    wanted = []
    if filters.state:
        wanted.append(_state(now) == filters.state.value)
    if filters.channel:
        wanted.append(Message.channel == filters.channel.value)
    if filters.code:
        wanted.append(Message.code == filters.code)
    total = session.scalar(select(func.count()).select_from(Message).where(*wanted)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    rows = session.execute(
        select(Message, _state(now))
        .where(*wanted)
        .order_by(Message.not_before.desc(), Message.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    # Links of a kind look alike but for their private end: one is made for all rows of a page.
    made: dict[str, str] = {}
    lines = tuple(_line(services, session, row[0], row[1], made, contacts=contacts) for row in rows)
    return MessagePage(lines, total, page, pages)


def get_message(
    services: Services, session: Session, message_id: str, *, now: dt.datetime, contacts: bool
) -> MessageLine:
    """One message. Raises Missing."""
    row = session.execute(select(Message, _state(now)).where(Message.id == message_id)).one_or_none()
    if row is None:
        raise Missing("missing")
    return _line(services, session, row[0], row[1], {}, contacts=contacts)


def open_batches(session: Session) -> tuple[Batch, ...]:
    """Downloads with text messages that nobody has marked as sent yet, the oldest first."""
    is_open = Message.sent_at.is_(None) & Message.voided_at.is_(None)
    rows = session.execute(
        select(
            Message.batch,
            func.min(Message.batched_at),
            func.sum(case((is_open, 1), else_=0)),
            func.sum(case((Message.voided_at.is_not(None), 1), else_=0)),
        )
        .where(Message.batch.is_not(None))
        .group_by(Message.batch)
        .having(func.sum(case((is_open, 1), else_=0)) > 0)
        .order_by(func.min(Message.batched_at))
    )
    return tuple(Batch(*row) for row in rows)


def count_fresh_texts(session: Session, now: dt.datetime) -> int:
    """How many due text messages nobody has downloaded yet."""
    wanted = select(func.count()).where(
        is_due(now), Message.channel == Channel.SMS.value, Message.batch.is_(None)
    )
    return session.scalar(wanted) or 0


def contact_of(crypto: Crypto, session: Session, message_id: str) -> str:
    """The number or address in full; empty once it was erased. Showing it is an act. Raises Missing."""
    row = session.get(Message, message_id)
    if row is None:
        raise Missing("missing")
    return _shown_contact(row.channel, _open(crypto, row, "to"), masked=False)


def common_facts(session: Session, edition_id: str | None, locale: str) -> dict[str, Fact]:
    """What every message may name: the head, the contest, the office and its telephone."""
    edition = session.get(Edition, edition_id) if edition_id else current_edition(session)
    document: dict[str, Any] = edition.document if edition else {}
    texts = document.get("texts", {})
    korean, own = texts.get("ko", {}), texts.get(locale, {})

    def say(key: str) -> str:
        return str(own.get(key) or korean.get(key) or "")

    return {
        "prefix": say("office_short"),
        "contest": say("title"),
        "office": say("office"),
        "phone": str(document.get("contact", {}).get("phone", "")),
    }


def opened_texts(crypto: Crypto, row: Message) -> tuple[str, str, str]:
    """(to, title, body) of a row; empty once they were erased, when the row is void or sent."""
    return _open(crypto, row, "to"), _open(crypto, row, "title"), _open(crypto, row, "body")


def with_links(services: Services, session: Session, body: str, subject_kind: str, subject_id: str) -> str:
    """A text with its links: private ones made now, paths of this site completed.

    Raises LinkUnmadeError where the subject has no link.
    """

    def private(kind: str) -> str:
        link = _private(services, session, kind, subject_kind, subject_id)
        if not link:
            raise LinkUnmadeError(subject_kind)
        return link

    return _filled(services, body, subject_kind, private)


def with_public_links(services: Services, body: str, stand_in: str) -> str:
    """A text whose paths are completed and whose private links are replaced by a stand-in."""
    return _filled(services, body, "", lambda _: stand_in)


def _filled(services: Services, body: str, subject_kind: str, private: Callable[[str], str]) -> str:
    def made(found: re.Match[str]) -> str:
        asked = found[1] or subject_kind
        link = asked if asked.startswith("/") else private(asked)
        return services.settings.public_url + link if link.startswith("/") else link

    return _MARKER.sub(made, body)


def _private(
    services: Services, session: Session, kind: str, subject_kind: str, subject_id: str
) -> str | None:
    links = services.registry.links
    make = links.get(kind) or links.get(subject_kind)
    return make(services, session, subject_id) if make else None


def _line(
    services: Services, session: Session, row: Message, state: str, made: dict[str, str], *, contacts: bool
) -> MessageLine:
    to, title, body = opened_texts(services.crypto, row)

    def starred(kind: str) -> str:
        if kind not in made:
            link = _private(services, session, kind, row.subject_kind, row.subject_id)
            made[kind] = link or ""
        return _starred(made[kind]) or "(링크 없음)"

    text = _filled(services, body, row.subject_kind, starred)
    return MessageLine(
        id=row.id,
        code=row.code,
        event=FORMS[row.code].event,
        channel=Channel(row.channel),
        state=MessageState(state),
        recipient=_shown_contact(row.channel, to, masked=True) if contacts else "",
        title=title,
        text=text,
        size=measure_message(text) if row.channel == Channel.SMS.value else None,
        not_before=row.not_before,
        sent_at=row.sent_at,
        sent_by=row.sent_by,
        failed=row.failed,
        attempts=row.attempts,
        batched_at=row.batched_at,
        held=waits_for_a_minute(row),
    )


def _starred(link: str) -> str:
    """A private link of the same length that shows only its site and what kind of page it opens."""
    shown = _LINK_HEAD.match(link)
    kept = shown[0] if shown else ""
    return kept + re.sub(r"[^/]", "*", link[len(kept) :])


def waits_for_a_minute(row: Message) -> bool:
    """Whether a message was written for a set time, such as the announcement's, and not only for day."""
    return row.not_before > send_window(row.created_at, row.code)


def _open(crypto: Crypto, row: Message, name: str) -> str:
    sealed: bytes | None = getattr(row, f"{name}_sealed")
    return crypto.open(sealed, f"message.{name}:{row.id}") if sealed else ""


def _shown_contact(channel: str, to: str, *, masked: bool) -> str:
    if not to:
        return ""
    if channel == Channel.MAIL.value:
        return mask_email(to) if masked else to
    phone = parse_phone(to)
    return phone.masked if masked else phone.display
