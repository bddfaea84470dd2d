"""Works met twice: far apart, by chance alone, never counted, and compared exactly."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.blinding import judge_order, work_codes
from judging.domain.criteria import Criterion, Rubric
from judging.domain.repeats import self_consistency, with_repeats
from judging.domain.scoring import total

RUBRIC = Rubric((Criterion("theme", {"ko": "주제"}, 60), Criterion("art", {"ko": "예술"}, 40)))
cards = st.fixed_dictionaries({"theme": st.integers(1, 5), "art": st.integers(1, 5)})


@given(st.integers(0, 200), st.integers(0, 20), st.integers(0, 99))
def test_every_work_comes_once_and_a_few_again_a_third_of_the_list_later(
    works: int, count: int, seed: int
) -> None:
    order = [f"w{n:03d}" for n in range(works)]
    tasks = with_repeats(order, count, Random(seed).randbytes)
    firsts = [task.entry for task in tasks if not task.is_repeat]
    again = [task.entry for task in tasks if task.is_repeat]
    assert sorted(firsts) == order
    assert firsts[: works - works // 3] == order[: works - works // 3]
    assert len(again) == len(set(again)) == min(count, works // 3)
    at = {(task.entry, task.is_repeat): place for place, task in enumerate(tasks)}
    assert all(at[entry, True] - at[entry, False] > works // 3 for entry in again)
    assert tasks == with_repeats(order, count, Random(seed).randbytes)


def test_which_works_come_again_and_where_is_chance() -> None:
    order = [f"w{n}" for n in range(30)]
    drawn = [with_repeats(order, 3, Random(seed).randbytes) for seed in range(300)]
    chosen = {task.entry for tasks in drawn for task in tasks if task.is_repeat}
    places = {place for tasks in drawn for place, task in enumerate(tasks) if task.is_repeat}
    assert chosen == set(order[:10])
    assert places == set(range(20, 33))


@given(st.lists(st.tuples(cards, cards), max_size=6))
def test_consistency_is_the_mean_distance_and_the_share_within_one_level(
    pairs: list[tuple[dict[str, int], dict[str, int]]],
) -> None:
    found = self_consistency({"a": pairs}, RUBRIC)
    turned = self_consistency({"a": [(other, one) for one, other in reversed(pairs)]}, RUBRIC)
    assert found == turned
    if not pairs:
        assert found == ()
        return
    (one,) = found
    points = [(total(first, RUBRIC), total(second, RUBRIC)) for first, second in pairs]
    assert one.difference * len(pairs) == sum(
        abs(a - b) for a, b in points if a is not None and b is not None
    )
    near = sum(abs(first[c] - second[c]) < 2 for first, second in pairs for c in first)
    assert (one.works, one.within) == (len(pairs), Fraction(near, 2 * len(pairs)))
    # Two totals may be equal though the levels are not; equal sheets differ in nothing.
    if all(first == second for first, second in pairs):
        assert (one.difference, one.within) == (0, 1)


def test_a_sheet_that_was_not_finished_says_nothing() -> None:
    assert self_consistency({"a": [({"theme": 3}, {"theme": 3, "art": 2})], "b": []}, RUBRIC) == ()


def test_neither_time_says_anything_of_the_order_of_entry() -> None:
    entries = [f"{n:03d}" for n in range(600)]
    tasks = with_repeats(judge_order(entries, bytes(range(16)), "j1"), 20, Random(5).randbytes)
    firsts = [int(task.entry) for task in tasks if not task.is_repeat]
    squares = sum((place - entry) ** 2 for place, entry in enumerate(firsts))
    assert abs(1 - 6 * squares / (600 * (600**2 - 1))) < 0.1
    codes = work_codes([f"{task.entry} {task.is_repeat}" for task in tasks], Random(6).randbytes)
    assert len(set(codes.values())) == 620
