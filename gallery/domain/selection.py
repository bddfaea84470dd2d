"""The order in which works are shown: by tier as announced, then by entry number, so that no rank shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Work = TypeVar("Work")


def in_order(
    works: Iterable[Work],
    tiers: Sequence[str],
    tier_of: Callable[[Work], str],
    number_of: Callable[[Work], str],
) -> list[Work]:
    """Works by the place of their tier in `tiers` (best first), then by entry number."""
    place = {code: at for at, code in enumerate(tiers)}
    return sorted(works, key=lambda work: (place.get(tier_of(work), len(place)), _natural(number_of(work))))


def neighbours(ids: Sequence[str], current: str) -> tuple[str | None, str | None]:
    """The one before and the one after in an order; None at its ends or where it is not in it."""
    if current not in ids:
        return None, None
    at = ids.index(current)
    return (ids[at - 1] if at else None), (ids[at + 1] if at + 1 < len(ids) else None)


def _natural(number: str) -> tuple[tuple[int, str], ...]:
    """2024-0012-2 before 2024-0012-10: digits are compared as numbers."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in number.split("-"))
