"""Which judges meet which works where not every judge sees every work: k a work, loads as even as conflicts allow."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Assignment:
    """given: judge -> works newly dealt; short: work -> how many judges it still lacks."""

    given: Mapping[str, frozenset[str]] = field(hash=False)
    short: Mapping[str, int] = field(hash=False)


def assign_works(
    works: Iterable[str],
    judges: Sequence[str],
    quorum: int,
    barred: Collection[tuple[str, str]],
    *,
    seed: str,
    held: Mapping[str, Collection[str]] | None = None,
) -> Assignment:
    """Deal every work to `quorum` judges, counting those who hold it already.

    barred: (work, judge) pairs that must not meet; held: work -> judges who have it and keep it. The same for the
    same sets and seed. No way of moving new works could bring two loads that differ by more than one closer together.
    """
    has = {work: set((held or {}).get(work, ())) for work in works}
    closed = set(barred)
    loads = {judge: sum(judge in holders for holders in has.values()) for judge in judges}
    given: dict[str, set[str]] = {judge: set() for judge in judges}
    open_to = {
        work: [judge for judge in judges if judge not in holders and (work, judge) not in closed]
        for work, holders in has.items()
    }
    drawn = {judge: _drawn(seed, judge) for judge in judges}
    short: dict[str, int] = {}
    # Whoever has the least choice first; equal ones in an order that the seed draws.
    for work in sorted(has, key=lambda one: (len(open_to[one]), _drawn(seed, one))):
        wanted = quorum - sum(judge in loads for judge in has[work])
        taken = sorted(open_to[work], key=lambda judge: (loads[judge], drawn[judge]))[: max(0, wanted)]
        for judge in taken:
            given[judge].add(work)
            loads[judge] += 1
        if len(taken) < wanted:
            short[work] = wanted - len(taken)
    allowed = {work: frozenset(listed) for work, listed in open_to.items()}
    while _even_out(given, loads, allowed):
        pass
    return Assignment({judge: frozenset(listed) for judge, listed in given.items()}, short)


def _even_out(
    given: dict[str, set[str]], loads: dict[str, int], allowed: Mapping[str, frozenset[str]]
) -> bool:
    """Pass one work along a chain of judges from a fuller to an emptier one; False where no chain helps."""
    for start in sorted(loads, key=lambda judge: (-loads[judge], judge)):
        came: dict[str, tuple[str, str]] = {}
        waiting, seen = deque([start]), {start}
        while waiting:
            judge = waiting.popleft()
            if loads[judge] <= loads[start] - 2:
                loads[start] -= 1
                loads[judge] += 1
                while judge != start:
                    before, work = came[judge]
                    given[before].remove(work)
                    given[judge].add(work)
                    judge = before
                return True
            for other in sorted(loads):
                if other in seen:
                    continue
                passed = min(
                    (one for one in given[judge] if other in allowed[one] and one not in given[other]),
                    default=None,
                )
                if passed is not None:
                    seen.add(other)
                    came[other] = judge, passed
                    waiting.append(other)
    return False


def _drawn(seed: str, name: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{name}".encode()).digest()
