"""How firmly a result stands: who would hold which prize had a judge been missing, or had one counted otherwise.

Nothing here changes a result. Every question ends in the real allocation, so that one person's two works and
excluded works are walked over as in the real one; equals that a question leaves are parted by the declared ranking.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise
from math import comb, factorial, lcm

from contest.domain.errors import Conflict
from judging.domain.aggregation import Aggregation, Key, aggregate
from judging.domain.allocator import AllocationInputs, Candidate, allocate
from judging.domain.balloting import POINTS
from judging.domain.criteria import Rubric
from judging.domain.ranking import TallyRule, WorkScores, rank_works, totals_of
from judging.domain.tie_ladder import Ladder

#: Up to so many panels made of the same judges are all counted; beyond it so many are drawn from the seed.
EXACT_PANELS = 500
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


@dataclass(frozen=True)
class Margin:
    """The distance across one prize boundary, from the last work above to the first below.

    points: difference of their means; step: what one judge's one level moves a mean at most;
    certainty: in which share of the resampled panels the upper work stays above the lower.
    """

    upper_tier: str
    lower_tier: str
    upper: str
    lower: str
    points: Fraction
    step: Fraction
    certainty: Fraction

    @property
    def is_thin(self) -> bool:
        """Whether one judge's one level could have turned it."""
        return self.points <= self.step


@dataclass(frozen=True)
class Certainty:
    """How surely a work holds its prize: in which share of panels it wins at all, and this tier or better."""

    entry: str
    tier: str
    wins: Fraction
    keeps_tier: Fraction


@dataclass(frozen=True)
class Resampled:
    """The outcome over panels drawn with replacement from this one (Efron's bootstrap). is_exact: all were counted."""

    panels: int
    is_exact: bool
    certainties: tuple[Certainty, ...]
    above: Mapping[tuple[str, str], Fraction] = field(hash=False)


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
    return tuple(_variant(method.value, stake, aggregate(method, totals)) for method in Aggregation)


def margins(stake: Stake, resampled: Resampled) -> tuple[Margin, ...]:
    """The distance across each boundary between tiers and to the first reserve, best first."""
    counted = rank_works(stake.works, stake.panel, stake.rubric, stake.rule, stake.ladder)
    rows = {row.entry: row for row in counted.standings}
    found = []
    for (upper, upper_tier), (lower, lower_tier) in boundaries(stake.base):
        kept = len(rows[upper].totals) - len(rows[upper].dropped)
        found.append(
            Margin(
                upper_tier,
                lower_tier,
                upper,
                lower,
                rows[upper].mean - rows[lower].mean,
                stake.step() / kept,
                resampled.above[upper, lower],
            )
        )
    return tuple(found)


def boundaries(inputs: AllocationInputs) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """((last above, its tier), (first below, its tier)) wherever the tier changes, best first."""
    made = allocate(inputs.ranking, inputs.scheme, inputs.exclusions, inputs.policy)
    line = [(award.entry, award.slot.tier_code) for award in made.awards]
    line += [(candidate.entry, RESERVE) for candidate in made.reserves[:1]]
    return [(above, below) for above, below in pairwise(line) if above[1] != below[1]]


def resample(stake: Stake, seed: str) -> Resampled:
    """The result over panels drawn with replacement. seed: public, for the draws of a panel too large to count.

    A work that every drawn judge stepped back from keeps its plain mean. Ranks go by the exact mean.
    """
    judges = sorted(stake.panel)
    totals, declared = stake.totals(), _declared(stake)
    base = prizes_of(stake.base)
    order = _tiers(stake)
    wins = dict.fromkeys(base, Fraction(0))
    keeps = dict.fromkeys(base, Fraction(0))
    pairs = [(above[0], below[0]) for above, below in boundaries(stake.base)]
    above = dict.fromkeys(pairs, Fraction(0))
    # Every score a whole multiple of every number of judges: all means below are whole numbers, exact and fast.
    parts = {points.denominator for given in totals.values() for points in given.values()}
    scale = lcm(*parts) * lcm(*range(1, len(judges) + 1))
    scaled = {
        entry: [int(given[judge] * scale) if judge in given else None for judge in judges]
        for entry, given in totals.items()
        if given
    }
    drawn = list(_panels(len(judges), seed))
    everything = sum(weight for _, weight in drawn)
    for times, weight in drawn:
        means = {entry: _drawn_mean(row, times, stake.rule) for entry, row in scaled.items()}
        ranked = sorted(means, key=lambda entry: (-means[entry], declared[entry]))
        prizes = _prizes(stake.base, ranked)
        share = Fraction(weight, everything)
        for entry, tier in base.items():
            got = prizes.get(entry)
            if got is not None and got != RESERVE:
                wins[entry] += share
            if got is not None and order[got] <= order[tier]:
                keeps[entry] += share
        place = {entry: at for at, entry in enumerate(ranked)}
        for upper, lower in pairs:
            if place[upper] < place[lower]:
                above[upper, lower] += share
    return Resampled(
        panels=len(drawn),
        is_exact=_panel_count(len(judges)) <= EXACT_PANELS,
        certainties=tuple(Certainty(entry, tier, wins[entry], keeps[entry]) for entry, tier in base.items()),
        above=above,
    )


def _variant(name: str, stake: Stake, keys: Mapping[str, Key]) -> Variant:
    declared = _declared(stake)
    ranked = sorted(keys, key=lambda entry: ([-part for part in keys[entry]], declared[entry]))
    base, prizes = prizes_of(stake.base), _prizes(stake.base, ranked)
    order = _tiers(stake)
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


def _prizes(base: AllocationInputs, ranked: list[str]) -> dict[str, str]:
    """Who would hold what if the works stood in this order."""
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


def _declared(stake: Stake) -> dict[str, tuple[int, str]]:
    return {candidate.entry: (candidate.rank, candidate.entry) for candidate in stake.base.ranking}


def _tiers(stake: Stake) -> dict[str, int]:
    codes = [tier.code for tier in stake.base.scheme.tiers]
    return {code: at for at, code in enumerate([*codes, RESERVE])}


def _drawn_mean(row: Iterable[int | None], times: tuple[int, ...], rule: TallyRule) -> int:
    points = [
        value for value, count in zip(row, times, strict=True) if value is not None for _ in range(count)
    ]
    if not points:
        points = [value for value in row if value is not None]
    if rule.trim and len(points) >= rule.minimum:
        points = sorted(points)[1:-1]
    return sum(points) // len(points)


def _panels(size: int, seed: str) -> Iterator[tuple[tuple[int, ...], int]]:
    """(how often each judge was drawn, weight of that panel): all of them, or EXACT_PANELS drawn from the seed."""
    if _panel_count(size) <= EXACT_PANELS:
        for chosen in combinations_with_replacement(range(size), size):
            times = tuple(chosen.count(judge) for judge in range(size))
            ways = factorial(size)
            for count in times:
                ways //= factorial(count)
            yield times, ways
        return
    for number in range(EXACT_PANELS):
        times_drawn = [0] * size
        for at in range(size):
            digest = hashlib.sha256(f"{seed}\n{number}\n{at}".encode()).digest()
            times_drawn[int.from_bytes(digest, "big") % size] += 1
        yield tuple(times_drawn), 1


def _panel_count(size: int) -> int:
    return comb(2 * size - 1, size)
