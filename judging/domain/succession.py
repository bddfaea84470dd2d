"""When a winner falls out: who moves where, as one before/after diff that keeps count and budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from contest.domain.errors import Conflict, Missing
from contest.domain.prizes import Slot
from judging.domain.allocator import Award, Candidate, SuccessionPolicy

_Ranked = TypeVar("_Ranked", Award, Candidate)


@dataclass(frozen=True)
class Holding:
    """Who holds what at one moment: awards by slot ordinal, reserves in order, empty slots."""

    awards: tuple[Award, ...]
    reserves: tuple[Candidate, ...]
    vacant: tuple[Slot, ...] = ()

    @property
    def count(self) -> int:
        """Awards held."""
        return len(self.awards)

    @property
    def sum(self) -> int:
        """Won awarded in all."""
        return sum(award.slot.amount for award in self.awards)


@dataclass(frozen=True)
class Move:
    """One entry's step. source: the slot it leaves, None from the reserves; target: None if it is out."""

    entry: str
    source: Slot | None
    target: Slot | None

    @property
    def changes_tier(self) -> bool:
        """Whether the entry's prize changes, not only its place within a tier."""
        return (self.source and self.source.tier_code) != (self.target and self.target.tier_code)


@dataclass(frozen=True)
class Diff:
    """Before, after, and the moves between, the excluded entry first. left_empty: a slot stayed open."""

    before: Holding
    after: Holding
    moves: tuple[Move, ...]
    left_empty: Slot | None = None


@dataclass(frozen=True)
class _Walk:
    """The awards by slot while one hole travels down through them, and the moves it makes."""

    by_slot: dict[int, Award] = field(hash=False)
    chair: Mapping[str, int] = field(hash=False)
    moves: list[Move] = field(hash=False)

    def put(self, award: Award, target: Slot) -> Slot:
        """Move one award up into the hole; the hole it leaves."""
        del self.by_slot[award.slot.ordinal]
        self.by_slot[target.ordinal] = replace(award, slot=target)
        self.moves.append(Move(award.entry, award.slot, target))
        return award.slot

    def below(self, hole: Slot, *, same_tier: bool) -> list[Award]:
        """The awards in the rest of the hole's tier, or in the tiers below it, best slot first."""
        return [
            award
            for ordinal, award in sorted(self.by_slot.items())
            if ordinal > hole.ordinal and (award.slot.tier_code == hole.tier_code) is same_tier
        ]

    def sink(self, hole: Slot, policy: SuccessionPolicy) -> Slot:
        """Let the hole travel down until nobody is below it; where it stops."""
        while True:
            if policy == "cascade":
                for award in self.below(hole, same_tier=True):
                    hole = self.put(award, hole)
            lower = self.below(hole, same_tier=False)
            if not lower:
                return hole
            next_tier = [award for award in lower if award.slot.tier_code == lower[0].slot.tier_code]
            hole = self.put(_best(next_tier, self.chair), hole)


def succeed(
    current: Holding,
    excluded: str,
    policy: SuccessionPolicy,
    *,
    chair: Mapping[str, int] | None = None,
    may_leave_empty: bool = False,
) -> Diff:
    """Take one entry out, winner or reserve, and fill what it leaves by the declared policy.

    cascade: everyone lower moves up one slot; the first reserve takes the last one.
    fill_hole: the best of the next tier takes the empty slot, its own is filled likewise, at last by the
    first reserve; nobody else changes slot. leave_empty: nobody moves and the diff says so.
    chair: entry -> place (1 best), which decides between equals. Excluding a reserve moves nobody.

    Raises Missing `succession.not_listed` (entries); Conflict `succession.no_reserve` (entries) unless
    may_leave_empty, `succession.tie` (entries) if equals would part and the chair has not said how.
    """
    if any(reserve.entry == excluded for reserve in current.reserves):
        left = tuple(reserve for reserve in current.reserves if reserve.entry != excluded)
        after = Holding(current.awards, left, current.vacant)
        return Diff(current, after, (Move(excluded, None, None),))
    fallen, walk = _take_out(current, excluded, chair or {})
    walk.moves.append(Move(excluded, fallen.slot, None))
    if policy == "leave_empty":
        return _diff(current, walk, current.reserves, fallen.slot)
    hole = walk.sink(fallen.slot, policy)
    holders = {award.person for award in walk.by_slot.values()}
    usable = [reserve for reserve in current.reserves if reserve.person not in holders]
    if not usable:
        if not may_leave_empty:
            raise Conflict("succession.no_reserve", entries=(excluded,))
        return _diff(current, walk, current.reserves, hole)
    first = _best(usable, walk.chair)
    walk.by_slot[hole.ordinal] = Award(hole, first.entry, first.person, first.rank)
    walk.moves.append(Move(first.entry, None, hole))
    left = tuple(reserve for reserve in current.reserves if reserve.entry != first.entry)
    return _diff(current, walk, left, None)


def _take_out(current: Holding, entry: str, chair: Mapping[str, int]) -> tuple[Award, _Walk]:
    by_slot = {award.slot.ordinal: award for award in current.awards if award.entry != entry}
    for award in current.awards:
        if award.entry == entry:
            return award, _Walk(by_slot, chair, [])
    raise Missing("succession.not_listed", entries=(entry,))


def _best(standing: Sequence[_Ranked], chair: Mapping[str, int]) -> _Ranked:
    first = min(one.rank for one in standing)
    equals = [one for one in standing if one.rank == first]
    if len(equals) == 1:
        return equals[0]
    # Equals inside a tier needed no solving until one of them is to rise; now only the chair can tell.
    places = [chair.get(one.entry) for one in equals]
    known = [place for place in places if place is not None]
    if len(known) < len(places) or known.count(min(known)) > 1:
        raise Conflict("succession.tie", entries=tuple(sorted(one.entry for one in equals)))
    return equals[places.index(min(known))]


def _diff(current: Holding, walk: _Walk, reserves: tuple[Candidate, ...], empty: Slot | None) -> Diff:
    awards = tuple(award for _, award in sorted(walk.by_slot.items()))
    vacant = current.vacant if empty is None else (*current.vacant, empty)
    after = Holding(awards, reserves, tuple(sorted(vacant, key=lambda slot: slot.ordinal)))
    return Diff(current, after, tuple(walk.moves), empty)
