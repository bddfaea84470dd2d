"""Erasing submissions: bytes first, then rows; what stays is a number, and a line in the 파기대장."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import delete, select, update

from contest.domain.actors import SYSTEM, Actor
from contest.domain.errors import Conflict, Missing
from contest.domain.stages import Stage, has_reached
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.consent import Consent
from contest.models.edition import Edition
from contest.models.entry import Entry, FindingRow, PastResult
from contest.models.paper import Paper
from contest.models.person_request import PersonRequest
from contest.models.photo import Photo, PhotoState
from contest.models.submission import Submission, SubmissionState, Upload
from contest.operations.destroy import destroy_bytes, forget_photo, unlink_photo
from contest.operations.destruction import Ledger
from contest.operations.drafts import works_of
from contest.operations.empty_messages import empty_messages
from contest.operations.news import forget_news_of
from contest.operations.notify import Recipient, notify, submission_recipient
from contest.operations.supplements import erase_papers, paper_ids
from contest.operations.uploads import drop_slices
from contest.operations.withdraw import withdraw_works
from contest.queries.editions import get_edition, schedule_of

UNFINISHED = (SubmissionState.DRAFT, SubmissionState.AWAITING_GUARDIAN)
SEALED = (
    "name_sealed", "phone_sealed", "email_sealed", "guardian_name_sealed", "guardian_phone_sealed",
    "members_sealed", "network_sealed",
    "name_key", "phone_key", "person_key", "joined_person_key", "secret_digest", "submit_key",
)  # fmt: skip
WRITTEN = (
    "title", "description", "latitude", "longitude", "dong", "spot_id", "place_words", "place_source",
    "taken_on", "screened_title", "screened_description", "screened_place", "alternative_text", "reply",
    "unfit_note",
)  # fmt: skip


#: The kind of recipient of what is told to somebody whose data are gone; see expire.py for how long it stays.
FAREWELL = "erased"


def may_erase_own(edition: Edition, now: dt.datetime) -> bool:
    """Whether an entrant may still erase everything themselves: until judging begins."""
    opens = schedule_of(edition).judging_opens
    return not has_reached(edition.stage, Stage.JUDGING) and (opens is None or now < opens)


@dataclass(frozen=True)
class Erased:
    """What went with one submission: photographs whose bytes were there, and papers."""

    photos: int
    papers: int


def erase_own(services: Services, submission_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """The entrant erases their submission: withdrawn at once, then photographs, then every row about them.

    A last message to the contact they left says so (A10). Raises Missing, Conflict entry.has_judging_begun.
    """
    with services.database.write() as uow:
        is_draft = _withdraw(uow, submission_id, actor=actor, now=now, has_limit=True)
    _erase(services, submission_id, is_draft=is_draft, rule="request", actor=actor, now=now, is_told=True)


def erase_again(services: Services, submission_id: str, *, now: dt.datetime) -> None:
    """Erase what its owner had erased when a backup from before that was restored. They were told then.

    Raises Missing where nothing of it is there.
    """
    with services.database.write() as uow:
        is_draft = _withdraw(uow, submission_id, actor=SYSTEM, now=now, has_limit=False)
    _erase(services, submission_id, is_draft=is_draft, rule="restored", actor=SYSTEM, now=now, is_told=False)


def _withdraw(
    uow: UnitOfWork, submission_id: str, *, actor: Actor, now: dt.datetime, has_limit: bool
) -> bool:
    """Take everything back before it goes; whether it was never handed in."""
    submission = uow.session.get(Submission, submission_id, with_for_update=True)
    if submission is None or submission.state is SubmissionState.ERASED:
        raise Missing("missing")
    if has_limit and not may_erase_own(get_edition(uow.session, submission.edition_id), now):
        raise Conflict("entry.has_judging_begun")
    if submission.state in UNFINISHED:
        return True
    works = works_of(uow.session, submission_id)
    if works:
        # That everything is erased is told at the end: one event, one message.
        withdraw_works(uow, submission, works, actor=actor, now=now, is_told=False)
    return False


def _erase(
    services: Services,
    submission_id: str,
    *,
    is_draft: bool,
    rule: str,
    actor: Actor,
    now: dt.datetime,
    is_told: bool,
) -> None:
    if is_draft:
        erase_draft(services, submission_id, rule=rule, actor=actor, now=now, is_told=is_told)
        return
    destroy_bytes_of(services, submission_id)
    ledger = Ledger(services.ids)
    with services.database.write() as uow:
        edition_id, recipient = farewell(uow, submission_id)
        forget_news_of(uow, uow.session.get_one(Submission, submission_id).phone_key, rule=rule, now=now)
        erased = erase_person(uow, submission_id, actor=actor, now=now)
        note_erased(uow, ledger, edition_id, erased, rule=rule, now=now)
        ledger.note(uow, "entrant_data", edition_id, count=1, rule=rule, now=now)
        if is_told:
            _say_farewell(uow, recipient, edition_id, now=now)


def farewell(uow: UnitOfWork, submission_id: str) -> tuple[str, Recipient]:
    """The edition, and whom a last message goes to, read before it is forgotten.

    The recipient's kind gives no link: there is nothing to open any more.
    """
    submission = uow.session.get_one(Submission, submission_id)
    return submission.edition_id, replace(submission_recipient(uow, submission), kind=FAREWELL, name="")


def _say_farewell(uow: UnitOfWork, recipient: Recipient, edition_id: str, *, now: dt.datetime) -> None:
    notify(
        uow,
        "A10",
        recipient,
        edition_id=edition_id,
        event="erased",
        facts={"request": "erase", "result": "done", "at": now},
        now=now,
    )


def destroy_bytes_of(services: Services, submission_id: str) -> None:
    """Remove everything a submission stored: originals, renditions, slices, papers. Harmless when repeated."""
    with services.database.read() as session:
        photo_ids = session.scalars(select(Photo.id).where(Photo.submission_id == submission_id)).all()
        uploads = session.scalars(select(Upload.id).where(Upload.submission_id == submission_id)).all()
        asked_later = paper_ids(session, submission_id)
        papers = session.scalars(select(Paper.id).where(Paper.submission_id == submission_id)).all()
    for photo_id in photo_ids:
        destroy_bytes(services, photo_id)
    for upload_id in uploads:
        drop_slices(services, upload_id)
    for key in (*(f"papers/{one}" for one in asked_later), *(f"entry-papers/{one}" for one in papers)):
        services.storage.delete(key)


def note_erased(
    uow: UnitOfWork,
    ledger: Ledger,
    edition_id: str,
    erased: Erased,
    *,
    rule: str,
    now: dt.datetime,
    whose: str = "entrant",
) -> None:
    """The lines of what went with a submission. whose: entrant | winner."""
    ledger.note(uow, f"{whose}_photo", edition_id, count=erased.photos, rule=rule, now=now)
    ledger.note(uow, "paper", edition_id, count=erased.papers, rule=rule, now=now)


def erase_person(uow: UnitOfWork, submission_id: str, *, actor: Actor, now: dt.datetime) -> Erased:
    """Forget who entered and what they wrote; numbers, states and decisions stay. Their bytes are gone before."""
    submission = uow.session.get_one(Submission, submission_id)
    entries = uow.session.scalars(select(Entry).where(Entry.submission_id == submission_id)).all()
    for column in SEALED:
        setattr(submission, column, None)
    for entry in entries:
        for column in WRITTEN:
            setattr(entry, column, None)
    photos = _unlink_photos(uow, submission_id)
    papers = erase_papers(uow, submission_id) + _delete_papers(uow, submission_id)
    ids = [entry.id for entry in entries]
    uow.session.execute(delete(FindingRow).where(FindingRow.entry_id.in_(ids)))
    uow.session.execute(delete(PastResult).where(PastResult.entry_id.in_(ids)))
    uow.session.execute(delete(Consent).where(Consent.submission_id == submission_id))
    uow.session.execute(delete(Upload).where(Upload.submission_id == submission_id))
    about = (PersonRequest.submission_id == submission_id) | (PersonRequest.other_id == submission_id)
    uow.session.execute(update(PersonRequest).where(about).values(reason=None))
    empty_messages(uow, [submission_id, *ids], now)
    submission.state, submission.erased_at, submission.updated_at = SubmissionState.ERASED, now, now
    submission.link_epoch += 1
    uow.note(
        "submission.erased",
        ("submission", submission_id),
        actor=actor,
        now=now,
        edition_id=submission.edition_id,
    )
    return Erased(photos, papers)


def _unlink_photos(uow: UnitOfWork, submission_id: str) -> int:
    photos = uow.session.scalars(select(Photo).where(Photo.submission_id == submission_id)).all()
    kept = sum(photo.state is not PhotoState.ERASED for photo in photos)
    for photo in photos:
        uow.session.execute(update(Entry).where(Entry.photo_id == photo.id).values(photo_id=None))
        unlink_photo(uow, photo)
    return kept


def _delete_papers(uow: UnitOfWork, submission_id: str) -> int:
    gone = delete(Paper).where(Paper.submission_id == submission_id).returning(Paper.id)
    return len(uow.session.scalars(gone).all())


def erase_draft(
    services: Services,
    submission_id: str,
    *,
    rule: str,
    ledger: Ledger | None = None,
    actor: Actor,
    now: dt.datetime,
    is_told: bool = False,
) -> None:
    """Erase an unfinished draft whole: photographs, then every row of it, with its lines in the ledger."""
    destroy_bytes_of(services, submission_id)
    ledger = ledger or Ledger(services.ids)
    with services.database.write() as uow:
        submission = uow.session.get(Submission, submission_id, with_for_update=True)
        if submission is None or submission.state not in UNFINISHED:
            return
        edition_id, recipient = farewell(uow, submission_id)
        # One that has just come stays in storage without a row: the sweep of strays takes it.
        photo_ids = uow.session.scalars(select(Photo.id).where(Photo.submission_id == submission_id)).all()
        entry_ids = uow.session.scalars(select(Entry.id).where(Entry.submission_id == submission_id)).all()
        uow.session.execute(delete(FindingRow).where(FindingRow.entry_id.in_(entry_ids)))
        uow.session.execute(delete(Entry).where(Entry.submission_id == submission_id))
        for photo_id in photo_ids:
            forget_photo(uow, photo_id)
        erased = Erased(len(photo_ids), _delete_papers(uow, submission_id))
        uow.session.execute(delete(Consent).where(Consent.submission_id == submission_id))
        uow.session.execute(delete(Upload).where(Upload.submission_id == submission_id))
        empty_messages(uow, [submission_id, *entry_ids], now)
        uow.session.delete(submission)
        uow.session.flush()
        uow.note(
            "submission.draft_erased",
            ("submission", submission_id),
            actor=actor,
            now=now,
            edition_id=edition_id,
        )
        note_erased(uow, ledger, edition_id, erased, rule=rule, now=now)
        ledger.note(uow, "draft", edition_id, count=1, rule=rule, now=now)
        if is_told:
            _say_farewell(uow, recipient, edition_id, now=now)
