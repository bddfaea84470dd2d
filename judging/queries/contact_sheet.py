"""The contact sheet: which of their works a judge sees in a list, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from judging.domain.criteria import Rubric
from judging.domain.scoring import total
from judging.queries.blind import Tile

SHOWS = ("all", "unscored", "flagged", "noted")
SORTS = ("order", "score")


@dataclass(frozen=True)
class ContactSheet:
    """tiles: the chosen works in the chosen order; counts: works of every choice."""

    tiles: Sequence[Tile]
    counts: Mapping[str, int] = field(hash=False)
    next_unscored: str | None


def contact_sheet(listed: Sequence[Tile], rubric: Rubric, show: str, sort: str) -> ContactSheet:
    """Choose from a judge's works. By score the highest stands first and works not wholly scored last.

    Equal works keep the judge's own order.
    """
    codes = set(rubric.codes())
    chosen = {
        "all": list(listed),
        "unscored": [tile for tile in listed if not codes <= tile.levels.keys()],
        "flagged": [tile for tile in listed if tile.flagged],
        "noted": [tile for tile in listed if tile.has_note],
    }
    shown = chosen[show]
    if sort == "score":
        totals = {tile.work_id: total(tile.levels, rubric) for tile in shown}
        shown = sorted(
            shown,
            key=lambda tile: points if (points := totals[tile.work_id]) is not None else Fraction(-1),
            reverse=True,
        )
    waiting = chosen["unscored"]
    return ContactSheet(
        shown, {name: len(tiles) for name, tiles in chosen.items()}, waiting[0].work_id if waiting else None
    )
