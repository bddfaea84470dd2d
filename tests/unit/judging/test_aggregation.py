"""Every way of counting depends on the scores alone, and a better score never hurts where that can be promised."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.ruleset import Aggregation
from judging.domain.aggregation import aggregate, figure, places, z_scores

JUDGES = ("a", "b", "c", "d", "e")
MONOTONE = [method for method in Aggregation if method is not Aggregation.Z_SCORE]

points = st.integers(0, 100).map(Fraction)


@st.composite
def tables(draw: st.DrawFn, *, complete: bool = False) -> dict[str, dict[str, Fraction]]:
    table = {}
    for number in range(draw(st.integers(1, 7))):
        away = set() if complete else draw(st.sets(st.sampled_from(JUDGES), max_size=4))
        table[f"w{number}"] = {judge: draw(points) for judge in JUDGES if judge not in away}
    return table


def table(*rows: tuple[int, ...]) -> dict[str, dict[str, Fraction]]:
    return {f"w{n}": dict(zip(JUDGES, map(Fraction, row), strict=False)) for n, row in enumerate(rows)}


@given(tables(), st.randoms(use_true_random=False))
@pytest.mark.parametrize("method", list(Aggregation))
def test_order_of_works_and_judges_means_nothing(
    method: Aggregation, scores: dict[str, dict[str, Fraction]], random: Random
) -> None:
    names = list(JUDGES)
    random.shuffle(names)
    renamed = dict(zip(JUDGES, names, strict=True))
    works = list(scores)
    random.shuffle(works)
    shuffled = {work: {renamed[judge]: value for judge, value in scores[work].items()} for work in works}
    assert aggregate(method, shuffled) == aggregate(method, scores)


@given(tables(complete=True), st.integers(-50, 50), st.sampled_from(JUDGES))
@pytest.mark.parametrize("method", [Aggregation.MEAN, Aggregation.Z_SCORE, Aggregation.BORDA])
def test_a_stricter_judge_moves_nobody(
    method: Aggregation, scores: dict[str, dict[str, Fraction]], stricter: int, judge: str
) -> None:
    shifted = {w: {**given_, judge: given_[judge] + stricter} for w, given_ in scores.items()}
    assert places(aggregate(method, shifted)) == places(aggregate(method, scores))


@given(tables(), st.data())
@pytest.mark.parametrize("method", MONOTONE)
def test_a_better_score_never_hurts(
    method: Aggregation, scores: dict[str, dict[str, Fraction]], data: st.DataObject
) -> None:
    cells = [(work, judge) for work, given_ in scores.items() for judge in given_]
    work, judge = data.draw(st.sampled_from(cells))
    better = {w: dict(given_) for w, given_ in scores.items()}
    better[work][judge] += data.draw(st.integers(0, 40))
    before, after = places(aggregate(method, scores)), places(aggregate(method, better))
    assert after[work] <= before[work]


def test_each_rule_by_hand() -> None:
    scores = table((90, 80, 70, 60, 10), (75, 75, 75, 75, 75), (100, 0, 0, 0, 0))
    assert aggregate(Aggregation.MEAN, scores) == {"w0": (62,), "w1": (75,), "w2": (20,)}
    assert aggregate(Aggregation.TRIMMED, scores) == {"w0": (70,), "w1": (75,), "w2": (0,)}
    assert aggregate(Aggregation.MEDIAN, scores) == {"w0": (70,), "w1": (75,), "w2": (0,)}
    # judge a: w2 > w0 > w1; b: w0 > w1 > w2; c, d, e: w1 > w0 > w2
    assert aggregate(Aggregation.BORDA, scores) == {
        "w0": (Fraction(3, 5),), "w1": (Fraction(7, 10),), "w2": (Fraction(1, 5),)
    }  # fmt: skip
    assert places(aggregate(Aggregation.TOP_COUNTS, scores)) == {"w2": 1, "w0": 2, "w1": 3}


def test_median_of_two_and_equals_share_a_place() -> None:
    assert aggregate(Aggregation.MEDIAN, table((80, 91)))["w0"] == (Fraction(171, 2),)
    assert places(aggregate(Aggregation.MEAN, table((80, 90), (90, 80), (10, 10)))) == {
        "w0": 1,
        "w1": 1,
        "w2": 3,
    }


def test_z_scores_have_no_mean_and_unit_spread_to_a_billionth() -> None:
    given_ = {f"w{n}": Fraction(value) for n, value in enumerate((3, 7, 7, 19, 64))}
    scaled = list(z_scores(given_).values())
    assert abs(sum(scaled)) < Fraction(1, 10**8)
    assert abs(sum(value * value for value in scaled) / len(scaled) - 1) < Fraction(1, 10**7)
    assert z_scores({"x": Fraction(5), "y": Fraction(5)}) == {"x": 0, "y": 0}


def test_by_top_counts_who_stepped_back_counts_neither_way() -> None:
    scores = table((90, 90, 50), (90, 90), (90, 50, 50, 50), (91, 0))
    assert places(aggregate(Aggregation.TOP_COUNTS, scores)) == {"w3": 1, "w1": 2, "w0": 3, "w2": 4}


@given(tables(complete=True))
def test_where_all_judged_top_counts_compare_scores_from_the_highest_down(
    scores: dict[str, dict[str, Fraction]],
) -> None:
    from_above = {work: tuple(sorted(given_.values(), reverse=True)) for work, given_ in scores.items()}
    assert places(aggregate(Aggregation.TOP_COUNTS, scores)) == places(from_above)


@given(tables())
@pytest.mark.parametrize("method", [m for m in Aggregation if m is not Aggregation.TOP_COUNTS])
def test_the_figure_that_is_printed_stands_in_the_order_of_the_keys(
    method: Aggregation, scores: dict[str, dict[str, Fraction]]
) -> None:
    keys = aggregate(method, scores)
    figures = {work: (figure(method, key, list(scores[work].values())),) for work, key in keys.items()}
    assert places(figures) == places(keys)
    if method is Aggregation.BORDA:
        assert all(0 <= value <= 100 for (value,) in figures.values())


def test_a_work_without_a_score_is_left_out() -> None:
    assert aggregate(Aggregation.MEAN, {"w0": {}}) == {}
