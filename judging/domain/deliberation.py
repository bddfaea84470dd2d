"""심의 after the first seal: who may revise what and when, what was revised, and what that moves.

Scores are given alone and sealed first. Only then the panel sees them under pseudonyms, and whoever changes an own
score says why. Both seals stay: what was given alone, and what stands in the end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from contest.domain.errors import Conflict, Invalid
from judging.domain.scoring import ScoreEvent

MAX_WORDS = 1000

_DELIBERATED = (
    "본인은 {contest} {round}의 심의에서 다른 위원의 점수와 의견을 보았으며, 지금 저장된 점수를 본인의 마지막 점수로 "
    "확정합니다."
)


@dataclass(frozen=True)
class Window:
    """When revisions are taken: in [opens, ends), until staff close it. None: not opened, not closed."""

    sealed_at: dt.datetime
    opens: dt.datetime | None = None
    ends: dt.datetime | None = None
    closed: dt.datetime | None = None

    def takes(self, now: dt.datetime) -> bool:
        """Whether a remark or a revision is taken at that instant."""
        return self.spans(now) and self.closed is None

    def spans(self, at: dt.datetime) -> bool:
        """Whether the instant lies in the announced time."""
        return self.opens is not None and self.ends is not None and self.opens <= at < self.ends

    def is_over(self, now: dt.datetime, seated: Collection[str], signed: Collection[str]) -> bool:
        """Whether nobody can change anything any more: the end has come, or all who sit on the panel have signed."""
        if self.opens is None or self.ends is None:
            return False
        return now >= self.ends or set(seated) <= set(signed)


@dataclass(frozen=True)
class Revision:
    """A level that its judge changed during the deliberation. before: None where none had been given."""

    seq: int
    judge: str
    work: str
    criterion: str
    before: int | None
    after: int
    reason: str
    at: dt.datetime


@dataclass(frozen=True)
class Moved:
    """Works that cross one boundary: how the upper side is called, and who comes up and who goes down."""

    boundary: str
    up: tuple[str, ...]
    down: tuple[str, ...]


@dataclass(frozen=True)
class Shift:
    """What the revisions do. ranks: work -> (rank before, rank after) of those whose rank changed."""

    ranks: Mapping[str, tuple[int, int]] = field(hash=False)
    moved: tuple[Moved, ...]


def check_words(words: str, field_name: str) -> str:
    """The reason or the remark, tidied. Raises Invalid `deliberation.words_missing`, `deliberation.words_long`."""
    said = words.strip()
    if not said:
        raise Invalid(f"deliberation.{field_name}_missing", field=field_name)
    if len(said) > MAX_WORDS:
        raise Invalid("deliberation.words_long", field=field_name, most=MAX_WORDS)
    return said


def check_closing(window: Window, now: dt.datetime, seated: Collection[str], signed: Collection[str]) -> None:
    """Raises Conflict `deliberation.not_open`, `deliberation.closed`, `deliberation.under_way` (count unsigned)."""
    if window.opens is None:
        raise Conflict("deliberation.not_open")
    if window.closed is not None:
        raise Conflict("deliberation.closed")
    if not window.is_over(now, seated, signed):
        raise Conflict("deliberation.under_way", count=len(set(seated) - set(signed)))


def as_given(events: Iterable[ScoreEvent]) -> list[ScoreEvent]:
    """What the first seal covers: the events that are no revisions."""
    return [event for event in events if event.reason is None]


def revisions_of(judge: str, events: Iterable[ScoreEvent]) -> tuple[Revision, ...]:
    """One judge's revisions in the order of record, each with the level that stood before it."""
    stood: dict[tuple[str, str], int | None] = {}
    found = []
    for event in sorted(events, key=lambda one: one.seq):
        cell = (event.work, event.criterion)
        if event.reason is not None and event.level is not None:
            found.append(
                Revision(
                    event.seq, judge, event.work, event.criterion, stood.get(cell), event.level, event.reason,
                    event.at,
                )
            )  # fmt: skip
        stood[cell] = event.level
    return tuple(found)


def out_of_place(window: Window, events: Iterable[ScoreEvent]) -> tuple[int, ...]:
    """The seqs of events that no deliberation can hold: revisions outside its time, scores after the first seal.

    A judge's scores end where the first revision stands: a score recorded behind one is out of place as well.
    """
    found, has_revised = [], False
    for event in sorted(events, key=lambda one: one.seq):
        if event.reason is not None:
            has_revised = True
            if not window.spans(event.at):
                found.append(event.seq)
        elif has_revised or event.at > window.sealed_at:
            found.append(event.seq)
    return tuple(found)


def shift(
    before: Mapping[str, int], after: Mapping[str, int], boundaries: Sequence[tuple[str, int]]
) -> Shift:
    """Compare two rankings (work -> rank, equals sharing a rank). boundaries: name of what lies above, last place."""
    ranks = {work: (before[work], after[work]) for work in sorted(before) if before[work] != after[work]}
    moved = []
    for name, last in boundaries:
        above = {work for work, rank in before.items() if rank <= last}
        then = {work for work, rank in after.items() if rank <= last}
        moved.append(Moved(name, tuple(sorted(then - above)), tuple(sorted(above - then))))
    return Shift(ranks, tuple(moved))


def deliberation_text(contest: str, round_name: str) -> str:
    """The words that end a judge's part in a deliberation."""
    return _DELIBERATED.format(contest=contest, round=round_name)
