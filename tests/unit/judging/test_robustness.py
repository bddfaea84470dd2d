"""The dossier asks its questions of the real rules: what it says of a result is what the rules would have done."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.domain.prizes import PrizeScheme, Tier
from contest.domain.ruleset import Aggregation
from judging.domain.aggregation import combine, scale_scores
from judging.domain.allocator import AllocationInputs, AllocationPolicy, Candidate
from judging.domain.criteria import Criterion, Rubric
from judging.domain.margins import margins
from judging.domain.ranking import TallyRule, WorkScores, rank_works
from judging.domain.resampling import resample
from judging.domain.robustness import (
    RESERVE,
    Stake,
    boundaries,
    by_each_aggregation,
    prizes_of,
    without_each_judge,
)
from judging.domain.tie_ladder import Ladder

ONE = Rubric((Criterion("all", {"ko": "전체"}, 100),), levels=100)
SCHEME = PrizeScheme((Tier("gold", {"ko": "금"}, 1, 50), Tier("silver", {"ko": "은"}, 2, 10)), 3, 70)
PLAIN, TRIM = TallyRule(trim=False), TallyRule(trim=True)


def stake(
    rows: dict[str, list[int | None]], rule: TallyRule = PLAIN, persons: dict[str, str] | None = None
) -> Stake:
    panel = frozenset(f"j{n}" for n in range(max(len(row) for row in rows.values())))
    works = tuple(
        WorkScores(
            entry,
            {f"j{n}": {"all": points} for n, points in enumerate(row) if points is not None},
            frozenset(f"j{n}" for n, points in enumerate(row) if points is None),
        )
        for entry, row in rows.items()
    )
    standings = rank_works(works, panel, ONE, rule, Ladder(("lot",), lot_seed="s")).standings
    ranking = tuple(
        Candidate(row.entry, row.rank, (persons or {}).get(row.entry, row.entry)) for row in standings
    )
    return Stake(works, panel, ONE, rule, Ladder(("lot",), lot_seed="s"),
                 AllocationInputs(ranking, SCHEME, {}, AllocationPolicy(reserves=1)))  # fmt: skip


FIRM = {"a": [90, 91, 92], "b": [80, 81, 82], "c": [70, 71, 72], "d": [60, 61, 62], "e": [1, 2, 3]}
SPLIT = {"a": [90, 90, 90], "b": [80, 80, 80], "c": [70, 70, 40], "d": [50, 50, 85], "e": [1, 1, 1]}


def test_a_firm_result_moves_under_no_question() -> None:
    held = stake(FIRM)
    assert prizes_of(held.base) == {"a": "gold", "b": "silver", "c": "silver", "d": RESERVE}
    for variant in (*without_each_judge(held), *by_each_aggregation(held)):
        assert (variant.moves, variant.winners_kept) == ((), 3)
    drawn = resample(held, "seed")
    assert (drawn.panels, drawn.is_exact) == (10, True)
    assert {(one.entry, one.wins, one.keeps_tier) for one in drawn.certainties} == {
        ("a", 1, 1), ("b", 1, 1), ("c", 1, 1), ("d", 0, 1)
    }  # fmt: skip
    assert [(m.upper, m.lower, m.points, m.certainty, m.is_thin) for m in margins(held, drawn)] == [
        ("a", "b", 10, 1, False), ("c", "d", 10, 1, False)
    ]  # fmt: skip


def test_one_judge_who_decided_is_named() -> None:
    held = stake(SPLIT)
    assert prizes_of(held.base) == {"a": "gold", "b": "silver", "d": "silver", "c": RESERVE}
    without = {variant.name: variant for variant in without_each_judge(held)}
    assert [(m.entry, m.declared, m.otherwise) for m in without["j2"].moves] == [
        ("d", "silver", RESERVE), ("c", RESERVE, "silver")
    ]  # fmt: skip
    assert without["j2"].winners_kept == 2
    assert without["j0"].moves == ()
    counted = {variant.name: variant.winners_kept for variant in by_each_aggregation(held)}
    # Borda counts c and d alike; equals keep the declared order.
    assert (counted["mean"], counted["median"], counted["trimmed"], counted["borda"]) == (3, 2, 2, 3)


def test_the_certainty_of_a_boundary_is_counted_exactly() -> None:
    # d beats c only in panels that hold judge j2 at least once: 1 - (2/3)^3 of them (60 < 61.67 with one).
    held = stake(SPLIT)
    margin = margins(held, resample(held, "seed"))[1]
    assert (margin.upper, margin.lower, margin.points) == ("d", "c", Fraction(5, 3))
    assert margin.certainty == 1 - Fraction(2, 3) ** 3


def test_a_person_wins_once_under_every_question() -> None:
    held = stake(FIRM, persons={"a": "kim", "b": "kim"})
    assert prizes_of(held.base) == {"a": "gold", "c": "silver", "d": "silver", "e": RESERVE}
    assert boundaries(held.base, "abcde") == [
        (("a", "gold"), ("c", "silver")),
        (("d", "silver"), ("e", RESERVE)),
    ]
    assert all("b" not in variant.prizes for variant in without_each_judge(held))


def test_a_recused_judge_says_nothing_of_the_work() -> None:
    rows = {**FIRM, "c": [None, 71, 72]}
    held = stake(rows)
    assert "j0" not in held.totals()["c"]
    assert {variant.name for variant in without_each_judge(held)} == {"j0", "j1", "j2"}


rows_of_five = st.lists(st.lists(st.integers(1, 100), min_size=5, max_size=5), min_size=5, max_size=9)


@given(rows_of_five, st.sampled_from([PLAIN, TRIM]))
@settings(max_examples=25)
def test_shares_are_shares_and_the_declared_rule_changes_nothing(
    rows: list[list[int]], rule: TallyRule
) -> None:
    held = stake({f"w{n}": list(row) for n, row in enumerate(rows)}, rule)
    drawn = resample(held, "seed")
    assert drawn.panels == 126
    assert all(0 <= one.wins <= 1 and 0 <= one.keeps_tier <= 1 for one in drawn.certainties)
    assert sum((one.wins for one in drawn.certainties), Fraction(0)) <= 3
    own = {variant.name: variant for variant in by_each_aggregation(held)}["trimmed" if rule.trim else "mean"]
    assert own.moves == ()


COUNTED = [
    TallyRule(trim=False, counting=method) for method in Aggregation if method is not Aggregation.TRIMMED
]


@pytest.mark.parametrize("rule", [*COUNTED, TRIM])
@given(rows_of_five)
@settings(max_examples=10, deadline=None)
def test_whatever_is_declared_is_marked_and_moves_nothing(rule: TallyRule, rows: list[list[int]]) -> None:
    held = stake({f"w{n}": list(row) for n, row in enumerate(rows)}, rule)
    assert {v.name: v for v in by_each_aggregation(held)}[rule.declared.value].moves == ()
    for margin in margins(held, resample(held, "seed")):
        assert margin.points >= 0
        assert margin.step >= 0


@pytest.mark.parametrize("rule", COUNTED)
@given(st.lists(st.lists(st.integers(1, 100), min_size=3, max_size=3), min_size=4, max_size=6))
@settings(max_examples=15, deadline=None)
def test_every_drawn_panel_is_counted_by_the_declared_rule(rule: TallyRule, rows: list[list[int]]) -> None:
    held = stake({f"w{n}": list(row) for n, row in enumerate(rows)}, rule)
    scaled = scale_scores(rule.counting, held.totals())
    place = {one.entry: one.rank for one in held.base.ranking}
    drawn = list(product(sorted(held.panel), repeat=3))
    for margin in margins(held, resample(held, "seed")):
        stays = 0
        for panel in drawn:
            upper, lower = (
                combine(rule.counting, [scaled[entry][judge] for judge in panel])
                for entry in (margin.upper, margin.lower)
            )
            tied_above = upper == lower and place[margin.upper] <= place[margin.lower]
            stays += upper > lower or tied_above
        assert margin.certainty == Fraction(stays, len(drawn))


def test_one_step_is_tried_where_a_share_cannot_be_told() -> None:
    rows: dict[str, list[int | None]] = {
        "a": [90, 90, 90],
        "b": [81, 80, 79],
        "c": [70, 60, 50],
        "d": [21, 11, 1],
    }
    points = {}
    for rule in COUNTED:
        _, margin = margins(held := stake(rows, rule), resample(held, "seed"))
        points[rule.counting] = (margin.upper, margin.lower, margin.points, margin.step)
    assert points[Aggregation.MEAN] == ("c", "d", 49, Fraction(1, 3))
    # Of c's middle scores one moved by a level moves the middle one whole; the highest score is 49 above d's.
    assert points[Aggregation.MEDIAN] == ("c", "d", 49, 1)
    assert points[Aggregation.TOP_COUNTS] == ("c", "d", 49, 1)
    # Nobody's order changes by one point.
    assert points[Aggregation.BORDA] == ("c", "d", Fraction(100, 3), 0)
    assert 0 < points[Aggregation.Z_SCORE][3] < 1


def test_a_large_panel_is_drawn_from_the_public_seed() -> None:
    held = stake({f"w{n}": [90 - 5 * n + (j * n) % 3 for j in range(7)] for n in range(6)})
    once, again, other = resample(held, "seed"), resample(held, "seed"), resample(held, "another")
    assert (once.panels, once.is_exact) == (500, False)
    assert once == again
    assert [one.entry for one in once.certainties] == [one.entry for one in other.certainties]
