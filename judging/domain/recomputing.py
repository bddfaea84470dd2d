"""Successions as documents: what was shown, confirmed and stored, so that anyone can compute it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from contest.domain.prizes import PrizeScheme, Slot
from judging.domain.allocator import Award, Candidate, SuccessionPolicy, verify_documents
from judging.domain.succession import Diff, Holding, succeed

Document = Mapping[str, Any]


def holding_document(holding: Holding) -> dict[str, Any]:
    """The JSON document of who holds what, with its count and its sum in won."""
    return {
        "awards": [
            [a.slot.ordinal, a.slot.tier_code, a.slot.amount, a.entry, a.person, a.rank]
            for a in holding.awards
        ],
        "reserves": [[c.entry, c.rank, c.person] for c in holding.reserves],
        "vacant": [[slot.ordinal, slot.tier_code, slot.amount] for slot in holding.vacant],
        "count": holding.count,
        "sum": holding.sum,
    }


def read_holding(document: Document) -> Holding:
    """The holding that `holding_document` wrote."""
    return Holding(
        awards=tuple(
            Award(Slot(ordinal, tier, amount), entry, person, rank)
            for ordinal, tier, amount, entry, person, rank in document["awards"]
        ),
        reserves=tuple(Candidate(entry, rank, person) for entry, rank, person in document["reserves"]),
        vacant=tuple(Slot(*slot) for slot in document["vacant"]),
    )


def diff_document(diff: Diff) -> dict[str, Any]:
    """Before, after and the moves (entry, slot left, slot taken); what a page shows and a person confirms."""
    return {
        "before": holding_document(diff.before),
        "after": holding_document(diff.after),
        "moves": [
            [move.entry, move.source and move.source.ordinal, move.target and move.target.ordinal]
            for move in diff.moves
        ],
        "left_empty": diff.left_empty and diff.left_empty.ordinal,
    }


def succession_inputs(
    current: Holding, excluded: str, reason: str, policy: SuccessionPolicy, chair: Mapping[str, int]
) -> dict[str, Any]:
    """Everything a succession depends on; reason is the ground's code."""
    return {
        "before": holding_document(current),
        "excluded": excluded,
        "reason": reason,
        "policy": policy,
        "chair": dict(chair),
    }


def recompute_succession(inputs: Document) -> Diff:
    """The succession of stored inputs. Where the reserves have run out the last slot stays empty.

    Raises as `succeed`, except for `succession.no_reserve`: a fraud is excluded all the same, and what is
    left empty holds up the decision until somebody answers for it.
    """
    return succeed(
        read_holding(inputs["before"]),
        inputs["excluded"],
        inputs["policy"],
        chair=inputs["chair"],
        may_leave_empty=True,
    )


def digest_of(inputs: Document, result: Document) -> str:
    """SHA-256 (hex) over the canonical JSON of inputs and result, as the allocator's."""
    canonical = json.dumps(
        {"inputs": inputs, "result": result}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def holding_allocated(inputs: Document, result: Document) -> Holding:
    """Who held what right after the allocator's run of these two documents."""
    slots = {slot.ordinal: slot for slot in PrizeScheme.from_document(inputs["scheme"]).slots()}
    return Holding(
        awards=tuple(
            Award(slots[ordinal], entry, person, rank)
            for ordinal, _, _, entry, person, rank in result["awards"]
        ),
        reserves=tuple(Candidate(*row) for row in result["reserves"]),
        vacant=tuple(slots[ordinal] for ordinal in result["vacant"]),
    )


def is_reproduced(
    cause: str, inputs: Document, result: Document, digest: str, before: Holding | None
) -> Holding | None:
    """The holding a stored run ends in if computing it again gives the same; None if anything differs.

    cause: provisional | succession | final; before: the holding the run before it ended in.
    """
    if cause == "provisional":
        return holding_allocated(inputs, result) if verify_documents(inputs, result, digest) else None
    if before is None or inputs["before"] != holding_document(before) or digest_of(inputs, result) != digest:
        return None
    if cause == "succession":
        diff = recompute_succession(inputs)
        return diff.after if diff_document(diff) == result else None
    return before if result == holding_document(before) else None
