"""The schedule: half-open windows, calendar days in Korea, working days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contest.domain.schedule import (
    FIELDS,
    KST,
    Schedule,
    days_inclusive,
    is_within,
    is_working_day,
    korean_day,
    parse_instant,
    touched_days,
    working_days_between,
)

INSTANTS = st.integers(0, 10**9).map(lambda s: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
SCHEDULES = st.builds(Schedule, **{name: st.none() | INSTANTS for name in FIELDS})


def kst(day: int, hour: int = 0, month: int = 9) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=KST)


@given(INSTANTS, INSTANTS)
def test_a_window_holds_its_opening_and_not_its_closing(a: datetime, b: datetime) -> None:
    assert is_within(a, b, a) is (a < b)
    assert is_within(a, b, b) is False


@given(SCHEDULES, INSTANTS)
def test_the_next_boundary_is_the_earliest_still_to_come(schedule: Schedule, now: datetime) -> None:
    later = sorted(at for _, at in schedule.instants() if at is not None and at > now)
    assert schedule.next_boundary(now) == (later[0] if later else None)
    assert [at for _, at in schedule.ahead(now)] == later


@given(SCHEDULES, INSTANTS, st.integers(0, 10**6))
def test_nothing_changes_before_the_next_boundary(schedule: Schedule, now: datetime, seconds: int) -> None:
    def state(at: datetime) -> list[bool]:
        return [
            schedule.is_entry_open(at),
            schedule.is_screening_open(at),
            schedule.is_judging_open(at),
            schedule.is_verification_open(at),
            schedule.is_publication_due(at),
        ]

    later = now + timedelta(seconds=seconds)
    boundary = schedule.next_boundary(now)
    if boundary is None or later < boundary:
        assert state(now) == state(later)


@given(SCHEDULES)
def test_a_schedule_survives_its_document(schedule: Schedule) -> None:
    assert Schedule.from_document(schedule.to_document()) == Schedule(
        **{n: None if at is None else at.replace(microsecond=0) for n, at in schedule.instants()}
    )


def test_ten_days_are_counted_with_both_ends() -> None:
    assert days_inclusive(kst(19, 10), kst(28, 18)) == 10
    assert days_inclusive(kst(19, 10), kst(29)) == 10
    assert days_inclusive(kst(19, 23), kst(20, 1)) == 2
    assert days_inclusive(kst(19, 10), kst(19, 10)) == 0


def test_a_day_is_a_korean_day() -> None:
    assert korean_day(datetime(2024, 9, 30, 15, tzinfo=UTC)) == date(2024, 10, 1)
    assert parse_instant("2024-08-30T18:00") == datetime(2024, 8, 30, 9, tzinfo=UTC)
    assert parse_instant("어제") is None


def test_one_working_day_lies_between_verification_and_announcement() -> None:
    assert working_days_between(date(2024, 9, 28), date(2024, 10, 1), frozenset()) == 1
    assert working_days_between(date(2024, 9, 28), date(2024, 10, 1), frozenset({date(2024, 9, 30)})) == 0


@given(DAYS, DAYS, DAYS, st.frozensets(DAYS, max_size=20))
def test_working_days_add_up(a: date, b: date, c: date, holidays: frozenset[date]) -> None:
    a, b, c = sorted((a, b, c))
    if a < b < c:
        whole = working_days_between(a, c, holidays)
        parts = working_days_between(a, b, holidays) + working_days_between(b, c, holidays)
        assert whole == parts + is_working_day(b, holidays)


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_the_touched_days_are_the_days_counted(start: datetime, length: timedelta) -> None:
    days = touched_days(start, start + length)
    assert len(days) == days_inclusive(start, start + length)
    assert list(days) == sorted(set(days))
