"""The audit chain: each act's digest covers the act and the digest before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

GENESIS = hashlib.sha256("찰칵 audit chain".encode()).hexdigest()


@dataclass(frozen=True)
class Act:
    """One row of the trail as it is hashed; times as ISO 8601 in UTC."""

    seq: int
    at: str
    wall: str
    actor_kind: str
    actor_id: str | None
    action: str
    subject_kind: str
    subject_id: str | None
    edition_id: str | None
    facts: dict[str, Any]


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8: one form for one value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def chain(previous: str, act: Act) -> str:
    """The digest (SHA-256, hex) of an act that follows `previous`."""
    return hashlib.sha256(previous.encode() + b"\x00" + canonical(act.__dict__)).hexdigest()


def first_break(acts: Iterable[tuple[Act, str, str]]) -> int | None:
    """The seq of the first (act, previous, digest) that does not follow, or None if the chain is whole."""
    expected_seq, head = 1, GENESIS
    for act, previous, digest in acts:
        if act.seq != expected_seq or previous != head or chain(previous, act) != digest:
            return act.seq
        expected_seq, head = expected_seq + 1, digest
    return None
