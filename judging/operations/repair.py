"""Repairing a round under way: asked for by one with what the planner showed, confirmed by another, then applied."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from sqlalchemy import select, update

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid, Missing
from contest.domain.stages import Stage
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.models.account import Account
from contest.operations.notify import account_recipient, notify
from contest.queries.editions import get_edition
from judging.domain.repair import Plan, Way, make_plan, taken_back
from judging.models.panel import Judge
from judging.models.repair import Repair
from judging.models.round import JudgeWork, Round, RoundState
from judging.operations.close import seal_round
from judging.operations.panel import Person, release, seat_person
from judging.operations.rounds import deal_missing
from judging.queries.readiness import closing
from judging.queries.repair import Repairing, repairing, waiting_repair

MAX_REASON = 500
#: What closing with votes missing forgives; everything else still holds it up.
_FORGIVEN = {
    "closing.judge_unfinished",
    "closing.judge_unconfirmed",
    "closing.pledge_missing",
    "closing.under_quorum",
}


@dataclass(frozen=True)
class Wanted:
    """A repair as it is asked for: the way, and what it is about."""

    way: Way
    judge_id: str | None = None
    quorum: int | None = None
    successor: Person | None = None


def plan_of(found: Repairing, way: Way, judge_id: str | None, quorum: int | None) -> Plan:
    """What a repair comes to now. Raises Conflict `repair.changed` where it is none any more."""
    try:
        return make_plan(found.held, way, judge=judge_id, quorum=quorum)
    except ValueError as error:
        raise Conflict("repair.changed") from error


def propose_repair(
    uow: UnitOfWork,
    edition_id: str,
    wanted: Wanted,
    reason: str,
    shown: str,
    *,
    actor: Actor,
    now: dt.datetime,
) -> str:
    """An operator asks for a repair; nothing of the round changes. The repair's id.

    shown: the digest of the plan that the page showed. Raises Denied; Conflict `repair.not_open`,
    `repair.waits` while another one is undecided, `repair.changed`, the plan's refusal; Invalid
    `repair.reason_missing`, `repair.reason_long`, `repair.successor_missing`, `repair.successor_outside`.
    """
    actor.require(Role.OPERATOR)
    lock_edition(uow.session, edition_id)
    found = repairing(uow.session, edition_id, now)
    if not reason.strip():
        raise Invalid("repair.reason_missing", field="reason")
    if len(reason.strip()) > MAX_REASON:
        raise Invalid("repair.reason_long", field="reason", most=MAX_REASON)
    person = wanted.successor
    if wanted.way is Way.REPLACE and person is None:
        raise Invalid("repair.successor_missing", field="name")
    if person is not None and not found.rule.panel.takes(is_external=person.is_external):
        raise Invalid("repair.successor_outside", field="is_external")
    if waiting_repair(uow.session, edition_id):
        raise Conflict("repair.waits")
    plan = _plan_shown(found, wanted.way, wanted.judge_id, wanted.quorum, shown)
    repair = Repair(
        id=uow.ids.token(),
        round_id=found.round_id,
        way=wanted.way,
        judge_id=wanted.judge_id,
        facts={"quorum": wanted.quorum, "quorum_before": found.rule.quorum, **asdict(plan.basis)},
        successor=asdict(person) if person else None,
        reason=reason.strip(),
        shown=plan.digest,
        proposed_by=str(actor.id),
        proposed_at=now,
    )
    uow.session.add(repair)
    _keep(uow, "repair_proposed", repair, edition_id=edition_id, actor=actor, now=now)
    return repair.id


def drop_repair(uow: UnitOfWork, repair_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take a repair back, or refuse it. Raises Denied, Missing, Conflict `repair.decided`."""
    actor.require(Role.OPERATOR, Role.APPROVER)
    repair, held = _waiting(uow, repair_id)
    repair.dropped_at, repair.successor = now, None
    _keep(uow, "repair_dropped", repair, edition_id=held.edition_id, actor=actor, now=now)


def confirm_repair(uow: UnitOfWork, repair_id: str, shown: str, *, actor: Actor, now: dt.datetime) -> Way:
    """An approver confirms what the page showed of it, and it is applied.

    Raises Denied (also `repair.same_person`), Missing, Conflict `repair.decided`, `repair.not_open`,
    `repair.changed`, the plan's refusal, `judging.blocked` where more than missing votes holds up the seal.
    """
    actor.require(Role.APPROVER)
    repair, held = _waiting(uow, repair_id)
    if repair.proposed_by == actor.id:
        raise Denied("repair.same_person")
    edition_id = held.edition_id
    if held.state is not RoundState.OPEN or get_edition(uow.session, edition_id).stage is not Stage.JUDGING:
        raise Conflict("repair.not_open")
    found = repairing(uow.session, edition_id, now)
    plan = _plan_shown(found, repair.way, repair.judge_id, repair.facts["quorum"], shown)
    successor = Person(**repair.successor) if repair.successor else None
    repair.facts = {**repair.facts, **asdict(plan.basis)}
    repair.confirmed_by, repair.confirmed_at, repair.successor = str(actor.id), now, None
    _keep(uow, "repaired", repair, edition_id=edition_id, actor=actor, now=now)
    uow.session.flush()
    if repair.way is Way.QUORUM:
        _lower_quorum(uow, held, found, repair.facts["quorum"], now)
    elif repair.way is Way.CLOSE:
        blockers = [one for one in closing(uow.session, edition_id) if not one.is_warning]
        left = [one for one in blockers if one.code not in _FORGIVEN]
        if left:
            raise Conflict("judging.blocked", count=len(left), codes=[one.code for one in left])
        seal_round(uow, held, actor=actor, now=now)
    else:
        _release(uow, repair, successor, actor, now)
        if held.rule.get("quorum") and successor is None:
            deal_missing(uow, held)
    return repair.way


def remind_judge(uow: UnitOfWork, edition_id: str, judge_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Write to a judge whose scores or signature are missing, once an hour at most.

    Raises Denied; Missing; Conflict `repair.not_open`, `repair.unreachable`, `repair.reminded`.
    """
    actor.require(Role.OPERATOR)
    found = repairing(uow.session, edition_id, now)
    duty = next((one for one in found.held.silent if one.judge == judge_id), None)
    if duty is None:
        raise Missing("missing")
    if judge_id not in found.can_be_told or found.ends is None:
        raise Conflict("repair.unreachable")
    judge = uow.session.get_one(Judge, judge_id)
    written = notify(
        uow,
        "J6",
        account_recipient(uow.session.get_one(Account, judge.account_id)),
        edition_id=edition_id,
        event=f"asked:{judge_id}:{now:%Y-%m-%dT%H}",
        facts={"assigned": len(duty.works), "done": len(duty.done), "closes": found.ends},
        now=now,
    )
    if not written:
        raise Conflict("repair.reminded")
    uow.note("judge.reminded", ("judge", judge_id), actor=actor, now=now, edition_id=edition_id)


def _plan_shown(found: Repairing, way: Way, judge_id: str | None, quorum: int | None, shown: str) -> Plan:
    plan = plan_of(found, way, judge_id, quorum)
    if plan.refusal:
        raise Conflict(plan.refusal)
    if plan.digest != shown:
        raise Conflict("repair.changed")
    return plan


def _waiting(uow: UnitOfWork, repair_id: str) -> tuple[Repair, Round]:
    """The undecided repair and its round, both locked, so that no score comes between plan and act."""
    round_id = uow.session.scalar(select(Repair.round_id).where(Repair.id == repair_id))
    if round_id is None:
        raise Missing("missing")
    lock_edition(uow.session, uow.session.get_one(Round, round_id).edition_id)
    held = uow.session.get_one(Round, round_id, with_for_update=True, populate_existing=True)
    repair = uow.session.get_one(Repair, repair_id, with_for_update=True, populate_existing=True)
    if repair.confirmed_at is not None or repair.dropped_at is not None:
        raise Conflict("repair.decided")
    return repair, held


def _lower_quorum(uow: UnitOfWork, held: Round, found: Repairing, quorum: int, now: dt.datetime) -> None:
    for judge, works in sorted(taken_back(found.held, quorum).items()):
        uow.session.execute(
            update(JudgeWork)
            .where(JudgeWork.round_id == held.id, JudgeWork.judge_id == judge, JudgeWork.entry_id.in_(works))
            .values(taken_back_at=now)
        )
    held.rule = {**held.rule, "quorum": quorum}


def _release(
    uow: UnitOfWork, repair: Repair, successor: Person | None, actor: Actor, now: dt.datetime
) -> None:
    """End the seat, and give a successor the works that are owed."""
    judge = uow.session.get_one(Judge, repair.judge_id, with_for_update=True)
    judge.release_reason, judge.release_proposed_by = repair.reason, repair.proposed_by
    release(uow, judge, actor=actor, now=now)
    if successor is not None:
        heir = seat_person(uow, judge.edition_id, successor, actor=actor, now=now)
        repair.facts = {**repair.facts, "successor": heir}


def _keep(
    uow: UnitOfWork, act: str, repair: Repair, *, edition_id: str, actor: Actor, now: dt.datetime
) -> None:
    uow.note(
        f"round.{act}",
        ("round", repair.round_id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        kind=repair.way.value,
        judge=repair.judge_id,
        shown=repair.shown,
        reason=fact_digest(repair.id, repair.reason),
    )
