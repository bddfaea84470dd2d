"""Who enters, sealed: name, phone, mail, and a child's guardian; never with more works than a person may."""

from __future__ import annotations

import datetime as dt

from contest.domain.actors import Actor
from contest.domain.errors import Conflict, Invalid
from contest.domain.persons import parse_email, parse_members, parse_name, parse_phone
from contest.infra.unit_of_work import UnitOfWork
from contest.models.edition import Edition
from contest.models.submission import Submission, SubmissionState
from contest.operations.drafts import editable, note_change, works_of
from contest.operations.findings import refresh_findings
from contest.operations.identify import count_works, person_keys
from contest.queries.editions import rules_of


def save_person(
    uow: UnitOfWork,
    submission_id: str,
    *,
    name: str,
    phone: str,
    email: str = "",
    guardian_name: str = "",
    guardian_phone: str = "",
    members: str = "",
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep who enters, sealed; for a child under 14 its guardian too. Raises Invalid with the field.

    Conflict entry.over_cap where works handed in would become one person's too many.
    """
    submission, edition = editable(uow, submission_id, now)
    parsed, number = parse_name(name), parse_phone(phone)
    keys = person_keys(uow.crypto, parsed, number)
    _seal(uow, submission, "name", parsed)
    _seal(uow, submission, "phone", number.e164)
    _seal(uow, submission, "email", parse_email(email) if email.strip() else None)
    submission.name_key, submission.phone_key, submission.person_key = keys.name, keys.phone, keys.person
    if submission.state is SubmissionState.SUBMITTED:
        _require_cap(uow, submission, edition)
    if submission.age_band == "child":
        seal_guardian(uow, submission, guardian_name, guardian_phone)
    names = parse_members(members, most=rules_of(edition).entry.team_size - 1)
    _seal(uow, submission, "members", "\n".join(names) or None)
    note_change(uow, submission, ["person"], actor=actor, now=now)
    refresh_findings(uow, works_of(uow.session, submission_id), now=now)


def _require_cap(uow: UnitOfWork, submission: Submission, edition: Edition) -> None:
    """Whoever a submission is handed over to by a new name has no more works than anybody. Raises Conflict."""
    uow.session.refresh(edition, with_for_update=True)  # as handing in does: two at once see each other
    uow.session.flush()
    works = len(works_of(uow.session, submission.id)) + count_works(uow, submission)
    cap = rules_of(edition).entry.works_per_person
    if works > cap:
        raise Conflict("entry.over_cap", works=works, cap=cap)


def seal_guardian(uow: UnitOfWork, submission: Submission, name: str, phone: str) -> None:
    """Keep a guardian's name and number. Raises Invalid with the field guardian_name or guardian_phone."""
    try:
        parsed = parse_name(name)
    except Invalid as wrong:
        raise Invalid(wrong.code, field="guardian_name", **wrong.facts) from wrong
    try:
        number = parse_phone(phone)
    except Invalid as wrong:
        raise Invalid(wrong.code, field="guardian_phone", **wrong.facts) from wrong
    _seal(uow, submission, "guardian_name", parsed)
    _seal(uow, submission, "guardian_phone", number.e164)


def _seal(uow: UnitOfWork, submission: Submission, column: str, value: str | None) -> None:
    sealed = uow.crypto.seal(value, f"submission.{column}:{submission.id}") if value is not None else None
    setattr(submission, f"{column}_sealed", sealed)
