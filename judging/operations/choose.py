"""Who goes on from a round of votes: confirmed by staff, recorded once, and the next round begins with them."""

from __future__ import annotations

import datetime as dt

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict
from contest.domain.stages import Stage
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork
from contest.queries.editions import get_edition
from judging.models.round import Round
from judging.operations.rounds import open_round
from judging.queries.outcome import choice


def confirm_selection(
    uow: UnitOfWork, edition_id: str, going_on: int, *, actor: Actor, now: dt.datetime
) -> str:
    """Open the next round with the works that the declared rule takes over; its id.

    going_on: how many the page showed. Raises Denied; Conflict `selection.not_sealed`, `selection.done`,
    `selection.changed` (a work left the contest meanwhile), `selection.empty`.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    lock_edition(uow.session, edition_id)
    if get_edition(uow.session, edition_id).stage is not Stage.JUDGING:
        raise Conflict("judging.not_begun")
    chosen = choice(uow.session, edition_id)
    taken = chosen.selection.goes_on
    if not taken:
        raise Conflict("selection.empty")
    if len(taken) != going_on:
        raise Conflict("selection.changed")
    held = uow.session.get_one(Round, chosen.round_id)
    held.outcome = chosen.outcome.to_document()
    uow.note(
        "round.selected",
        ("round", held.id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        round=chosen.rule.name,
        goes_on=len(taken),
        left=len(chosen.selection.left),
        tied=chosen.selection.tied,
    )
    uow.session.flush()
    return open_round(uow, edition_id, chosen.ordinal + 1, taken, actor=actor, now=now)
