"""What entrants left behind: drafts never handed in, and photographs they replaced or took out."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.actors import SYSTEM
from contest.domain.schedule import later
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.photo import Photo
from contest.models.submission import Submission
from contest.operations.destroy import destroy_bytes, forget_photo
from contest.operations.destruction import Ledger
from contest.operations.erase import UNFINISHED, erase_draft
from contest.queries.editions import rules_of


def due_drafts(session: Session, now: dt.datetime) -> int:
    """How many unfinished drafts are past their period."""
    return sum(len(found) for _, found in _drafts(session, now))


def erase_drafts(services: Services, now: dt.datetime) -> int:
    """Erase every unfinished draft whose period has ended; returns how many."""
    with services.database.read() as session:
        due = _drafts(session, now)
    for _, found in due:
        ledger = Ledger(services.ids)
        for submission_id in found:
            erase_draft(
                services, submission_id, rule="retention.drafts", ledger=ledger, actor=SYSTEM, now=now
            )
    return sum(len(found) for _, found in due)


def _drafts(session: Session, now: dt.datetime) -> list[tuple[str, list[str]]]:
    due = []
    for edition in session.scalars(select(Edition).where(Edition.entry_closes <= now)):
        period = rules_of(edition).retention["drafts"]
        assert edition.entry_closes is not None
        if now < later(edition.entry_closes, period.months, period.days):
            continue
        found = session.scalars(
            select(Submission.id).where(Submission.edition_id == edition.id, Submission.state.in_(UNFINISHED))
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
    ledger = Ledger(services.ids)
    for photo_id in orphans:
        destroy_bytes(services, photo_id)
        with services.database.write() as uow:
            photo = uow.session.get(Photo, photo_id, with_for_update=True)
            if photo and not uow.session.scalar(select(Entry.id).where(Entry.photo_id == photo_id).limit(1)):
                forget_photo(uow, photo_id)
                ledger.note(uow, "replaced_photo", photo.edition_id, count=1, rule="replaced", now=now)
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
