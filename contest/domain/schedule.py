"""The schedule of an edition: its instants, its half-open windows, and days as an office counts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

# Korea has kept UTC+9 without summer time since 1988; a fixed offset needs no time zone database.
KST = timezone(timedelta(hours=9), "KST")

SATURDAY = 5


@dataclass(frozen=True)
class Schedule:
    """The instants of an edition, aware UTC, in the order they come; None where a draft has none yet."""

    entry_opens: datetime | None = None
    entry_closes: datetime | None = None
    screening_closes: datetime | None = None
    judging_opens: datetime | None = None
    judging_closes: datetime | None = None
    verification_opens: datetime | None = None
    verification_closes: datetime | None = None
    decides_by: datetime | None = None
    publish_at: datetime | None = None

    def __post_init__(self) -> None:
        for name, instant in self.instants():
            if instant is None:
                continue
            if instant.tzinfo is None:
                raise ValueError(f"{name} has no time zone")
            object.__setattr__(self, name, instant.astimezone(UTC))

    def instants(self) -> tuple[tuple[str, datetime | None], ...]:
        """Every field name with its instant, in the order they come in a contest."""
        return tuple((f.name, getattr(self, f.name)) for f in fields(self))

    def is_entry_open(self, now: datetime) -> bool:
        """Whether a submission may be handed in at now."""
        return is_within(self.entry_opens, self.entry_closes, now)

    def is_screening_open(self, now: datetime) -> bool:
        """Whether now lies between the end of entry and the end of screening."""
        return is_within(self.entry_closes, self.screening_closes, now)

    def is_judging_open(self, now: datetime) -> bool:
        """Whether judges may score at now."""
        return is_within(self.judging_opens, self.judging_closes, now)

    def is_verification_open(self, now: datetime) -> bool:
        """Whether candidates are shown and objections taken at now."""
        return is_within(self.verification_opens, self.verification_closes, now)

    def is_publication_due(self, now: datetime) -> bool:
        """Whether the minute of the announcement has come."""
        return self.publish_at is not None and now >= self.publish_at

    def next_boundary(self, now: datetime) -> datetime | None:
        """The first instant after now at which anything changes; None when all have passed."""
        later = [instant for _, instant in self.instants() if instant is not None and instant > now]
        return min(later, default=None)

    def ahead(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """Names and instants still to come after now, soonest first."""
        later = [(name, at) for name, at in self.instants() if at is not None and at > now]
        return tuple(sorted(later, key=lambda pair: pair[1]))

    @property
    def verification_days(self) -> int:
        """Calendar days of public verification, both ends counted; 0 while a bound is missing."""
        if self.verification_opens is None or self.verification_closes is None:
            return 0
        return days_inclusive(self.verification_opens, self.verification_closes)

    def to_document(self) -> dict[str, str | None]:
        """ISO strings in Korean time by field name."""
        return {
            name: None if at is None else at.astimezone(KST).isoformat(timespec="seconds")
            for name, at in self.instants()
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Schedule:
        """Read ISO strings; a time without a zone is Korean. What cannot be read becomes None."""
        return cls(**{f.name: parse_instant(document.get(f.name)) for f in fields(cls)})


FIELDS = tuple(f.name for f in fields(Schedule))


def is_within(opens: datetime | None, closes: datetime | None, now: datetime) -> bool:
    """Whether now lies in the half-open window [opens, closes); never where a bound is missing."""
    return opens is not None and closes is not None and opens <= now < closes


def parse_instant(value: object) -> datetime | None:
    """An ISO 8601 string as aware UTC, Korean time where it names no zone; None if it is not one."""
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value.strip())
        return (instant if instant.tzinfo else instant.replace(tzinfo=KST)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_day(value: object) -> date | None:
    """An ISO date, or None if it is not one."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None


def korean_day(instant: datetime) -> date:
    """The calendar day in Korea on which an instant falls."""
    return instant.astimezone(KST).date()


def day_begins(day: date) -> datetime:
    """The first instant of a Korean day."""
    return datetime.combine(day, time(), KST).astimezone(UTC)


def day_ends(day: date) -> datetime:
    """The first instant after a Korean day."""
    return day_begins(day + timedelta(days=1))


def last_day(closes: datetime) -> date:
    """The last Korean calendar day that a window ending at closes (exclusive) touches."""
    return korean_day(closes - timedelta(microseconds=1))


def days_inclusive(start: datetime, end: datetime) -> int:
    """Korean calendar days that [start, end) touches, both ends counted (초일산입); 0 if it is empty."""
    if end <= start:
        return 0
    return (last_day(end) - korean_day(start)).days + 1


def is_working_day(day: date, holidays: frozenset[date]) -> bool:
    """Whether an office works on a day: Monday to Friday and no public holiday."""
    return day.weekday() < SATURDAY and day not in holidays


def working_days_between(after: date, before: date, holidays: frozenset[date]) -> int:
    """Working days strictly between two days, neither counted."""
    days = max((before - after).days - 1, 0)
    return sum(is_working_day(after + timedelta(days=n + 1), holidays) for n in range(days))


def touched_days(start: datetime, end: datetime) -> tuple[date, ...]:
    """Every Korean calendar day that [start, end) touches."""
    return tuple(korean_day(start) + timedelta(days=n) for n in range(days_inclusive(start, end)))


def later(instant: datetime, months: int, days: int) -> datetime:
    """An instant some months and days later; the last day of a month where it has no such day."""
    month = instant.month - 1 + months
    year, month = instant.year + month // 12, month % 12 + 1
    day = instant.day
    while True:
        try:
            return instant.replace(year=year, month=month, day=day) + timedelta(days=days)
        except ValueError:
            day -= 1
