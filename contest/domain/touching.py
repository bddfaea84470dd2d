"""Which dates and windows of a schedule a day falls on."""

from __future__ import annotations

from datetime import date

from contest.domain.schedule import Schedule, korean_day, touched_days

# The window named by the instant that ends it.
_WINDOWS = (
    ("screening_closes", "entry_closes"),
    ("judging_closes", "judging_opens"),
    ("verification_closes", "verification_opens"),
    ("decides_by", "verification_closes"),
)


def touched_by(schedule: Schedule, day: date) -> tuple[str, ...]:
    """Names of the instants that fall on a Korean day, then of the ends of the windows that hold it."""
    instants = [name for name, at in schedule.instants() if at is not None and korean_day(at) == day]
    windows = []
    for name, begins in _WINDOWS:
        opens, closes = getattr(schedule, begins), getattr(schedule, name)
        if opens is None or closes is None or name in instants or begins in instants:
            continue
        if day in touched_days(opens, closes):
            windows.append(name)
    return (*instants, *windows)
