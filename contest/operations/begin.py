"""A draft begins: while entry is open, and with a consent as its first row."""

from __future__ import annotations

import datetime as dt

from contest.domain.actors import Actor, citizen
from contest.domain.consents import ConsentKind
from contest.domain.errors import Conflict, Invalid
from contest.domain.korean import instant_text
from contest.infra.unit_of_work import UnitOfWork
from contest.models.edition import Edition
from contest.models.submission import Submission, SubmissionState
from contest.operations.consenting import record_consents
from contest.operations.throttles import admit, throttle_key
from contest.queries.editions import get_edition, schedule_of

#: Drafts from one network before each further one has to wait: whole schools and carriers share one.
FREE_DRAFTS = 600
AGES = ("adult", "teen", "child")


def begin_draft(
    uow: UnitOfWork,
    edition_id: str,
    *,
    age_band: str,
    locale: str,
    is_guardian: bool = False,
    actor: Actor,
    now: dt.datetime,
    entered_by: str | None = None,
) -> Submission:
    """A draft of somebody who has agreed to the use of their data; the first row about them.

    is_guardian: the guardian of a child under 14 enters for it, and has consented to that too.
    Raises Conflict entry.not_open or entry.closed, Invalid age.missing.
    """
    if age_band not in AGES:
        raise Invalid("age.missing", field="age")
    edition = get_edition(uow.session, edition_id)
    require_open(edition, now)
    submission = Submission(
        id=uow.ids.token(), edition_id=edition_id, state=SubmissionState.DRAFT, link_epoch=1, locale=locale,
        age_band=age_band, step="photos", created_at=now, updated_at=now, entered_by=entered_by,
        guardian_consented_at=now if is_guardian else None,
    )  # fmt: skip
    uow.session.add(submission)
    uow.session.flush()
    kinds = [ConsentKind.PRIVACY, *([ConsentKind.GUARDIAN] if is_guardian else [])]
    given_by = "staff" if entered_by else "guardian" if is_guardian else "self"
    record_consents(uow, submission, kinds, given_by=given_by, now=now)
    uow.note(
        "submission.begun",
        ("submission", submission.id),
        actor=citizen(submission.id, actor.network) if actor.kind == "citizen" else actor,
        now=now,
        edition_id=edition_id,
        age_band=age_band,
    )
    return submission


def admit_draft(uow: UnitOfWork, network: str | None, *, wall: dt.datetime) -> None:
    """Count a draft begun from a network: a class or an office may begin many, a machine not without end.

    Raises Throttled.
    """
    admit(uow, throttle_key(uow, "draft", network or ""), wall=wall, free=FREE_DRAFTS)


def require_open(edition: Edition, now: dt.datetime) -> None:
    """Raise Conflict entry.not_open or entry.closed unless new submissions are taken now."""
    schedule = schedule_of(edition)
    if schedule.entry_opens is None or schedule.entry_closes is None:
        raise Conflict("entry.no_contest")
    if now < schedule.entry_opens:
        raise Conflict("entry.not_open", opens=instant_text(schedule.entry_opens))
    if now >= schedule.entry_closes:
        raise Conflict("entry.closed", closes=instant_text(schedule.entry_closes))
