"""What the office does on behalf of an entrant: taking a submission back when asked, entering for a walk-in."""

from __future__ import annotations

import datetime as dt

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.stages import Stage
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.models.submission import Submission, SubmissionState
from contest.operations.begin import begin_draft
from contest.operations.drafts import works_of
from contest.operations.withdraw import withdraw_works
from contest.queries.editions import get_edition

SHORTEST_REASON = 5
#: Who may agree at the counter: a child under 14 comes with its guardian, who enters.
AGES = ("adult", "teen", "child")


def withdraw_for(uow: UnitOfWork, submission_id: str, reason: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take a whole submission back because its owner asked for it, by link, telephone or in person.

    Until judging begins; afterwards a work leaves by exclusion, which moves the ranking.
    Raises Missing, Invalid person.reason, Conflict withdrawal.judging, entry.withdrawn.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    if len(" ".join(reason.split())) < SHORTEST_REASON:
        raise Invalid("person.reason", field="reason")
    submission = uow.session.get(Submission, submission_id, with_for_update=True)
    if submission is not None and submission.state is SubmissionState.WITHDRAWN:
        raise Conflict("entry.withdrawn")
    # What was never handed in, a child's that waits for its guardian included, is its owner's to drop.
    if submission is None or submission.state is not SubmissionState.SUBMITTED:
        raise Missing("missing")
    lock_edition(uow.session, submission.edition_id)
    edition = get_edition(uow.session, submission.edition_id)
    uow.session.refresh(edition)
    if edition.stage not in {Stage.OPEN, Stage.SCREENING}:
        raise Conflict("withdrawal.judging")
    uow.note(
        "submission.withdrawn_for",
        ("submission", submission_id),
        actor=actor,
        now=now,
        edition_id=submission.edition_id,
        reason=fact_digest(submission_id, reason),
    )
    withdraw_works(uow, submission, works_of(uow.session, submission_id), actor=actor, now=now)


def begin_for_walk_in(
    uow: UnitOfWork, edition_id: str, age_band: str, *, has_consented: bool, actor: Actor, now: dt.datetime
) -> Submission:
    """A draft that staff enter for somebody at the counter (대리접수), who has read and agreed on paper.

    Raises Invalid walk_in.consent, age.missing; Conflict where no entries are taken.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    if not has_consented:
        raise Invalid("walk_in.consent", field="consent")
    return begin_draft(
        uow, edition_id, age_band=age_band, locale="ko", is_guardian=age_band == "child", actor=actor,
        now=now, entered_by=actor.id,
    )  # fmt: skip
