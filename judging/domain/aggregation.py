"""Ways to make one standing of many scores, side by side: a result is sturdy when they agree.

The declared rule of a round ranks (`ranking.py`); these are what it is held against. Every key is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from fractions import Fraction
from math import isqrt

Totals = Mapping[str, Mapping[str, Fraction]]
Key = tuple[Fraction, ...]

_FEWEST_TRIMMED = 3
#: z-scores are counted in billionths: a square root has no exact value, a rule needs one.
_Z_UNITS = 10**9


class Aggregation(StrEnum):
    """How a work's scores become one key."""

    MEAN = "mean"
    TRIMMED = "trimmed"
    MEDIAN = "median"
    Z_SCORE = "z_score"
    BORDA = "borda"
    TOP_COUNTS = "top_counts"


def aggregate(method: Aggregation, totals: Totals) -> dict[str, Key]:
    """Entry -> key, greater is better, equal is tied. totals: entry -> judge -> points; who stepped back is absent.

    mean: the arithmetic mean. trimmed: without one highest and one lowest, where three or more scores are left.
    median: the middle score, or the mean of the middle two. z_score: the mean over judges of
    (points - judge's mean) / judge's standard deviation (population), in billionths, cut towards zero;
    a judge who gave every work the same says 0. borda: the mean over judges of the share of the judge's other
    works that stand below, equals counting half (Borda 1781). top_counts: most highest scores, then most next
    highest, and so on; a missing score stands below the lowest given.
    A z-score is not monotone: raising one score also widens its judge's scale, which can help a third work.
    Works without a score are left out.
    """
    scored = {entry: dict(given) for entry, given in totals.items() if given}
    return _RULES[method](scored)


def places(keys: Mapping[str, Key]) -> dict[str, int]:
    """Entry -> place, equals sharing the better one (1, 1, 3)."""
    ordered = sorted(keys.values(), reverse=True)
    first: dict[Key, int] = {}
    for at, key in enumerate(ordered, start=1):
        first.setdefault(key, at)
    return {entry: first[key] for entry, key in keys.items()}


def trimmed_mean(points: list[Fraction]) -> Fraction:
    """The mean without one highest and one lowest; the plain mean of fewer than three."""
    kept = sorted(points)[1:-1] if len(points) >= _FEWEST_TRIMMED else points
    return mean(kept)


def mean(points: list[Fraction]) -> Fraction:
    """The exact arithmetic mean of at least one value."""
    return sum(points, Fraction(0)) / len(points)


def median(points: list[Fraction]) -> Fraction:
    """The middle value, or the mean of the middle two."""
    ordered = sorted(points)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def by_judge(totals: Totals) -> dict[str, dict[str, Fraction]]:
    """Judge -> entry -> points: the same scores seen from the other side."""
    turned: dict[str, dict[str, Fraction]] = {}
    for entry, given in totals.items():
        for judge, points in given.items():
            turned.setdefault(judge, {})[entry] = points
    return turned


def z_scores(given: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """One judge's scores in the judge's own standard deviations from the judge's own mean."""
    middle = mean(list(given.values()))
    variance = mean([(points - middle) ** 2 for points in given.values()])
    if not variance:
        return dict.fromkeys(given, Fraction(0))
    return {entry: _over_root(points - middle, variance) for entry, points in given.items()}


def _over_root(value: Fraction, variance: Fraction) -> Fraction:
    """Value / sqrt(variance) in billionths, towards zero: floor(sqrt(value² / variance · units²)) with its sign."""
    squared = value * value / variance * _Z_UNITS**2
    size = isqrt(squared.numerator // squared.denominator)
    return Fraction(size if value >= 0 else -size, _Z_UNITS)


def shares_below(given: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Entry -> share of the judge's other works that stand below, equals counting half; a lone work says nothing."""
    if len(given) == 1:
        return dict.fromkeys(given, Fraction(1, 2))
    ordered = sorted(given.values())
    below: dict[Fraction, int] = {}
    for at, points in enumerate(ordered):
        below.setdefault(points, at)
    equal = {points: ordered.count(points) for points in below}
    others = len(given) - 1
    return {
        entry: (below[points] + Fraction(equal[points] - 1, 2)) / others for entry, points in given.items()
    }


Rule = Callable[[Totals], dict[str, Key]]


def _each(rule: Callable[[list[Fraction]], Fraction]) -> Rule:
    return lambda totals: {entry: (rule(list(given.values())),) for entry, given in totals.items()}


def _per_judge(scale: Callable[[Mapping[str, Fraction]], dict[str, Fraction]]) -> Rule:
    def keys(totals: Totals) -> dict[str, Key]:
        scaled = {judge: scale(given) for judge, given in by_judge(totals).items()}
        return {entry: (mean([scaled[judge][entry] for judge in given]),) for entry, given in totals.items()}

    return keys


def _top_counts(totals: Totals) -> dict[str, Key]:
    panel = max((len(given) for given in totals.values()), default=0)
    lowest = min((points for given in totals.values() for points in given.values()), default=Fraction(0))
    padding = lowest - 1
    # Comparing scores from the highest down is comparing how often each of them was given.
    return {
        entry: tuple(sorted(given.values(), reverse=True)) + (padding,) * (panel - len(given))
        for entry, given in totals.items()
    }


_RULES: dict[Aggregation, Rule] = {
    Aggregation.MEAN: _each(mean),
    Aggregation.TRIMMED: _each(trimmed_mean),
    Aggregation.MEDIAN: _each(median),
    Aggregation.Z_SCORE: _per_judge(z_scores),
    Aggregation.BORDA: _per_judge(shares_below),
    Aggregation.TOP_COUNTS: _top_counts,
}
