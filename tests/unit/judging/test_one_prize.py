"""Persons joined or parted after prizes were given: two prizes of one person are named, and what may change is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from contest.domain.prizes import PrizeScheme, Tier
from judging.domain.allocator import AllocationPolicy, Candidate, allocate
from judging.domain.one_prize import held_twice, is_stale

SCHEME = PrizeScheme((Tier("gold", {"ko": "금"}, 1, 100), Tier("silver", {"ko": "은"}, 2, 50)), 3, 200)
POLICY = AllocationPolicy(reserves=2, may_leave_empty=True)
WORKS = [f"w{n}" for n in range(9)]
people = st.lists(st.sampled_from("abcdefg"), min_size=len(WORKS), max_size=len(WORKS))


def given_to(persons: dict[str, str]) -> tuple[list[str], set[str]]:
    """(works with a prize or a reserve's place, in order; the works that the walk met)."""
    ranking = [Candidate(work, rank, persons[work]) for rank, work in enumerate(WORKS, start=1)]
    result = allocate(ranking, SCHEME, {}, POLICY)
    line = [award.entry for award in result.awards] + [one.entry for one in result.reserves]
    return line, {step.entry for step in result.steps if step.entry}


@given(people, people)
def test_what_may_have_changed_is_told_and_nothing_else_can_have(one: list[str], other: list[str]) -> None:
    before, now = dict(zip(WORKS, one, strict=True)), dict(zip(WORKS, other, strict=True))
    line, met = given_to(before)
    ranking = [(work, before[work]) for work in WORKS]
    if not is_stale(ranking, met, now):
        assert given_to(now)[0] == line


@given(people)
def test_names_of_persons_mean_nothing(one: list[str]) -> None:
    before = dict(zip(WORKS, one, strict=True))
    _, met = given_to(before)
    renamed = {work: person.upper() for work, person in before.items()}
    assert not is_stale([(work, before[work]) for work in WORKS], met, renamed)


@given(people, people)
def test_every_person_with_two_prizes_is_named_once(one: list[str], other: list[str]) -> None:
    awarded = given_to(dict(zip(WORKS, one, strict=True)))[0][:3]
    now = dict(zip(WORKS, other, strict=True))
    named = held_twice(awarded, now)
    owners = [now[work] for work in awarded]
    assert {now[group[0]] for group in named} == {owner for owner in owners if owners.count(owner) > 1}
    assert sorted(work for group in named for work in group) == sorted(
        work for work in awarded if owners.count(now[work]) > 1
    )


def test_a_join_and_a_part_are_stale_and_a_work_behind_the_end_is_not() -> None:
    alone = {work: work for work in WORKS}
    _, met = given_to(alone)
    assert met == set(WORKS[:5])
    ranking = [(work, work) for work in WORKS]
    assert is_stale(ranking, met, alone | {"w1": "w0"})
    assert not is_stale(ranking, met, alone | {"w8": "w0", "w7": "w1"})
    joined = alone | {"w1": "w0"}
    _, met = given_to(joined)
    assert is_stale([(work, joined[work]) for work in WORKS], met, alone)
