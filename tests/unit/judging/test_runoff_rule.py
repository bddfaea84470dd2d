"""A run-off: pairs by majority, whatever the order of works and ballots; the ladder waits for it and then goes on."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contest.domain.errors import Conflict, Invalid
from contest.domain.prizes import PrizeScheme, Tier
from judging.domain.allocator import AllocationInputs, AllocationPolicy, Candidate, allocate
from judging.domain.criteria import Criterion, Rubric
from judging.domain.deciding_ties import deciding_ties
from judging.domain.ranking import Ranking, TallyRule, WorkScores, rank_works
from judging.domain.runoff import ChainedBallot, check_closing, count_ballots, first_broken
from judging.domain.score_chain import genesis, link
from judging.domain.tie_ladder import Ladder

ONE = Rubric((Criterion("all", {"ko": "전체"}, 100),), levels=5)
JUDGES = ("j1", "j2", "j3", "j4", "j5")
PANEL = frozenset(JUDGES)
PLAIN = TallyRule(trim=False)
SCHEME = PrizeScheme((Tier("gold", {"ko": "금"}, 1, 50), Tier("silver", {"ko": "은"}, 2, 20)), 3, 90)

works = st.integers(2, 5).map(lambda count: tuple("abcde"[:count]))


@st.composite
def runoffs(draw: st.DrawFn) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    listed = draw(works)
    order = st.permutations(listed).map(tuple)
    return listed, draw(st.lists(st.one_of(st.just(()), order), max_size=7))


def test_between_two_works_the_majority_decides() -> None:
    count = count_ballots("ab", [("a", "b"), ("b", "a"), ("b", "a"), ()])
    assert (count.ballots, count.groups, count.places) == (3, (("b",), ("a",)), {"b": 1, "a": 2})
    assert [(pair.before, pair.after) for pair in count.pairs] == [(1, 2)]
    assert count_ballots("ab", [("a", "b"), ("b", "a")]).groups == (("a", "b"),)


def test_a_circle_leaves_the_works_equal() -> None:
    assert count_ballots("abc", [tuple("abc"), tuple("bca"), tuple("cab")]).groups == (("a", "b", "c"),)


@pytest.mark.parametrize("order", [("a",), ("a", "a"), ("a", "b", "c"), ("a", "x")])
def test_only_whole_orders_are_taken(order: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="runoff.order"):
        count_ballots("ab", [order])


@given(runoffs(), st.randoms())
def test_neither_the_order_of_works_nor_of_ballots_matters(
    held: tuple[tuple[str, ...], list[tuple[str, ...]]], chance: Random
) -> None:
    listed, ballots = list(held[0]), list(held[1])
    chance.shuffle(listed)
    chance.shuffle(ballots)
    assert count_ballots(listed, ballots) == count_ballots(*held)


@given(runoffs(), st.randoms())
def test_no_work_is_favoured_by_its_name(
    held: tuple[tuple[str, ...], list[tuple[str, ...]]], chance: Random
) -> None:
    names = dict(zip(held[0], chance.sample(held[0], len(held[0])), strict=True))
    renamed = [tuple(names[work] for work in ballot) for ballot in held[1]]
    before, after = count_ballots(*held).places, count_ballots(held[0], renamed).places
    assert after == {names[work]: place for work, place in before.items()}


@given(runoffs())
def test_who_beats_everybody_is_first_and_who_loses_to_everybody_last(
    held: tuple[tuple[str, ...], list[tuple[str, ...]]],
) -> None:
    listed, cast = held[0], [ballot for ballot in held[1] if ballot]
    count = count_ballots(*held)
    assert sum(count.won.values()) == 0
    for work in listed:
        duels = [
            2 * sum(ballot.index(work) < ballot.index(other) for ballot in cast) - len(cast)
            for other in listed
            if other != work
        ]
        if all(duel > 0 for duel in duels):
            assert count.groups[0] == (work,)
        if all(duel < 0 for duel in duels):
            assert count.groups[-1] == (work,)


@given(runoffs())
def test_whom_all_set_before_another_stands_before_it(
    held: tuple[tuple[str, ...], list[tuple[str, ...]]],
) -> None:
    cast = [ballot for ballot in held[1] if ballot]
    assume(cast)
    places = count_ballots(*held).places
    for one in held[0]:
        for other in held[0]:
            if one != other and all(ballot.index(one) < ballot.index(other) for ballot in cast):
                assert places[one] < places[other]


@given(runoffs(), st.data())
def test_a_work_raised_on_a_ballot_never_falls(
    held: tuple[tuple[str, ...], list[tuple[str, ...]]], data: st.DataObject
) -> None:
    at = [n for n, ballot in enumerate(held[1]) if ballot]
    assume(at)
    number = data.draw(st.sampled_from(at))
    ballot = list(held[1][number])
    place = data.draw(st.integers(1, len(ballot) - 1))
    raised = ballot[place]
    ballot[place - 1], ballot[place] = ballot[place], ballot[place - 1]
    after = [*held[1][:number], tuple(ballot), *held[1][number + 1 :]]
    assert count_ballots(held[0], after).places[raised] <= count_ballots(*held).places[raised]


def test_votes_are_counted_when_all_are_there_or_the_end_has_come() -> None:
    check_closing(JUDGES, JUDGES, is_over=False)
    check_closing(JUDGES, JUDGES[:1], is_over=True)
    with pytest.raises(Conflict, match="runoff.votes_missing") as refused:
        check_closing(JUDGES, JUDGES[:2], is_over=False)
    assert refused.value.facts == {"count": 3}


@given(st.lists(st.permutations("abc").map(tuple), min_size=1, max_size=4), st.data())
def test_no_ballot_can_be_changed_unseen(ballots: list[tuple[str, ...]], data: st.DataObject) -> None:
    begins = (7, genesis("round", "judge"))
    head, chain = begins[1], []
    for seq, order in enumerate(ballots, 8):
        held = ChainedBallot("runoff", "judge", seq, order, f"at {seq}")
        chain.append((held, head, link(head, held)))
        head = chain[-1][2]
    assert first_broken(begins, chain) is None
    at = data.draw(st.integers(0, len(chain) - 1))
    other = replace(chain[at][0], order=chain[at][0].order[::-1])
    assert first_broken(begins, [*chain[:at], (other, *chain[at][1:]), *chain[at + 1 :]]) == 8 + at


def rank(ladder: Ladder, panel: frozenset[str] = PANEL, away: frozenset[str] = frozenset()) -> Ranking:
    listed = [
        WorkScores(
            entry, {j: {"all": 3} for j in JUDGES if j not in away}, away if entry == "a" else frozenset()
        )
        for entry in "ab"
    ]
    given = {j: {"all": 3} for j in JUDGES}
    return rank_works([replace(work, scores=given) for work in listed], panel, ONE, PLAIN, ladder)


def test_works_wait_for_their_run_off_and_then_go_on_down_the_ladder() -> None:
    steps = ("criterion:by_weight", "panel_runoff", "lot")
    waiting = rank(Ladder(steps, lot_seed="seed"))
    assert waiting.unresolved == (("a", "b"),)
    assert [(step.step, step.waits) for step in waiting.standings[0].ties] == [
        ("criterion:all", False),
        ("panel_runoff", True),
    ]
    tie = frozenset("ab")
    split = {"j1": ("a", "b"), "j2": ("b", "a"), "j3": ()}
    drawn = rank(Ladder(steps, runoffs={tie: split}, lot_seed="seed"))
    assert drawn.unresolved == ()
    assert [step.step for step in drawn.standings[0].ties][-1] == "lot"
    clear = rank(Ladder(steps, runoffs={tie: split | {"j3": ("b", "a")}}, lot_seed="seed"))
    assert [row.entry for row in clear.standings] == ["b", "a"]
    assert [step.step for step in clear.standings[0].ties][-1] == "panel_runoff"


def test_a_ballot_falls_with_its_judge() -> None:
    ladder = Ladder(
        ("panel_runoff",),
        runoffs={frozenset("ab"): {"j1": ("a", "b"), "j2": ("b", "a"), "j3": ("b", "a")}},
    )
    assert [row.entry for row in rank(ladder).standings] == ["b", "a"]
    assert rank(ladder, PANEL - {"j3"}).unresolved == (("a", "b"),)
    assert [row.entry for row in rank(ladder, away=frozenset({"j2", "j3"})).standings] == ["a", "b"]


def test_the_larger_share_of_the_highest_level_is_ahead_whoever_stepped_back() -> None:
    two = Rubric((Criterion("x", {"ko": "가"}, 50), Criterion("y", {"ko": "나"}, 50)), levels=5)
    peaks = WorkScores("peaks", {j: {"x": 5, "y": 1} for j in JUDGES[:3]}, frozenset({"j4", "j5"}))
    even = WorkScores("even", {j: {"x": 3, "y": 3} for j in JUDGES})
    ranking = rank_works([even, peaks], PANEL, two, PLAIN, Ladder(("counts",)))
    assert [row.entry for row in ranking.standings] == ["peaks", "even"]


def inputs(ranks: list[int], persons: list[str] | None = None, **policy: object) -> AllocationInputs:
    ranking = tuple(
        Candidate(f"{n:02d}", rank, (persons or [f"p{m}" for m in range(len(ranks))])[n])
        for n, rank in enumerate(ranks)
    )
    return AllocationInputs(ranking, SCHEME, {}, AllocationPolicy(reserves=2, **policy))  # type: ignore[arg-type]  # one switch


@pytest.mark.parametrize(
    ("ranks", "decides"),
    [
        ([1, 1, 3, 4, 5], ["tier"]),
        ([1, 2, 2, 4, 5], []),
        ([1, 2, 3, 3, 5], ["reserve"]),
        ([1, 2, 3, 4, 4, 6], ["reserve_order"]),
        ([1, 2, 3, 4, 5, 5], ["last_reserve"]),
        ([1, 2, 3, 4, 5, 6, 6], []),
        ([1, 1, 3, 3, 5, 5], ["tier", "reserve", "last_reserve"]),
    ],
)
def test_a_tie_decides_where_a_prize_or_a_place_among_the_reserves_hangs_on_it(
    ranks: list[int], decides: list[str]
) -> None:
    assert [tie.decides for tie in deciding_ties(inputs(ranks))] == decides


def test_one_persons_two_equal_works_decide_and_later_ones_do_not() -> None:
    assert [t.decides for t in deciding_ties(inputs([1, 2, 2, 4, 5], list("abbcd")))] == ["person"]
    assert deciding_ties(inputs([1, 2, 2, 4, 5, 6], list("abacde"))) == ()
    assert deciding_ties(inputs([1, 2, 3, 4, 4], succession="leave_empty")) == ()


@given(
    st.lists(st.integers(0, 3), min_size=5, max_size=9),
    st.lists(st.sampled_from("abcdefgh"), min_size=9, max_size=9),
)
def test_prizes_can_be_given_exactly_where_no_tie_decides_them(steps: list[int], persons: list[str]) -> None:
    ranks: list[int] = []
    for place, step in enumerate(steps, 1):
        ranks.append(ranks[-1] if ranks and step == 0 else place)
    held = inputs(ranks, persons, may_leave_empty=True)
    ties = [tie for tie in deciding_ties(held) if tie.decides != "reserve_order"]
    try:
        allocate(held.ranking, held.scheme, held.exclusions, held.policy)
    except Conflict as refused:
        assert (refused.code, refused.facts["entries"]) == ("allocation.tie_at_boundary", ties[0].entries)
        assert refused.facts["boundary"] == ties[0].decides
    else:
        assert ties == []
