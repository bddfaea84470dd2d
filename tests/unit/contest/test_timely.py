"""What the clock asks for is told once, at hours when people may be called, and taken back with its cause."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from contest.domain.schedule import KST
from contest.domain.timely import (
    BEFORE_DEADLINE,
    Due,
    Standing,
    decide,
    into_window,
    moment_before,
    report_hour,
)

INSTANTS = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2026, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001  hypothesis adds the zone
CLOSES = dt.datetime(2024, 8, 30, 18, 0, tzinfo=KST)
LONG_AGO = dt.datetime(2024, 8, 1, tzinfo=dt.UTC)


@given(INSTANTS)
def test_a_reminder_is_moved_into_calling_hours_and_never_later(at: dt.datetime) -> None:
    moved = into_window(at)
    assert dt.time(9) <= moved.astimezone(KST).time() < dt.time(20)
    assert at - dt.timedelta(hours=14) < moved <= at


@given(closes=INSTANTS, before=st.timedeltas(dt.timedelta(), dt.timedelta(days=5)))
def test_a_due_reminder_lies_in_calling_hours_between_its_beginning_and_now(
    closes: dt.datetime, before: dt.timedelta
) -> None:
    now = closes - before
    begun = now - dt.timedelta(days=2)
    at = moment_before(closes, BEFORE_DEADLINE, begun=begun, now=now)
    if at is not None:
        assert begun < at <= now < closes
        assert dt.time(9) <= at.astimezone(KST).time() < dt.time(20)


def test_a_draft_is_reminded_three_days_one_day_and_three_hours_before() -> None:
    found, at = [], CLOSES - dt.timedelta(days=4)
    while at < CLOSES + dt.timedelta(hours=2):
        found.append(moment_before(CLOSES, BEFORE_DEADLINE, begun=LONG_AGO, now=at))
        at += dt.timedelta(minutes=10)
    seen = list(dict.fromkeys(found))
    assert seen == [None, *(CLOSES - distance for distance in BEFORE_DEADLINE)]
    assert found[-1] is None
    assert moment_before(CLOSES, BEFORE_DEADLINE, begun=CLOSES - dt.timedelta(hours=2), now=CLOSES) is None


def test_entry_is_reported_each_morning_and_each_hour_of_the_last_day() -> None:
    opens = dt.datetime(2024, 8, 28, 9, 0, tzinfo=KST)
    at, hours = opens - dt.timedelta(days=1), []
    while at < CLOSES + dt.timedelta(days=1):
        hours.append(report_hour(opens, CLOSES, at))
        at += dt.timedelta(minutes=20)
    told = [hour.astimezone(KST) for hour in dict.fromkeys(hours) if hour]
    assert [f"{hour:%d %H}" for hour in told] == [
        "28 09", "29 09", "29 18", "29 19", *(f"30 {hour:02}" for hour in range(9, 18)),
    ]  # fmt: skip


DUES = st.builds(
    Due, st.sampled_from(["A2", "J2"]), st.sampled_from("ab"), st.just("judge"), st.sampled_from("xy")
)


@given(st.lists(st.sets(DUES), max_size=8), st.data())
def test_nothing_is_told_twice_and_nothing_waits_without_its_cause(
    sweeps: list[set[Due]], data: st.DataObject
) -> None:
    waiting: dict[str, bool] = {}  # the rows that were not voided: event key -> still open
    left: list[str] = []
    for due in sweeps:
        missing, stale = decide(due, [Standing(key, key, is_open) for key, is_open in waiting.items()])
        for key in stale:
            assert waiting.pop(key)
        for one in missing:
            assert one.key + "sms" not in waiting
            waiting[one.key + "sms"] = True
        assert {key for key, is_open in waiting.items() if is_open} <= {one.key + "sms" for one in due}
        assert {one.key + "sms" for one in due} <= waiting.keys()
        for key in [key for key, is_open in waiting.items() if is_open]:
            if data.draw(st.booleans()):
                waiting[key] = False
                left.append(key)
    assert len(left) == len(set(left))
