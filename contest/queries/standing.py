"""Where an edition stands, as a value that outlives the session."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from contest.domain.schedule import Schedule
from contest.domain.stages import Stage
from contest.models.edition import Edition
from contest.queries.editions import current_edition, get_edition, rules_of, schedule_of


@dataclass(frozen=True)
class Standing:
    """An edition's id, title, stage, schedule, and how long uploads may run on after the deadline."""

    id: str
    title: str
    stage: Stage
    schedule: Schedule
    grace_minutes: int
    works_per_person: int

    @property
    def entry_closes(self) -> dt.datetime | None:
        """The deadline of entry."""
        return self.schedule.entry_closes


def standing(session: Session, edition_id: str | None = None) -> Standing | None:
    """The edition of an id, or the current one; None where none has been opened. Raises Missing."""
    edition = get_edition(session, edition_id) if edition_id else current_edition(session)
    return standing_of(edition) if edition else None


def standing_of(edition: Edition) -> Standing:
    """The same of a row."""
    rules = rules_of(edition)
    return Standing(
        edition.id,
        rules.texts.get("ko", "title"),
        edition.stage,
        schedule_of(edition),
        rules.entry.grace_minutes,
        rules.entry.works_per_person,
    )
