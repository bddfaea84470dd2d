"""How long somebody waits after wrong attempts: longer each time, never for good."""

from __future__ import annotations

from datetime import datetime, timedelta

#: Attempts that cost nothing: fingers slip.
FREE_ATTEMPTS = 5
#: Nobody waits longer, so that the right person is in again within a quarter of an hour.
LONGEST_WAIT = timedelta(minutes=10)
#: After this long without an attempt everything is forgotten.
FORGOTTEN_AFTER = timedelta(hours=1)


def wait_left(count: int, last: datetime, now: datetime, *, free: int = FREE_ATTEMPTS) -> timedelta:
    """What is left of the wait after `count` attempts, the last of them at `last`; zero if there is none.

    The wait doubles from two seconds with each attempt beyond the free ones, up to LONGEST_WAIT.
    """
    if count < free:
        return timedelta()
    wait = min(timedelta(seconds=2 ** min(count - free + 1, 20)), LONGEST_WAIT)
    return max(last + wait - now, timedelta())


def count_at(count: int, last: datetime, now: datetime) -> int:
    """How many attempts still count at `now`."""
    return 0 if now - last >= FORGOTTEN_AFTER else count
