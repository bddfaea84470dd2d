"""Objects that belong to nobody: which of them may be destroyed, and when.

An object is stored before the row that names it, so that a process ended in between leaves it behind. It is
left alone for a day, because its row may still be coming; then it is watched for some days, because rows that
lack by mistake (a database put back to an earlier day) can still come back; then it goes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: Longer than any upload takes, and than the clocks of two machines can be apart.
SAFE_AGE = dt.timedelta(hours=24)
#: With SAFE_AGE five days, within which what has no purpose any more is to be destroyed (표준 개인정보 보호지침).
WATCH = dt.timedelta(days=4)


@dataclass(frozen=True)
class Verdict:
    """What is to be done with the objects that were looked at; every tuple is sorted.

    found: seen without an owner for the first time. waiting: watched, and when each is due. due: to be
    destroyed now, those that are gone already included so that they are counted. settled: watched, and no
    longer a matter, because a row names them or somebody else removed them.
    """

    found: tuple[str, ...]
    waiting: Mapping[str, dt.datetime]
    due: tuple[str, ...]
    settled: tuple[str, ...]

    def destroyed_on(self, wall: dt.datetime) -> dict[str, dt.datetime]:
        """Every object without an owner, and from when on it may be destroyed."""
        return dict.fromkeys(self.due, wall) | dict(self.waiting) | dict.fromkeys(self.found, wall + WATCH)


def judge_strays(
    stored: Mapping[str, dt.datetime],
    watched: Mapping[str, dt.datetime],
    is_owned: Callable[[str], bool],
    wall: dt.datetime,
) -> Verdict:
    """What becomes of each object. stored: key -> when it was stored; watched: key -> since when.

    All instants are aware wall time. The objects must have been listed before the owners were read: an object
    whose row came in between then has its owner.
    """
    found, due, settled = [], [], []
    waiting: dict[str, dt.datetime] = {}
    for key, since in sorted(watched.items()):
        is_over = wall - since >= WATCH
        if is_owned(key) or (key in stored and wall - stored[key] < SAFE_AGE):
            settled.append(key)
        elif is_over:
            due.append(key)
        elif key in stored:
            waiting[key] = since + WATCH
        else:
            settled.append(key)
    for key, at in sorted(stored.items()):
        if key not in watched and wall - at >= SAFE_AGE and not is_owned(key):
            found.append(key)
    return Verdict(tuple(found), waiting, tuple(due), tuple(settled))
