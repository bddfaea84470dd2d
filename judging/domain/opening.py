"""What stands in the way of opening a round: every reason at once, as facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contest.domain.gates import Blocker
from contest.domain.ruleset import Panel

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


def blockers_to_open(
    seats: Sequence[SeatState], *, works: int, announced: int, panels: Sequence[Panel]
) -> list[Blocker]:
    """Why judging cannot open; announced: judges in the call; panels: who judges each round."""
    found: list[Blocker] = []
    if works == 0:
        found.append(Blocker("judging.no_works"))
    if not seats:
        return [*found, Blocker("panel.empty", link=PANEL_PAGE)]
    if not any(seat.is_chair for seat in seats):
        found.append(Blocker("panel.no_chair", link=PANEL_PAGE))
    if any(not any(panel.takes(is_external=seat.is_external) for seat in seats) for panel in panels):
        found.append(Blocker("panel.round_empty", link=PANEL_PAGE))
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
