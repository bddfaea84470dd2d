"""Which ties decide something: a prize, who wins and who waits, or the order in which reserves move up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from judging.domain.allocator import AllocationInputs, Boundary, Candidate, boundary_of

Decides = Boundary | Literal["reserve_order"]


@dataclass(frozen=True)
class DecidingTie:
    """Works of one rank, by entry, and what their order would decide."""

    rank: int
    entries: tuple[str, ...]
    decides: Decides


def deciding_ties(inputs: AllocationInputs) -> tuple[DecidingTie, ...]:
    """The ties of a ranking on whose order something hangs, best first: the walk of `allocate` without its refusal.

    Excluded works, and those of a person who stands higher already, are not among them: nothing hangs on these.
    """
    policy = inputs.policy
    slots = [slot for slot in inputs.scheme.slots() if slot.tier_code not in policy.vacant_tiers]
    wanted = len(slots) + policy.reserves
    taken, persons = 0, set[str]()
    found: list[DecidingTie] = []
    order = sorted(inputs.ranking, key=lambda candidate: (candidate.rank, candidate.entry))
    for rank, equals in groupby(order, key=lambda candidate: candidate.rank):
        if taken >= wanted:
            break
        eligible = [
            one
            for one in equals
            if one.entry not in inputs.exclusions and not (policy.one_per_person and one.person in persons)
        ]
        places = len({one.person for one in eligible}) if policy.one_per_person else len(eligible)
        decides = _decides(eligible, taken, inputs)
        if decides is not None:
            found.append(DecidingTie(rank, tuple(one.entry for one in eligible), decides))
        taken += places
        persons.update(one.person for one in eligible)
    return tuple(found)


def _decides(eligible: list[Candidate], taken: int, inputs: AllocationInputs) -> Decides | None:
    slots = [slot for slot in inputs.scheme.slots() if slot.tier_code not in inputs.policy.vacant_tiers]
    boundary = boundary_of(eligible, taken, slots, inputs.policy)
    if boundary is None and len(eligible) > 1 and taken >= len(slots):
        # All of them wait: whoever is first moves up first, unless nobody ever does.
        return None if inputs.policy.succession == "leave_empty" else "reserve_order"
    return boundary
