"""Revisions count inside their time and nowhere else, and what they move is what the two rankings say."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Conflict, Invalid
from judging.domain.deliberation import (
    Window,
    as_given,
    check_closing,
    check_words,
    out_of_place,
    revisions_of,
    shift,
)
from judging.domain.score_chain import ChainedRevision, ChainedScore, first_break, genesis, link
from judging.domain.scoring import ScoreEvent, fold

BASE = dt.datetime(2024, 9, 13, 9, 0, tzinfo=dt.UTC)
SEALED, OPENS, ENDS = (BASE + dt.timedelta(hours=hours) for hours in (10, 12, 20))
WINDOW = Window(SEALED, OPENS, ENDS)
WORKS, CRITERIA = ("a", "b", "c"), ("theme", "art")


def between(first: int, last: int) -> st.SearchStrategy[dt.datetime]:
    """Instants in [first, last) hours, to the second."""
    return st.integers(first * 3600, last * 3600 - 1).map(
        lambda seconds: BASE + dt.timedelta(seconds=seconds)
    )


alone = st.tuples(
    st.sampled_from(WORKS), st.sampled_from(CRITERIA), st.one_of(st.none(), st.integers(1, 5)),
    between(0, 10), st.none(),
)  # fmt: skip
revised = st.tuples(
    st.sampled_from(WORKS), st.sampled_from(CRITERIA), st.integers(1, 5),
    between(12, 20), st.text("가나다", min_size=1, max_size=4),
)  # fmt: skip


def numbered(rows: list[tuple[str, str, int | None, dt.datetime, str | None]]) -> list[ScoreEvent]:
    return [ScoreEvent(seq, *row) for seq, row in enumerate(rows, start=1)]


@given(st.lists(alone, max_size=12), st.lists(revised, max_size=6), st.randoms(use_true_random=False))
def test_what_stands_is_what_was_given_alone_with_the_revisions_upon_it(
    first: list[tuple[str, str, int | None, dt.datetime, None]],
    then: list[tuple[str, str, int, dt.datetime, str]],
    chance: random.Random,
) -> None:
    events = numbered([*first, *then])
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert out_of_place(WINDOW, shuffled) == ()
    sealed, stands = dict(fold(as_given(shuffled)).levels), dict(fold(shuffled).levels)
    assert sealed == dict(fold(events[: len(first)]).levels)
    found = revisions_of("j", shuffled)
    assert [one.seq for one in found] == [event.seq for event in events[len(first) :]]
    for one in found:
        assert sealed.get((one.work, one.criterion)) == one.before
        sealed[one.work, one.criterion] = one.after
    assert sealed == stands


@given(
    st.lists(alone, max_size=8),
    revised,
    st.one_of(between(-5, 12), between(20, 40)),
)
def test_a_revision_outside_the_time_is_found(
    first: list[tuple[str, str, int | None, dt.datetime, None]],
    one: tuple[str, str, int, dt.datetime, str],
    when: dt.datetime,
) -> None:
    work, criterion, level, _, reason = one
    events = numbered([*first, (work, criterion, level, when, reason)])
    assert out_of_place(WINDOW, events) == (len(events),)
    assert out_of_place(Window(SEALED), events) == (len(events),)


@given(st.lists(alone, max_size=8), revised, alone)
def test_a_score_behind_the_seal_or_a_revision_is_found(
    first: list[tuple[str, str, int | None, dt.datetime, None]],
    one: tuple[str, str, int, dt.datetime, str],
    late: tuple[str, str, int | None, dt.datetime, None],
) -> None:
    behind = numbered([*first, one, late])
    assert out_of_place(WINDOW, behind) == (len(behind),)
    after_seal = numbered([*first, (*late[:3], SEALED + dt.timedelta(seconds=1), None)])
    assert out_of_place(WINDOW, after_seal) == (len(after_seal),)


def test_the_time_is_half_open_and_ends_with_the_last_signature() -> None:
    assert not WINDOW.takes(OPENS - dt.timedelta(microseconds=1))
    assert WINDOW.takes(OPENS)
    assert WINDOW.takes(ENDS - dt.timedelta(microseconds=1))
    assert not WINDOW.takes(ENDS)
    assert not Window(SEALED, OPENS, ENDS, OPENS).takes(OPENS)
    assert not Window(SEALED).takes(OPENS)
    with pytest.raises(Conflict, match="deliberation.not_open"):
        check_closing(Window(SEALED), ENDS, {"j"}, {"j"})
    with pytest.raises(Conflict, match="deliberation.under_way") as refused:
        check_closing(WINDOW, OPENS, {"j", "k"}, {"k"})
    assert refused.value.facts == {"count": 1}
    check_closing(WINDOW, OPENS, {"j", "k"}, {"k", "j", "left"})
    check_closing(WINDOW, ENDS, {"j", "k"}, set())
    with pytest.raises(Conflict, match="deliberation.closed"):
        check_closing(Window(SEALED, OPENS, ENDS, ENDS), ENDS, {"j"}, {"j"})


def test_a_reason_is_given_and_not_too_long() -> None:
    assert check_words("  주제가 분명함 ", "reason") == "주제가 분명함"
    for words, code in ((" \n", "deliberation.reason_missing"), ("가" * 1001, "deliberation.words_long")):
        with pytest.raises(Invalid, match=code):
            check_words(words, "reason")


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_the_reason_is_part_of_the_chain(reason: str, other: str) -> None:
    score = ("r", "j", 1, "w", "theme", 4, "2024-09-13T09:00:00.000000+00:00", "key")
    start = genesis("r", "j")
    digest = link(start, ChainedRevision(*score, reason))
    assert first_break("r", "j", [(ChainedRevision(*score, reason), start, digest)]) is None
    assert (first_break("r", "j", [(ChainedRevision(*score, other), start, digest)]) is None) == (
        reason == other
    )
    assert digest != link(start, ChainedScore(*score))


ranks = st.permutations(list("abcdef")).map(lambda order: {work: n for n, work in enumerate(order, 1)})


@given(ranks, ranks, st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True).map(sorted))
def test_a_boundary_loses_as_many_works_as_it_gains(
    before: dict[str, int], after: dict[str, int], places: list[int]
) -> None:
    found = shift(before, after, [(f"상 {place}", place) for place in places])
    assert set(found.ranks) == {work for work in before if before[work] != after[work]}
    for place, moved in zip(places, found.moved, strict=True):
        assert len(moved.up) == len(moved.down)
        assert all(before[work] > place >= after[work] for work in moved.up)
        assert all(before[work] <= place < after[work] for work in moved.down)
    assert all(not one.up for one in shift(before, before, [("상", 3)]).moved)
