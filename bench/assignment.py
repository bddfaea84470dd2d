"""Dealing 1,000 works to 15 judges, five each, beside asking every judge's load anew for every single deal."""

from __future__ import annotations

import random
import time

from judging.domain.assignment import assign_works

WORKS, JUDGES, QUORUM, BARRED = 1_000, 15, 5, 0.05


def naive(
    works: list[str], judges: list[str], quorum: int, barred: set[tuple[str, str]]
) -> dict[str, set[str]]:
    """Each work to the judges who have least, counted anew from the list of all deals; nothing is evened out."""
    dealt: list[tuple[str, str]] = []
    for work in works:
        free = [judge for judge in judges if (work, judge) not in barred]
        free.sort(key=lambda judge: sum(one == judge for _, one in dealt))
        dealt += [(work, judge) for judge in free[:quorum]]
    return {judge: {work for work, one in dealt if one == judge} for judge in judges}


def main(options: list[str]) -> int:
    """Print both; 1 if ours takes half a second or leaves a difference of more than one."""
    del options
    chance = random.Random(2024)
    works, judges = [f"w{n}" for n in range(WORKS)], [f"j{n}" for n in range(JUDGES)]
    barred = {(work, judge) for work in works for judge in judges if chance.random() < BARRED}
    begun = time.perf_counter()
    ours = assign_works(works, judges, QUORUM, barred, seed="bench").given
    took = time.perf_counter() - begun
    begun = time.perf_counter()
    rival = naive(works, judges, QUORUM, barred)
    slow = time.perf_counter() - begun
    spread, other = ([len(listed) for listed in dealt.values()] for dealt in (ours, rival))
    print(f"{WORKS * QUORUM:,} tasks: ours {took * 1000:.0f} ms, loads {min(spread)} to {max(spread)}")
    print(f"{WORKS * QUORUM:,} tasks: naive {slow * 1000:.0f} ms, loads {min(other)} to {max(other)}")
    return int(took >= 0.5 or max(spread) - min(spread) > 1)
