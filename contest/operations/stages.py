"""Moving an edition from stage to stage: every gate is asked, every blocker is told at once."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.actors import SYSTEM, Actor
from contest.domain.errors import Conflict
from contest.domain.gates import Blocker
from contest.domain.stages import Stage, move
from contest.infra.database import lock_edition
from contest.infra.registry import Registry
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.queries.editions import get_edition


def blockers(
    registry: Registry, session: Session, edition_id: str, target: Stage, now: dt.datetime
) -> list[Blocker]:
    """Everything that stands between an edition and a stage, warnings included."""
    return [found for gate in registry.gates for found in gate(session, edition_id, target, now)]


def move_stage(
    uow: UnitOfWork,
    registry: Registry,
    edition_id: str,
    target: Stage,
    *,
    actor: Actor,
    now: dt.datetime,
    reason: str = "",
) -> None:
    """Take the edition to a stage, with whatever other packages do in the same transaction.

    Raises Conflict `stage.blocked` carrying the codes of all blockers, or what domain/stages raises.
    """
    lock_edition(uow.session, edition_id)
    edition = get_edition(uow.session, edition_id)
    uow.session.refresh(edition)
    stage = move(edition.stage, target, reason)
    found = [held for held in blockers(registry, uow.session, edition_id, target, now) if not held.is_warning]
    if found:
        raise Conflict("stage.blocked", count=len(found), codes=[held.code for held in found])
    before = edition.stage
    edition.stage = stage
    if stage is Stage.OPEN:
        edition.opened_at = now
    uow.note(
        "edition.stage_moved",
        ("edition", edition_id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        before=before.value,
        after=stage.value,
        **({"reason": fact_digest(edition_id, reason)} if reason else {}),
    )
    uow.session.flush()
    for hook in registry.on_stage:
        hook(uow, edition_id, stage, actor, now)


def begin_screening_when_closed(services: Services, now: dt.datetime) -> None:
    """Sweep: an open edition whose entry window has ended goes to screening; nobody need be awake."""
    with services.database.read() as session:
        due = session.scalars(
            select(Edition.id).where(Edition.stage == Stage.OPEN, Edition.entry_closes <= now)
        ).all()
    for edition_id in due:
        with services.database.write() as uow:
            if get_edition(uow.session, edition_id).stage is Stage.OPEN:
                move_stage(uow, services.registry, edition_id, Stage.SCREENING, actor=SYSTEM, now=now)
