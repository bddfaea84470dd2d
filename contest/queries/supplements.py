"""Requests for papers as pages and reminders read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.errors import Missing
from contest.domain.messages import Fact
from contest.domain.supplements import Standing, stands
from contest.domain.timely import BEFORE_REPLY_ENDS, Due, moment_before, stamp
from contest.infra.crypto import Crypto
from contest.infra.registry import Loader
from contest.models.account import Account
from contest.models.entry import Entry
from contest.models.submission import Submission, SubmissionState
from contest.models.supplement import Supplement, SupplementFile


@dataclass(frozen=True)
class PaperView:
    """A paper that came."""

    id: str
    name: str
    bytes: int
    stored_at: dt.datetime


@dataclass(frozen=True)
class SupplementView:
    """A request with its answer; the newest first in lists."""

    id: str
    entry_id: str
    entry_number: str
    title: str
    items: tuple[str, ...]
    note: str | None
    asked_by: str
    asked_at: dt.datetime
    due_at: dt.datetime
    answer: str | None
    answered_at: dt.datetime | None
    closed_at: dt.datetime | None
    outcome: str | None
    standing: Standing
    papers: tuple[PaperView, ...]


def supplements_of(
    session: Session,
    crypto: Crypto,
    now: dt.datetime,
    *,
    entry_id: str | None = None,
    submission_id: str | None = None,
) -> tuple[SupplementView, ...]:
    """The requests about a work or a submission, in two queries."""
    wanted = Supplement.entry_id == entry_id if entry_id else Supplement.submission_id == submission_id
    rows = session.execute(
        select(Supplement, Entry.entry_number, Entry.title, Account.name)
        .join(Entry, Entry.id == Supplement.entry_id)
        .join(Account, Account.id == Supplement.asked_by)
        .where(wanted)
        .order_by(Supplement.asked_at.desc())
    ).all()
    papers: dict[str, list[PaperView]] = {}
    for file in session.scalars(
        select(SupplementFile)
        .where(SupplementFile.supplement_id.in_([row.Supplement.id for row in rows]))
        .order_by(SupplementFile.stored_at, SupplementFile.id)
    ):
        name = crypto.open(file.name_sealed, f"supplement_file.name:{file.id}")
        papers.setdefault(file.supplement_id, []).append(PaperView(file.id, name, file.bytes, file.stored_at))
    return tuple(
        SupplementView(
            asked.id, asked.entry_id, number or "", title or "", tuple(asked.items), asked.note, who,
            asked.asked_at, asked.due_at,
            crypto.open(asked.answer_sealed, f"supplement.answer:{asked.id}") if asked.answer_sealed else None,
            asked.answered_at, asked.closed_at, asked.outcome,
            stands(asked.due_at, asked.answered_at, asked.closed_at, now), tuple(papers.get(asked.id, ())),
        )
        for asked, number, title, who in rows
    )  # fmt: skip


def asked_supplements(crypto: Crypto) -> Loader:
    """The section of the receipt; nothing where nothing was asked."""

    def load(session: Session, submission_id: str, now: dt.datetime) -> dict[str, Any] | None:
        asked = supplements_of(session, crypto, now, submission_id=submission_id)
        return {"supplements": asked} if asked else None

    return load


def standings_of(session: Session, entry_ids: Sequence[str], now: dt.datetime) -> dict[str, Standing]:
    """How the open requests about works stand, in one query."""
    rows = session.execute(
        select(Supplement.entry_id, Supplement.due_at, Supplement.answered_at).where(
            Supplement.entry_id.in_(entry_ids), Supplement.closed_at.is_(None)
        )
    )
    return {entry_id: stands(due, answered, None, now) for entry_id, due, answered in rows}


@dataclass(frozen=True)
class PaperFile:
    """A paper to hand to staff: whose it is, and what it is called."""

    id: str
    entry_id: str
    edition_id: str
    name: str
    bytes: int


def paper(session: Session, crypto: Crypto, paper_id: str) -> PaperFile:
    """A paper by id. Raises Missing."""
    row = session.execute(
        select(SupplementFile, Supplement.entry_id, Supplement.edition_id)
        .join(Supplement, Supplement.id == SupplementFile.supplement_id)
        .where(SupplementFile.id == paper_id)
    ).one_or_none()
    if row is None:
        raise Missing("missing")
    file, entry_id, edition_id = row
    name = crypto.open(file.name_sealed, f"supplement_file.name:{file.id}")
    return PaperFile(file.id, entry_id, edition_id, name, file.bytes)


def supplement_reminders(session: Session, edition_id: str, now: dt.datetime) -> list[Due]:
    """A7 of requests nobody has answered: the day before they are due, and when they have passed."""
    rows = session.execute(
        select(Supplement, Submission.receipt_number)
        .join(Submission, Submission.id == Supplement.submission_id)
        .where(
            Supplement.edition_id == edition_id,
            Supplement.closed_at.is_(None),
            Supplement.answered_at.is_(None),
            Supplement.due_at > now - BEFORE_REPLY_ENDS,
            Submission.state == SubmissionState.SUBMITTED,
        )
    )
    found = []
    for asked, receipt in rows:
        is_near = moment_before(asked.due_at, (BEFORE_REPLY_ENDS,), begun=asked.asked_at, now=now) is not None
        word = "passed" if asked.due_at <= now else "near" if is_near else ""
        if word:
            facts: dict[str, Fact] = {"receipt": receipt or "", "due": asked.due_at, "result": word}
            event = f"supplement:{asked.id}:{stamp(asked.due_at)}:{word}"
            found.append(Due("A7", event, "submission", asked.submission_id, facts))
    return found
