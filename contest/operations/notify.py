"""Writing messages: in the transaction of what they tell, one row for each person and channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from contest.domain.actors import Role
from contest.domain.errors import Invalid
from contest.domain.messages import Channel, Fact, channels_for, send_window
from contest.domain.persons import parse_email, parse_phone
from contest.infra.database import inserting
from contest.infra.texts.messages import render
from contest.infra.unit_of_work import UnitOfWork
from contest.models.account import Account
from contest.models.outbox import Message
from contest.models.submission import Submission
from contest.queries.messages import common_facts

_RUNG = "send_messages rung"


@dataclass(frozen=True)
class Recipient:
    """Whom a message goes to. kind and id name the subject that its private link is made from."""

    kind: str  # submission | guardian | objection | judge | account: a key of registry.links; or erased, of none
    id: str
    name: str = ""
    phone: str = ""
    email: str = ""
    locale: str = "ko"


def notify(
    uow: UnitOfWork,
    code: str,
    recipient: Recipient,
    *,
    edition_id: str | None,
    event: str,
    facts: Mapping[str, Fact],
    now: dt.datetime,
    not_before: dt.datetime | None = None,
) -> list[str]:
    """Write a message of the table for one person and return the ids of its rows, one for each channel.

    event names what happened (`submitted`, `publication:<id>`): the same event told twice is told once,
    and one whose message was voided is told again with its new text. facts: exactly the variables of
    the code, plus `link` where it is not the usual one; a link is a path of this site, `{link}`, or
    `{link:kind}` for a private link of another kind. not_before: not earlier than this, and
    within the hours of sending. Somebody without any contact gets no row.
    Raises ValueError for a code or facts that the table does not know.
    """
    title, sms, mail = render(
        code, recipient.locale, {**facts, **common_facts(uow.session, edition_id, recipient.locale)}
    )
    due = send_window(max(now, not_before or now), code)
    mobile, landline = _telephones(recipient.phone)
    ways = channels_for(code, mobile=bool(mobile), landline=bool(landline), mail=bool(recipient.email))
    written = []
    for channel in ways:
        to = recipient.email if channel is Channel.MAIL else mobile or landline
        body = mail if channel is Channel.MAIL else sms
        values = {
            "edition_id": edition_id,
            "code": code,
            "event_key": f"{code}:{event}:{recipient.id}:{channel}",
            "channel": channel.value,
            "subject_kind": recipient.kind,
            "subject_id": recipient.id,
            "locale": recipient.locale,
            "created_at": now,
            "not_before": due,
        }
        row_id = _write(uow, values, {"to": to, "title": title, "body": body})
        if row_id is not None:
            written.append(row_id)
    if {Channel.MAIL, Channel.SMS} & set(ways) and written and due <= now and not uow.session.info.get(_RUNG):
        uow.session.info[_RUNG] = True  # a thousand letters of one decision need one bell
        uow.ring("send_messages")
    return written


def void_messages(uow: UnitOfWork, event_prefix: str, *, now: dt.datetime) -> int:
    """Take back every message not yet sent whose event begins so; returns how many rows."""
    ids = [
        row.id
        for row in uow.session.execute(
            select(Message.id, Message.event_key).where(
                Message.event_key.contains(f":{event_prefix}", autoescape=True),
                Message.sent_at.is_(None),
                Message.voided_at.is_(None),
            )
        )
        if row.event_key.split(":", 1)[1].startswith(event_prefix)
    ]
    uow.session.execute(update(Message).where(Message.id.in_(ids)).values(voided_at=now))
    return len(ids)


def submission_recipient(uow: UnitOfWork, submission: Submission) -> Recipient:
    """The person behind a submission; a child without a telephone is reached through the guardian."""
    return Recipient(
        "submission",
        submission.id,
        _opened(uow, submission, "name"),
        _opened(uow, submission, "phone") or _opened(uow, submission, "guardian_phone"),
        _opened(uow, submission, "email"),
        submission.locale,
    )


def guardian_recipient(uow: UnitOfWork, submission: Submission) -> Recipient:
    """The guardian of a child who enters."""
    return Recipient(
        "guardian",
        submission.id,
        _opened(uow, submission, "guardian_name"),
        _opened(uow, submission, "guardian_phone"),
        "",
        submission.locale,
    )


def account_recipient(account: Account) -> Recipient:
    """An account: kind `judge` for judges, `account` for staff. A login that is a mail address is used."""
    kind = "judge" if account.role is Role.JUDGE else "account"
    email = account.email or (account.login if "@" in account.login else "")
    return Recipient(kind, account.id, account.name, account.phone or "", email)


def objection_recipient(objection_id: str, name: str, contact: str, locale: str = "ko") -> Recipient:
    """Who filed an objection; contact is a telephone number or a mail address."""
    try:
        return Recipient("objection", objection_id, name, "", parse_email(contact), locale)
    except Invalid:
        return Recipient("objection", objection_id, name, contact, "", locale)


def _opened(uow: UnitOfWork, submission: Submission, column: str) -> str:
    sealed: bytes | None = getattr(submission, f"{column}_sealed")
    return uow.crypto.open(sealed, f"submission.{column}:{submission.id}") if sealed else ""


def _telephones(number: str) -> tuple[str, str]:
    """(mobile, landline) as dialled; empty where there is none."""
    try:
        phone = parse_phone(number)
    except Invalid:
        return "", ""
    return (phone.national, "") if phone.is_mobile else ("", phone.national)


def _write(uow: UnitOfWork, values: dict[str, Any], texts: dict[str, str]) -> str | None:
    """The id of the row written or revived, None if the event was told before."""

    def sealed(row_id: str) -> dict[str, bytes]:
        return {
            f"{name}_sealed": uow.crypto.seal(text, f"message.{name}:{row_id}")
            for name, text in texts.items()
        }

    row_id = uow.ids.token()
    statement = inserting(uow.session, Message).values(id=row_id, attempts=0, **values, **sealed(row_id))
    written = uow.session.execute(
        statement.on_conflict_do_nothing(index_elements=["event_key"]).returning(Message.id)
    ).one_or_none()
    if written is not None:
        return row_id
    voided = uow.session.scalars(
        select(Message)
        .where(Message.event_key == values["event_key"], Message.voided_at.is_not(None))
        .with_for_update()
    ).one_or_none()
    if voided is None:
        return None
    fresh = dict.fromkeys(("voided_at", "failed", "lease_until", "batch", "batched_at"))
    for name, value in (fresh | {"attempts": 0} | values | sealed(voided.id)).items():
        setattr(voided, name, value)
    uow.session.flush()
    return voided.id
