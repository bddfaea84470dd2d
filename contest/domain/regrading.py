"""Finding grades changed after the call, before anything is decided: which may be, and which works that would move."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contest.domain.errors import Conflict, Invalid
from contest.domain.screening import Finding, FindingKind, Grade, Verdict, verdict
from contest.domain.stages import Stage

_K = FindingKind

#: What is not met is a condition of the call itself, or no photograph at all: announced, and never changed.
ANNOUNCED = frozenset(
    {
        _K.NOT_IMAGE, _K.UNREADABLE, _K.DAMAGED, _K.FORMAT, _K.TOO_SMALL, _K.TOO_MANY_PIXELS, _K.TOO_MANY_BYTES,
        _K.TOO_FEW_BYTES, _K.OVER_CAP, _K.LATE, _K.PLACE_MISSING, _K.SAME_FILE_SAME_PERSON,
        _K.TAKEN_OUTSIDE_WINDOW, _K.OUTSIDE_DISTRICT,
    }
)  # fmt: skip
CHANGEABLE = tuple(kind for kind in FindingKind if kind not in ANNOUNCED)

Grades = Mapping[FindingKind, Grade]


@dataclass(frozen=True)
class Regraded:
    """One kind whose grade changes."""

    kind: FindingKind
    before: Grade
    after: Grade


@dataclass(frozen=True)
class Examined:
    """A work handed in and undecided, with the kinds of everything found on it, switched off or not."""

    entry: str
    kinds: frozenset[FindingKind]


@dataclass(frozen=True)
class Move:
    """A work whose findings would amount to something else."""

    entry: str
    before: Verdict
    after: Verdict


def require_undecided(stage: Stage, decided: int) -> None:
    """Every work is measured alike: raise Conflict grades.begun once one is decided or proposed, grades.over later."""
    if stage not in {Stage.OPEN, Stage.SCREENING}:
        raise Conflict("grades.over")
    if decided:
        raise Conflict("grades.begun")


def changes_of(grades: Grades, wanted: Mapping[str, str]) -> tuple[Regraded, ...]:
    """The grades that change, in the order of the kinds; what is not named stays.

    Raises Invalid grades.unknown, and grades.announced for a condition of the call.
    """
    found = []
    for kind in FindingKind:
        name = wanted.get(kind.value)
        if name is None or name == grades[kind].value:
            continue
        if kind in ANNOUNCED:
            raise Invalid("grades.announced", field=kind.value)
        if name not in set(Grade):
            raise Invalid("grades.unknown", field=kind.value)
        found.append(Regraded(kind, grades[kind], Grade(name)))
    return tuple(found)


def regraded(grades: Grades, changes: Iterable[Regraded]) -> dict[FindingKind, Grade]:
    """All grades after the changes."""
    return {**grades, **{change.kind: change.after for change in changes}}


def moves(works: Iterable[Examined], grades: Grades, changes: Sequence[Regraded]) -> tuple[Move, ...]:
    """The works that the changes move, in the order given; nothing else changes for any work."""
    after = regraded(grades, changes)
    both = (Move(work.entry, _amounts(work, grades), _amounts(work, after)) for work in works)
    return tuple(move for move in both if move.before is not move.after)


def _amounts(work: Examined, grades: Grades) -> Verdict:
    return verdict(Finding(kind, grades[kind]) for kind in work.kinds)


def digest_of(changes: Iterable[Regraded], moved: Iterable[Move]) -> str:
    """What was shown, in 64 characters: the changes and every work they move."""
    shown = [
        [[change.kind, change.before, change.after] for change in changes],
        sorted([move.entry, move.before, move.after] for move in moved),
    ]
    return hashlib.sha256(json.dumps(shown, separators=(",", ":")).encode()).hexdigest()
