"""What an amendment of a round's days does to a round that is open: its scores end, or begin, on the new day."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from contest.domain.actors import Actor
from contest.domain.schedule import day_begins, day_ends
from contest.infra.unit_of_work import UnitOfWork
from contest.queries.editions import get_edition, rules_of
from judging.models.round import Round, RoundState


def move_round_days(
    uow: UnitOfWork, edition_id: str, paths: frozenset[str], actor: Actor, now: dt.datetime
) -> None:
    """With an amendment: the open round takes over those of its days that were amended, and no others.

    The end of a round that was opened again is its own until the announced day itself is moved.
    """
    held = uow.session.scalars(
        select(Round).where(Round.edition_id == edition_id, Round.state == RoundState.OPEN).with_for_update()
    ).first()
    if held is None:
        return
    declared = rules_of(get_edition(uow.session, edition_id)).rounds[held.ordinal - 1]
    moved = [name for name in ("opens", "closes") if f"rounds.{held.ordinal - 1}.{name}" in paths]
    if "opens" in moved:
        held.opens_at = day_begins(declared.opens) if declared.opens else None
    if "closes" in moved:
        held.closes_at = day_ends(declared.closes) if declared.closes else None
    if moved:
        uow.note(
            "round.days_moved", ("round", held.id), actor=actor, now=now, edition_id=edition_id, fields=moved
        )
