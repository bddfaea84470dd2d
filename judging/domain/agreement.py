"""How far judges agree, and how each of them used the scale: described, never used to change a score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from judging.domain.aggregation import Totals, by_judge, mean

_FEWEST = 2
_QUARTERS = 4

#: (probability, degrees of freedom above, below) -> the value of F that is not exceeded with that probability.
FQuantile = Callable[[float, float, float], float]


@dataclass(frozen=True)
class Interval:
    """A figure with the bounds that hold it with 95 % certainty."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ScaleUse:
    """One judge: works scored, mean, standard deviation, lowest and highest total, mean by quarter of the own order.

    leaning: mean difference from the other judges of the same works (above 0: more generous);
    agreement: rank correlation (Spearman's rho) with the mean of the others, None where it says nothing.
    """

    judge: str
    works: int
    mean: Fraction
    deviation: float
    lowest: Fraction
    highest: Fraction
    quarters: tuple[Fraction, ...]
    leaning: Fraction | None
    agreement: float | None

    @property
    def drift(self) -> Fraction | None:
        """How much higher the last quarter was scored than the first."""
        return self.quarters[-1] - self.quarters[0] if len(self.quarters) == _QUARTERS else None


def krippendorff_alpha(totals: Totals) -> Fraction | None:
    """Krippendorff's alpha for interval data: 1 - observed / expected disagreement, exact.

    1: full agreement, 0: as by chance. Pairs within a work against pairs over all works; works with one score are
    left out. None where nothing can be compared or every score is the same.
    Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).
    """
    units = [list(given.values()) for given in totals.values() if len(given) >= _FEWEST]
    values = [value for unit in units for value in unit]
    if len(values) < _FEWEST:
        return None
    expected = _pair_disagreement(values) / (len(values) - 1)
    if not expected:
        return None
    observed = sum((_pair_disagreement(unit) / (len(unit) - 1) for unit in units), Fraction(0))
    return 1 - observed / expected


def _pair_disagreement(values: Sequence[Fraction]) -> Fraction:
    """The sum of squared differences over ordered pairs, by 2(n·Σx² - (Σx)²)."""
    summed = sum(values, Fraction(0))
    return 2 * (len(values) * sum((value * value for value in values), Fraction(0)) - summed * summed)


def intraclass(
    totals: Totals, quantile: FQuantile, certainty: float = 0.95
) -> tuple[Interval, Interval] | None:
    """ICC(2,1) of one judge and ICC(2,k) of the panel's mean: absolute agreement, judges as a sample of judges.

    Only works that every judge scored enter. None for fewer than two works or judges, or no variation at all.
    Source: Shrout and Fleiss, Psychological Bulletin 86 (1979); the interval as McGraw and Wong (1996) give it.
    """
    judges = sorted(by_judge(totals))
    rows = [[given[judge] for judge in judges] for given in totals.values() if len(given) == len(judges)]
    works, panel = len(rows), len(judges)
    if works < _FEWEST or panel < _FEWEST:
        return None
    grand = mean([value for row in rows for value in row])
    between_works = panel * sum(((mean(row) - grand) ** 2 for row in rows), Fraction(0))
    columns = list(zip(*rows, strict=True))
    between_judges = works * sum(((mean(list(column)) - grand) ** 2 for column in columns), Fraction(0))
    everything = sum(((value - grand) ** 2 for row in rows for value in row), Fraction(0))
    rest = everything - between_works - between_judges
    ms_works = between_works / (works - 1)
    ms_judges = between_judges / (panel - 1)
    ms_rest = rest / ((works - 1) * (panel - 1))
    below = ms_works + (panel - 1) * ms_rest + panel * (ms_judges - ms_rest) / works
    if not below:
        return None
    single = (ms_works - ms_rest) / below
    low, high = _bounds(
        _Squares(works, panel, float(ms_works), float(ms_judges), float(ms_rest)),
        float(single),
        lambda above, under: quantile(1 - (1 - certainty) / 2, above, under),
    )
    return Interval(float(single), low, high), Interval(
        _of_panel(float(single), panel), _of_panel(low, panel), _of_panel(high, panel)
    )


def _of_panel(single: float, panel: int) -> float:
    """Spearman and Brown's step from one judge to the mean of the panel."""
    return panel * single / (1 + (panel - 1) * single) if 1 + (panel - 1) * single else single


@dataclass(frozen=True)
class _Squares:
    """Mean squares of the two-way table: between works, between judges, what is left."""

    works: int
    panel: int
    of_works: float
    of_judges: float
    rest: float


def _bounds(of: _Squares, icc: float, quantile: Callable[[float, float], float]) -> tuple[float, float]:
    if not of.rest or icc >= 1:
        return icc, icc
    n, k = of.works, of.panel
    a = k * icc / (n * (1 - icc))
    b = 1 + k * icc * (n - 1) / (n * (1 - icc))
    squared = (a * of.of_judges) ** 2 / (k - 1) + (b * of.rest) ** 2 / ((n - 1) * (k - 1))
    freedom = (a * of.of_judges + b * of.rest) ** 2 / squared
    above, under = quantile(n - 1, freedom), quantile(freedom, n - 1)
    common = k * of.of_judges + (k * n - k - n) * of.rest
    low = n * (of.of_works - above * of.rest) / (above * common + n * of.of_works)
    high = n * (under * of.of_works - of.rest) / (common + n * under * of.of_works)
    return low, high


def scale_use(totals: Totals, order: Mapping[str, Sequence[str]]) -> tuple[ScaleUse, ...]:
    """How each judge used the scale. order: judge -> entries in the order in which that judge scored them."""
    return tuple(
        _use(judge, given, order.get(judge, ()), totals) for judge, given in sorted(by_judge(totals).items())
    )


def _use(judge: str, given: Mapping[str, Fraction], order: Sequence[str], totals: Totals) -> ScaleUse:
    values = list(given.values())
    middle = mean(values)
    others = {
        entry: mean([points for other, points in totals[entry].items() if other != judge])
        for entry in given
        if len(totals[entry]) >= _FEWEST
    }
    run = [given[entry] for entry in order if entry in given]
    size = len(run)
    quarters: tuple[Fraction, ...] = ()
    if size >= 2 * _QUARTERS:
        cuts = [size * part // _QUARTERS for part in range(_QUARTERS + 1)]
        quarters = tuple(mean(run[cuts[part] : cuts[part + 1]]) for part in range(_QUARTERS))
    return ScaleUse(
        judge=judge,
        works=len(values),
        mean=middle,
        deviation=sqrt(mean([(value - middle) ** 2 for value in values])),
        lowest=min(values),
        highest=max(values),
        quarters=quarters,
        leaning=mean([given[entry] - others[entry] for entry in others]) if others else None,
        agreement=spearman([given[entry] for entry in others], list(others.values())),
    )


def spearman(one: Sequence[Fraction], other: Sequence[Fraction]) -> float | None:
    """Spearman's rank correlation, equals sharing their mean rank; None for fewer than three or no variation."""
    if len(one) < _FEWEST + 1:
        return None
    first, second = _mean_ranks(one), _mean_ranks(other)
    middle = Fraction(len(one) + 1, 2)
    shared = sum(((a - middle) * (b - middle) for a, b in zip(first, second, strict=True)), Fraction(0))
    spread = [sum(((rank - middle) ** 2 for rank in ranks), Fraction(0)) for ranks in (first, second)]
    if not spread[0] or not spread[1]:
        return None
    return float(shared) / sqrt(spread[0] * spread[1])


def _mean_ranks(values: Sequence[Fraction]) -> list[Fraction]:
    counted = Counter(values)
    rank: dict[Fraction, Fraction] = {}
    before = 0
    for value in sorted(counted):
        rank[value] = before + Fraction(counted[value] + 1, 2)
        before += counted[value]
    return [rank[value] for value in values]
