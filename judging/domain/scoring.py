"""One judge's scores as events, and the scorecard that is their fold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Literal

from contest.domain.errors import Conflict
from judging.domain.criteria import Rubric

Progress = Literal["untouched", "partial", "complete"]


@dataclass(frozen=True)
class ScoreEvent:
    """A level given to one criterion of one work, or taken back (None), by one judge.

    reason: why it was revised after the first seal; None: given before it.

    seq: the order of record, unique per judge; at: aware UTC. Order is by seq, never by the clock.
    """

    seq: int
    work: str
    criterion: str
    level: int | None
    at: datetime
    reason: str | None = None


@dataclass(frozen=True)
class Scorecard:
    """The fold of a judge's events: the levels that stand, and each cell's history, oldest first."""

    levels: Mapping[tuple[str, str], int] = field(hash=False)
    history: Mapping[tuple[str, str], tuple[ScoreEvent, ...]] = field(hash=False)

    def work(self, work: str) -> dict[str, int]:
        """Criterion -> level that stands for one work."""
        return {criterion: level for (owner, criterion), level in self.levels.items() if owner == work}

    def corrected(self, work: str, criterion: str) -> bool:
        """Whether the cell was ever given another value before the first seal, which the printed sheet shows."""
        own = self.history.get((work, criterion), ())
        return len({event.level for event in own if event.reason is None}) > 1

    def revised(self, work: str, criterion: str) -> bool:
        """Whether the deliberation changed the cell, which the printed sheet shows as well."""
        return any(event.reason is not None for event in self.history.get((work, criterion), ()))


def check_score(rubric: Rubric, criterion: str, level: int | None) -> None:
    """Raise Invalid unless the rubric has that criterion and level (None clears and is always a level)."""
    rubric.points(criterion, rubric.levels if level is None else level)


def fold(events: Iterable[ScoreEvent]) -> Scorecard:
    """The scorecard of one judge's events in any order; an event delivered twice counts once.

    Raises Conflict `score.seq_conflict` if two different events claim one seq.
    """
    by_seq: dict[int, ScoreEvent] = {}
    for event in events:
        if by_seq.setdefault(event.seq, event) != event:
            raise Conflict("score.seq_conflict", seq=event.seq)
    levels: dict[tuple[str, str], int] = {}
    history: dict[tuple[str, str], tuple[ScoreEvent, ...]] = {}
    for _, event in sorted(by_seq.items()):
        cell = (event.work, event.criterion)
        history[cell] = (*history.get(cell, ()), event)
        if event.level is None:
            levels.pop(cell, None)
        else:
            levels[cell] = event.level
    return Scorecard(levels, history)


def total(levels: Mapping[str, int], rubric: Rubric) -> Fraction | None:
    """Exact points of one work from criterion -> level; None until every criterion is given."""
    if any(code not in levels for code in rubric.codes()):
        return None
    return sum((rubric.points(code, levels[code]) for code in rubric.codes()), Fraction(0))


def progress(levels: Mapping[str, int], rubric: Rubric) -> Progress:
    """How far one work is scored."""
    given = sum(code in levels for code in rubric.codes())
    if given == 0:
        return "untouched"
    return "complete" if given == len(rubric.criteria) else "partial"


def unfinished(card: Scorecard, works: Iterable[str], rubric: Rubric) -> tuple[str, ...]:
    """The works of a judge's list that still lack a criterion, in the list's order."""
    return tuple(work for work in works if total(card.work(work), rubric) is None)
