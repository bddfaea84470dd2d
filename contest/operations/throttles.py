"""Counting attempts in the database, so that every worker counts alike."""

from __future__ import annotations

import datetime as dt
import math

from sqlalchemy import delete

from contest.domain.errors import Throttled
from contest.domain.throttling import FREE_ATTEMPTS, count_at, wait_left
from contest.infra.database import inserting
from contest.infra.unit_of_work import UnitOfWork
from contest.models.account import Throttle


def throttle_key(uow: UnitOfWork, purpose: str, *parts: str) -> str:
    """The key of what is counted: a keyed digest, so that the table tells nothing of whom it counts."""
    return uow.crypto.digest(f"throttle.{purpose}", "\x00".join(parts))


def admit(uow: UnitOfWork, key: str, *, wall: dt.datetime, free: int = FREE_ATTEMPTS) -> None:
    """Count one attempt before it is made. Raises Throttled while the attempts before it ask for a wait.

    An attempt refused here is not counted: waiting always ends.
    """
    begun = inserting(uow.session, Throttle).values(key=key, window_start=wall, count=0)
    uow.session.execute(begun.on_conflict_do_nothing())
    row = uow.session.get_one(Throttle, key, with_for_update=True, populate_existing=True)
    row.count = count_at(row.count, row.window_start, wall)
    left = wait_left(row.count, row.window_start, wall, free=free)
    if left:
        raise Throttled("throttled", minutes=math.ceil(left.total_seconds() / 60))
    row.count += 1
    row.window_start = wall
    uow.session.flush()


def forget(uow: UnitOfWork, key: str) -> None:
    """The attempt was right: nothing is held against the next."""
    uow.session.execute(delete(Throttle).where(Throttle.key == key))
