"""A case decided: an operator proposes with reasons, an approver confirms, both sides are told."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from contest.domain.actors import Actor
from contest.domain.errors import Conflict
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.operations.notify import notify, submission_recipient
from judging.domain.objections import Outcome, Ruling, confirm, propose, reject_proposal
from judging.models.award import Exclusion
from judging.models.objection import Objection, ObjectionState
from judging.models.objection import Ruling as RulingRow
from judging.operations.cases import as_case, handled_case, submission_behind, tell_objector
from judging.operations.exclusions import Ground, carry_out, drop_proposal, pending_or_done, propose_exclusion
from judging.operations.objections import find_case

_OBJECTOR_WORD = {Outcome.DISMISS: "dismissed", Outcome.EXCLUDE: "upheld"}
_ENTRANT_WORD = {Outcome.DISMISS: "kept", Outcome.EXCLUDE: "excluded"}


def propose_ruling(
    uow: UnitOfWork,
    objection_id: str,
    outcome: Outcome,
    reason: str,
    *,
    shown: str = "",
    actor: Actor,
    now: dt.datetime,
) -> RulingRow:
    """The handling operator's proposal; to exclude it carries the succession that was shown (`shown`: its digest).

    A work that is excluded already needs no second exclusion. Raises Denied; Invalid
    `objection.reason_missing`; Conflict `objection.state`, `objection.proposed`, `exclusion.exists` if another
    exclusion of the work waits, `exclusion.changed`.
    """
    lock_edition(uow.session, find_case(uow, objection_id).edition_id)
    objection = handled_case(uow, objection_id, actor)
    if uow.session.get(RulingRow, objection_id) is not None:
        raise Conflict("objection.proposed")
    ruling = Ruling(outcome, reason.strip())
    propose(as_case(objection, None), ruling, actor)
    row = RulingRow(
        objection_id=objection_id,
        outcome=outcome.value,
        reason=ruling.reason,
        proposed_by=actor.id,
        proposed_at=now,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.note(
        "objection.ruling_proposed",
        ("objection", objection_id),
        actor=actor,
        now=now,
        edition_id=objection.edition_id,
        outcome=outcome.value,
        reason=fact_digest(objection_id, ruling.reason),
    )
    if outcome is Outcome.EXCLUDE:
        before = pending_or_done(uow, objection.edition_id, objection.entry_id)
        if before is None or before.confirmed_at is None:
            propose_exclusion(
                uow, objection.edition_id, objection.entry_id, Ground.OBJECTION, ruling.reason,
                shown=shown, actor=actor, now=now, objection_id=objection_id,
            )  # fmt: skip
    return row


def confirm_ruling(uow: UnitOfWork, objection_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Another person, an approver, decides the case; an exclusion takes effect in the same transaction.

    Raises Denied `denied.role`, `objection.same_person`; Conflict `objection.no_proposal`, `objection.state`,
    `exclusion.changed`.
    """
    lock_edition(uow.session, find_case(uow, objection_id).edition_id)
    objection = find_case(uow, objection_id)
    row = uow.session.get(RulingRow, objection_id)
    decided = confirm(as_case(objection, row), actor)
    assert row is not None  # confirm refuses a case without a proposal
    exclusion = _exclusion_of(uow, objection)
    if exclusion is not None:
        carry_out(uow, exclusion, actor=actor, now=now)
    row.confirmed_by = actor.id
    row.confirmed_at = now
    objection.state = ObjectionState(decided.state.value)
    uow.session.flush()
    uow.note(
        "objection.decided",
        ("objection", objection_id),
        actor=actor,
        now=now,
        edition_id=objection.edition_id,
        outcome=row.outcome,
    )
    _tell_both(uow, objection, row, now)


def reject_ruling(uow: UnitOfWork, objection_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """The proposal falls, by an approver or by whoever made it; the case goes back to its operator.

    Raises Denied; Conflict `objection.no_proposal`.
    """
    lock_edition(uow.session, find_case(uow, objection_id).edition_id)
    objection = find_case(uow, objection_id)
    row = uow.session.get(RulingRow, objection_id)
    case = as_case(objection, row)
    if row is None or row.confirmed_at is not None:
        raise Conflict("objection.no_proposal")
    if actor.id != row.proposed_by:
        reject_proposal(case, actor)
    exclusion = _exclusion_of(uow, objection)
    if exclusion is not None:
        drop_proposal(uow, exclusion, actor=actor, now=now)
    uow.session.delete(row)
    uow.session.flush()
    uow.note(
        "objection.ruling_rejected",
        ("objection", objection_id),
        actor=actor,
        now=now,
        edition_id=objection.edition_id,
        outcome=row.outcome,
    )


def _exclusion_of(uow: UnitOfWork, objection: Objection) -> Exclusion | None:
    return uow.session.scalars(
        select(Exclusion).where(Exclusion.objection_id == objection.id, Exclusion.rejected_at.is_(None))
    ).one_or_none()


def _tell_both(uow: UnitOfWork, objection: Objection, row: RulingRow, now: dt.datetime) -> None:
    outcome = Outcome(row.outcome)
    tell_objector(uow, objection, _OBJECTOR_WORD[outcome], row.reason, event="decided", now=now)
    submission = submission_behind(uow, objection)
    notify(
        uow, "C4", submission_recipient(uow, submission), edition_id=objection.edition_id,
        event=f"decided:{objection.id}",
        facts={
            "receipt": submission.receipt_number or "", "outcome": _ENTRANT_WORD[outcome], "reason": row.reason,
        },
        now=now,
    )  # fmt: skip
