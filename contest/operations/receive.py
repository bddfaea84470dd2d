"""Photographs arrive: their bytes are stored first, outside any transaction, then one row names them."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from sqlalchemy import select

from contest.domain.actors import Actor
from contest.domain.errors import Conflict, Invalid, Missing, TooLarge
from contest.domain.screening import Verdict
from contest.infra.database import lock_pairs
from contest.infra.storage import AlreadyThere
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.photo import Photo, PhotoState
from contest.models.submission import Submission, SubmissionState
from contest.operations.compare import compare_thinned
from contest.operations.destroy import destroy_photo, discard
from contest.operations.drafts import delete_findings, editable, work_of, works_of
from contest.operations.findings import refresh_related
from contest.queries.editions import get_edition, rules_of

_MEGABYTE = 1024 * 1024
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True)
class Stored:
    """A photograph whose bytes are durable and which no row names yet."""

    photo_id: str
    bytes: int
    sha256: str
    suffix: str


def suffix_of(filename: str) -> str:
    """The ending of a given name (".jpg"), or empty; the name itself is not kept."""
    suffix = PurePath(filename.replace("\\", "/")).suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ""


def check_size(size: int, edition: Edition) -> None:
    """Raise Invalid upload.empty or TooLarge upload.too_many_bytes unless a file of so many bytes may come at all."""
    most = rules_of(edition).entry.max_bytes
    if size < 1:
        raise Invalid("upload.empty", field="photo")
    if size > most:
        shown = f"{-(-size * 10 // _MEGABYTE) / 10:g}"
        raise TooLarge("upload.too_many_bytes", field="photo", megabytes=shown, most=most // _MEGABYTE)


def require_size(services: Services, submission_id: str, size: int) -> None:
    """`check_size` for a submission, before anything is stored. Raises Missing too."""
    with services.database.read() as session:
        submission = session.get(Submission, submission_id)
        if submission is None:
            raise Missing("missing")
        check_size(size, get_edition(session, submission.edition_id))


def room_for(uow: UnitOfWork, submission: Submission, edition: Edition, replaces: int | None) -> str | None:
    """The id of the work to get a new picture, or None for a new work. Raises Conflict, Missing."""
    if replaces is not None:
        return work_of(uow.session, submission.id, replaces).id
    if submission.state is not SubmissionState.DRAFT:
        raise Conflict("entry.submitted")
    _place_to_take(uow, works_of(uow.session, submission.id), edition)
    return None


def _place_to_take(uow: UnitOfWork, works: list[Entry], edition: Edition) -> Entry | None:
    """The work whose place a new photograph takes because its own cannot be handed in; None for a new place.

    So a refused photograph uses none of the places a person has. Raises Conflict upload.over_cap.
    """
    for work in works:
        photo = uow.session.get(Photo, work.photo_id) if work.photo_id else None
        if work.verdict == Verdict.UNFIT or (photo is not None and photo.state is PhotoState.REFUSED):
            return work
    cap = rules_of(edition).entry.works_per_person
    if len(works) >= cap:
        raise Conflict("upload.over_cap", cap=cap)
    return None


def receive_photo(services: Services, photo_id: str, pieces: Iterable[bytes], *, suffix: str) -> Stored:
    """Store the bytes of a photograph durably as `originals/<photo id>`; outside any transaction.

    Its SHA-256 is computed as the bytes pass. An earlier try's object is kept and read instead.
    """
    digest, count = hashlib.sha256(), 0

    def passing() -> Iterator[bytes]:
        nonlocal count
        for piece in pieces:
            digest.update(piece)
            count += len(piece)
            yield piece

    key = f"originals/{photo_id}"
    try:
        services.storage.put(key, passing())
    except AlreadyThere:
        digest, count = hashlib.sha256(), 0
        for piece in services.storage.stream(key):
            digest.update(piece)
            count += len(piece)
    return Stored(photo_id, count, digest.hexdigest(), suffix)


def receive_whole(
    services: Services,
    submission_id: str,
    pieces: Iterable[bytes],
    *,
    filename: str,
    replaces: int | None,
    actor: Actor,
    now: dt.datetime,
) -> str:
    """A photograph posted whole, by a browser without script; returns its id. The caller caps its bytes."""
    with services.database.write() as uow:
        submission, edition = editable(uow, submission_id, now)
        entry_id = room_for(uow, submission, edition, replaces)
    stored = receive_photo(services, services.ids.token(), pieces, suffix=suffix_of(filename))
    try:
        check_size(stored.bytes, edition)
    except Invalid:
        discard(services, stored.photo_id)
        raise
    replaced = attach_or_discard(services, submission_id, stored, entry_id, actor=actor, now=now)
    if replaced:
        destroy_photo(services, replaced)
    return stored.photo_id


def attach_or_discard(
    services: Services,
    submission_id: str,
    stored: Stored,
    entry_id: str | None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> str | None:
    """`attach_photo` in a transaction of its own; the bytes go where it is refused."""
    try:
        with services.database.write() as uow:
            return attach_photo(uow, submission_id, stored, entry_id=entry_id, actor=actor, now=now)
    except (Conflict, Missing):
        discard(services, stored.photo_id)
        raise


def attach_photo(
    uow: UnitOfWork,
    submission_id: str,
    stored: Stored,
    *,
    entry_id: str | None = None,
    actor: Actor,
    now: dt.datetime,
) -> str | None:
    """Name a stored photograph: a new work, or the new picture of `entry_id`; its examination is rung for.

    A new work takes the place of one whose photograph was refused, if there is one.

    Returns the id of the photograph it replaced, if any. Raises Conflict upload.over_cap, Missing, and what
    `editable` raises. Harmless when the photograph already has its row.
    """
    _, edition = editable(uow, submission_id, now)
    if uow.session.get(Photo, stored.photo_id) is not None:
        return None
    lock_pairs(uow.session)  # before the works: comparisons hold rows in this order
    works = works_of(uow.session, submission_id)
    if entry_id is None and (refused := _place_to_take(uow, works, edition)):
        entry_id = refused.id
    uow.session.add(
        Photo(
            id=stored.photo_id, edition_id=edition.id, submission_id=submission_id, state=PhotoState.WAITING,
            sha256=stored.sha256, bytes=stored.bytes, suffix=stored.suffix, stored_at=now, attempts=0, facts={},
        )
    )  # fmt: skip
    uow.session.flush()
    replaced = None
    if entry_id is None:
        taken = set(uow.session.scalars(select(Entry.ordinal).where(Entry.submission_id == submission_id)))
        ordinal = next(n for n in range(1, len(taken) + 2) if n not in taken)
        entry = Entry(
            id=uow.ids.token(), edition_id=edition.id, submission_id=submission_id, photo_id=stored.photo_id,
            ordinal=ordinal, state=EntryState.DRAFT, created_at=now, updated_at=now,
        )  # fmt: skip
        uow.session.add(entry)
    else:
        entry = next((work for work in works if work.id == entry_id), None)  # type: ignore[assignment]  # checked below
        if entry is None:
            raise Missing("missing")
        replaced, entry.photo_id = entry.photo_id, stored.photo_id
        entry.verdict, entry.updated_at = None, now
        delete_findings(uow.session, entry.id)
    uow.session.flush()
    if replaced is not None:
        compare_thinned(uow, [replaced])
        refresh_related(uow, [entry], lost=[replaced], now=now)
    uow.note(
        "photo.attached",
        ("entry", entry.id),
        actor=actor,
        now=now,
        edition_id=edition.id,
        photo=stored.photo_id,
        sha256=stored.sha256,
        replaced=replaced,
    )
    uow.ring("examine", photo_id=stored.photo_id)
    return replaced
