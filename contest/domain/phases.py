"""What a citizen sees of a contest's year: its phases, and what the start button may do now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contest.domain.schedule import Schedule


class Phase(StrEnum):
    """The parts of a contest that are told to citizens, in their order."""

    ENTRY = "entry"
    SCREENING = "screening"
    JUDGING = "judging"
    VERIFICATION = "verification"
    ANNOUNCEMENT = "announcement"


class State(StrEnum):
    """Where a phase stands by the server's clock."""

    DONE = "done"
    CURRENT = "current"
    NEXT = "next"


class Door(StrEnum):
    """Whether somebody may begin to enter."""

    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class PhaseView:
    """One phase with its half-open window; the announcement has only its beginning."""

    phase: Phase
    opens: datetime | None
    closes: datetime | None
    state: State


def phases(schedule: Schedule, now: datetime, *, is_published: bool = False) -> tuple[PhaseView, ...]:
    """Every phase and where it stands. The announcement is done only when it was really made."""
    windows = (
        (Phase.ENTRY, schedule.entry_opens, schedule.entry_closes),
        (Phase.SCREENING, schedule.entry_closes, schedule.screening_closes),
        (Phase.JUDGING, schedule.judging_opens, schedule.judging_closes),
        (Phase.VERIFICATION, schedule.verification_opens, schedule.verification_closes),
    )
    seen = [PhaseView(phase, opens, closes, _state(opens, closes, now)) for phase, opens, closes in windows]
    announced = State.DONE if is_published else State.NEXT
    return (*seen, PhaseView(Phase.ANNOUNCEMENT, schedule.publish_at, None, announced))


def _state(opens: datetime | None, closes: datetime | None, now: datetime) -> State:
    if opens is None or closes is None or now < opens:
        return State.NEXT
    return State.CURRENT if now < closes else State.DONE


def door(schedule: Schedule, now: datetime) -> Door:
    """Whether entry has not begun, is open, or is over; a draft without dates has not begun."""
    if schedule.is_entry_open(now):
        return Door.OPEN
    closes = schedule.entry_closes
    return Door.CLOSED if closes is not None and now >= closes else Door.BEFORE
