"""Prizes: exact count and budget, one a person, ties that change money refused, and succession that keeps all."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.prizes import PrizeScheme, Tier
from judging.domain.allocator import (
    Allocation,
    AllocationPolicy,
    Candidate,
    SuccessionPolicy,
    allocate,
    excluded_before_allocation,
    verify,
    verify_documents,
)
from judging.domain.succession import Holding, succeed

SCHEME = PrizeScheme(
    tuple(
        Tier(code, {"ko": code}, count, amount)
        for code, count, amount in [
            ("grand", 1, 500_000),
            ("top", 2, 300_000),
            ("excellent", 3, 200_000),
            ("encouragement", 7, 100_000),
            ("selected", 12, 50_000),
        ]
    ),
    25,
    3_000_000,
)
SMALL = PrizeScheme(
    (Tier("a", {"ko": "가"}, 1, 100), Tier("b", {"ko": "나"}, 2, 50), Tier("c", {"ko": "다"}, 3, 10)), 6, 230
)
POLICY = AllocationPolicy()
Drawn = tuple[list[Candidate], dict[str, str]]


def distinct(count: int) -> list[Candidate]:
    return [Candidate(f"e{n:03d}", n, f"p{n}") for n in range(1, count + 1)]


def holding(allocation: Allocation) -> Holding:
    return Holding(allocation.awards, allocation.reserves, allocation.vacant)


@st.composite
def fields(draw: st.DrawFn) -> tuple[list[Candidate], dict[str, str]]:
    """Entries in rank order of people with up to two works, and some exclusions."""
    count = draw(st.integers(40, 70))
    people = draw(st.permutations([f"p{n // 2 if n < 16 else n}" for n in range(count)]))
    ranking = [Candidate(f"e{n:03d}", n, person) for n, person in enumerate(people, start=1)]
    out = draw(st.sets(st.sampled_from([c.entry for c in ranking]), max_size=2))
    return ranking, dict.fromkeys(sorted(out), "withdrawn")


@given(fields(), st.randoms())
def test_an_allocation_is_exact_fair_and_can_be_recomputed(drawn: Drawn, chance: Random) -> None:
    ranking, exclusions = drawn
    result = allocate(ranking, SCHEME, exclusions, POLICY)
    assert [slot for slot, _ in result.pairs] == list(SCHEME.slots())
    assert (len(result.awards), result.spent, len(result.reserves)) == (25, 3_000_000, 5)
    holders = [a.person for a in result.awards] + [r.person for r in result.reserves]
    assert len(set(holders)) == 30
    # by the plain reading of the rule: the first thirty new, unexcluded people in rank order
    seen: set[str] = set()
    expected: list[str] = []
    for candidate in ranking:
        if candidate.entry not in exclusions and candidate.person not in seen and len(expected) < 30:
            seen.add(candidate.person)
            expected.append(candidate.entry)
    assert [e for _, e in result.pairs] + [r.entry for r in result.reserves] == expected
    told = {step.entry for step in result.steps}
    assert told >= {c.entry for c in ranking if c.rank <= result.reserves[-1].rank}
    shuffled = list(ranking)
    chance.shuffle(shuffled)
    again = allocate(shuffled, SCHEME, exclusions, POLICY)
    assert again.digest() == result.digest()
    assert verify(result.inputs, again)


def test_what_was_stored_is_verified_and_a_change_is_found() -> None:
    result = allocate(distinct(40), SCHEME, {"e003": "plagiarism"}, POLICY)
    inputs, document = (
        json.loads(json.dumps(d)) for d in (result.inputs.to_document(), result.to_document())
    )
    assert verify_documents(inputs, document, result.digest())
    document["awards"][0][3] = "e002"
    assert not verify_documents(inputs, document, result.digest())
    assert not verify(allocate(distinct(40), SCHEME, {}, POLICY).inputs, result)


def test_an_exclusion_before_prizes_needs_no_succession() -> None:
    exclusions = excluded_before_allocation({}, "e001", "withdrawn")
    assert allocate(distinct(40), SCHEME, exclusions, POLICY).awards[0].entry == "e002"
    with pytest.raises(Conflict) as refused:
        excluded_before_allocation(exclusions, "e001", "declined")
    assert refused.value.code == "allocation.already_excluded"


def test_too_few_people_is_an_error_unless_slots_may_stay_empty() -> None:
    with pytest.raises(Conflict) as refused:
        allocate(distinct(4), SMALL, {}, POLICY)
    assert refused.value.code == "allocation.too_few"
    assert refused.value.facts == {"needed": 6, "eligible": 4, "entries": ("e001", "e002", "e003", "e004")}
    short = allocate(distinct(4), SMALL, {}, AllocationPolicy(may_leave_empty=True))
    assert [slot.ordinal for slot in short.vacant] == [5, 6]
    assert short.spent == 210


def test_a_tier_without_a_worthy_work_stays_empty_only_where_allowed() -> None:
    result = allocate(distinct(9), SMALL, {}, AllocationPolicy(may_leave_empty=True, vacant_tiers=("a",)))
    assert [(s.ordinal, e) for s, e in result.pairs][:2] == [(2, "e001"), (3, "e002")]
    assert [slot.tier_code for slot in result.vacant] == ["a"]
    with pytest.raises(Invalid) as refused:
        allocate(distinct(9), SMALL, {}, AllocationPolicy(vacant_tiers=("a",)))
    assert refused.value.code == "allocation.vacant_forbidden"


@pytest.mark.parametrize(
    ("ranks", "boundary", "named"),
    [
        ((1, 1, 3, 4, 5, 6, 7, 8, 9), "tier", ("e1", "e2")),
        ((1, 2, 2, 4, 5, 6, 7, 8, 9), None, ()),
        ((1, 2, 3, 3, 5, 6, 7, 8, 9), "tier", ("e3", "e4")),
        ((1, 2, 3, 4, 5, 6, 6, 8, 9), "reserve", ("e6", "e7")),
        ((1, 2, 3, 4, 5, 6, 7, 7, 9), None, ()),
        ((1, 2, 3, 4, 5, 6, 7, 8, 8), "last_reserve", ("e8", "e9")),
    ],
)
def test_only_ties_that_change_something_are_refused(
    ranks: tuple[int, ...], boundary: str | None, named: tuple[str, ...]
) -> None:
    ranking = [Candidate(f"e{n}", rank, f"p{n}") for n, rank in enumerate(ranks, start=1)]
    policy = AllocationPolicy(reserves=2)
    if boundary is None:
        assert allocate(ranking, SMALL, {}, policy).spent == 230
        return
    with pytest.raises(Conflict) as refused:
        allocate(ranking, SMALL, {}, policy)
    assert refused.value.code == "allocation.tie_at_boundary"
    assert (refused.value.facts["entries"], refused.value.facts["boundary"]) == (named, boundary)


def test_two_equal_works_of_one_person_are_not_chosen_by_number() -> None:
    ranking = [
        Candidate("e1", 1, "p1"),
        Candidate("e2", 2, "p2"),
        Candidate("e3", 2, "p2"),
        *(Candidate(f"e{n}", n, f"p{n}") for n in range(4, 9)),
    ]
    with pytest.raises(Conflict) as refused:
        allocate(ranking, SMALL, {}, AllocationPolicy(reserves=0))
    assert refused.value.facts["boundary"] == "person"
    assert allocate(ranking, SMALL, {"e3": "withdrawn"}, AllocationPolicy(reserves=0)).spent == 230


@given(fields(), st.sampled_from(["cascade", "fill_hole"]), st.data())
def test_succession_keeps_count_budget_and_people_and_moves_nobody_down(
    drawn: Drawn, policy: SuccessionPolicy, data: st.DataObject
) -> None:
    ranking, exclusions = drawn
    now = holding(allocate(ranking, SCHEME, exclusions, POLICY))
    for _ in range(5):
        out = data.draw(st.sampled_from([a.entry for a in now.awards]))
        diff = succeed(now, out, policy)
        assert diff.before == now
        after = diff.after
        assert [award.slot for award in after.awards] == list(SCHEME.slots())
        assert (after.count, after.sum, diff.left_empty) == (25, 3_000_000, None)
        assert len({a.person for a in after.awards} | {r.person for r in after.reserves}) == 25 + len(
            after.reserves
        )
        assert out not in {a.entry for a in after.awards}
        before = {a.entry: a.slot for a in now.awards}
        for award in after.awards:
            if award.entry in before:
                assert award.slot.ordinal <= before[award.entry].ordinal
                assert award.slot.amount >= before[award.entry].amount
        moved = {move.entry: move.target for move in diff.moves}
        assert all(moved.get(a.entry, before.get(a.entry)) == a.slot for a in after.awards)
        now = after
    with pytest.raises(Conflict) as refused:
        succeed(now, now.awards[0].entry, policy)
    assert refused.value.code == "succession.no_reserve"


@given(st.lists(st.integers(0, 24), min_size=1, max_size=5))
def test_both_policies_give_the_same_prizes_and_so_does_a_new_allocation(places: list[int]) -> None:
    start = holding(allocate(distinct(40), SCHEME, {}, POLICY))
    cascade, fill = start, start
    exclusions: dict[str, str] = {}
    for place in places:
        out = cascade.awards[place].entry
        cascade, fill = succeed(cascade, out, "cascade").after, succeed(fill, out, "fill_hole").after
        exclusions[out] = "excluded"
    anew = allocate(distinct(40), SCHEME, exclusions, POLICY)
    assert cascade.awards == anew.awards
    tiers = [{a.entry: a.slot.tier_code for a in each.awards} for each in (cascade, fill)]
    assert tiers[0] == tiers[1]


def test_each_policy_on_one_hole() -> None:
    start = holding(allocate(distinct(9), SMALL, {}, AllocationPolicy(reserves=2)))
    cascade = succeed(start, "e001", "cascade")
    assert [a.entry for a in cascade.after.awards] == ["e002", "e003", "e004", "e005", "e006", "e007"]
    assert [m.entry for m in cascade.moves if m.changes_tier] == ["e001", "e002", "e004", "e007"]
    fill = succeed(start, "e001", "fill_hole")
    assert [a.entry for a in fill.after.awards] == ["e002", "e004", "e003", "e007", "e005", "e006"]
    empty = succeed(start, "e001", "leave_empty")
    assert (empty.after.count, empty.after.sum, empty.left_empty) == (5, 130, start.awards[0].slot)
    assert empty.after.vacant == (start.awards[0].slot,)
    reserve = succeed(start, "e007", "cascade")
    assert (reserve.after.awards, [r.entry for r in reserve.after.reserves]) == (start.awards, ["e008"])
    with pytest.raises(Missing):
        succeed(start, "e009", "cascade")


def test_without_reserves_the_last_slot_may_be_left_empty_on_purpose() -> None:
    start = holding(allocate(distinct(6), SMALL, {}, POLICY))
    diff = succeed(start, "e002", "cascade", may_leave_empty=True)
    assert [a.entry for a in diff.after.awards] == ["e001", "e003", "e004", "e005", "e006"]
    assert diff.left_empty is not None
    assert diff.left_empty.ordinal == 6


def test_equals_part_only_by_the_chair() -> None:
    ranking = [Candidate(f"e{n}", rank, f"p{n}") for n, rank in enumerate((1, 2, 2, 4, 5, 6, 7, 7), start=1)]
    start = holding(allocate(ranking, SMALL, {}, AllocationPolicy(reserves=2)))
    with pytest.raises(Conflict) as refused:
        succeed(start, "e1", "cascade")
    assert (refused.value.code, refused.value.facts) == ("succession.tie", {"entries": ("e2", "e3")})
    told = succeed(start, "e1", "cascade", chair={"e3": 1, "e2": 2, "e8": 1, "e7": 2})
    assert [a.entry for a in told.after.awards] == ["e3", "e2", "e4", "e5", "e6", "e8"]
