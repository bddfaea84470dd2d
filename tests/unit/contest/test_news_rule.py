"""A number is kept for news as long as its consent runs, and never for anybody who withdrew."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from contest.domain.news import kept_until
from contest.domain.persons import Phone
from contest.domain.ruleset import Period
from contest.domain.schedule import later

TWO_YEARS = Period(24, 0)
MOBILE, LANDLINE = Phone("+821012345678"), Phone("+82226271234")
instants = st.integers(0, 6 * 366 * 86_400).map(
    lambda seconds: dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)
)


@given(
    st.none() | instants,
    st.sampled_from((None, MOBILE, LANDLINE)),
    st.builds(Period, st.integers(0, 36), st.integers(0, 40)),
    st.booleans(),
    instants,
)
def test_nothing_is_kept_without_all_of_it_nor_past_the_period(given_at, phone, period, stands, now):
    until = kept_until(given_at, phone, period, stands=stands, now=now)
    may = (
        given_at is not None
        and phone is MOBILE
        and stands
        and now < later(given_at, period.months, period.days)
    )
    assert (until is not None) is may
    if until is not None:
        assert now < until == later(given_at, period.months, period.days)


def test_two_years_are_half_open():
    given_at = dt.datetime(2024, 9, 30, 6, 0, tzinfo=dt.UTC)
    end = dt.datetime(2026, 9, 30, 6, 0, tzinfo=dt.UTC)
    assert kept_until(given_at, MOBILE, TWO_YEARS, stands=True, now=end - dt.timedelta(microseconds=1)) == end
    assert kept_until(given_at, MOBILE, TWO_YEARS, stands=True, now=end) is None
