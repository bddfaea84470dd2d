"""Ranking ballots: only orders count, whoever gave them and whatever left the list; Borda, exactly."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Conflict, Invalid
from judging.domain.balloting import PLACES, borda_points, check_ballot, in_order, is_whole
from judging.domain.ranking import TallyRule, WorkScores, rank_works
from judging.domain.tie_ladder import Ladder

JUDGES = ("j1", "j2", "j3", "j4")
PANEL = frozenset(JUDGES)
RULE = TallyRule(trim=False, compare="exact", is_ballot=True)
COUNTS = Ladder(("criterion:by_weight", "counts"))

works = st.integers(2, 6).map(lambda count: list("abcdef"[:count]))


@st.composite
def orders(draw: st.DrawFn) -> dict[str, list[str]]:
    listed = draw(works)
    return {judge: draw(st.permutations(listed)) for judge in JUDGES}


def cast(ballots: dict[str, list[str]], away: dict[str, set[str]] | None = None) -> list[WorkScores]:
    entries = sorted(next(iter(ballots.values())))
    return [
        WorkScores(
            entry,
            {judge: {"place": order.index(entry) + 1} for judge, order in ballots.items()},
            frozenset((away or {}).get(entry, ())),
        )
        for entry in entries
    ]


def test_first_has_a_hundred_points_and_last_none() -> None:
    assert borda_points({"a": 1, "b": 2, "c": 3}) == {"a": 100, "b": 50, "c": 0}
    assert borda_points({"a": 1, "b": 7, "c": 9}) == {"a": 100, "b": 50, "c": 0}  # gaps mean nothing
    assert borda_points({"a": 4}) == {"a": 50}
    assert borda_points({"a": 2, "b": 2, "c": 5}) == {"a": 75, "b": 75, "c": 0}


@given(orders())
def test_the_classical_count_ranks_alike(ballots: dict[str, list[str]]) -> None:
    rows = rank_works(cast(ballots), PANEL, PLACES, RULE, Ladder(())).standings
    count = len(rows)
    classical = {
        row.entry: sum(count - 1 - order.index(row.entry) for order in ballots.values()) for row in rows
    }
    for row in rows:
        assert row.mean == Fraction(100 * classical[row.entry], (count - 1) * len(JUDGES))
        assert row.rank == 1 + sum(other > classical[row.entry] for other in classical.values())


@given(orders(), st.data())
def test_a_work_that_leaves_changes_no_order_that_all_agree_on(
    ballots: dict[str, list[str]], data: st.DataObject
) -> None:
    gone = data.draw(st.sampled_from(sorted(ballots["j1"])))
    rows = rank_works(
        [work for work in cast(ballots) if work.entry != gone], PANEL, PLACES, RULE, Ladder(())
    ).standings
    places = {row.entry: row.rank for row in rows}
    for (one, place), (other, behind) in permutations(places.items(), 2):
        if all(order.index(one) < order.index(other) for order in ballots.values()):
            assert place < behind


@given(orders(), st.data())
def test_a_work_raised_by_a_judge_never_falls(ballots: dict[str, list[str]], data: st.DataObject) -> None:
    before = {
        row.entry: row.rank for row in rank_works(cast(ballots), PANEL, PLACES, RULE, Ladder(())).standings
    }
    order = list(ballots["j1"])
    at = data.draw(st.integers(1, len(order) - 1))
    raised = order[at]
    order[at - 1], order[at] = order[at], order[at - 1]
    after = rank_works(cast(ballots | {"j1": order}), PANEL, PLACES, RULE, Ladder(())).standings
    assert next(row.rank for row in after if row.entry == raised) <= before[raised]


def test_a_judge_who_stepped_back_weighs_as_much_as_the_others() -> None:
    ballots = {"j1": list("abc"), "j2": list("bca")}
    rows = rank_works(cast(ballots, {"a": {"j2"}}), frozenset(ballots), PLACES, RULE, Ladder(())).standings
    assert {row.entry: row.mean for row in rows} == {"a": 100, "b": Fraction(150, 2), "c": 0}


def test_more_first_places_are_ahead_among_equals() -> None:
    ballots = {"j1": list("abc"), "j2": list("cba")}
    rows = rank_works(cast(ballots), frozenset(ballots), PLACES, RULE, COUNTS).standings
    assert [(row.rank, row.entry) for row in rows] == [(1, "a"), (1, "c"), (3, "b")]
    assert {step.step for step in rows[0].ties} == {"counts"}  # no criterion is compared


def test_a_missing_place_is_named() -> None:
    with pytest.raises(Conflict, match=r"ranking\.scores_missing"):
        rank_works([WorkScores("a", {"j1": {"place": 1}})], frozenset({"j1", "j2"}), PLACES, RULE, Ladder(()))


@pytest.mark.parametrize("order", [["a"], ["a", "a"], ["a", "b", "c"], []])
def test_only_whole_orders_are_taken(order: list[str]) -> None:
    with pytest.raises(Invalid, match=r"ballot\.order"):
        check_ballot("ab", order)
    assert check_ballot("ab", ["b", "a"]) == {"b": 1, "a": 2}
    assert (is_whole([1, 3, 7]), is_whole([1, 3, 3])) == (True, False)
    assert in_order({"a": 9, "b": 2}) == ["b", "a"]
