"""How far apart the works on both sides of a prize boundary stand, and what one judge's one level could have moved."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from contest.domain.ruleset import Aggregation
from judging.domain.aggregation import Totals, combine, figure, scale_scores
from judging.domain.ranking import Standing, TallyRule, rank_works
from judging.domain.resampling import Resampled
from judging.domain.robustness import Stake, boundaries


@dataclass(frozen=True)
class Margin:
    """The distance across one prize boundary, from the last work above to the first below.

    points: difference of the figures that rank them (by top counts of the first scores that differ); step: what
    one judge's one level moves that at most;
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


def margins(stake: Stake, resampled: Resampled) -> tuple[Margin, ...]:
    """The distance across each boundary between tiers and to the first reserve, best first."""
    counted = rank_works(stake.works, stake.panel, stake.rubric, stake.rule, stake.ladder)
    rows = {row.entry: row for row in counted.standings}
    totals = stake.totals()
    scaled = scale_scores(stake.rule.counting, totals)
    found = []
    for (upper, upper_tier), (lower, lower_tier) in boundaries(stake.base, rows):
        kept = len(rows[upper].totals) - len(rows[upper].dropped)
        found.append(
            Margin(
                upper_tier,
                lower_tier,
                upper,
                lower,
                _distance(stake.rule, rows[upper], rows[lower]),
                _step(stake, lower, totals, scaled, kept),
                resampled.above[upper, lower],
            )
        )
    return tuple(found)


def _distance(rule: TallyRule, upper: Standing, lower: Standing) -> Fraction:
    if rule.counting is not Aggregation.TOP_COUNTS:
        return upper.mean - lower.mean
    above, below = (sorted(row.totals.values(), reverse=True) for row in (upper, lower))
    return next((one - other for one, other in zip(above, below, strict=False) if one != other), Fraction(0))


def _step(stake: Stake, entry: str, totals: Totals, scaled: Totals, kept: int) -> Fraction:
    """What ranks a work, moved by one judge's one level: a mean by its share, the others by trying it."""
    method, step = stake.rule.counting, stake.step()
    if method is Aggregation.MEAN:
        return step / kept
    if method is Aggregation.TOP_COUNTS:
        return step
    own, points = dict(scaled[entry]), list(totals[entry].values())
    before = figure(method, combine(method, list(own.values())), points)
    moved = []
    for judge in own:
        given = {one: {judge: row[judge]} for one, row in totals.items() if judge in row}
        given[entry] = {judge: given[entry][judge] + step}
        raised = {**own, judge: scale_scores(method, given)[entry][judge]}
        moved.append(figure(method, combine(method, list(raised.values())), points) - before)
    return max(moved)
