"""Where a work stands among the judge's own: what lies beside it, what comes next, and the levels given so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from contest.domain.errors import Missing
from judging.domain.self_check import spread_of
from judging.queries.blind import Seat, Tile, tiles
from judging.queries.contact_sheet import contact_sheet

#: So many works stand on each side of the one shown.
BESIDE = 4


@dataclass(frozen=True)
class Neighbours:
    """The works beside one, in the order asked for.

    number: its place in the judge's own order; spread: criterion -> how many works got level 1, 2, …
    """

    number: int
    works: int
    strip: tuple[Tile, ...]
    spread: Mapping[str, tuple[int, ...]] = field(hash=False)
    previous: str | None
    following: str | None
    next_unscored: str | None
    scored: int


def neighbours(session: Session, seat: Seat, work_id: str, sort: str = "order") -> Neighbours:
    """Where a work stands in the judge's order, or by the judge's own score. Raises Missing."""
    assert seat.rule is not None
    own = tiles(session, seat)
    listed = own if sort == "order" else contact_sheet(own, seat.rule.rubric, "all", sort).tiles
    at = next((index for index, tile in enumerate(listed) if tile.work_id == work_id), None)
    if at is None:
        raise Missing("missing")
    criteria = len(seat.rule.rubric.criteria)
    waiting = [tile for tile in (*listed[at + 1 :], *listed[:at]) if len(tile.levels) < criteria]
    return Neighbours(
        number=listed[at].number,
        works=len(listed),
        strip=tuple(listed[max(0, at - BESIDE) : at + BESIDE + 1]),
        spread=spread_of({tile.work_id: tile.levels for tile in own}, seat.rule.rubric),
        previous=listed[at - 1].work_id if at else None,
        following=listed[at + 1].work_id if at + 1 < len(listed) else None,
        next_unscored=waiting[0].work_id if waiting else None,
        scored=sum(len(tile.levels) == criteria for tile in listed),
    )
