"""Whether the published page shows what was approved, judged from what a stranger was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Expected:
    """What was approved: ids of the exhibits and their amounts in won."""

    amounts: Mapping[str, int]


@dataclass(frozen=True)
class Seen:
    """What a stranger saw: status of the page, ids it links to, amounts of the data, pictures that answered."""

    page_status: int
    linked: frozenset[str]
    amounts: Mapping[str, int]
    pictures: int


@dataclass(frozen=True)
class Finding:
    """The outcome with its counts."""

    ok: bool
    facts: dict[str, Any]


_OK = 200


def judge(expected: Expected, seen: Seen) -> Finding:
    """Every work linked, every amount as approved, every picture answering: otherwise it failed."""
    ids = frozenset(expected.amounts)
    facts: dict[str, Any] = {
        "page_status": seen.page_status,
        "works": len(seen.linked & ids),
        "works_expected": len(ids),
        "sum": sum(seen.amounts.values()),
        "sum_expected": sum(expected.amounts.values()),
        "pictures": seen.pictures,
    }
    ok = (
        seen.page_status == _OK
        and seen.linked >= ids
        and dict(seen.amounts) == dict(expected.amounts)
        and seen.pictures == len(ids)
        and bool(ids)
    )
    return Finding(ok, facts)
