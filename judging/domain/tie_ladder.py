"""The declared ladder that parts works with equal scores: its steps in order, each with what it decides by.

A step that waits for people ends the ladder for the works that it was asked about, until they have spoken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from contest.domain.errors import Invalid
from contest.domain.ruleset import BY_WEIGHT, CHAIR, COUNTS, LOT, RUNOFF
from judging.domain.criteria import Rubric
from judging.domain.runoff import Order, count_ballots

Key = Fraction | int | tuple[Fraction, ...]
#: What a step says of works that are equal before it: smaller is better, an absent one it cannot speak of, None: wait.
Keys = Mapping[str, Key] | None


@dataclass(frozen=True)
class Ladder:
    """The tie steps in order, and the data the later ones need.

    steps: 'criterion:by_weight' (heavier first, equal weights as listed), 'criterion:CODE', 'counts' (the larger
    share of the highest level among all levels given to the work, then of the next lower, and so on), 'panel_runoff',
    'chair', 'lot'.
    runoffs: the works of a closed run-off -> judge -> the order given, best first, empty where the judge abstained.
    chair: entry -> place in the chair's re-vote (1 best). lot_seed: fixed before the round, its digest public from
    then on; lot_names: entry -> the public number that is drawn by, the entry itself where it has none.
    A step without its data separates nothing; works that wait for their run-off go no further down the ladder.
    """

    steps: tuple[str, ...] = (BY_WEIGHT, CHAIR)
    runoffs: Mapping[frozenset[str], Mapping[str, Order]] = field(default_factory=dict, hash=False)
    chair: Mapping[str, int] = field(default_factory=dict, hash=False)
    lot_seed: str | None = None
    lot_names: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class TieStep:
    """One step tried on entries that were equal: the groups it left, best first; one group: it failed.

    waits: the run-off that the step asks for has not been held.
    """

    step: str
    entries: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    waits: bool = False

    @property
    def separated(self) -> bool:
        """Whether the step told any of them apart."""
        return len(self.groups) > 1


def expand(steps: Sequence[str], rubric: Rubric | None) -> tuple[str, ...]:
    """The steps one by one; without a rubric none of a criterion. Raises Invalid `ranking.ladder_step` (step)."""
    expanded: list[str] = []
    codes = rubric.codes() if rubric else ()
    known = {f"criterion:{code}" for code in codes} | {COUNTS, RUNOFF, CHAIR, LOT}
    for step in steps:
        if rubric is None and step.startswith("criterion:"):
            continue
        if rubric is not None and step == BY_WEIGHT:
            expanded.extend(f"criterion:{criterion.code}" for criterion in rubric.by_weight())
        elif step in known:
            expanded.append(step)
        else:
            raise Invalid("ranking.ladder_step", field="tie_ladder", step=step)
    return tuple(expanded)


def run_off(works: Sequence[str], counted: frozenset[str], ladder: Ladder) -> Mapping[str, int] | None:
    """Work -> place by the ballots of the judges that count; None while the works wait for their run-off."""
    held = ladder.runoffs.get(frozenset(works))
    if held is None:
        return None
    return count_ballots(works, [order for judge, order in held.items() if judge in counted]).places


def drawn(seed: str, name: str) -> int:
    """A work's place in the lot."""
    return int.from_bytes(hashlib.sha256(f"{seed}\n{name}".encode()).digest(), "big")


def grouped(entries: Iterable[str], key: Callable[[str], Key]) -> tuple[tuple[str, ...], ...]:
    """Entries with equal keys together, smallest key first."""
    groups: dict[Any, list[str]] = {}  # keys of one step are of one kind
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry)
    return tuple(tuple(sorted(groups[value])) for value in sorted(groups))


def separate(
    equals: tuple[str, ...],
    steps: Sequence[str],
    keys_of: Callable[[str, tuple[str, ...]], Keys],
    trail: list[TieStep],
) -> tuple[tuple[str, ...], ...]:
    """Works with equal scores, parted by the steps; every step tried is added to the trail."""
    if len(equals) == 1 or not steps:
        return (equals,)
    keys = keys_of(steps[0], equals)
    if keys is None:
        trail.append(TieStep(steps[0], equals, (equals,), waits=True))
        return (equals,)
    # A step that speaks about only some of the equals would favour them; it must know all or it waits.
    groups = grouped(equals, lambda entry: keys[entry]) if len(keys) == len(equals) else (equals,)
    trail.append(TieStep(steps[0], equals, groups))
    return tuple(part for group in groups for part in separate(group, steps[1:], keys_of, trail))
