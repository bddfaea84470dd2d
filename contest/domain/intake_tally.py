"""How entries came in: by day, by hour of the day, in Seoul's time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from contest.domain.schedule import korean_day

#: More days than these are not drawn one by one; the last of them are.
MOST_DAYS = 62
LAST_HOURS = 24


def by_day(
    instants: Iterable[dt.datetime], opens: dt.datetime, until: dt.datetime
) -> list[tuple[dt.date, int]]:
    """(day, how many) of every day from `opens` to `until`, those without any included, the last MOST_DAYS."""
    counted = Counter(korean_day(instant) for instant in instants)
    first, last = korean_day(opens), max(korean_day(until), korean_day(opens))
    first = max(first, last - dt.timedelta(days=MOST_DAYS - 1))
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    return [(day, counted[day]) for day in days]


def by_last_hours(instants: Iterable[dt.datetime], until: dt.datetime) -> list[tuple[dt.datetime, int]]:
    """(beginning of the hour, how many) of the LAST_HOURS hours that end with the one of `until`."""
    last = until.replace(minute=0, second=0, microsecond=0)
    counted = Counter(instant.replace(minute=0, second=0, microsecond=0) for instant in instants)
    hours = [last - dt.timedelta(hours=n) for n in reversed(range(LAST_HOURS))]
    return [(hour, counted[hour]) for hour in hours]
