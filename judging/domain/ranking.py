"""From all scores to ranks: trimming, recusals, rounding as printed, and the declared tie ladder.

Everything is exact. The result depends on the scores alone, never on the order in which they were given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from contest.domain.errors import Conflict, Invalid
from judging.domain.criteria import Rubric
from judging.domain.scoring import total

MINIMUM_TO_TRIM = 5
_FEWEST_TRIMMED = 3  # one highest and one lowest fall, one score must remain

UsedRule = Literal["trimmed", "plain", "plain_recusal", "trimmed_recusal"]


@dataclass(frozen=True)
class WorkScores:
    """What the panel gave one work: judge -> criterion -> level, and the judges who stepped back."""

    entry: str
    scores: Mapping[str, Mapping[str, int]] = field(hash=False)
    recused: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TallyRule:
    """How a round is counted, declared before it.

    trim: whether each work loses one highest and one lowest score (see `decide_trim`).
    recusal_rule: for a work whose recusals leave fewer than `minimum` scores in a trimming round:
    'plain' takes the plain mean; 'trim' still trims while at least three scores are left.
    compare: ranks and ties go by the mean as printed ('rounded') or by the exact one.
    """

    trim: bool
    recusal_rule: Literal["plain", "trim"] = "plain"
    compare: Literal["rounded", "exact"] = "rounded"
    places: int = 2
    minimum: int = MINIMUM_TO_TRIM


@dataclass(frozen=True)
class Ladder:
    """The tie steps in order, and the data the later ones need.

    steps: 'criterion:by_weight' (heavier first, equal weights as listed), 'criterion:CODE', 'chair', 'lot'.
    chair: entry -> place in the chair's re-vote (1 best). lot_seed: fixed before the round, its digest public from
    then on; lot_names: entry -> the public number that is drawn by, the entry itself where it has none.
    A step without its data separates nothing.
    """

    steps: tuple[str, ...] = ("criterion:by_weight", "chair")
    chair: Mapping[str, int] = field(default_factory=dict, hash=False)
    lot_seed: str | None = None
    lot_names: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class TieStep:
    """One step tried on entries that were equal: the groups it left, best first; one group: it failed."""

    step: str
    entries: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]

    @property
    def separated(self) -> bool:
        """Whether the step told any of them apart."""
        return len(self.groups) > 1


@dataclass(frozen=True)
class LeftOut:
    """A judge whose score does not count for a work."""

    judge: str
    reason: Literal["recused", "released"]


@dataclass(frozen=True)
class Standing:
    """One row of the tally. rank: 1, 1, 3; mean exact and as printed; dropped: (lowest, highest) judge."""

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


def decide_trim(panel_size: int, minimum: int = MINIMUM_TO_TRIM) -> bool:
    """Whether a round drops highest and lowest: decided once, from the size of its whole panel."""
    return panel_size >= minimum


def round_half_up(value: Fraction, places: int = 2) -> Fraction:
    """The value rounded half up (away from zero only upwards) to `places` decimals, exactly."""
    scale = 10**places
    return Fraction((value * scale + Fraction(1, 2)).__floor__(), scale)


def print_mean(value: Fraction, places: int = 2) -> str:
    """The mean as the tally prints it, such as '87.33'; scores are never negative."""
    scale = 10**places
    whole, rest = divmod((round_half_up(value, places) * scale).numerator, scale)
    return f"{whole}.{rest:0{places}d}" if places else str(whole)


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
    steps = _expand(ladder.steps, rubric)
    counted = _count(listed, panel, rubric, rule)
    by_mean = {entry: _compared(row.mean, rule) for entry, row in counted.items()}

    def key_of(step: str, entry: str) -> Fraction | int | None:
        # smaller is better; None: the step has nothing to say about this entry
        kind, _, argument = step.partition(":")
        if kind == "criterion":
            return -_compared(_criterion_mean(counted[entry], argument, rubric), rule)
        if kind == "chair":
            return ladder.chair.get(entry)
        if ladder.lot_seed is None:
            return None
        name = ladder.lot_names.get(entry, entry)
        drawn = hashlib.sha256(f"{ladder.lot_seed}\n{name}".encode()).digest()
        return int.from_bytes(drawn, "big")

    standings: list[Standing] = []
    unresolved: list[tuple[str, ...]] = []
    for equals in _grouped(tuple(counted), lambda entry: -by_mean[entry]):
        trail: list[TieStep] = []
        for group in _separate(equals, steps, key_of, trail):
            rank = len(standings) + 1
            if len(group) > 1:
                unresolved.append(group)
            standings.extend(_row(rank, counted[entry], panel, rule, trail) for entry in group)
    return Ranking(tuple(standings), tuple(unresolved))


def _expand(steps: Sequence[str], rubric: Rubric) -> tuple[str, ...]:
    expanded: list[str] = []
    known = {f"criterion:{code}" for code in rubric.codes()} | {"chair", "lot"}
    for step in steps:
        if step == "criterion:by_weight":
            expanded.extend(f"criterion:{criterion.code}" for criterion in rubric.by_weight())
        elif step in known:
            expanded.append(step)
        else:
            raise Invalid("ranking.ladder_step", field="tie_ladder", step=step)
    return tuple(expanded)


def _count(
    works: Sequence[WorkScores], panel: frozenset[str], rubric: Rubric, rule: TallyRule
) -> dict[str, _Counted]:
    missing: list[str] = []
    nobody: list[str] = []
    counted: dict[str, _Counted] = {}
    for work in works:
        judges = sorted(panel - work.recused)
        totals = {judge: total(work.scores.get(judge, {}), rubric) for judge in judges}
        complete = {judge: points for judge, points in totals.items() if points is not None}
        if len(complete) < len(judges):
            missing.append(work.entry)
        elif not complete:
            nobody.append(work.entry)
        else:
            used = _rule_for(len(complete), recused=bool(work.recused & panel), rule=rule)
            counted[work.entry] = _Counted(work, complete, used, _mean(list(complete.values()), used))
    if missing:
        raise Conflict("ranking.scores_missing", entries=tuple(missing))
    if nobody:
        raise Conflict("ranking.nobody_left", entries=tuple(nobody))
    return counted


def _rule_for(valid: int, *, recused: bool, rule: TallyRule) -> UsedRule:
    if not rule.trim:
        return "plain"
    if valid >= max(rule.minimum, _FEWEST_TRIMMED):
        return "trimmed"
    if recused and rule.recusal_rule == "trim" and valid >= _FEWEST_TRIMMED:
        return "trimmed_recusal"
    return "plain_recusal" if recused else "plain"


def _mean(points: list[Fraction], used: UsedRule) -> Fraction:
    kept = sorted(points)[1:-1] if used.startswith("trimmed") else points
    return sum(kept, Fraction(0)) / len(kept)


def _criterion_mean(row: _Counted, code: str, rubric: Rubric) -> Fraction:
    # The criterion's own highest and lowest fall, not those of the judges whose totals fell: where two
    # judges' totals are equal, which of them "fell" is arbitrary and must not decide a prize.
    return _mean([rubric.points(code, row.work.scores[judge][code]) for judge in row.totals], row.rule)


def _compared(mean: Fraction, rule: TallyRule) -> Fraction:
    return round_half_up(mean, rule.places) if rule.compare == "rounded" else mean


def _grouped(entries: Sequence[str], key: Callable[[str], Fraction | int]) -> tuple[tuple[str, ...], ...]:
    groups: dict[Fraction | int, list[str]] = {}
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry)
    return tuple(tuple(sorted(groups[value])) for value in sorted(groups))


def _separate(
    equals: tuple[str, ...],
    steps: Sequence[str],
    key_of: Callable[[str, str], Fraction | int | None],
    trail: list[TieStep],
) -> tuple[tuple[str, ...], ...]:
    if len(equals) == 1 or not steps:
        return (equals,)
    keys = {entry: key for entry in equals if (key := key_of(steps[0], entry)) is not None}
    # A step that speaks about only some of the equals would favour them; it must know all or it waits.
    groups = _grouped(equals, lambda entry: keys[entry]) if len(keys) == len(equals) else (equals,)
    trail.append(TieStep(steps[0], equals, groups))
    return tuple(part for group in groups for part in _separate(group, steps[1:], key_of, trail))


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
