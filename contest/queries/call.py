"""The call of an edition as citizens read it: its rules, dates and what was amended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.ruleset import EditionRules
from contest.domain.schedule import Schedule
from contest.domain.stages import Stage
from contest.models.edition import Amendment, Edition
from contest.queries.editions import current_edition, get_edition, rules_of, schedule_of


@dataclass(frozen=True)
class AmendedValue:
    """One value of a published amendment; schedule values are ISO strings in Korean time."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class PublishedAmendment:
    """A 변경 공고 in force."""

    ordinal: int
    at: dt.datetime
    reason: str
    values: tuple[AmendedValue, ...]


@dataclass(frozen=True)
class Call:
    """An edition as the call page shows it."""

    edition_id: str
    year: int
    number: int
    version: int
    stage: Stage
    rules: EditionRules
    schedule: Schedule
    amendments: tuple[PublishedAmendment, ...]


def load_current_call(session: Session) -> Call | None:
    """The call of the current edition with its amendments, newest first; None before the first opens."""
    edition = current_edition(session)
    return None if edition is None else _call(session, edition)


def load_call(session: Session, edition_id: str) -> Call:
    """The call of any edition, a draft's as far as it can be read. Raises Missing."""
    return _call(session, get_edition(session, edition_id))


def _call(session: Session, edition: Edition) -> Call:
    rows = session.scalars(
        select(Amendment)
        .where(Amendment.edition_id == edition.id, Amendment.approved_at.is_not(None))
        .order_by(Amendment.ordinal.desc())
    )
    amendments = tuple(
        PublishedAmendment(row.ordinal, row.approved_at, row.reason, amended_values(row.changes))
        for row in rows
        if row.approved_at is not None
    )
    return Call(
        edition.id, edition.year, edition.number, edition.version, edition.stage,
        rules_of(edition), schedule_of(edition), amendments,
    )  # fmt: skip


def amended_values(changes: list[Any]) -> tuple[AmendedValue, ...]:
    """The stored changes of an amendment as values."""
    return tuple(AmendedValue(change["path"], change["before"], change["after"]) for change in changes)
