"""How long what is left will take at the pace of the last hour."""

from __future__ import annotations

import datetime as dt

PACE_WINDOW = dt.timedelta(hours=1)
#: Fewer decisions than these say nothing about a pace.
FEWEST = 5


def minutes_left(left: int, recent: int, since: dt.datetime | None, now: dt.datetime) -> int | None:
    """Whole minutes for `left` works where `recent` were decided since the first of them; None if unknown."""
    if since is None or recent < FEWEST or left <= 0:
        return None
    seconds = max((now - since).total_seconds(), 60.0)
    return max(1, round(left * seconds / recent / 60))
