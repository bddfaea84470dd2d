"""From ranks to prizes: one pure walk that serves preview, provisional and final, and can be recomputed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from contest.domain.errors import Conflict, Invalid
from contest.domain.prizes import PrizeScheme, Slot

StepKind = Literal["awarded", "reserve", "skipped_excluded", "skipped_person", "left_empty"]
Boundary = Literal["person", "tier", "reserve", "last_reserve"]
SuccessionPolicy = Literal["cascade", "fill_hole", "leave_empty"]


@dataclass(frozen=True)
class Candidate:
    """A ranked entry and the key of the person behind it; equal ranks are an unresolved tie."""

    entry: str
    rank: int
    person: str


@dataclass(frozen=True)
class AllocationPolicy:
    """What the edition declares.

    reserves: how many follow the winners; succession: what happens when a winner is excluded later;
    may_leave_empty: too few eligible people leave the last slots empty instead of being an error;
    vacant_tiers: tiers for which the panel found no worthy work (needs may_leave_empty).
    """

    one_per_person: bool = True
    reserves: int = 5
    succession: SuccessionPolicy = "cascade"
    may_leave_empty: bool = False
    vacant_tiers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Award:
    """A slot and who holds it. rank orders succession."""

    slot: Slot
    entry: str
    person: str
    rank: int


@dataclass(frozen=True)
class Step:
    """One step of the walk: what happened to which entry, or which slot stayed empty, and why."""

    kind: StepKind
    entry: str | None
    rank: int | None
    ordinal: int | None
    tier_code: str | None
    amount: int | None
    reason: str | None


@dataclass(frozen=True)
class AllocationInputs:
    """Everything the result depends on. exclusions: entry -> reason code."""

    ranking: tuple[Candidate, ...]
    scheme: PrizeScheme
    exclusions: Mapping[str, str] = field(hash=False)
    policy: AllocationPolicy

    def to_document(self) -> dict[str, Any]:
        """The JSON document, the same for the same facts in whatever order they came."""
        return {
            "ranking": [
                [c.entry, c.rank, c.person] for c in sorted(self.ranking, key=lambda c: (c.rank, c.entry))
            ],
            "scheme": self.scheme.to_document(),
            "exclusions": dict(self.exclusions),
            "policy": {
                "one_per_person": self.policy.one_per_person,
                "reserves": self.policy.reserves,
                "succession": self.policy.succession,
                "may_leave_empty": self.policy.may_leave_empty,
                "vacant_tiers": sorted(self.policy.vacant_tiers),
            },
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> AllocationInputs:
        """The inputs that `to_document` wrote."""
        policy = dict(document["policy"])
        policy["vacant_tiers"] = tuple(policy["vacant_tiers"])
        return cls(
            ranking=tuple(Candidate(*row) for row in document["ranking"]),
            scheme=PrizeScheme.from_document(document["scheme"]),
            exclusions=dict(document["exclusions"]),
            policy=AllocationPolicy(**policy),
        )


@dataclass(frozen=True)
class Allocation:
    """The result: awards best slot first, reserves in order, the slots left empty, and every step."""

    inputs: AllocationInputs
    awards: tuple[Award, ...]
    reserves: tuple[Candidate, ...]
    vacant: tuple[Slot, ...]
    steps: tuple[Step, ...]

    @property
    def pairs(self) -> tuple[tuple[Slot, str], ...]:
        """(slot, entry), best slot first."""
        return tuple((award.slot, award.entry) for award in self.awards)

    @property
    def spent(self) -> int:
        """Won awarded in all."""
        return sum(award.slot.amount for award in self.awards)

    def to_document(self) -> dict[str, Any]:
        """The JSON document of the result, without its inputs."""
        return {
            "awards": [
                [a.slot.ordinal, a.slot.tier_code, a.slot.amount, a.entry, a.person, a.rank]
                for a in self.awards
            ],
            "reserves": [[c.entry, c.rank, c.person] for c in self.reserves],
            "vacant": [slot.ordinal for slot in self.vacant],
            "steps": [
                [s.kind, s.entry, s.rank, s.ordinal, s.tier_code, s.amount, s.reason] for s in self.steps
            ],
        }

    def digest(self) -> str:
        """SHA-256 (hex) over the canonical JSON of inputs and result."""
        return _digest(self.inputs.to_document(), self.to_document())


def allocate(
    ranking: Iterable[Candidate],
    scheme: PrizeScheme,
    exclusions: Mapping[str, str],
    policy: AllocationPolicy,
) -> Allocation:
    """Walk down the ranks and give each slot, then each reserve place, to the next eligible entry.

    Raises Invalid `allocation.entry_twice` (entries), `allocation.tier_unknown` (tiers),
    `allocation.vacant_forbidden` (tiers), `allocation.reserves`; Conflict `allocation.too_few` (needed,
    eligible, entries: those eligible), `allocation.tie_at_boundary` (entries, rank, boundary: 'person'
    if two equal works are one person's, 'tier', 'reserve' between winning and waiting, or 'last_reserve').
    """
    inputs = AllocationInputs(tuple(ranking), scheme, dict(exclusions), policy)
    _check(inputs)
    slots = [slot for slot in scheme.slots() if slot.tier_code not in policy.vacant_tiers]
    steps = [
        _empty(slot, "no_worthy_work") for slot in scheme.slots() if slot.tier_code in policy.vacant_tiers
    ]
    order = sorted(inputs.ranking, key=lambda candidate: (candidate.rank, candidate.entry))
    taken: list[Candidate] = []
    persons: set[str] = set()
    wanted = len(slots) + policy.reserves
    for rank, equals in groupby(order, key=lambda candidate: candidate.rank):
        if len(taken) >= wanted:
            break
        eligible: list[Candidate] = []
        for candidate in equals:
            if candidate.entry in exclusions:
                steps.append(_skip(candidate, "skipped_excluded", exclusions[candidate.entry]))
            elif policy.one_per_person and candidate.person in persons:
                steps.append(_skip(candidate, "skipped_person", "one_per_person"))
            else:
                eligible.append(candidate)
        boundary = boundary_of(eligible, len(taken), slots, policy)
        if boundary is not None:
            tied = tuple(candidate.entry for candidate in eligible)
            raise Conflict("allocation.tie_at_boundary", entries=tied, rank=rank, boundary=boundary)
        for candidate in eligible:
            steps.append(_take(candidate, slots, len(taken)))
            taken.append(candidate)
            persons.add(candidate.person)
    if len(taken) < len(slots) and not policy.may_leave_empty:
        raise Conflict(
            "allocation.too_few",
            needed=len(slots),
            eligible=len(taken),
            entries=tuple(candidate.entry for candidate in taken),
        )
    steps.extend(_empty(slot, "too_few") for slot in slots[len(taken) :])
    awards = tuple(Award(slot, c.entry, c.person, c.rank) for slot, c in zip(slots, taken, strict=False))
    held = {award.slot.ordinal for award in awards}
    return Allocation(
        inputs=inputs,
        awards=awards,
        reserves=tuple(taken[len(slots) :]),
        vacant=tuple(slot for slot in scheme.slots() if slot.ordinal not in held),
        steps=tuple(steps),
    )


def excluded_before_allocation(exclusions: Mapping[str, str], entry: str, reason: str) -> dict[str, str]:
    """The exclusions with one more, for a work that leaves before prizes are given: nothing succeeds it.

    Raises Conflict `allocation.already_excluded` (entries).
    """
    if entry in exclusions:
        raise Conflict("allocation.already_excluded", entries=(entry,))
    return {**exclusions, entry: reason}


def verify(inputs: AllocationInputs, result: Allocation) -> bool:
    """Whether the inputs, allocated again, give this very result."""
    again = allocate(inputs.ranking, inputs.scheme, inputs.exclusions, inputs.policy)
    return again.digest() == _digest(inputs.to_document(), result.to_document()) == result.digest()


def verify_documents(inputs: Mapping[str, Any], result: Mapping[str, Any], digest: str) -> bool:
    """The same from what was stored: both JSON documents and the digest printed at the time."""
    read = AllocationInputs.from_document(inputs)
    again = allocate(read.ranking, read.scheme, read.exclusions, read.policy)
    return again.digest() == _digest(inputs, result) == digest


def _check(inputs: AllocationInputs) -> None:
    counts = Counter(candidate.entry for candidate in inputs.ranking)
    doubled = tuple(sorted(entry for entry, count in counts.items() if count > 1))
    if doubled:
        raise Invalid("allocation.entry_twice", entries=doubled)
    if inputs.policy.reserves < 0:
        raise Invalid("allocation.reserves", field="reserves", reserves=inputs.policy.reserves)
    codes = {tier.code for tier in inputs.scheme.tiers}
    unknown = tuple(sorted(set(inputs.policy.vacant_tiers) - codes))
    if unknown:
        raise Invalid("allocation.tier_unknown", tiers=unknown)
    if inputs.policy.vacant_tiers and not inputs.policy.may_leave_empty:
        raise Invalid("allocation.vacant_forbidden", tiers=tuple(sorted(inputs.policy.vacant_tiers)))


def boundary_of(
    eligible: Sequence[Candidate], taken: int, slots: Sequence[Slot], policy: AllocationPolicy
) -> Boundary | None:
    """What the order of equal works would decide, if anything; taken: places given before them."""
    # Entry order inside a tie means nothing, so it must not decide anything: not the tier, not who wins
    # and who waits, not who is last on the public list, not which of a person's two equal works is named.
    persons = {candidate.person for candidate in eligible}
    places = {_place(taken + offset, slots, policy) for offset in range(len(eligible))}
    if policy.one_per_person and len(persons) < len(eligible):
        return "person"
    if len(places) == 1 or not eligible:
        return None
    tiers = places - {"reserve", "none"}
    return "tier" if len(tiers) > 1 else "reserve" if tiers else "last_reserve"


def _place(position: int, slots: Sequence[Slot], policy: AllocationPolicy) -> str:
    if position < len(slots):
        return f"tier:{slots[position].tier_code}"
    return "reserve" if position < len(slots) + policy.reserves else "none"


def _take(candidate: Candidate, slots: Sequence[Slot], position: int) -> Step:
    if position >= len(slots):
        place = position - len(slots) + 1
        return Step("reserve", candidate.entry, candidate.rank, place, None, None, None)
    slot = slots[position]
    return Step("awarded", candidate.entry, candidate.rank, slot.ordinal, slot.tier_code, slot.amount, "rank")


def _skip(candidate: Candidate, kind: StepKind, reason: str) -> Step:
    return Step(kind, candidate.entry, candidate.rank, None, None, None, reason)


def _empty(slot: Slot, reason: str) -> Step:
    return Step("left_empty", None, None, slot.ordinal, slot.tier_code, slot.amount, reason)


def _digest(inputs: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    canonical = json.dumps(
        {"inputs": inputs, "result": result}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()
