"""The demonstration's clock: contest time moved forward, never back."""

from __future__ import annotations

import datetime as dt

from contest.domain.actors import Actor
from contest.domain.errors import Conflict, Invalid
from contest.infra.clock import KST
from contest.infra.unit_of_work import UnitOfWork
from contest.models.edition import ContestClock

#: A mistyped year must not carry a demonstration beyond every date of its edition for good.
FARTHEST = dt.timedelta(days=5 * 366)


def move_clock(
    uow: UnitOfWork, target: dt.datetime, *, actor: Actor, now: dt.datetime, wall: dt.datetime
) -> None:
    """Let contest time be `target` from now on. Only a demonstration calls this.

    Raises Conflict `clock.backwards` unless it lies ahead, Invalid `clock.too_far` beyond five years.
    """
    if target <= now:
        raise Conflict("clock.backwards", field="at", now=f"{now.astimezone(KST):%Y-%m-%d %H:%M}")
    if target - now > FARTHEST:
        raise Invalid("clock.too_far", field="at")
    clock = uow.session.get(ContestClock, 1, with_for_update=True)
    if clock is None:
        clock = ContestClock(id=1, offset_seconds=0)
        uow.session.add(clock)
    # Two people may move it at once: whoever wanted less has it moved already.
    clock.offset_seconds = max(clock.offset_seconds, (target - wall).total_seconds())
    uow.note("clock.moved", ("clock", "1"), actor=actor, now=now, to=target.astimezone(dt.UTC).isoformat())
    uow.ring("sweep")
