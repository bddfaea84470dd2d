"""What stands in the way of opening a round: every reason at once, as facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contest.domain.gates import Blocker

PANEL_PAGE = "panel.index"


@dataclass(frozen=True)
class SeatState:
    """A seat that is not released, before judging begins."""

    is_external: bool
    is_chair: bool
    is_invited: bool


def has_external_majority(seats: Sequence[SeatState]) -> bool:
    """Whether more than half of the seats are held from outside the office."""
    return 2 * sum(seat.is_external for seat in seats) > len(seats)


def blockers_to_open(seats: Sequence[SeatState], *, works: int, announced: int, rounds: int) -> list[Blocker]:
    """Why judging cannot open; announced: judges in the call; rounds: of the edition, of which one is judged."""
    found: list[Blocker] = []
    if rounds != 1:
        found.append(Blocker("judging.one_round", {"rounds": rounds}))
    if works == 0:
        found.append(Blocker("judging.no_works"))
    if not seats:
        return [*found, Blocker("panel.empty", link=PANEL_PAGE)]
    if not any(seat.is_chair for seat in seats):
        found.append(Blocker("panel.no_chair", link=PANEL_PAGE))
    if not has_external_majority(seats):
        shares = {"external": sum(seat.is_external for seat in seats), "seats": len(seats)}
        found.append(Blocker("panel.external_minority", shares, PANEL_PAGE))
    if len(seats) != announced:
        sizes = {"seats": len(seats), "announced": announced}
        found.append(Blocker("panel.size_differs", sizes, PANEL_PAGE, is_warning=True))
    uninvited = sum(not seat.is_invited for seat in seats)
    if uninvited:
        found.append(Blocker("panel.uninvited", {"count": uninvited}, PANEL_PAGE, is_warning=True))
    return found
