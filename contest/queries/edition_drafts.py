"""Editions as staff prepare them: the list, one with everything that is still wrong with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.edition_values import Content
from contest.domain.rules import Problem, problems
from contest.domain.schedule import Schedule
from contest.domain.stages import Stage
from contest.models.edition import Amendment, Edition
from contest.queries.editions import get_edition, holidays, rules_of, schedule_of


@dataclass(frozen=True)
class EditionLine:
    """An edition in the list."""

    id: str
    year: int
    number: int
    title: str
    stage: Stage
    schedule: Schedule


@dataclass(frozen=True)
class AmendmentLine:
    """A 변경 공고 in an edition's list."""

    id: str
    ordinal: int
    proposed_at: dt.datetime
    approved_at: dt.datetime | None
    rejected_at: dt.datetime | None
    reason: str


@dataclass(frozen=True)
class EditionFile:
    """One edition with its content, version and every problem as of now."""

    id: str
    year: int
    number: int
    title: str
    stage: Stage
    version: int
    content: Content
    holidays: frozenset[dt.date]
    problems: tuple[Problem, ...]
    amendments: tuple[AmendmentLine, ...]

    @property
    def is_draft(self) -> bool:
        """Whether it has not been opened."""
        return self.stage is Stage.DRAFT

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps it from opening."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What staff should know of and may accept."""
        return tuple(problem for problem in self.problems if problem.severity == "warning")


def list_editions(session: Session) -> list[EditionLine]:
    """Every edition, newest first."""
    rows = session.scalars(select(Edition).order_by(Edition.year.desc(), Edition.number.desc()))
    return [
        EditionLine(
            row.id,
            row.year,
            row.number,
            rules_of(row).texts.get("ko", "title"),
            row.stage,
            schedule_of(row),
        )
        for row in rows
    ]


def edition_file(session: Session, edition_id: str, now: dt.datetime) -> EditionFile:
    """One edition as its pages show it. Raises Missing."""
    row = get_edition(session, edition_id)
    days = holidays(session)
    schedule = schedule_of(row)
    amendments = session.scalars(
        select(Amendment).where(Amendment.edition_id == edition_id).order_by(Amendment.ordinal.desc())
    )
    return EditionFile(
        id=row.id,
        year=row.year,
        number=row.number,
        title=rules_of(row).texts.get("ko", "title"),
        stage=row.stage,
        version=row.version,
        content=Content(row.document, schedule),
        holidays=days,
        problems=tuple(problems(row.document, schedule, days, now)),
        amendments=tuple(
            AmendmentLine(one.id, one.ordinal, one.proposed_at, one.approved_at, one.rejected_at, one.reason)
            for one in amendments
        ),
    )
