"""Who goes on from a round of votes: confirmed by staff, recorded once, and the next round begins with them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict
from contest.domain.ruleset import MOST_RANKED
from contest.domain.stages import Stage
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork
from contest.queries.editions import get_edition, rules_of
from judging.domain.round_rule import RoundRule, rule_of
from judging.models.round import Round, RoundState
from judging.operations.rounds import deal_missing, open_round
from judging.queries.outcome import choice
from judging.queries.reopening import closed_round


def deal_again(uow: UnitOfWork, edition_id: str, *, actor: Actor, now: dt.datetime) -> int:
    """Deal works that fell under the quorum to judges who may see them and have not signed; how many stay short.

    Raises Denied; Conflict `judging.not_begun` unless a round with a quorum is open.
    """
    actor.require(Role.OPERATOR)
    lock_edition(uow.session, edition_id)
    held = uow.session.scalars(
        select(Round).where(Round.edition_id == edition_id, Round.state == RoundState.OPEN)
    ).first()
    if held is None or not RoundRule.from_document(held.rule).quorum:
        raise Conflict("judging.not_begun")
    short = deal_missing(uow, held)
    uow.note("round.dealt", ("round", held.id), actor=actor, now=now, edition_id=edition_id, left=short)
    return short


def confirm_selection(uow: UnitOfWork, edition_id: str, shown: str, *, actor: Actor, now: dt.datetime) -> str:
    """Open the next round with the works that the declared rule takes over; its id.

    shown: the digest of the selection that the page showed. Raises Denied; Conflict `selection.not_sealed`,
    `selection.done`, `selection.changed` (others would go on than were shown), `selection.empty`,
    `judging.too_many_to_rank` (works, most), `reopening.waits`.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    lock_edition(uow.session, edition_id)
    if get_edition(uow.session, edition_id).stage is not Stage.JUDGING:
        raise Conflict("judging.not_begun")
    chosen = choice(uow.session, edition_id)
    taken = chosen.selection.goes_on
    following = rule_of(rules_of(get_edition(uow.session, edition_id)), chosen.ordinal + 1)
    if not taken:
        raise Conflict("selection.empty")
    if following.is_ballot and len(taken) > MOST_RANKED:
        raise Conflict("judging.too_many_to_rank", works=len(taken), most=MOST_RANKED)
    if chosen.selection.digest != shown:
        raise Conflict("selection.changed")
    found = closed_round(uow.session, edition_id)
    if found is not None and found.waiting is not None:
        raise Conflict("reopening.waits")
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
