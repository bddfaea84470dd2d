"""The final standing of several rounds: the last one ranks those who came to it, the others stand below as ranked.

A work that did not go on keeps the rank of the last round that ranked it, below everybody who went on from there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence


def place_all(
    last: Mapping[str, int], before: Sequence[tuple[Mapping[str, int], Collection[str]]]
) -> dict[str, int]:
    """Entry -> final rank (1, 1, 3). last: ranks of the last round.

    before: of each earlier round that ranked, in order, its ranks and the works that went on from it.
    """
    placed = dict(last)
    for ranks, goes_on in reversed(before):
        rest = {entry: rank for entry, rank in ranks.items() if entry not in goes_on and entry not in placed}
        above = len(placed)
        placed |= {
            entry: above + 1 + sum(other < rank for other in rest.values()) for entry, rank in rest.items()
        }
    return placed
