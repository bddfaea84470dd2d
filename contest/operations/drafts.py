"""A draft grows screen by screen; each save stands by itself, before and (until the deadline) after 제출."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from contest.domain.actors import Actor
from contest.domain.eligibility import is_in_time
from contest.domain.entry_texts import parse_description, parse_title
from contest.domain.errors import Conflict, Missing
from contest.domain.korean import instant_text
from contest.infra.unit_of_work import UnitOfWork
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.submission import Submission, SubmissionState, Upload
from contest.operations.findings import refresh_findings
from contest.queries.editions import get_edition, rules_of, schedule_of


def editable(uow: UnitOfWork, submission_id: str, now: dt.datetime) -> tuple[Submission, Edition]:
    """A submission that its owner may change now, locked, and its edition.

    Raises Missing, Conflict entry.closed, entry.withdrawn or entry.awaiting_guardian.
    """
    submission = uow.session.get(Submission, submission_id, with_for_update=True)
    if submission is None or submission.state is SubmissionState.ERASED:
        raise Missing("missing")
    if submission.state is SubmissionState.WITHDRAWN:
        raise Conflict("entry.withdrawn")
    if submission.state is SubmissionState.AWAITING_GUARDIAN:
        raise Conflict("entry.awaiting_guardian")
    edition = get_edition(uow.session, submission.edition_id)
    closes = schedule_of(edition).entry_closes
    assert closes is not None
    began = uploads_began(uow.session, submission_id) if submission.state is SubmissionState.DRAFT else None
    if not is_in_time(now, closes, rules_of(edition).entry.grace_minutes, began):
        raise Conflict("entry.closed", closes=instant_text(closes))
    submission.updated_at = now
    return submission, edition


def uploads_began(session: Session, submission_id: str) -> dt.datetime | None:
    """When the last upload of a submission began; None where there was none."""
    return session.scalar(select(func.max(Upload.begun_at)).where(Upload.submission_id == submission_id))


def work_of(session: Session, submission_id: str, ordinal: int) -> Entry:
    """The work at a place of a submission. Raises Missing."""
    entry = session.scalars(
        select(Entry).where(
            Entry.submission_id == submission_id,
            Entry.ordinal == ordinal,
            Entry.state != EntryState.WITHDRAWN,
        )
    ).one_or_none()
    if entry is None:
        raise Missing("missing")
    return entry


def works_of(session: Session, submission_id: str) -> list[Entry]:
    """The works of a submission that were not withdrawn, in order."""
    return list(
        session.scalars(
            select(Entry)
            .where(Entry.submission_id == submission_id, Entry.state != EntryState.WITHDRAWN)
            .order_by(Entry.ordinal)
        )
    )


def save_title(
    uow: UnitOfWork,
    submission_id: str,
    ordinal: int,
    *,
    title: str,
    description: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep a work's title and description. Raises Invalid where they cannot be kept."""
    submission, _ = editable(uow, submission_id, now)
    entry = work_of(uow.session, submission_id, ordinal)
    entry.title, entry.description = parse_title(title), parse_description(description)
    work_changed(uow, submission, entry, ["title", "description"], actor=actor, now=now)


def remove_work(
    uow: UnitOfWork, submission_id: str, ordinal: int, *, actor: Actor, now: dt.datetime
) -> str | None:
    """Take a work out of a draft; returns the id of its photograph, whose bytes are to be destroyed.

    Raises Conflict entry.submitted once handed in: then a work is withdrawn instead.
    """
    submission, _ = editable(uow, submission_id, now)
    if submission.state is not SubmissionState.DRAFT:
        raise Conflict("entry.submitted")
    entry = work_of(uow.session, submission_id, ordinal)
    photo_id = entry.photo_id
    delete_findings(uow.session, entry.id)
    uow.session.delete(entry)
    uow.session.flush()
    note_change(uow, submission, ["works"], actor=actor, now=now)
    return photo_id


def delete_findings(session: Session, entry_id: str) -> None:
    """Drop the findings of a work that is itself dropped."""
    session.execute(delete(FindingRow).where(FindingRow.entry_id == entry_id))


def work_changed(
    uow: UnitOfWork,
    submission: Submission,
    entry: Entry,
    fields: list[str],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Note a change of one work, with the findings that follow from it."""
    entry.updated_at = now
    uow.session.flush()
    refresh_findings(uow, [entry], now=now)
    note_change(uow, submission, fields, actor=actor, now=now, entry_id=entry.id)


def note_change(
    uow: UnitOfWork,
    submission: Submission,
    fields: list[str],
    *,
    actor: Actor,
    now: dt.datetime,
    entry_id: str | None = None,
) -> None:
    """Put a change into the trail, if the submission was handed in."""
    if submission.state is SubmissionState.DRAFT:
        return  # a draft is its owner's own; the trail begins with what was handed in
    subject = ("entry", entry_id) if entry_id else ("submission", submission.id)
    uow.note(
        "submission.changed", subject, actor=actor, now=now, edition_id=submission.edition_id, fields=fields
    )
