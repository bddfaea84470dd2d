"""A child's entry waits for its guardian: until then only the guardian's name and number are kept."""

from __future__ import annotations

import datetime as dt

from contest.domain.actors import Actor, citizen
from contest.domain.consents import ConsentKind
from contest.domain.errors import Conflict, Missing
from contest.domain.persons import parse_phone
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.submission import Submission, SubmissionState
from contest.operations.begin import require_open
from contest.operations.consenting import record_consents
from contest.operations.entrant import seal_guardian
from contest.operations.erase import erase_draft
from contest.operations.notify import guardian_recipient, notify
from contest.operations.throttles import admit, throttle_key
from contest.queries.editions import get_edition, schedule_of

#: Messages to one number that wait for nothing: brothers and sisters, a second try.
FREE_MESSAGES = 3
#: Messages of one network that wait for nothing: a school enters together.
FREE_OF_NETWORK = 60


def ask_guardian(
    uow: UnitOfWork,
    edition_id: str,
    *,
    guardian_name: str,
    guardian_phone: str,
    locale: str,
    actor: Actor,
    now: dt.datetime,
    wall: dt.datetime,
) -> Submission:
    """A child asks its guardian: name and number, sealed, and nothing about the child.

    Raises Invalid with the field guardian_name or guardian_phone, Conflict outside the entry period,
    Throttled for a number asked again and again and for a network that asks many.
    """
    edition = get_edition(uow.session, edition_id)
    require_open(edition, now)
    submission = Submission(
        id=uow.ids.token(), edition_id=edition_id, state=SubmissionState.AWAITING_GUARDIAN, link_epoch=1,
        locale=locale, age_band="child", step="photos", created_at=now, updated_at=now,
    )  # fmt: skip
    seal_guardian(uow, submission, guardian_name, guardian_phone)
    asked = throttle_key(uow, "guardian.phone", parse_phone(guardian_phone).e164)
    admit(uow, asked, wall=wall, free=FREE_MESSAGES)
    admit(uow, throttle_key(uow, "guardian.network", actor.network or ""), wall=wall, free=FREE_OF_NETWORK)
    uow.session.add(submission)
    uow.session.flush()
    notify(
        uow,
        "A4",
        guardian_recipient(uow, submission),
        edition_id=edition_id,
        event="guardian_asked",
        facts={"due": schedule_of(edition).entry_closes or now},
        now=now,
    )
    uow.note(
        "submission.guardian_asked",
        ("submission", submission.id),
        actor=citizen(submission.id, actor.network),
        now=now,
        edition_id=edition_id,
    )
    return submission


def consent_as_guardian(uow: UnitOfWork, submission_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """The guardian agrees; from now on the child's entry may be filled in. Agreeing twice changes nothing.

    Raises Missing once refused or erased, Conflict outside the entry period.
    """
    submission = _waiting(uow, submission_id)
    if submission is None:
        return
    require_open(get_edition(uow.session, submission.edition_id), now)
    submission.state = SubmissionState.DRAFT
    submission.guardian_consented_at = submission.updated_at = now
    record_consents(
        uow, submission, [ConsentKind.PRIVACY, ConsentKind.GUARDIAN], given_by="guardian", now=now
    )
    notify(
        uow,
        "A5",
        guardian_recipient(uow, submission),
        edition_id=submission.edition_id,
        event="guardian_consented",
        facts={"at": now},
        now=now,
    )
    uow.note(
        "submission.guardian_consented",
        ("submission", submission_id),
        actor=actor,
        now=now,
        edition_id=submission.edition_id,
    )


def refuse_as_guardian(services: Services, submission_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """The guardian refuses: what was kept of them, their signed form included, is forgotten at once.

    Raises Missing, Conflict once agreed.
    """
    with services.database.write() as uow:
        submission = _waiting(uow, submission_id)
        if submission is None:
            raise Conflict("guardian.agreed")
        uow.note(
            "submission.guardian_refused",
            ("submission", submission_id),
            actor=actor,
            now=now,
            edition_id=submission.edition_id,
        )
    erase_draft(services, submission_id, rule="refused", actor=actor, now=now)


def _waiting(uow: UnitOfWork, submission_id: str) -> Submission | None:
    """The submission that waits; None if its guardian has agreed already. Raises Missing."""
    submission = uow.session.get(Submission, submission_id, with_for_update=True)
    if submission is None or submission.state is SubmissionState.ERASED:
        raise Missing("missing")
    return submission if submission.state is SubmissionState.AWAITING_GUARDIAN else None
