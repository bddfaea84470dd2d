"""Who goes on from a round of votes: no order decides, a vote for a work never harms it, no tie is cut."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.ruleset import Advance
from judging.domain.selection import (
    ABSTAIN,
    NO,
    YES,
    AdvanceRule,
    Votes,
    count_votes,
    select_works,
    spread_of,
)

ballots = st.dictionaries(
    st.sampled_from("abcdefghij"), st.lists(st.sampled_from([NO, ABSTAIN, YES]), max_size=7), min_size=1
)
rules = st.builds(
    AdvanceRule, st.sampled_from(list(Advance)), st.integers(1, 100), st.integers(0, 12)
)  # fmt: skip


@given(ballots, rules, st.randoms())
def test_neither_the_order_of_works_nor_of_judges_decides(
    given_levels: dict[str, list[int]], rule: AdvanceRule, chance: object
) -> None:
    assert hasattr(chance, "sample")
    order = chance.sample(list(given_levels), len(given_levels))
    mixed = {work: chance.sample(given_levels[work], len(given_levels[work])) for work in order}
    assert select_works(count_votes(mixed), rule) == select_works(count_votes(given_levels), rule)


@given(ballots, rules, st.data())
def test_one_more_yes_never_takes_a_work_out(
    levels: dict[str, list[int]], rule: AdvanceRule, data: st.DataObject
) -> None:
    work = data.draw(st.sampled_from(sorted(levels)))
    before = work in select_works(count_votes(levels), rule).goes_on
    for at in [at for at, level in enumerate(levels[work]) if level != YES]:
        raised = {**levels, work: [*levels[work][:at], YES, *levels[work][at + 1 :]]}
        assert not before or work in select_works(count_votes(raised), rule).goes_on


@given(ballots, st.integers(0, 12))
def test_the_first_n_are_cut_only_between_different_shares(levels: dict[str, list[int]], count: int) -> None:
    votes = count_votes(levels)
    chosen = select_works(votes, AdvanceRule(Advance.TOP, count=count))
    rank = {work: -1 if held.share is None else held.share for work, held in votes.items()}
    assert all(rank[work] > rank[other] for work in chosen.goes_on for other in chosen.left)
    assert len(chosen.goes_on) >= min(count, len(votes))
    last = [rank[work] for work in chosen.goes_on]
    assert not chosen.tied or Counter(last)[min(last)] > chosen.tied


def test_as_many_others_are_another_selection() -> None:
    rule = AdvanceRule(Advance.TOP, count=1)
    one = select_works({"a": Votes(2, 0, 0), "b": Votes(1, 1, 0)}, rule)
    other = select_works({"a": Votes(1, 1, 0), "b": Votes(2, 0, 0)}, rule)
    assert len(one.goes_on) == len(other.goes_on)
    assert one.digest != other.digest


@given(ballots, rules)
def test_the_table_counts_every_work_once(levels: dict[str, list[int]], rule: AdvanceRule) -> None:
    votes = count_votes(levels)
    chosen = select_works(votes, rule)
    spread = spread_of(votes, chosen)
    assert sum(spread.bins) + spread.silent == len(votes) == spread.steps[-1].so_far
    assert sum(step.works for step in spread.steps if step.goes_on) == len(chosen.goes_on)
    assert chosen.goes_on | chosen.left == set(votes)


@pytest.mark.parametrize(
    ("yes", "no", "percent", "goes_on"),
    [(1, 2, 33, True), (1, 2, 34, False), (2, 1, 66, True), (2, 1, 67, False), (3, 3, 50, True), (0, 0, 1, False)],
)  # fmt: skip
def test_a_third_is_a_third(yes: int, no: int, percent: int, goes_on: bool) -> None:
    rule = AdvanceRule(Advance.THRESHOLD, percent)
    assert ("work" in select_works({"work": Votes(yes, no, 9)}, rule).goes_on) is goes_on


def test_who_abstains_has_not_voted() -> None:
    votes = count_votes({"a": [YES, ABSTAIN, ABSTAIN], "b": [YES, NO], "c": [ABSTAIN]})
    assert [votes[work].share for work in "abc"] == [Fraction(1), Fraction(1, 2), None]
    assert select_works(votes, AdvanceRule(Advance.TOP, count=3)).goes_on == {"a", "b", "c"}
