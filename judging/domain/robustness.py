"""How firmly a result stands: who would hold which prize had a judge been missing, or had one counted otherwise.

Nothing here changes a result. Every question ends in the real allocation, so that one person's two works and
excluded works are walked over as in the real one; equals that a question leaves are parted by the declared ranking.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from contest.domain.errors import Conflict
from contest.domain.ruleset import Aggregation
from judging.domain.aggregation import Key, aggregate
from judging.domain.allocator import AllocationInputs, Candidate, allocate
from judging.domain.balloting import POINTS
from judging.domain.criteria import Rubric
from judging.domain.ranking import TallyRule, WorkScores, rank_works, totals_of
from judging.domain.tie_ladder import Ladder

RESERVE = "reserve"
#: How many times the prizes and reserves are walked before the whole list is: one person's many works come between.
_ENOUGH = 4


@dataclass(frozen=True)
class Stake:
    """A sealed round and the allocation made from it. base.ranking is the declared ranking."""

    works: tuple[WorkScores, ...]
    panel: frozenset[str]
    rubric: Rubric
    rule: TallyRule
    ladder: Ladder
    base: AllocationInputs

    def totals(self) -> dict[str, dict[str, Fraction]]:
        """Entry -> judge -> points of those who judged it."""
        return totals_of(self.works, self.panel, self.rubric, self.rule)

    def step(self) -> Fraction:
        """What one level of the heaviest criterion, or one place, changes in one judge's points at most."""
        if self.rule.is_ballot:
            return Fraction(POINTS, max(1, len(self.works) - 1))
        return Fraction(max(criterion.weight for criterion in self.rubric.criteria), self.rubric.levels)


Prizes = Mapping[str, str]  # entry -> tier code, or RESERVE; who holds nothing is absent


@dataclass(frozen=True)
class Move:
    """A work whose prize would differ; None: no prize and no reserve place."""

    entry: str
    declared: str | None
    otherwise: str | None


@dataclass(frozen=True)
class Variant:
    """One question: its name (a judge or an aggregation), who would hold what, and what differs, best prize first.

    winners_kept: how many of the declared winners would win too.
    """

    name: str
    prizes: Prizes = field(hash=False)
    moves: tuple[Move, ...]
    winners_kept: int


def prizes_of(inputs: AllocationInputs) -> dict[str, str]:
    """Who holds what by an allocation, reserves included."""
    made = allocate(inputs.ranking, inputs.scheme, inputs.exclusions, inputs.policy)
    held = {award.entry: award.slot.tier_code for award in made.awards}
    return held | {candidate.entry: RESERVE for candidate in made.reserves}


def without_each_judge(stake: Stake) -> tuple[Variant, ...]:
    """The result without each judge in turn, counted by the same declared rule. Nobody can be left out of one."""
    found = []
    for judge in sorted(stake.panel):
        rest = stake.panel - {judge}
        countable = [work for work in stake.works if work.judges(rest)]
        if not countable:
            continue
        ranking = rank_works(countable, rest, stake.rubric, stake.rule, stake.ladder)
        keys = {row.entry: (Fraction(-row.rank),) for row in ranking.standings}
        found.append(_variant(judge, stake, keys))
    return tuple(found)


def by_each_aggregation(stake: Stake) -> tuple[Variant, ...]:
    """The result by every way of counting, the declared one among them."""
    totals = stake.totals()
    ranked: dict[str, Key] = {one.entry: (Fraction(-one.rank),) for one in stake.base.ranking}
    found = []
    for method in Aggregation:
        # The declared one is the real ranking: where recusals left few scores it says more than its formula.
        keys = ranked if method is stake.rule.declared else aggregate(method, totals)
        found.append(_variant(method.value, stake, keys))
    return tuple(found)


def boundaries(
    inputs: AllocationInputs, scored: Collection[str]
) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """((last above, its tier), (first below, its tier)) wherever the tier changes, best first.

    scored: the works of the last round; across to a work of an earlier one there is no distance.
    """
    made = allocate(inputs.ranking, inputs.scheme, inputs.exclusions, inputs.policy)
    line = [(award.entry, award.slot.tier_code) for award in made.awards]
    line += [(candidate.entry, RESERVE) for candidate in made.reserves[:1]]
    return [
        (above, below)
        for above, below in pairwise(line)
        if above[1] != below[1] and above[0] in scored and below[0] in scored
    ]


def _variant(name: str, stake: Stake, keys: Mapping[str, Key]) -> Variant:
    declared = declared_places(stake)
    ranked = sorted(keys, key=lambda entry: ([-part for part in keys[entry]], declared[entry]))
    base, prizes = prizes_of(stake.base), prizes_by(stake.base, ranked)
    order = tier_order(stake)
    differing = [entry for entry in {**base, **prizes} if base.get(entry) != prizes.get(entry)]
    differing.sort(
        key=lambda entry: (
            min(order[tier] for tier in (base.get(entry), prizes.get(entry)) if tier is not None),
            declared[entry],
        )
    )
    return Variant(
        name,
        prizes,
        tuple(Move(entry, base.get(entry), prizes.get(entry)) for entry in differing),
        sum(tier != RESERVE and prizes.get(entry, RESERVE) != RESERVE for entry, tier in base.items()),
    )


def prizes_by(base: AllocationInputs, ranked: list[str]) -> dict[str, str]:
    """Who would hold what if the works stood in this order; those that earlier rounds placed stand below them."""
    known = set(ranked)
    ranked = [*ranked, *(candidate.entry for candidate in base.ranking if candidate.entry not in known)]
    persons = {candidate.entry: candidate.person for candidate in base.ranking}
    enough = _ENOUGH * (base.scheme.winners + base.policy.reserves)
    for length in (enough, len(ranked)):
        line = tuple(
            Candidate(entry, at, persons[entry]) for at, entry in enumerate(ranked[:length], start=1)
        )
        try:
            return prizes_of(replace(base, ranking=line))
        except Conflict:
            if length >= len(ranked):
                raise
    raise AssertionError("unreachable: the whole list either serves or raises")


def declared_places(stake: Stake) -> dict[str, tuple[int, str]]:
    """Entry -> its declared place, by which what a question leaves equal is parted."""
    return {candidate.entry: (candidate.rank, candidate.entry) for candidate in stake.base.ranking}


def tier_order(stake: Stake) -> dict[str, int]:
    """Tier code -> its place, best 0; reserves last."""
    codes = [tier.code for tier in stake.base.scheme.tiers]
    return {code: at for at, code in enumerate([*codes, RESERVE])}
