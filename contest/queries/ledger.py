"""접수대장 and 부적격 목록: every work as a line, in the order of numbers, with the person as the reason allows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.infra.crypto import Crypto
from contest.models.account import Account
from contest.models.entry import Entry, EntryState
from contest.models.submission import Submission, SubmissionState
from contest.queries.people import personal_of
from contest.queries.screening_sieve import Sieve, within

LISTED = (SubmissionState.SUBMITTED, SubmissionState.WITHDRAWN)


class Ledger(StrEnum):
    """Which list."""

    ENTRIES = "entries"
    UNFIT = "unfit"


@dataclass(frozen=True)
class LedgerLine:
    """One work. name, phone, email: masked unless the whole was asked for."""

    receipt_number: str
    entry_number: str
    submitted_at: dt.datetime | None
    title: str
    name: str
    phone: str
    email: str
    dong: str
    state: str
    reason: str | None
    note: str | None
    decided_by: str
    decided_at: dt.datetime | None
    reply_until: dt.datetime | None
    replied_at: dt.datetime | None
    is_entered_by_staff: bool


@dataclass(frozen=True)
class LedgerPage:
    """The lines, how many there are in all, and of how many people."""

    lines: tuple[LedgerLine, ...]
    total: int
    people: int


def load_ledger(
    session: Session,
    crypto: Crypto,
    edition_id: str,
    ledger: Ledger,
    sieve: Sieve | None,
    *,
    masked: bool,
    limit: int | None = None,
) -> LedgerPage:
    """A list of an edition in two queries; of the works that a sieve lets through where one is given."""
    wanted = [
        Entry.edition_id == edition_id,
        Entry.entry_number.is_not(None),
        Submission.state.in_(LISTED),
    ]
    if ledger is Ledger.UNFIT:
        wanted.append(Entry.state == EntryState.UNFIT)
    if sieve is not None:
        wanted.append(within(session, edition_id, sieve))
    total, people = session.execute(
        select(func.count(), func.count(Submission.id.distinct()))
        .select_from(Entry)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(*wanted)
    ).one()
    rows = session.execute(
        select(Entry, Submission, Account.name)
        .join(Submission, Submission.id == Entry.submission_id)
        .outerjoin(Account, Account.id == Entry.screened_by)
        .where(*wanted)
        .order_by(Entry.entry_number)
        .limit(limit)
    )
    lines = []
    for entry, submission, decided_by in rows:
        personal = personal_of(crypto, submission, masked=masked)
        lines.append(
            LedgerLine(
                receipt_number=submission.receipt_number or "",
                entry_number=entry.entry_number or "",
                submitted_at=submission.submitted_at,
                title=entry.title or "",
                name=personal.name,
                phone=personal.phone or personal.guardian_phone,
                email=personal.email,
                dong=entry.dong or "",
                state=entry.state.value,
                reason=entry.unfit_reason,
                note=entry.unfit_note if entry.state is EntryState.UNFIT else None,
                decided_by=decided_by or "",
                decided_at=entry.screened_at,
                reply_until=entry.reply_until,
                replied_at=entry.replied_at,
                is_entered_by_staff=submission.entered_by is not None,
            )
        )
    return LedgerPage(tuple(lines), total, people)
