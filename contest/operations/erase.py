"""Erasing submissions: bytes first, then rows; what stays is a number, and a line in the 파기대장."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from contest.domain.actors import SYSTEM, Actor
from contest.domain.errors import Conflict, Missing
from contest.domain.stages import Stage, has_reached
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.consent import Consent
from contest.models.edition import Edition
from contest.models.entry import Entry, FindingRow, PastResult
from contest.models.outbox import Destruction, Message
from contest.models.photo import Photo
from contest.models.submission import Submission, SubmissionState, Upload
from contest.operations.destroy import destroy_bytes, destroy_entry_papers, forget_photo, unlink_photo
from contest.operations.drafts import works_of
from contest.operations.supplements import erase_papers, paper_ids
from contest.operations.uploads import drop_slices
from contest.operations.withdraw import withdraw_works
from contest.queries.editions import get_edition, rules_of, schedule_of

_UNFINISHED = (SubmissionState.DRAFT, SubmissionState.AWAITING_GUARDIAN)
_SEALED = (
    "name_sealed", "phone_sealed", "email_sealed", "guardian_name_sealed", "guardian_phone_sealed",
    "members_sealed", "network_sealed",
    "name_key", "phone_key", "person_key", "joined_person_key", "secret_digest", "submit_key",
)  # fmt: skip
_WRITTEN = (
    "title", "description", "latitude", "longitude", "dong", "spot_id", "place_words", "place_source",
    "taken_on", "screened_title", "screened_description", "screened_place", "alternative_text", "reply",
    "unfit_note",
)  # fmt: skip


def may_erase_own(edition: Edition, now: dt.datetime) -> bool:
    """Whether an entrant may still erase everything themselves: until judging begins."""
    opens = schedule_of(edition).judging_opens
    return not has_reached(edition.stage, Stage.JUDGING) and (opens is None or now < opens)


def erase_own(services: Services, submission_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """The entrant erases their submission: withdrawn at once, then photographs, then every row about them.

    Raises Missing, Conflict entry.has_judging_begun.
    """
    with services.database.write() as uow:
        submission = uow.session.get(Submission, submission_id, with_for_update=True)
        if submission is None or submission.state is SubmissionState.ERASED:
            raise Missing("missing")
        edition = get_edition(uow.session, submission.edition_id)
        if not may_erase_own(edition, now):
            raise Conflict("entry.has_judging_begun")
        is_draft = submission.state in _UNFINISHED
        works = works_of(uow.session, submission_id)
        if works and not is_draft:
            withdraw_works(uow, submission, works, actor=actor, now=now)
    if is_draft:
        erase_draft(services, submission_id, actor=actor, now=now)
        return
    photo_ids = _destroy_photos_of(services, submission_id)
    with services.database.write() as uow:
        for photo_id in photo_ids:
            _unlink(uow, photo_id)
        erase_person(uow, submission_id, actor=actor, now=now)


def _destroy_photos_of(services: Services, submission_id: str) -> list[str]:
    with services.database.read() as session:
        photo_ids = list(session.scalars(select(Photo.id).where(Photo.submission_id == submission_id)))
        uploads = session.scalars(select(Upload.id).where(Upload.submission_id == submission_id)).all()
    for photo_id in photo_ids:
        destroy_bytes(services, photo_id)
    for upload_id in uploads:
        drop_slices(services, upload_id)
    destroy_papers(services, submission_id)
    destroy_entry_papers(services, submission_id)
    return photo_ids


def destroy_papers(services: Services, submission_id: str) -> int:
    """Remove the bytes of papers handed in later, and say of how many; their rows go with the person."""
    with services.database.read() as session:
        papers = paper_ids(session, submission_id)
    for paper_id in papers:
        services.storage.delete(f"papers/{paper_id}")
    return len(papers)


def _unlink(uow: UnitOfWork, photo_id: str) -> None:
    uow.session.execute(update(Entry).where(Entry.photo_id == photo_id).values(photo_id=None))
    photo = uow.session.get(Photo, photo_id)
    if photo is not None:
        unlink_photo(uow, photo)


def erase_person(uow: UnitOfWork, submission_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Forget who entered and what they wrote; numbers, states and decisions stay. Photographs are gone before."""
    submission = uow.session.get_one(Submission, submission_id)
    entries = uow.session.scalars(select(Entry).where(Entry.submission_id == submission_id)).all()
    for column in _SEALED:
        setattr(submission, column, None)
    for entry in entries:
        for column in _WRITTEN:
            setattr(entry, column, None)
    erase_papers(uow, submission_id)
    ids = [entry.id for entry in entries]
    uow.session.execute(delete(FindingRow).where(FindingRow.entry_id.in_(ids)))
    uow.session.execute(delete(PastResult).where(PastResult.entry_id.in_(ids)))
    uow.session.execute(delete(Consent).where(Consent.submission_id == submission_id))
    uow.session.execute(delete(Upload).where(Upload.submission_id == submission_id))
    uow.session.execute(
        update(Message)
        .where(Message.subject_id.in_([submission_id, *ids]))
        .values(to_sealed=None, title_sealed=None, body_sealed=None)
    )
    uow.session.execute(
        update(Message)
        .where(
            Message.subject_id.in_([submission_id, *ids]),
            Message.sent_at.is_(None),
            Message.voided_at.is_(None),
        )
        .values(voided_at=now)
    )
    submission.state, submission.erased_at, submission.updated_at = SubmissionState.ERASED, now, now
    submission.link_epoch += 1
    uow.note(
        "submission.erased",
        ("submission", submission_id),
        actor=actor,
        now=now,
        edition_id=submission.edition_id,
    )


def erase_draft(services: Services, submission_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Erase an unfinished draft whole: photographs, then every row of it."""
    photo_ids = _destroy_photos_of(services, submission_id)
    with services.database.write() as uow:
        submission = uow.session.get(Submission, submission_id, with_for_update=True)
        if submission is None or submission.state not in _UNFINISHED:
            return
        entry_ids = uow.session.scalars(select(Entry.id).where(Entry.submission_id == submission_id)).all()
        uow.session.execute(delete(FindingRow).where(FindingRow.entry_id.in_(entry_ids)))
        uow.session.execute(delete(Entry).where(Entry.submission_id == submission_id))
        for photo_id in photo_ids:
            forget_photo(uow, photo_id)
        uow.session.execute(delete(Consent).where(Consent.submission_id == submission_id))
        uow.session.execute(delete(Upload).where(Upload.submission_id == submission_id))
        uow.session.execute(
            update(Message)
            .where(Message.subject_id == submission_id)
            .values(to_sealed=None, title_sealed=None, body_sealed=None)
        )
        edition_id = submission.edition_id
        uow.session.delete(submission)
        uow.note(
            "submission.draft_erased",
            ("submission", submission_id),
            actor=actor,
            now=now,
            edition_id=edition_id,
        )


def due_drafts(session: Session, now: dt.datetime) -> int:
    """How many unfinished drafts are past their period."""
    return sum(len(found) for _, found in _drafts(session, now))


def erase_drafts(services: Services, now: dt.datetime) -> int:
    """Erase every unfinished draft whose period has ended; returns how many."""
    with services.database.read() as session:
        due = _drafts(session, now)
    for edition_id, found in due:
        for submission_id in found:
            erase_draft(services, submission_id, actor=SYSTEM, now=now)
        record_destruction(services, "draft", edition_id, count=len(found), rule="retention.drafts", now=now)
    return sum(len(found) for _, found in due)


def _drafts(session: Session, now: dt.datetime) -> list[tuple[str, list[str]]]:
    due = []
    for edition in session.scalars(select(Edition).where(Edition.entry_closes <= now)):
        period = rules_of(edition).retention["drafts"]
        assert edition.entry_closes is not None
        if now < later(edition.entry_closes, period.months, period.days):
            continue
        found = session.scalars(
            select(Submission.id).where(
                Submission.edition_id == edition.id, Submission.state.in_(_UNFINISHED)
            )
        ).all()
        if found:
            due.append((edition.id, list(found)))
    return due


def due_orphans(session: Session, now: dt.datetime) -> int:
    """How many replaced photographs are left over."""
    return len(_orphans(session, now))


def destroy_orphans(services: Services, now: dt.datetime) -> int:
    """Destroy photographs that no work holds any more, left over where a process was ended in between."""
    with services.database.read() as session:
        orphans = _orphans(session, now)
    for photo_id in orphans:
        destroy_bytes(services, photo_id)
        with services.database.write() as uow:
            if not uow.session.scalar(select(Entry.id).where(Entry.photo_id == photo_id).limit(1)):
                forget_photo(uow, photo_id)
    return len(orphans)


def _orphans(session: Session, now: dt.datetime) -> list[str]:
    return list(
        session.scalars(
            select(Photo.id)
            .outerjoin(Entry, Entry.photo_id == Photo.id)
            .where(
                Entry.id.is_(None),
                Photo.submission_id.is_not(None),
                Photo.stored_at <= now - dt.timedelta(days=1),
            )
        )
    )


def record_destruction(
    services: Services, kind: str, edition_id: str | None, *, count: int, rule: str, now: dt.datetime
) -> None:
    """`note_destruction` in a transaction of its own."""
    with services.database.write() as uow:
        note_destruction(uow, kind, edition_id, count=count, rule=rule, now=now)


def note_destruction(
    uow: UnitOfWork, kind: str, edition_id: str | None, *, count: int, rule: str, now: dt.datetime
) -> None:
    """A line in the 파기대장 and its act: what, how many, by which rule; never whose."""
    uow.session.add(
        Destruction(id=uow.ids.token(), edition_id=edition_id, kind=kind, count=count, rule=rule, done_at=now)
    )
    uow.note(
        "data.destroyed",
        ("edition", edition_id),
        actor=SYSTEM,
        now=now,
        edition_id=edition_id,
        kind=kind,
        count=count,
    )


def later(instant: dt.datetime, months: int, days: int) -> dt.datetime:
    """An instant some months and days later; the last day of a month where it has no such day."""
    month = instant.month - 1 + months
    year, month = instant.year + month // 12, month % 12 + 1
    day = instant.day
    while True:
        try:
            return instant.replace(year=year, month=month, day=day) + dt.timedelta(days=days)
        except ValueError:
            day -= 1
