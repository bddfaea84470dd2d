"""A judge's scores as a hash chain: no event can be changed, added or taken out unseen, before or after."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class ChainedScore:
    """One score event as it is hashed; `at` as ISO 8601 in UTC with microseconds."""

    round_id: str
    judge_id: str
    seq: int
    work_id: str
    criterion: str
    level: int | None
    at: str
    client_key: str


@dataclass(frozen=True)
class ChainedRevision(ChainedScore):
    """A score revised in a deliberation as it is hashed: with its reason, in the same chain."""

    reason: str


@dataclass(frozen=True)
class ChainedBallot:
    """An order of tied works as it is hashed, best first; it goes on where the judge's scores of the round end."""

    runoff_id: str
    judge_id: str
    seq: int
    order: tuple[str, ...]
    at: str


@dataclass(frozen=True)
class ChainEnd:
    """How far a judge's chain goes: the number of events and the digest of the last."""

    judge_id: str
    events: int
    head: str


def genesis(round_id: str, judge_id: str) -> str:
    """What the first event of a judge in a round follows."""
    return _digest(["찰칵 score chain", round_id, judge_id])


def link(previous: str, event: ChainedScore | ChainedBallot) -> str:
    """The digest (SHA-256, hex) of an event that follows `previous`."""
    return _digest([previous, asdict(event)])


def first_break(round_id: str, judge_id: str, events: Iterable[tuple[ChainedScore, str, str]]) -> int | None:
    """The seq of the first (event, previous, digest) that does not follow, or None if the chain is whole."""
    head = genesis(round_id, judge_id)
    for expected, (event, previous, digest) in enumerate(events, start=1):
        if event.seq != expected or previous != head or link(previous, event) != digest:
            return expected
        head = digest
    return None


def seal(round_id: str, ends: Sequence[ChainEnd], released: Iterable[str]) -> str:
    """The seal of a round: one digest over the end of every judge's chain and who was released."""
    return _digest(
        [
            "찰칵 round seal",
            round_id,
            sorted([end.judge_id, end.events, end.head] for end in ends),
            sorted(released),
        ]
    )


def _digest(value: Any) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
