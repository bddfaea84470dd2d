"""Buckets of entry: Korean days and hours, none missing, none counted twice."""

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from contest.domain.intake_tally import LAST_HOURS, MOST_DAYS, by_day, by_last_hours

OPENS = dt.datetime(2024, 8, 1, 0, 0, tzinfo=dt.UTC)
moments = st.integers(0, 40 * 24 * 3600).map(lambda seconds: OPENS + dt.timedelta(seconds=seconds))


@given(st.lists(moments), moments)
def test_every_entry_falls_into_one_day_and_at_most_one_hour(
    instants: list[dt.datetime], until: dt.datetime
) -> None:
    days = by_day([one for one in instants if one <= until], OPENS, until)
    assert sum(count for _, count in days) == sum(one <= until for one in instants)
    assert [later - day for (day, _), (later, _) in pairwise(days)] == [dt.timedelta(1)] * (len(days) - 1)
    hours = by_last_hours(instants, until)
    assert len(hours) == LAST_HOURS
    begin, end = hours[0][0], hours[-1][0] + dt.timedelta(hours=1)
    assert sum(count for _, count in hours) == sum(begin <= one < end for one in instants)


def test_midnight_is_seouls_and_a_long_season_is_cut() -> None:
    late = dt.datetime(2024, 8, 1, 15, 0, tzinfo=dt.UTC)
    assert by_day([late], OPENS, late) == [(dt.date(2024, 8, 1), 0), (dt.date(2024, 8, 2), 1)]
    assert len(by_day([], OPENS, OPENS + dt.timedelta(days=300))) == MOST_DAYS
