"""Long work that people watch: begun once, its progress written as it goes, parked when it was cut off."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, select, update
from sqlalchemy.orm import Session

from contest.domain.actors import Actor
from contest.domain.audit import canonical
from contest.domain.errors import Conflict
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.outbox import Errand

#: Errands that go on after a worker died: done in turns, so that other work is not held up behind them.
RESUMED = frozenset({"recheck"})
#: Pieces of work in a turn, and how many turns may be lost before an errand is given up.
TURN, MOST_LOST = 20, 5
#: An errand that has said nothing for so long was cut off.
LEASE = dt.timedelta(minutes=5)
LINE = 200


@dataclass(frozen=True)
class Progress:
    """How far an errand is. `failed` is a sentence for staff."""

    id: str
    kind: str
    done: int
    total: int
    line: str
    is_finished: bool
    failed: str | None


def begin_errand(
    uow: UnitOfWork, kind: str, facts: dict[str, object], *, actor: Actor, now: dt.datetime, wall: dt.datetime
) -> str:
    """Begin an errand and ring for it (the job of its kind); its id.

    Raises Conflict `errand.running` while one of its kind is under way.
    """
    running = select(Errand.id).where(
        Errand.kind == kind, Errand.finished_at.is_(None), Errand.failed.is_(None)
    )
    if uow.session.scalar(running) is not None:
        raise Conflict("errand.running")
    errand = Errand(
        id=uow.ids.token(), kind=kind, asked_by=actor.id, asked_at=now, facts=canonical(facts), done=0, total=0,
        line="", attempts=0, lease_until=wall + LEASE,
    )  # fmt: skip
    uow.session.add(errand)
    uow.note("errand.begun", ("errand", errand.id), actor=actor, now=now, kind=kind)
    uow.ring(kind, errand_id=errand.id)
    return errand.id


def take_errand(services: Services, errand_id: str) -> dict[str, Any] | None:
    """Take an errand up: what was asked, or None if it was taken up before or has ended."""
    with services.database.write() as uow:
        errand = uow.session.get(Errand, errand_id)
        if errand is None or errand.attempts or errand.finished_at or errand.failed:
            return None
        errand.attempts += 1
        errand.lease_until = services.clock.wall() + LEASE
        return dict(json.loads(errand.facts or b"{}"))


def take_turn(services: Services, errand_id: str, turn: int) -> dict[str, Any] | None:
    """Take one turn of a resumed errand up: what was asked, or None if the turn was taken before or it has ended."""
    with services.database.write() as uow:
        errand = uow.session.get(Errand, errand_id, with_for_update=True)
        if errand is None or errand.attempts != turn or errand.finished_at or errand.failed:
            return None
        errand.attempts += 1
        errand.lease_until = services.clock.wall() + LEASE
        return dict(json.loads(errand.facts or b"{}"))


def report(services: Services, errand_id: str, **changes: object) -> None:
    """Write how far an errand is; `line` is cut to what the row holds."""
    if isinstance(line := changes.get("line"), str):
        changes["line"] = line[:LINE]
    with services.database.write() as uow:
        uow.session.execute(
            update(Errand)
            .where(Errand.id == errand_id)
            .values(lease_until=services.clock.wall() + LEASE, **changes)
        )


def park_lost_errands(services: Services, now: dt.datetime) -> None:
    """Sweep: an errand whose worker died goes on where it can, else says so, and another may be begun."""
    del now
    wall = services.clock.wall()
    with services.database.read() as session:
        lost = session.execute(
            select(Errand.id, Errand.kind, Errand.attempts, Errand.done).where(
                Errand.finished_at.is_(None), Errand.failed.is_(None), Errand.lease_until < wall
            )
        ).all()
    for errand_id, kind, attempts, done in lost:
        if kind in RESUMED and attempts <= done // TURN + MOST_LOST:
            report(services, errand_id)
            services.jobs.ring(kind, errand_id=errand_id, turn=attempts)
        else:
            report(services, errand_id, failed="작업이 도중에 멈추었습니다. 다시 시작해 주세요.")


#: Those under way first: contest time, by which they are asked for, begins anew with a demonstration.
_NEWEST = (
    case((and_(Errand.finished_at.is_(None), Errand.failed.is_(None)), 0), else_=1),
    Errand.asked_at.desc(),
    Errand.lease_until.desc(),
)


def progress_of(session: Session, errand_id: str | None = None, kind: str | None = None) -> Progress | None:
    """An errand by id, or the newest of a kind."""
    query = select(Errand).order_by(*_NEWEST).limit(1)
    query = query.where(Errand.id == errand_id) if errand_id else query.where(Errand.kind == kind)
    row = session.scalars(query).first()
    if row is None:
        return None
    return Progress(row.id, row.kind, row.done, row.total, row.line, row.finished_at is not None, row.failed)
