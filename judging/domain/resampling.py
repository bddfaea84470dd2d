"""How surely a result would come again: panels drawn with replacement from the one that judged (Efron's bootstrap)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb, factorial, lcm

from contest.domain.ruleset import Aggregation
from judging.domain.aggregation import scale_scores
from judging.domain.ranking import TallyRule
from judging.domain.robustness import (
    RESERVE,
    Stake,
    boundaries,
    declared_places,
    prizes_by,
    prizes_of,
    tier_order,
)

#: Up to so many panels made of the same judges are all counted; beyond it so many are drawn from the seed.
EXACT_PANELS = 500


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


def resample(stake: Stake, seed: str) -> Resampled:
    """The result over panels drawn with replacement. seed: public, for the draws of a panel too large to count.

    A work that every drawn judge stepped back from keeps the scores it has. Ranks go by the exact figure.
    """
    judges = sorted(stake.panel)
    totals, declared = scale_scores(stake.rule.counting, stake.totals()), declared_places(stake)
    base = prizes_of(stake.base)
    order = tier_order(stake)
    wins = dict.fromkeys(base, Fraction(0))
    keeps = dict.fromkeys(base, Fraction(0))
    pairs = [(above[0], below[0]) for above, below in boundaries(stake.base, totals)]
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
        keys = {entry: _drawn_key(row, times, stake.rule) for entry, row in scaled.items()}
        ranked = sorted(keys, key=lambda entry: (keys[entry], declared[entry]))
        prizes = prizes_by(stake.base, ranked)
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


def _drawn_key(row: Iterable[int | None], times: tuple[int, ...], rule: TallyRule) -> tuple[int, ...]:
    """The work's key by the drawn judges in whole numbers, smaller is better."""
    points = [
        value for value, count in zip(row, times, strict=True) if value is not None for _ in range(count)
    ]
    if not points:
        points = [value for value in row if value is not None]
    if rule.counting is Aggregation.TOP_COUNTS:
        listed, whole = sorted(set(points), reverse=True), lcm(*range(1, sum(times) + 1))
        return tuple(
            -part for value in listed for part in (value, points.count(value) * whole // len(points))
        )
    if rule.counting is Aggregation.MEDIAN:
        ordered, half = sorted(points), len(points) // 2
        return (-(ordered[half] if len(points) % 2 else (ordered[half - 1] + ordered[half]) // 2),)
    if rule.trim and len(points) >= rule.minimum:
        points = sorted(points)[1:-1]
    return (-(sum(points) // len(points)),)


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
