"""A judge's own scores seen from above, before signing: how they spread, and which stand out against the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from judging.domain.criteria import Rubric
from judging.domain.scoring import total

#: Fewer works than this say nothing about a judge's habit.
LEAST_WORKS = 8
#: Squared distance from the own mean, in squared standard deviations (2.5 deviations).
_FAR = Fraction(25, 4)


@dataclass(frozen=True)
class OddOne:
    """A work worth a second look; why: 'high' | 'low' (total far from own mean) | 'uneven' (criteria far apart)."""

    work: str
    total: Fraction
    why: str


@dataclass(frozen=True)
class SelfCheck:
    """spread: criterion -> how many works got level 1, 2, …; bands: works by total in tenths of the maximum."""

    spread: Mapping[str, tuple[int, ...]]
    bands: tuple[int, ...]
    mean: Fraction | None
    odd: tuple[OddOne, ...]


def spread_of(cards: Mapping[str, Mapping[str, int]], rubric: Rubric) -> dict[str, tuple[int, ...]]:
    """Criterion -> how many works got level 1, level 2 and so on."""
    counts = {code: Counter(card[code] for card in cards.values() if code in card) for code in rubric.codes()}
    return {
        code: tuple(counted[level] for level in range(1, rubric.levels + 1))
        for code, counted in counts.items()
    }


def check_oneself(cards: Mapping[str, Mapping[str, int]], rubric: Rubric) -> SelfCheck:
    """cards: work -> criterion -> level. Compares a judge with nobody but that judge."""
    spread = spread_of(cards, rubric)
    totals = {work: points for work, card in cards.items() if (points := total(card, rubric)) is not None}
    bands = [0] * 10
    for points in totals.values():
        bands[min(9, int(points * 10 / rubric.total))] += 1
    if not totals:
        return SelfCheck(spread, tuple(bands), None, ())
    mean = sum(totals.values(), Fraction(0)) / len(totals)
    variance = sum(((points - mean) ** 2 for points in totals.values()), Fraction(0)) / len(totals)
    odd: list[OddOne] = []
    for work, points in totals.items():
        levels = [cards[work][code] for code in rubric.codes()]
        if len(totals) >= LEAST_WORKS and variance and (points - mean) ** 2 > _FAR * variance:
            odd.append(OddOne(work, points, "high" if points > mean else "low"))
        elif len(levels) > 1 and max(levels) == rubric.levels and min(levels) == 1:
            odd.append(OddOne(work, points, "uneven"))
    return SelfCheck(spread, tuple(bands), mean, tuple(odd))
