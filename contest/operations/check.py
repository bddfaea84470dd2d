"""Whether everything stored agrees: rules that hold at every moment, asked of a running contest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from contest.domain.consents import ConsentKind, missing
from contest.infra.migrations import missing_guards
from contest.infra.registry import Check, Fault
from contest.infra.storage import NotThere
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.consent import Consent
from contest.models.entry import STANDING, Entry, EntryState
from contest.models.library import LibraryCollection, LibraryPicture
from contest.models.outbox import Destruction
from contest.models.paper import Paper
from contest.models.photo import Photo, PhotoState, Rendition
from contest.models.submission import Submission, SubmissionState
from contest.models.supplement import Supplement, SupplementFile
from contest.operations.audit import broken_link

#: Made at the examination of every photograph that is found sound.
RENDITIONS = ("judge", "preview", "thumb")


def find_faults(services: Services, *, hashes: bool) -> list[Fault]:
    """Everything that does not agree, of every package; empty if all is well. Changes nothing.

    hashes: originals and renditions are read whole and compared with their SHA-256, not only measured.
    """
    return [fault for check in services.registry.checks for fault in check(services, hashes)]


def check_database(services: Services, hashes: bool) -> Iterator[Fault]:
    """The file is whole, no row is without its parent, and append-only tables are guarded."""
    del hashes
    with services.database.read() as session:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            found = connection.execute(text("PRAGMA integrity_check")).scalars().all()
            orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
            if found != ["ok"]:
                yield Fault("check.database", {"detail": found[0]})
            for table in sorted({str(row[0]) for row in orphans}):
                yield Fault("check.database", {"detail": f"foreign_key_check {table}"})
        for table in missing_guards(connection):
            yield Fault("check.guard", {"table": table})


def check_trail(services: Services, hashes: bool) -> Iterator[Fault]:
    """The chain is whole, and each receipt number was given by exactly one act."""
    del hashes
    with services.database.read() as session:
        broken = broken_link(session)
        if broken is not None:
            yield Fault("check.trail", {"seq": broken})
        acts = func.count(AuditRow.seq)
        told = (
            select(Submission.receipt_number, acts)
            .outerjoin(
                AuditRow,
                (AuditRow.subject_id == Submission.id) & (AuditRow.action == "submission.submitted"),
            )
            .where(Submission.receipt_number.is_not(None))
            .group_by(Submission.id)
            .having(acts != 1)
            .order_by(Submission.receipt_number)
        )
        for receipt, count in session.execute(told):
            yield Fault("check.untold", {"receipt": receipt, "count": count})


def check_submissions(services: Services, hashes: bool) -> Iterator[Fault]:
    """Whoever handed in agreed to all that is needed and has works, each with its photograph."""
    del hashes
    with services.database.read() as session:
        given: dict[str, set[ConsentKind]] = {}
        for submission_id, kind in session.execute(select(Consent.submission_id, Consent.kind)):
            given.setdefault(submission_id, set()).add(ConsentKind(kind))
        works: dict[str, list[Entry]] = {}
        for entry in session.scalars(select(Entry).where(Entry.state != EntryState.DRAFT)):
            works.setdefault(entry.submission_id, []).append(entry)
        ended = set(session.scalars(select(Destruction.edition_id).where(Destruction.kind == "losing_photo")))
        submitted = session.scalars(
            select(Submission)
            .where(Submission.state == SubmissionState.SUBMITTED)
            .order_by(Submission.receipt_number)
        )
        for submission in submitted:
            mine = works.get(submission.id, [])
            lacking = missing(
                frozenset(given.get(submission.id, ())),
                is_under_14=submission.age_band == "child",
                shows_people=any(entry.portrait == "consented" for entry in mine),
            )
            receipt = submission.receipt_number
            if lacking:
                kinds = ", ".join(kind.value for kind in lacking)
                yield Fault("check.consents", {"receipt": receipt, "kinds": kinds})
            if not mine:
                yield Fault("check.no_works", {"receipt": receipt})
            for entry in mine:
                # After the announcement losing photographs are destroyed; the register of it says so.
                if entry.photo_id is None and entry.state in STANDING and entry.edition_id not in ended:
                    yield Fault("check.no_photo", {"number": entry.entry_number})


def check_photographs(services: Services, hashes: bool) -> Iterator[Fault]:
    """Every work's original is there as it came, and every picture made from it."""
    for number, photo, renditions in _held(services):
        fault = _original_fault(services, number, photo, hashes=hashes)
        if fault is not None:
            yield fault
        if photo.state is not PhotoState.CHECKED:
            continue
        for kind in sorted({*RENDITIONS} - {rendition.kind for rendition in renditions}):
            yield Fault("check.rendition_missing", {"number": number, "kind": kind})
        for rendition in renditions:
            stored = _measure(services, f"renditions/{rendition.id}", hashes=hashes)
            facts = {"number": number, "kind": rendition.kind}
            if stored is None:
                yield Fault("check.rendition_missing", facts)
            elif stored != (rendition.bytes, rendition.sha256 if hashes else ""):
                yield Fault("check.rendition_differs", facts)


def _original_fault(services: Services, number: str, photo: Photo, *, hashes: bool) -> Fault | None:
    stored = _measure(services, f"originals/{photo.id}", hashes=hashes)
    if stored is None:
        return Fault("check.original_gone", {"number": number, "photo": photo.id})
    if stored[0] != photo.bytes:
        return Fault("check.original_size", {"number": number, "stored": stored[0], "bytes": photo.bytes})
    if hashes and stored[1] != photo.sha256:
        return Fault("check.original_differs", {"number": number, "photo": photo.id})
    return None


def _held(services: Services) -> list[tuple[str, Photo, list[Rendition]]]:
    """Photographs that a work holds, whose bytes should be there, by the work's number (or id)."""
    with services.database.read() as session:
        renditions: dict[str, list[Rendition]] = {}
        for rendition in session.scalars(select(Rendition).order_by(Rendition.kind)):
            renditions.setdefault(rendition.photo_id, []).append(rendition)
        rows = _works_with_photographs(session)
    return [(number or entry_id, photo, renditions.get(photo.id, [])) for number, entry_id, photo in rows]


def _works_with_photographs(session: Session) -> list[tuple[str | None, str, Photo]]:
    rows = session.execute(
        select(Entry.entry_number, Entry.id, Photo)
        .join(Photo, Photo.id == Entry.photo_id)
        .where(Photo.state != PhotoState.ERASED, Entry.state != EntryState.WITHDRAWN)
        .order_by(Entry.entry_number, Entry.id)
    )
    return [(number, entry_id, photo) for number, entry_id, photo in rows]


def _measure(services: Services, key: str, *, hashes: bool) -> tuple[int, str] | None:
    """(bytes, SHA-256 or empty) of an object; None where there is none."""
    try:
        if not hashes:
            return services.storage.size(key), ""
        digest, count = hashlib.sha256(), 0
        for piece in services.storage.stream(key):
            digest.update(piece)
            count += len(piece)
    except NotThere:
        return None
    return count, digest.hexdigest()


def check_papers(services: Services, hashes: bool) -> Iterator[Fault]:
    """Every paper handed in, with the entry or when asked for later, is there as it came."""
    with services.database.read() as session:
        entry_papers = session.execute(
            select(Submission.receipt_number, Paper.id, Paper.bytes, Paper.sha256)
            .join(Submission, Submission.id == Paper.submission_id)
            .order_by(Submission.receipt_number, Paper.id)
        ).all()
        later_papers = session.execute(
            select(Submission.receipt_number, SupplementFile.id, SupplementFile.bytes, SupplementFile.sha256)
            .join(Supplement, Supplement.id == SupplementFile.supplement_id)
            .join(Submission, Submission.id == Supplement.submission_id)
            .order_by(Submission.receipt_number, SupplementFile.id)
        ).all()
    for folder, rows in (("entry-papers", entry_papers), ("papers", later_papers)):
        for receipt, paper_id, count, digest in rows:
            stored = _measure(services, f"{folder}/{paper_id}", hashes=hashes)
            facts = {"receipt": receipt or "", "paper": f"{folder}/{paper_id}"}
            if stored is None:
                yield Fault("check.paper_gone", facts)
            elif stored != (count, digest if hashes else ""):
                yield Fault("check.paper_differs", facts)


def check_library(services: Services, hashes: bool) -> Iterator[Fault]:
    """The small picture of every winner of another contest is there as it was made."""
    with services.database.read() as session:
        rows = session.execute(
            select(
                LibraryCollection.title, LibraryCollection.year, LibraryPicture.number, Rendition.id,
                Rendition.bytes, Rendition.sha256,
            )
            .join(LibraryCollection, LibraryCollection.id == LibraryPicture.collection_id)
            .outerjoin(Rendition, Rendition.photo_id == LibraryPicture.photo_id)
            .order_by(LibraryCollection.year, LibraryCollection.title, LibraryPicture.number)
        ).all()  # fmt: skip
    for title, year, number, rendition_id, count, digest in rows:
        stored = _measure(services, f"renditions/{rendition_id}", hashes=hashes) if rendition_id else None
        facts = {"collection": title, "year": year, "number": number}
        if stored is None:
            yield Fault("check.library_gone", facts)
        elif stored != (count, digest if hashes else ""):
            yield Fault("check.library_differs", facts)


CHECKS: tuple[Check, ...] = (
    check_database,
    check_trail,
    check_submissions,
    check_photographs,
    check_papers,
    check_library,
)
