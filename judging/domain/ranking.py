"""From all scores to ranks: the declared aggregation, recusals, rounding as printed, and the tie ladder.

Everything is exact. The result depends on the scores alone, never on the order in which they were given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from contest.domain.errors import Conflict, Invalid
from contest.domain.ruleset import CHAIR, COUNTS, RUNOFF, Aggregation
from judging.domain.aggregation import Key, aggregate, figure, mean
from judging.domain.balloting import CODE as PLACE
from judging.domain.balloting import borda_points
from judging.domain.criteria import Rubric
from judging.domain.scoring import total
from judging.domain.tie_ladder import Keys, Ladder, TieStep, drawn, expand, grouped, run_off, separate

MINIMUM_TO_TRIM = 5
_FEWEST_TRIMMED = 3  # one highest and one lowest fall, one score must remain

UsedRule = Literal["trimmed", "plain", "plain_recusal", "trimmed_recusal"]


@dataclass(frozen=True)
class WorkScores:
    """What the panel gave one work: judge -> criterion -> level, and the judges who stepped back.

    dealt: the judges who were to judge it, where not every one was; None: the whole panel.
    """

    entry: str
    scores: Mapping[str, Mapping[str, int]] = field(hash=False)
    recused: frozenset[str] = frozenset()
    dealt: frozenset[str] | None = None

    def judges(self, panel: frozenset[str]) -> frozenset[str]:
        """Of the panel those whose scores the work is counted by."""
        return (panel if self.dealt is None else panel & self.dealt) - self.recused


@dataclass(frozen=True)
class TallyRule:
    """How a round is counted, declared before it.

    trim: whether each work loses one highest and one lowest score (see `decide_trim`) before its mean.
    counting: what the scores of a work become; the trimmed mean is the mean with `trim`.
    recusal_rule: for a work whose recusals leave fewer than `minimum` scores in a trimming round:
    'plain' takes the plain mean; 'trim' still trims while at least three scores are left.
    compare: ranks and ties go by the mean as printed ('rounded') or by the exact one.
    is_ballot: levels are places in each judge's order, counted by Borda; no criterion then tells works apart.
    """

    trim: bool
    recusal_rule: Literal["plain", "trim"] = "plain"
    compare: Literal["rounded", "exact"] = "rounded"
    places: int = 2
    minimum: int = MINIMUM_TO_TRIM
    is_ballot: bool = False
    counting: Aggregation = Aggregation.MEAN

    @property
    def declared(self) -> Aggregation:
        """Which of the ways of counting this is."""
        if self.is_ballot:
            return Aggregation.BORDA
        return Aggregation.TRIMMED if self.trim else self.counting


@dataclass(frozen=True)
class LeftOut:
    """A judge whose score does not count for a work."""

    judge: str
    reason: Literal["recused", "released"]


@dataclass(frozen=True)
class Standing:
    """One row of the tally. rank: 1, 1, 3; dropped: (lowest, highest) judge.

    mean: the figure of the declared aggregation, exact and as printed; by top counts the mean, which ranks nobody.
    """

    rank: int
    entry: str
    mean: Fraction
    printed: str
    totals: Mapping[str, Fraction] = field(hash=False)
    rule: UsedRule
    dropped: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    ties: tuple[TieStep, ...]


@dataclass(frozen=True)
class Ranking:
    """All rows best first (equals in entry order, which means nothing), and the ties nothing resolved."""

    standings: tuple[Standing, ...]
    unresolved: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Counted:
    work: WorkScores
    totals: dict[str, Fraction]
    rule: UsedRule
    mean: Fraction
    key: Key


def decide_trim(panel_size: int, minimum: int = MINIMUM_TO_TRIM) -> bool:
    """Whether a round drops highest and lowest: decided once, from the size of its whole panel."""
    return panel_size >= minimum


def round_half_up(value: Fraction, places: int = 2) -> Fraction:
    """The value rounded half up (away from zero only upwards) to `places` decimals, exactly."""
    scale = 10**places
    return Fraction((value * scale + Fraction(1, 2)).__floor__(), scale)


def print_mean(value: Fraction, places: int = 2) -> str:
    """The figure as the tally prints it, such as '87.33'; only a standard score can be negative."""
    scale = 10**places
    units = (round_half_up(value, places) * scale).numerator
    whole, rest = divmod(abs(units), scale)
    sign = "-" if units < 0 else ""
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


def rank_works(
    works: Iterable[WorkScores], panel: frozenset[str], rubric: Rubric, rule: TallyRule, ladder: Ladder
) -> Ranking:
    """Rank the works by the panel's scores; judges outside `panel` were released and do not count.

    Raises Conflict `ranking.scores_missing` (entries) if a judge neither scored nor stepped back,
    `ranking.nobody_left` (entries) if recusals left a work without a score; Invalid
    `ranking.entry_twice` (entries), `ranking.ladder_step` (step).
    """
    listed = sorted(works, key=lambda work: work.entry)
    doubled = {a.entry for a, b in pairwise(listed) if a.entry == b.entry}
    if doubled:
        raise Invalid("ranking.entry_twice", entries=tuple(sorted(doubled)))
    steps = expand(ladder.steps, None if rule.is_ballot else rubric)
    counted = _count(listed, panel, rubric, rule)
    by_key = {entry: _compared(row.key, row.mean, rule) for entry, row in counted.items()}
    criteria: dict[str, dict[str, Key]] = {}

    def keys_of(step: str, equals: tuple[str, ...]) -> Keys:
        kind, _, argument = step.partition(":")
        if kind == "criterion":
            if argument not in criteria:
                criteria[argument] = _criterion_keys(counted, argument, rubric, rule)
            return {e: _best_first(criteria[argument][e]) for e in equals}
        if kind == COUNTS:
            if rule.is_ballot:
                return {e: _place_shares(counted[e], counted) for e in equals}
            return {e: _level_shares(counted[e], rubric) for e in equals}
        if kind == RUNOFF:
            # Who stepped back from one of the works has an interest in the places of all of them.
            away = frozenset[str]().union(*(counted[e].work.recused for e in equals))
            return run_off(equals, panel - away, ladder)
        if kind == CHAIR:
            return {e: ladder.chair[e] for e in equals if e in ladder.chair}
        if ladder.lot_seed is None:
            return {}
        return {e: drawn(ladder.lot_seed, ladder.lot_names.get(e, e)) for e in equals}

    standings: list[Standing] = []
    unresolved: list[tuple[str, ...]] = []
    for equals in grouped(tuple(counted), lambda entry: _best_first(by_key[entry])):
        trail: list[TieStep] = []
        for group in separate(equals, steps, keys_of, trail):
            rank = len(standings) + 1
            if len(group) > 1:
                unresolved.append(group)
            standings.extend(_row(rank, counted[entry], panel, rule, trail) for entry in group)
    return Ranking(tuple(standings), tuple(unresolved))


def _count(
    works: Sequence[WorkScores], panel: frozenset[str], rubric: Rubric, rule: TallyRule
) -> dict[str, _Counted]:
    missing: list[str] = []
    nobody: list[str] = []
    used: dict[str, UsedRule] = {}
    given = totals_of(works, panel, rubric, rule)
    for work in works:
        judges = work.judges(panel)
        complete = given[work.entry]
        if len(complete) < len(judges):
            missing.append(work.entry)
        elif not complete:
            nobody.append(work.entry)
        else:
            used[work.entry] = _rule_for(len(complete), recused=bool(work.recused & panel), rule=rule)
    if missing:
        raise Conflict("ranking.scores_missing", entries=tuple(missing))
    if nobody:
        raise Conflict("ranking.nobody_left", entries=tuple(nobody))
    figures = _figures(given, used, rule)
    return {
        work.entry: _Counted(work, given[work.entry], used[work.entry], *figures[work.entry])
        for work in works
    }


def totals_of(
    works: Iterable[WorkScores], panel: frozenset[str], rubric: Rubric, rule: TallyRule
) -> dict[str, dict[str, Fraction]]:
    """Entry -> judge -> points of those who judged it whole: of the rubric, or of the place in the judge's order."""
    listed = list(works)
    if not rule.is_ballot:
        return {
            work.entry: {
                judge: points
                for judge in sorted(work.judges(panel))
                if (points := total(work.scores.get(judge, {}), rubric)) is not None
            }
            for work in listed
        }
    given: dict[str, dict[str, Fraction]] = {work.entry: {} for work in listed}
    for judge in sorted(panel):
        own = [work for work in listed if judge in work.judges(panel) and PLACE in work.scores.get(judge, {})]
        for entry, points in borda_points({work.entry: work.scores[judge][PLACE] for work in own}).items():
            given[entry][judge] = points
    return given


def _rule_for(valid: int, *, recused: bool, rule: TallyRule) -> UsedRule:
    if not rule.trim:
        return "plain"
    if valid >= max(rule.minimum, _FEWEST_TRIMMED):
        return "trimmed"
    if recused and rule.recusal_rule == "trim" and valid >= _FEWEST_TRIMMED:
        return "trimmed_recusal"
    return "plain_recusal" if recused else "plain"


def _mean(points: list[Fraction], used: UsedRule) -> Fraction:
    return mean(sorted(points)[1:-1] if used.startswith("trimmed") else points)


def _figures(
    totals: Mapping[str, Mapping[str, Fraction]], used: Mapping[str, UsedRule], rule: TallyRule
) -> dict[str, tuple[Fraction, Key]]:
    """Entry -> its figure and its key; the works of `totals` all have scores."""
    if rule.counting is Aggregation.MEAN:
        means = {entry: _mean(list(given.values()), used[entry]) for entry, given in totals.items()}
        return {entry: (value, (value,)) for entry, value in means.items()}
    keys = aggregate(rule.counting, totals)
    return {
        entry: (figure(rule.counting, keys[entry], list(given.values())), keys[entry])
        for entry, given in totals.items()
    }


def _criterion_keys(
    counted: Mapping[str, _Counted], code: str, rubric: Rubric, rule: TallyRule
) -> dict[str, Key]:
    """What the works come to by one criterion alone, counted as their totals are."""
    # The criterion's own highest and lowest fall, not those of the judges whose totals fell: where two
    # judges' totals are equal, which of them "fell" is arbitrary and must not decide a prize.
    totals = {
        entry: {judge: rubric.points(code, row.work.scores[judge][code]) for judge in row.totals}
        for entry, row in counted.items()
    }
    figures = _figures(totals, {entry: row.rule for entry, row in counted.items()}, rule)
    return {entry: _compared(key, value, rule) for entry, (value, key) in figures.items()}


def _level_shares(row: _Counted, rubric: Rubric) -> tuple[Fraction, ...]:
    # Shares, not numbers: a work from which a judge stepped back has fewer levels, and must not lose by that.
    given = [row.work.scores[judge][code] for judge in row.totals for code in rubric.codes()]
    return tuple(-Fraction(given.count(level), len(given)) for level in range(rubric.levels, 0, -1))


def _place_shares(row: _Counted, all_rows: Mapping[str, _Counted]) -> tuple[Fraction, ...]:
    # Shares of first places, then of second ones; a place is how many of the judge's works have more points.
    places = [
        sum(judge in other.totals and other.totals[judge] > points for other in all_rows.values())
        for judge, points in row.totals.items()
    ]
    return tuple(-Fraction(places.count(place), len(places)) for place in range(len(all_rows)))


def _compared(key: Key, value: Fraction, rule: TallyRule) -> Key:
    """What ranks: the figure as printed or exact; of top counts, whose figure ranks nobody, the scores themselves."""
    if rule.counting is Aggregation.TOP_COUNTS:
        return key
    return (round_half_up(value, rule.places) if rule.compare == "rounded" else value,)


def _best_first(key: Key) -> Key:
    return tuple(-part for part in key)


def _row(
    rank: int, row: _Counted, panel: frozenset[str], rule: TallyRule, trail: Sequence[TieStep]
) -> Standing:
    dropped: tuple[str, ...] = ()
    if row.rule.startswith("trimmed"):
        order = sorted(row.totals, key=lambda judge: (row.totals[judge], judge))
        dropped = (order[0], order[-1])
    left_out = [LeftOut(judge, "recused") for judge in sorted(row.work.recused & panel)]
    left_out += [LeftOut(judge, "released") for judge in sorted(set(row.work.scores) - panel)]
    return Standing(
        rank=rank,
        entry=row.work.entry,
        mean=row.mean,
        printed=print_mean(row.mean, rule.places),
        totals=row.totals,
        rule=row.rule,
        dropped=dropped,
        left_out=tuple(left_out),
        ties=tuple(step for step in trail if row.work.entry in step.entries),
    )
