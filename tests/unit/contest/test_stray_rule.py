"""Objects without an owner go after a day and four more; nothing owned, fresh or unwatched ever does."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from contest.domain.strays import SAFE_AGE, WATCH, judge_strays

WALL = dt.datetime(2026, 11, 29, 12, 0, tzinfo=dt.UTC)
AGES = st.integers(0, 24 * 10).map(lambda hours: WALL - dt.timedelta(hours=hours))
KEYS = st.sampled_from([f"originals/{name}" for name in "abcdefgh"])
STORED = st.dictionaries(KEYS, AGES)
OWNED = st.frozensets(KEYS)


@given(STORED, STORED, OWNED)
def test_nothing_owned_or_fresh_or_unwatched_is_destroyed(stored, watched, owned) -> None:
    verdict = judge_strays(stored, watched, owned.__contains__, WALL)
    for key in verdict.due:
        assert key not in owned
        assert WALL - watched[key] >= WATCH
        assert key not in stored or WALL - stored[key] >= SAFE_AGE
    for key in verdict.found:
        assert key not in owned
        assert WALL - stored[key] >= SAFE_AGE
    assert all(due > WALL for due in verdict.waiting.values())


@given(STORED, STORED, OWNED)
def test_each_object_has_one_fate(stored, watched, owned) -> None:
    verdict = judge_strays(stored, watched, owned.__contains__, WALL)
    fates = [*verdict.found, *verdict.waiting, *verdict.due, *verdict.settled]
    assert len(fates) == len(set(fates))
    assert set(watched) <= set(fates)
    named = verdict.destroyed_on(WALL)
    assert set(named) == {*verdict.found, *verdict.waiting, *verdict.due}
    assert {key for key, at in named.items() if at <= WALL} == set(verdict.due)


@given(STORED, OWNED)
def test_swept_hour_by_hour_every_stray_goes_within_its_time_and_is_counted_once(stored, owned) -> None:
    there, watched, counted = dict(stored), dict[str, dt.datetime](), list[str]()
    for hour in range(24 * 6):
        wall = WALL + dt.timedelta(hours=hour)
        verdict = judge_strays(there, watched, owned.__contains__, wall)
        for key in verdict.found:
            watched[key] = wall
        for key in (*verdict.settled, *verdict.due):
            del watched[key]
        for key in verdict.due:
            there.pop(key, None)
        counted += verdict.due
    assert sorted(counted) == sorted(set(stored) - owned)
    assert set(there) == set(stored) & owned
    assert watched == {}


def test_what_was_destroyed_before_it_was_counted_is_counted() -> None:
    since = {"originals/a": WALL - WATCH}
    assert judge_strays({}, since, lambda _key: False, WALL).due == ("originals/a",)
    assert judge_strays({}, {"originals/a": WALL}, lambda _key: False, WALL).settled == ("originals/a",)
    assert judge_strays({}, since, lambda _key: True, WALL).settled == ("originals/a",)
