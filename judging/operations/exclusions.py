"""A work leaves the running after judging: one decision of two persons, one succession path.

Objection upheld, ex officio, withdrawn or declined: whatever the ground, the diff that was shown is the
diff that is confirmed, and the same function carries it out.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import select, update

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid, Missing
from contest.domain.stages import Stage, has_reached
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.submission import Submission
from contest.operations.notify import notify, submission_recipient
from contest.queries.editions import rules_of
from judging.models.award import Award, Exclusion, Reserve
from judging.operations.allocate import locked_edition, new_award, store_run
from judging.queries.succession import Plan, plan_exclusion

#: How long a promoted entrant has to answer when verification is over already.
CONFIRM_WITHIN = dt.timedelta(days=3)


class Ground(StrEnum):
    """Why a work leaves: 이의 인용, 직권, 철회, 수상 포기."""

    OBJECTION = "objection"
    EX_OFFICIO = "ex_officio"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


def propose_exclusion(
    uow: UnitOfWork,
    edition_id: str,
    entry_id: str,
    ground: Ground,
    reason: str,
    *,
    shown: str,
    actor: Actor,
    now: dt.datetime,
    objection_id: str | None = None,
) -> Exclusion:
    """An operator's proposal with the diff as shown; `shown` is that diff's digest ("" before allocation).

    Raises Denied; Invalid `exclusion.reason_missing`; Missing for a work of no such edition; Conflict
    `exclusion.stage`, `exclusion.exists`, `exclusion.changed`, `succession.tie`; Missing
    `succession.not_listed`.
    """
    actor.require(Role.OPERATOR)
    if not reason.strip():
        raise Invalid("exclusion.reason_missing", field="reason")
    edition = locked_edition(uow, edition_id)
    if not has_reached(edition.stage, Stage.JUDGING):
        raise Conflict("exclusion.stage")
    entry = uow.session.get(Entry, entry_id)
    if entry is None or entry.edition_id != edition_id:
        raise Missing("missing")
    if pending_or_done(uow, edition_id, entry_id) is not None:
        raise Conflict("exclusion.exists", entry=entry.entry_number)
    plan = plan_exclusion(uow.session, edition, entry_id, ground.value)
    if (plan.digest if plan else "") != shown:
        raise Conflict("exclusion.changed")
    exclusion = Exclusion(
        id=uow.ids.token(),
        edition_id=edition_id,
        entry_id=entry_id,
        ground=ground.value,
        reason=reason.strip(),
        objection_id=objection_id,
        proposed_by=actor.id,
        proposed_at=now,
        diff=plan.diff if plan else None,
    )
    uow.session.add(exclusion)
    uow.session.flush()
    uow.note(
        "exclusion.proposed",
        ("entry", entry_id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        exclusion=exclusion.id,
        ground=ground.value,
        reason=fact_digest(exclusion.id, exclusion.reason),
        diff=plan.digest if plan else "",
    )
    return exclusion


def pending_or_done(uow: UnitOfWork, edition_id: str, entry_id: str) -> Exclusion | None:
    """The exclusion of a work that is proposed or confirmed, if there is one."""
    return uow.session.scalars(
        select(Exclusion).where(
            Exclusion.edition_id == edition_id,
            Exclusion.entry_id == entry_id,
            Exclusion.rejected_at.is_(None),
        )
    ).first()


def confirm_exclusion(uow: UnitOfWork, exclusion_id: str, *, actor: Actor, now: dt.datetime) -> Exclusion:
    """Another person, an approver, confirms; prizes move in the same transaction.

    Raises Denied `denied.role`, `exclusion.same_person`; Missing; Conflict `exclusion.belongs_to_case`,
    `exclusion.settled`, `exclusion.changed` if the diff would no longer be the one proposed.
    """
    exclusion = _get(uow, exclusion_id)
    if exclusion.objection_id is not None:
        raise Conflict("exclusion.belongs_to_case")
    carry_out(uow, exclusion, actor=actor, now=now)
    return exclusion


def carry_out(uow: UnitOfWork, exclusion: Exclusion, *, actor: Actor, now: dt.datetime) -> None:
    """The one path by which a proposed exclusion takes effect. Raises as `confirm_exclusion`."""
    actor.require(Role.APPROVER)
    edition = locked_edition(uow, exclusion.edition_id)
    uow.session.refresh(exclusion)
    _check_open(exclusion)
    if actor.id is None or actor.id == exclusion.proposed_by:
        raise Denied("exclusion.same_person")
    plan = plan_exclusion(uow.session, edition, exclusion.entry_id, exclusion.ground)
    if (plan.diff if plan else None) != exclusion.diff:
        raise Conflict("exclusion.changed")
    exclusion.confirmed_by = actor.id
    exclusion.confirmed_at = now
    uow.note(
        "exclusion.confirmed",
        ("entry", exclusion.entry_id),
        actor=actor,
        now=now,
        edition_id=edition.id,
        exclusion=exclusion.id,
        ground=exclusion.ground,
        diff=plan.digest if plan else "",
    )
    uow.session.flush()
    if plan is not None:
        _move(uow, edition, exclusion, plan, actor=actor, now=now)


def _move(
    uow: UnitOfWork, edition: Edition, exclusion: Exclusion, plan: Plan, *, actor: Actor, now: dt.datetime
) -> None:
    run = store_run(uow, edition.id, "succession", plan.inputs, plan.diff, actor=actor, now=now)
    before = {row[3]: row for row in plan.diff["before"]["awards"]}
    after = {row[3]: row for row in plan.diff["after"]["awards"]}
    for entry, row in before.items():
        if after.get(entry) != row:
            uow.session.execute(
                update(Award)
                .where(Award.edition_id == edition.id, Award.entry_id == entry, Award.revoked_at.is_(None))
                .values(revoked_at=now, revoked_for=exclusion.ground if entry not in after else "succession")
            )
    for entry, row in after.items():
        if before.get(entry) != row:
            uow.session.add(new_award(uow, edition, run, ordinal=row[0], entry=entry, person=row[4], now=now))
    waiting = {row[0] for row in plan.diff["after"]["reserves"]}
    for entry in (row[0] for row in plan.diff["before"]["reserves"]):
        if entry not in waiting:
            reserve = uow.session.get_one(Reserve, (edition.id, entry))
            if entry in after:
                reserve.used_at = now
                _tell_promoted(uow, edition, entry, after[entry][1], run.id, now=now)
            else:
                reserve.dropped_at = now
    uow.session.flush()


def _tell_promoted(
    uow: UnitOfWork, edition: Edition, entry_id: str, tier: str, run_id: str, *, now: dt.datetime
) -> None:
    """C5 to whoever moved up from the reserves."""
    entry = uow.session.get_one(Entry, entry_id)
    submission = uow.session.get_one(Submission, entry.submission_id)
    name = {t.code: t.name["ko"] for t in rules_of(edition).prizes.tiers}[tier]
    closes = edition.verification_closes
    notify(
        uow, "C5", submission_recipient(uow, submission), edition_id=edition.id, event=f"succession:{run_id}",
        facts={
            "receipt": submission.receipt_number or "", "tier": name,
            "due": closes if closes and closes > now else now + CONFIRM_WITHIN,
        },
        now=now,
    )  # fmt: skip


def reject_exclusion(uow: UnitOfWork, exclusion_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """The proposal falls: its proposer takes it back, or an approver does not follow it. Nothing moves.

    Raises Denied; Missing; Conflict `exclusion.belongs_to_case`, `exclusion.settled`.
    """
    exclusion = _get(uow, exclusion_id)
    if exclusion.objection_id is not None:
        raise Conflict("exclusion.belongs_to_case")
    drop_proposal(uow, exclusion, actor=actor, now=now)


def drop_proposal(uow: UnitOfWork, exclusion: Exclusion, *, actor: Actor, now: dt.datetime) -> None:
    """Mark a proposed exclusion as not followed. Raises as `reject_exclusion`."""
    locked_edition(uow, exclusion.edition_id)
    uow.session.refresh(exclusion)
    if actor.role is not Role.APPROVER and actor.id != exclusion.proposed_by:
        raise Denied("denied.role")
    _check_open(exclusion)
    exclusion.rejected_at = now
    uow.note(
        "exclusion.rejected",
        ("entry", exclusion.entry_id),
        actor=actor,
        now=now,
        edition_id=exclusion.edition_id,
        exclusion=exclusion.id,
    )
    uow.session.flush()


def _check_open(exclusion: Exclusion) -> None:
    if exclusion.confirmed_at is not None or exclusion.rejected_at is not None:
        raise Conflict("exclusion.settled")


def _get(uow: UnitOfWork, exclusion_id: str) -> Exclusion:
    exclusion = uow.session.get(Exclusion, exclusion_id)
    if exclusion is None:
        raise Missing("missing")
    return exclusion
