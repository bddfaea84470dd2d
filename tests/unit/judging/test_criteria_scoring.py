"""Rubrics add up, points are exact, and a scorecard is the fold of its events in any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Conflict, Invalid
from judging.domain.criteria import Criterion, Rubric
from judging.domain.scoring import ScoreEvent, check_score, fold, progress, total, unfinished

RUBRIC = Rubric(
    tuple(
        Criterion(code, {"ko": code}, weight)
        for code, weight in [("theme", 30), ("creativity", 25), ("artistry", 25), ("use", 20)]
    )
)
NOON = datetime(2024, 9, 10, 3, tzinfo=UTC)
WORKS = ("w1", "w2", "w3")

cells = st.tuples(st.sampled_from(WORKS), st.sampled_from(RUBRIC.codes()))
events = st.lists(st.tuples(cells, st.none() | st.integers(1, 5)), max_size=40).map(
    lambda rows: [
        ScoreEvent(seq, work, criterion, level, NOON + timedelta(seconds=seq))
        for seq, ((work, criterion), level) in enumerate(rows)
    ]
)


def test_points_are_exact_and_equal_weights_keep_listed_order() -> None:
    assert Rubric((Criterion("a", {"ko": "가"}, 100),), levels=3).points("a", 1) == Fraction(100, 3)
    assert [c.code for c in RUBRIC.by_weight()] == ["theme", "creativity", "artistry", "use"]
    assert Rubric.from_document(RUBRIC.to_document()) == RUBRIC


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"criteria": []}, "rubric.no_criteria"),
        ({"criteria": [{"code": "a", "name": "가", "weight": 99}]}, "rubric.total_differs"),
        ({"criteria": [{"code": "a", "name": "가", "weight": 100}], "levels": 1}, "rubric.levels"),
        ({"criteria": [{"code": "a", "name": "", "weight": 100}]}, "rubric.name_missing"),
        ({"criteria": [{"code": "", "name": "가", "weight": 100}]}, "rubric.code_missing"),
        ({"criteria": [{"code": "a", "name": "가", "weight": 50}] * 2}, "rubric.code_twice"),
        ({"criteria": [{"code": "a", "name": "가", "weight": 0}]}, "rubric.weight"),
        ({"criteria": [{"code": "a", "name": "가"}]}, "rubric.unreadable"),
        ({}, "rubric.unreadable"),
    ],
)
def test_each_fault_of_a_rubric_is_named(document: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        Rubric.from_document(document)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("criterion", "level"), [("theme", 0), ("theme", 6), ("nothing", 3), ("nothing", None)]
)
def test_a_score_the_rubric_lacks_is_refused(criterion: str, level: int | None) -> None:
    with pytest.raises(Invalid):
        check_score(RUBRIC, criterion, level)


@given(events, st.randoms())
def test_the_fold_does_not_depend_on_arrival(listed: list[ScoreEvent], chance: Random) -> None:
    arrived = listed + listed[: len(listed) // 2]  # some delivered twice
    chance.shuffle(arrived)
    card = fold(arrived)
    assert card == fold(listed)
    for work in WORKS:
        for criterion in RUBRIC.codes():
            mine = [e for e in listed if (e.work, e.criterion) == (work, criterion)]
            assert card.work(work).get(criterion) == (mine[-1].level if mine else None)
            assert card.history.get((work, criterion), ()) == tuple(mine)
            assert card.corrected(work, criterion) == (len({e.level for e in mine}) > 1)


@given(events)
def test_a_work_counts_only_when_every_criterion_is_given(listed: list[ScoreEvent]) -> None:
    card = fold(listed)
    for work in WORKS:
        levels = card.work(work)
        points = total(levels, RUBRIC)
        assert (points is not None) == (len(levels) == 4) == (progress(levels, RUBRIC) == "complete")
        assert (progress(levels, RUBRIC) == "untouched") == (not levels)
        if points is not None:
            assert points == sum(Fraction(c.weight * levels[c.code], 5) for c in RUBRIC.criteria)
        assert (work in unfinished(card, WORKS, RUBRIC)) == (points is None)


def test_two_events_cannot_claim_one_place() -> None:
    first = ScoreEvent(1, "w1", "theme", 3, NOON)
    with pytest.raises(Conflict) as refused:
        fold([first, ScoreEvent(1, "w1", "theme", 4, NOON)])
    assert refused.value.code == "score.seq_conflict"
