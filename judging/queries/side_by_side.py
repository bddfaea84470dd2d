"""Works that a judge looks at side by side: the same blind entries, a few at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from contest.domain.errors import Invalid
from judging.queries.blind import BlindEntry, Seat, blind_entries, tiles

LEAST, MOST = 2, 4


@dataclass(frozen=True)
class Compared:
    """A work among those compared; number: its place in the judge's own order."""

    entry: BlindEntry
    number: int


def side_by_side(session: Session, seat: Seat, asked: Sequence[str]) -> list[Compared]:
    """The asked works that exist for the judge, in the order asked; all others are left out without a word.

    Raises Invalid `desk.compare_count` (count, least, most) unless two to four are left.
    """
    found = {one.work_id: one for one in blind_entries(session, seat, asked)} if len(asked) <= MOST else {}
    count = len(found) if len(asked) <= MOST else len(asked)
    if not LEAST <= count <= MOST:
        raise Invalid("desk.compare_count", count=count, least=LEAST, most=MOST)
    numbers = {tile.work_id: tile.number for tile in tiles(session, seat)}
    return [Compared(found[work], numbers[work]) for work in asked if work in found]
