"""Ranks depend on scores alone: trimming, recusals, rounding and the tie ladder, exactly."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from random import Random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Conflict, Invalid
from contest.domain.ruleset import Aggregation
from judging.domain.aggregation import aggregate, places
from judging.domain.criteria import Criterion, Rubric
from judging.domain.ranking import (
    LeftOut,
    TallyRule,
    WorkScores,
    decide_trim,
    print_mean,
    rank_works,
    round_half_up,
    totals_of,
)
from judging.domain.tie_ladder import Ladder

RUBRIC = Rubric(
    tuple(Criterion(c, {"ko": c}, w) for c, w in [("theme", 30), ("new", 25), ("art", 25), ("use", 20)])
)
ONE = Rubric((Criterion("all", {"ko": "전체"}, 100),), levels=100)
JUDGES = ("j1", "j2", "j3", "j4", "j5")
PANEL = frozenset(JUDGES)
TRIM = TallyRule(trim=True)
PLAIN = TallyRule(trim=False)
Recusal = Literal["plain", "trim"]

cards = st.fixed_dictionaries({code: st.integers(1, 5) for code in RUBRIC.codes()})


@st.composite
def panels(draw: st.DrawFn) -> list[WorkScores]:
    works = []
    for number in range(draw(st.integers(1, 8))):
        recused = frozenset(draw(st.sets(st.sampled_from(JUDGES), max_size=2)))
        works.append(WorkScores(f"e{number}", {j: draw(cards) for j in JUDGES if j not in recused}, recused))
    return works


def one(entry: str, points: list[int], recused: frozenset[str] = frozenset()) -> WorkScores:
    judges = [judge for judge in JUDGES if judge not in recused]
    return WorkScores(entry, {j: {"all": p} for j, p in zip(judges, points, strict=False)}, recused)


def test_trimming_is_decided_by_the_panel() -> None:
    assert [decide_trim(size) for size in (3, 4, 5, 7)] == [False, False, True, True]


def test_exactly_one_highest_and_one_lowest_fall() -> None:
    row = rank_works([one("a", [90, 90, 80, 70, 70])], PANEL, ONE, TRIM, Ladder()).standings[0]
    assert (row.mean, row.rule, row.dropped, row.printed) == (Fraction(80), "trimmed", ("j4", "j2"), "80.00")


@pytest.mark.parametrize(
    ("rule", "used", "mean", "dropped"),
    [("plain", "plain_recusal", Fraction(75), ()), ("trim", "trimmed_recusal", Fraction(80), ("j5", "j2"))],
)
def test_the_declared_rule_holds_where_recusals_leave_too_few(
    rule: Recusal, used: str, mean: Fraction, dropped: tuple[str, ...]
) -> None:
    work = one("a", [90, 80, 80, 50], frozenset({"j1"}))
    row = rank_works([work], PANEL, ONE, TallyRule(trim=True, recusal_rule=rule), Ladder()).standings[0]
    assert (row.rule, row.mean, row.dropped) == (used, mean, dropped)
    assert row.left_out == (LeftOut("j1", "recused"),)


def test_two_scores_are_never_trimmed() -> None:
    work = one("a", [90, 70], frozenset({"j1", "j2", "j3"}))
    row = rank_works([work], PANEL, ONE, TallyRule(trim=True, recusal_rule="trim"), Ladder()).standings[0]
    assert (row.rule, row.mean) == ("plain_recusal", Fraction(80))


def test_only_the_judges_of_a_work_count_for_it() -> None:
    begun = {"j1": {"all": 90}, "j2": {"all": 70}, "j3": {}}
    row = rank_works(
        [WorkScores("a", begun, frozenset(), frozenset({"j1", "j2"}))], PANEL, ONE, PLAIN, Ladder()
    ).standings[0]
    assert (row.mean, row.left_out) == (Fraction(80), ())
    with pytest.raises(Conflict, match=r"ranking\.scores_missing"):
        rank_works(
            [WorkScores("a", begun, frozenset(), frozenset({"j1", "j3"}))], PANEL, ONE, PLAIN, Ladder()
        )
    with pytest.raises(Conflict, match=r"ranking\.nobody_left"):
        rank_works(
            [WorkScores("a", begun, frozenset({"j1"}), frozenset({"j1"}))], PANEL, ONE, PLAIN, Ladder()
        )


def test_a_released_judge_counts_nowhere_and_is_named() -> None:
    row = rank_works([one("a", [100, 60, 60, 60, 60])], PANEL - {"j1"}, ONE, PLAIN, Ladder()).standings[0]
    assert (row.mean, row.left_out) == (Fraction(60), (LeftOut("j1", "released"),))


@pytest.mark.parametrize(
    ("work", "code"),
    [(one("b", [50] * 4), "ranking.scores_missing"), (WorkScores("b", {}, PANEL), "ranking.nobody_left")],
)
def test_a_work_that_cannot_be_counted_is_named(work: WorkScores, code: str) -> None:
    with pytest.raises(Conflict) as refused:
        rank_works([one("a", [50] * 5), work], PANEL, ONE, TRIM, Ladder())
    assert (refused.value.code, refused.value.facts) == (code, {"entries": ("b",)})


@pytest.mark.parametrize("step", ["criterion:none", "earliest", "criterion"])
def test_an_unknown_step_of_the_ladder_is_refused(step: str) -> None:
    with pytest.raises(Invalid) as refused:
        rank_works([one("a", [50] * 5)], PANEL, ONE, TRIM, Ladder((step,)))
    assert refused.value.code == "ranking.ladder_step"


@given(st.integers(0, 100_000))
def test_halves_go_up(thousandths: int) -> None:
    expected = (Decimal(thousandths) / 1000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert print_mean(Fraction(thousandths, 1000)) == str(expected)


@given(panels(), st.randoms(), st.sampled_from([TRIM, PLAIN, TallyRule(True, "trim", "exact")]))
def test_the_result_does_not_depend_on_order(
    works: list[WorkScores], chance: Random, rule: TallyRule
) -> None:
    shuffled = []
    for work in works:
        judges = list(work.scores.items())
        chance.shuffle(judges)
        shuffled.append(WorkScores(work.entry, dict(judges), work.recused))
    chance.shuffle(shuffled)
    assert rank_works(shuffled, PANEL, RUBRIC, rule, Ladder()) == rank_works(
        works, PANEL, RUBRIC, rule, Ladder()
    )


@given(panels(), st.permutations(JUDGES))
def test_who_gave_a_score_does_not_matter(works: list[WorkScores], renamed: list[str]) -> None:
    names = dict(zip(JUDGES, renamed, strict=True))
    other = [
        WorkScores(
            w.entry, {names[j]: card for j, card in w.scores.items()}, frozenset(names[j] for j in w.recused)
        )
        for w in works
    ]
    before, after = (rank_works(each, PANEL, RUBRIC, TRIM, Ladder()) for each in (works, other))
    assert [(s.rank, s.entry, s.mean) for s in before.standings] == [
        (s.rank, s.entry, s.mean) for s in after.standings
    ]


@given(panels())
def test_ranks_are_competition_ranks_and_means_descend(works: list[WorkScores]) -> None:
    ranking = rank_works(works, PANEL, RUBRIC, TRIM, Ladder())
    rows = ranking.standings
    assert sorted(row.entry for row in rows) == sorted(work.entry for work in works)
    for row in rows:
        assert row.rank == 1 + sum(other.rank < row.rank for other in rows)
        points = sorted(row.totals.values())
        kept = points[1:-1] if len(points) == 5 else points
        assert row.mean == sum(kept, Fraction(0)) / len(kept)
        assert len(row.dropped) == (2 if len(points) == 5 else 0)
    means = [round_half_up(row.mean) for row in rows]
    assert means == sorted(means, reverse=True)
    equals = {row.rank: tuple(r.entry for r in rows if r.rank == row.rank) for row in rows}
    assert ranking.unresolved == tuple(group for group in equals.values() if len(group) > 1)


def test_the_heavier_criterion_separates_and_says_so() -> None:
    base = {"theme": 3, "new": 3, "art": 3, "use": 3}
    newer = WorkScores("newer", {judge: base | {"new": 4} for judge in JUDGES})
    finer = WorkScores("finer", {judge: base | {"art": 4} for judge in JUDGES})
    ranking = rank_works([finer, newer], PANEL, RUBRIC, TRIM, Ladder())
    assert [(s.rank, s.entry) for s in ranking.standings] == [(1, "newer"), (2, "finer")]
    trail = ranking.standings[0].ties
    assert [(step.step, step.separated) for step in trail] == [
        ("criterion:theme", False),
        ("criterion:new", True),
    ]
    assert trail[-1].groups == (("newer",), ("finer",))


def test_the_chair_decides_only_what_the_re_vote_covers_whole() -> None:
    works = [one(entry, [70] * 5) for entry in "abc"]
    assert rank_works(works, PANEL, ONE, TRIM, Ladder()).unresolved == (("a", "b", "c"),)
    assert rank_works(works, PANEL, ONE, TRIM, Ladder(chair={"c": 1, "a": 2})).unresolved == (
        ("a", "b", "c"),
    )
    wholly = rank_works(works, PANEL, ONE, TRIM, Ladder(chair={"c": 1, "a": 2, "b": 2}))
    assert [(s.rank, s.entry) for s in wholly.standings] == [(1, "c"), (2, "a"), (2, "b")]
    assert wholly.unresolved == (("a", "b"),)


def test_a_lot_needs_its_seed_and_resolves_everything() -> None:
    works = [one(entry, [70] * 5) for entry in "abcd"]
    steps = ("criterion:by_weight", "chair", "lot")
    assert rank_works(works, PANEL, ONE, TRIM, Ladder(steps)).unresolved == (("a", "b", "c", "d"),)
    orders = set()
    for seed in ("one", "two", "three", "four"):
        ranking = rank_works(works, PANEL, ONE, TRIM, Ladder(steps, lot_seed=seed))
        assert [s.rank for s in ranking.standings] == [1, 2, 3, 4]
        orders.add(tuple(s.entry for s in ranking.standings))
    assert len(orders) > 1


def test_whether_the_printed_or_the_exact_mean_counts_is_the_rule() -> None:
    fine = Rubric((Criterion("all", {"ko": "전체"}, 100),), levels=30_000)
    panel = frozenset({"j1", "j2", "j3"})
    works = [
        WorkScores(name, {j: {"all": level} for j in panel})
        for name, level in [("low", 21_000), ("high", 21_001)]
    ]
    assert rank_works(works, panel, fine, PLAIN, Ladder(())).unresolved == (("high", "low"),)
    exact = rank_works(works, panel, fine, TallyRule(trim=False, compare="exact"), Ladder(()))
    assert [(s.entry, s.printed) for s in exact.standings] == [("high", "70.00"), ("low", "70.00")]


@given(panels(), st.sampled_from(["rounded", "exact"]))
@pytest.mark.parametrize("method", [one for one in Aggregation if one is not Aggregation.TRIMMED])
def test_the_declared_aggregation_ranks(
    method: Aggregation, works: list[WorkScores], compare: Literal["rounded", "exact"]
) -> None:
    rule = TallyRule(trim=False, compare=compare, counting=method)
    ranking = rank_works(works, PANEL, RUBRIC, rule, Ladder(()))
    keys = aggregate(method, totals_of(works, PANEL, RUBRIC, rule))
    order = places(keys)
    ranks = {row.entry: row.rank for row in ranking.standings}
    if compare == "exact":
        assert ranks == order
    else:  # what rounding makes equal no rule tells apart, and what it leaves apart it never turns round
        assert all(ranks[a] <= ranks[b] for a in ranks for b in ranks if order[a] < order[b])
    assert [row.printed for row in ranking.standings] == [print_mean(row.mean) for row in ranking.standings]


@given(panels())
@pytest.mark.parametrize("method", [one for one in Aggregation if one is not Aggregation.TRIMMED])
def test_a_criterion_parts_equals_by_the_same_aggregation(
    method: Aggregation, works: list[WorkScores]
) -> None:
    rule = TallyRule(trim=False, compare="exact", counting=method)
    criterion = {
        work.entry: {j: RUBRIC.points("new", card["new"]) for j, card in work.scores.items()}
        for work in works
    }
    keys = aggregate(method, criterion)
    before = {row.entry: row.rank for row in rank_works(works, PANEL, RUBRIC, rule, Ladder(())).standings}
    after = {
        row.entry: row.rank
        for row in rank_works(works, PANEL, RUBRIC, rule, Ladder(("criterion:new",))).standings
    }
    for a, b in product(before, repeat=2):
        was_better = keys[a] > keys[b] if before[a] == before[b] else before[a] < before[b]
        assert (after[a] < after[b]) == was_better


def test_a_standard_score_below_nothing_is_printed_with_its_sign() -> None:
    assert [print_mean(Fraction(n, 1000)) for n in (-5000, -126, -5, -6, 0, 5)] == [
        "-5.00", "-0.13", "0.00", "-0.01", "0.00", "0.01",
    ]  # fmt: skip
