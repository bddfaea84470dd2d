"""The final standing of several rounds: whoever went on stands above whoever did not, and no order is turned round."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.placing import place_all
from judging.domain.selection import select_ranked

Ranks = dict[str, int]


def as_ranks(values: dict[str, int]) -> Ranks:
    """Places (1, 1, 3) from any numbers, smaller is better."""
    return {entry: 1 + sum(other < value for other in values.values()) for entry, value in values.items()}


@st.composite
def contests(draw: st.DrawFn) -> tuple[Ranks, list[tuple[Ranks, frozenset[str]]]]:
    """One to three rounds that ranked: each takes over its first few, and works may leave on the way."""
    works = draw(st.sets(st.sampled_from("abcdefghijkl"), min_size=1))
    before = []
    for _ in range(draw(st.integers(0, 2))):
        ranks = as_ranks({work: draw(st.integers(0, 5)) for work in sorted(works)})
        goes_on = select_ranked(ranks, [], draw(st.integers(1, 6))).goes_on
        before.append((ranks, goes_on))
        works = {work for work in goes_on if draw(st.integers(0, 9))} or set(sorted(goes_on)[:1])
    return as_ranks({work: draw(st.integers(0, 5)) for work in sorted(works)}), before


@given(contests())
def test_the_last_round_ranks_and_the_others_keep_their_order_below(
    drawn: tuple[Ranks, list[tuple[Ranks, frozenset[str]]]],
) -> None:
    last, before = drawn
    placed = place_all(last, before)
    assert {work: placed[work] for work in last} == last
    stages = [*before, (last, frozenset(last))]
    stage_of = {
        work: at
        for at, (ranks, goes_on) in enumerate(stages)
        for work in ranks
        if at == len(stages) - 1 or work not in goes_on
    }
    assert set(placed) == set(stage_of)  # who left between two rounds has no place
    for one in placed:
        for other in placed:
            if stage_of[one] > stage_of[other]:
                assert placed[one] < placed[other]
            elif stage_of[one] == stage_of[other]:
                ranks = stages[stage_of[one]][0]
                assert (placed[one] < placed[other]) == (ranks[one] < ranks[other])
    assert placed == as_ranks(placed)  # 1, 1, 3 without a gap


@given(contests())
def test_scores_of_the_last_round_never_move_whom_it_did_not_judge(
    drawn: tuple[Ranks, list[tuple[Ranks, frozenset[str]]]],
) -> None:
    last, before = drawn
    turned = as_ranks({work: -rank for work, rank in last.items()})
    one, other = place_all(last, before), place_all(turned, before)
    assert {w: r for w, r in one.items() if w not in last} == {
        w: r for w, r in other.items() if w not in last
    }


@given(
    st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 4), min_size=1),
    st.integers(1, 12),
    st.booleans(),
)
def test_so_many_go_on_and_equals_stay_together(values: dict[str, int], count: int, is_drawn: bool) -> None:
    """is_drawn: what is equal was parted by a lot, which must not decide who goes on."""
    ranks, lots = as_ranks(values), list[list[str]]()
    if is_drawn:
        order = sorted(values, key=lambda work: (values[work], work))
        ranks = {work: place for place, work in enumerate(order, start=1)}
        lots = [[w for w in values if values[w] == value] for value in set(values.values())]
    chosen = select_ranked(ranks, lots, count)
    assert chosen.goes_on | chosen.left == set(values)
    assert len(chosen.goes_on) >= min(count, len(values))
    assert chosen.tied == max(0, len(chosen.goes_on) - count)
    worst = max(values[work] for work in chosen.goes_on)
    assert all(values[work] > worst for work in chosen.left)
    # Without the last group there would be too few.
    assert sum(values[work] < worst for work in values) < count
