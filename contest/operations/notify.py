"""Writing messages: in the transaction of what they tell, one row for each person and channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from contest.domain.actors import Role
from contest.domain.errors import Invalid
from contest.domain.messages import Channel, Fact, channels_for, send_window
from contest.domain.persons import parse_email, parse_phone
from contest.infra.crypto import Crypto
from contest.infra.database import inserting
from contest.infra.texts.messages import render
from contest.infra.unit_of_work import UnitOfWork
from contest.models.account import Account
from contest.models.outbox import Message
from contest.models.submission import Submission
from contest.queries.messages import common_facts

_RUNG = "send_messages rung"
_SENT = {Channel.MAIL.value, Channel.SMS.value}


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
    return notify_all(
        uow,
        code,
        (recipient,),
        edition_id=edition_id,
        event=event,
        facts=facts,
        now=now,
        not_before=not_before,
    )


def notify_all(
    uow: UnitOfWork,
    code: str,
    recipients: Sequence[Recipient],
    *,
    edition_id: str | None,
    event: str,
    facts: Mapping[str, Fact],
    now: dt.datetime,
    not_before: dt.datetime | None = None,
) -> list[str]:
    """As `notify`, the same message for several people: as many statements for two hundred as for one."""
    texts = {}
    for locale in {recipient.locale for recipient in recipients}:
        shared = {**facts, **common_facts(uow.session, edition_id, locale)}
        texts[locale] = render(code, locale, shared)
    due = send_window(max(now, not_before or now), code)
    letters: dict[str, _Letter] = {}
    for recipient in recipients:
        title, sms, mail = texts[recipient.locale]
        mobile, landline = _telephones(recipient.phone)
        for channel in channels_for(
            code, mobile=bool(mobile), landline=bool(landline), mail=bool(recipient.email)
        ):
            is_mail = channel is Channel.MAIL
            key = f"{code}:{event}:{recipient.id}:{channel}"
            values = {
                "edition_id": edition_id,
                "code": code,
                "event_key": key,
                "channel": channel.value,
                "subject_kind": recipient.kind,
                "subject_id": recipient.id,
                "locale": recipient.locale,
                "created_at": now,
                "not_before": due,
            }
            words = {
                "to": recipient.email if is_mail else mobile or landline,
                "title": title,
                "body": mail if is_mail else sms,
            }
            letters[key] = _Letter(values, words)
    written = _write(uow, letters)
    is_to_be_sent = any(letter.values["channel"] in _SENT for letter in letters.values())
    if is_to_be_sent and written and due <= now and not uow.session.info.get(_RUNG):
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


@dataclass(frozen=True)
class _Letter:
    """One row to be: its columns in clear, and the words of it that are sealed."""

    values: Mapping[str, Any]
    words: Mapping[str, str]

    def sealed(self, crypto: Crypto, row_id: str) -> dict[str, bytes]:
        return {
            f"{name}_sealed": crypto.seal(text, f"message.{name}:{row_id}")
            for name, text in self.words.items()
        }


def _write(uow: UnitOfWork, letters: Mapping[str, _Letter]) -> list[str]:
    """The ids of the rows written or revived; none for an event that was told before."""
    rows = []
    for letter in letters.values():
        row_id = uow.ids.token()
        rows.append({"id": row_id, "attempts": 0, **letter.values, **letter.sealed(uow.crypto, row_id)})
    if not rows:
        return []
    new = inserting(uow.session, Message).on_conflict_do_nothing(index_elements=["event_key"])
    inserted = set(uow.session.scalars(new.returning(Message.id), rows))
    written = {row["event_key"]: row["id"] for row in rows if row["id"] in inserted}
    if len(written) < len(letters):
        voided = uow.session.scalars(
            select(Message)
            .where(Message.event_key.in_(letters.keys() - written.keys()), Message.voided_at.is_not(None))
            .with_for_update()
        ).all()
        for row in voided:
            letter = letters[row.event_key]
            fresh = dict.fromkeys(("voided_at", "failed", "lease_until", "batch", "batched_at"))
            changed = fresh | {"attempts": 0} | dict(letter.values) | letter.sealed(uow.crypto, row.id)
            for name, value in changed.items():
                setattr(row, name, value)
            written[row.event_key] = row.id
        uow.session.flush()
    return [written[key] for key in letters if key in written]
