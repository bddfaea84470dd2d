"""Ways to make one standing of many scores, side by side: a result is sturdy when they agree.

One of them is declared and ranks (`ranking.py`); the others are what it is held against. Every key is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isqrt

from contest.domain.ruleset import Aggregation

Totals = Mapping[str, Mapping[str, Fraction]]
Key = tuple[Fraction, ...]

_FEWEST_TRIMMED = 3
#: z-scores are counted in billionths: a square root has no exact value, a rule needs one.
_Z_UNITS = 10**9
#: Standard scores as schools print them (T-scores, McCall 1922): a mean of 50, a standard deviation of 10.
_T_MEAN, _T_DEVIATION = 50, 10
_BORDA_POINTS = 100


def aggregate(method: Aggregation, totals: Totals) -> dict[str, Key]:
    """Entry -> key, greater is better, equal is tied. totals: entry -> judge -> points; who stepped back is absent.

    mean: the arithmetic mean. trimmed: without one highest and one lowest, where three or more scores are left.
    median: the middle score, or the mean of the middle two. z_score: the mean over judges of
    (points - judge's mean) / judge's standard deviation (population), in billionths, cut towards zero;
    a judge who gave every work the same says 0. borda: the mean over judges of the share of the judge's other
    works that stand below, equals counting half (Borda 1781). top_counts: the larger share of judges who gave the
    highest score, then of those who gave the next, and so on; who stepped back counts neither way.
    A z-score is not monotone: raising one score also widens its judge's scale, which can help a third work.
    Works without a score are left out.
    """
    scored = {entry: dict(given) for entry, given in totals.items() if given}
    scaled = scale_scores(method, scored)
    return {entry: combine(method, list(given.values())) for entry, given in scaled.items()}


def scale_scores(method: Aggregation, totals: Totals) -> Totals:
    """Each score as the method counts it: itself, or weighed against everything else that its judge gave."""
    scale = _SCALES.get(method)
    if scale is None:
        return totals
    scaled = {judge: scale(given) for judge, given in by_judge(totals).items()}
    return {entry: {judge: scaled[judge][entry] for judge in given} for entry, given in totals.items()}


def combine(method: Aggregation, scores: list[Fraction]) -> Key:
    """The key of one work from its scaled scores, at least one."""
    if method is Aggregation.TOP_COUNTS:
        return _top_counts(scores)
    return (_COMBINED.get(method, mean)(scores),)


def figure(method: Aggregation, key: Key, scores: list[Fraction]) -> Fraction:
    """What is printed of a key: points; a standard score about 50; Borda's share of 100; by top counts the mean.

    scores: the work's points. The figure stands in the order of the keys, but for that of top counts.
    """
    if method is Aggregation.Z_SCORE:
        return _T_MEAN + _T_DEVIATION * key[0]
    if method is Aggregation.BORDA:
        return _BORDA_POINTS * key[0]
    return mean(scores) if method is Aggregation.TOP_COUNTS else key[0]


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


def _top_counts(scores: list[Fraction]) -> Key:
    # Score, share of it, next score, its share: of two works the first difference is a higher score or a larger share.
    listed = sorted(set(scores), reverse=True)
    return tuple(part for score in listed for part in (score, Fraction(scores.count(score), len(scores))))


_SCALES: dict[Aggregation, Callable[[Mapping[str, Fraction]], dict[str, Fraction]]] = {
    Aggregation.Z_SCORE: z_scores,
    Aggregation.BORDA: shares_below,
}
_COMBINED: dict[Aggregation, Callable[[list[Fraction]], Fraction]] = {
    Aggregation.TRIMMED: trimmed_mean,
    Aggregation.MEDIAN: median,
}
