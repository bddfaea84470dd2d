"""Uploads in slices: each is durable before it is acknowledged, and the whole may be finished again and again.

Bytes first, rows second. A slice is a create-only object `uploads/<id>/<offset>`; the whole becomes
`originals/<photo id>`, whose id the upload carries from its beginning, so that every step may be repeated.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from contest.domain.actors import Actor
from contest.domain.eligibility import is_in_time
from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.korean import instant_text
from contest.infra.storage import AlreadyThere
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.photo import Photo
from contest.models.submission import Submission, Upload
from contest.operations.destroy import destroy_photo, discard
from contest.operations.drafts import delete_findings, editable
from contest.operations.receive import attach_or_discard, check_size, receive_photo, room_for, suffix_of
from contest.queries.editions import get_edition, rules_of, schedule_of

SLICE = 1024 * 1024
#: How long an unfinished upload is kept, in wall time.
LIFETIME = dt.timedelta(hours=24)
#: Uploads that a submission may leave unfinished besides one for each work: broken lines, second thoughts.
MOST_SPARE = 3
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Progress:
    """How far an upload is: bytes received of size; photo_id once the photograph is a row of ours."""

    upload_id: str
    size: int
    received: int
    photo_id: str | None = None


def begin_upload(
    uow: UnitOfWork,
    submission_id: str,
    *,
    size: int,
    filename: str,
    client_sha256: str = "",
    replaces: int | None = None,
    now: dt.datetime,
    wall: dt.datetime,
) -> Progress:
    """Make room for a photograph of `size` bytes. replaces: the place of the work whose picture it takes.

    The same file, told by its digest, goes on where an earlier try broke off, be it in another tab or device.

    Raises Invalid upload.empty, TooLarge upload.too_many_bytes, Conflict upload.over_cap, and what `editable` raises.
    """
    submission, edition = editable(uow, submission_id, now)
    closes = schedule_of(edition).entry_closes
    if closes is not None and now >= closes:  # the grace is for uploads begun before
        raise Conflict("entry.closed", closes=instant_text(closes))
    check_size(size, edition)
    entry_id = room_for(uow, submission, edition, replaces)
    for held in unfinished(uow.session, submission_id, wall) if client_sha256 else ():
        if (held.client_sha256, held.size, held.replaces_entry_id) == (client_sha256, size, entry_id):
            return Progress(held.id, size, held.received)
    upload = Upload(
        id=uow.ids.token(), submission_id=submission_id, size=size, received=0, suffix=suffix_of(filename),
        client_sha256=client_sha256 if _SHA256.fullmatch(client_sha256) else None, replaces_entry_id=entry_id,
        photo_id=uow.ids.token(), begun_at=now, expires_at=wall + LIFETIME,
    )  # fmt: skip
    uow.session.add(upload)
    return Progress(upload.id, size, 0)


def unfinished(session: Session, submission_id: str, wall: dt.datetime) -> Sequence[Upload]:
    """The uploads of a submission that broke off after some of their bytes had come, the latest first."""
    return session.scalars(
        select(Upload)
        .outerjoin(Photo, Photo.id == Upload.photo_id)
        .where(
            Upload.submission_id == submission_id,
            Upload.expires_at > wall,
            Upload.received > 0,
            Photo.id.is_(None),
        )
        .order_by(Upload.begun_at.desc())
    ).all()


def read_progress(services: Services, upload_id: str, submission_ids: Iterable[str]) -> Progress:
    """Where an upload of one of these submissions stands. Raises Missing for anybody else's, or given up."""
    with services.database.read() as session:
        upload = session.get(Upload, upload_id)
        if (
            upload is None
            or upload.submission_id not in set(submission_ids)
            or upload.expires_at <= services.clock.wall()
        ):
            raise Missing("missing")
        is_attached = upload.photo_id is not None and session.get(Photo, upload.photo_id) is not None
        return Progress(upload.id, upload.size, upload.received, upload.photo_id if is_attached else None)


def append_slice(
    services: Services, upload_id: str, offset: int, data: bytes, *, now: dt.datetime
) -> Progress:
    """Keep a slice: the object is durable before the row says so. A repeated slice changes nothing.

    Whoever calls has checked whose upload it is. Returns the true progress, whatever `offset` was; the caller
    tells it where that is not what the sender thought. Raises Invalid upload.slice, upload.differs,
    Conflict entry.closed past the deadline and its grace, Missing.
    """
    with services.database.read() as session:
        upload = session.get(Upload, upload_id)
        if upload is None:
            raise Missing("missing")
        submission = session.get_one(Submission, upload.submission_id)
        edition = get_edition(session, submission.edition_id)
    _require_time(edition, upload.begun_at, now)
    if offset != upload.received:
        return Progress(upload.id, upload.size, upload.received)
    if not 0 < len(data) <= SLICE or offset + len(data) > upload.size:
        raise Invalid("upload.slice", field="photo")
    received = offset + _keep_slice(services, f"uploads/{upload_id}/{offset}", data)
    with services.database.write() as uow:
        uow.session.execute(
            update(Upload)
            .where(Upload.id == upload_id, Upload.received == offset)
            .values(received=min(received, upload.size))
        )
        received = uow.session.scalar(select(Upload.received).where(Upload.id == upload_id)) or 0
    return Progress(upload_id, upload.size, received)


def _require_time(edition: Edition, begun_at: dt.datetime, now: dt.datetime) -> None:
    closes = schedule_of(edition).entry_closes
    if closes is None or not is_in_time(now, closes, rules_of(edition).entry.grace_minutes, begun_at):
        raise Conflict("entry.closed", closes=instant_text(closes) if closes else "")


def _keep_slice(services: Services, key: str, data: bytes) -> int:
    """Store a slice and return its bytes; those of the one already there if an earlier try got so far."""
    try:
        return services.storage.put(key, data)
    except AlreadyThere:
        there = services.storage.get(key)
    common = min(len(there), len(data))
    if there[:common] != data[:common]:
        raise Invalid("upload.differs", field="photo")
    return len(there)


def finish_upload(services: Services, upload_id: str, *, actor: Actor, now: dt.datetime) -> str:
    """Make one photograph of a whole upload and attach it; returns its id. May be called again and again.

    Raises Conflict where the submission may no longer be changed, Invalid upload.damaged.
    """
    with services.database.read() as session:
        upload = session.get(Upload, upload_id)
        if upload is None or upload.photo_id is None or upload.received < upload.size:
            raise Missing("missing")
        if session.get(Photo, upload.photo_id) is not None:
            return upload.photo_id
        edition = get_edition(session, session.get_one(Submission, upload.submission_id).edition_id)
    _require_time(edition, upload.begun_at, now)
    stored = receive_photo(services, upload.photo_id, _slices(services, upload), suffix=upload.suffix)
    if upload.client_sha256 and upload.client_sha256 != stored.sha256:
        discard(services, stored.photo_id)
        drop_slices(services, upload_id)
        raise Invalid("upload.damaged", field="photo")
    replaced = attach_or_discard(
        services, upload.submission_id, stored, upload.replaces_entry_id, actor=actor, now=now
    )
    drop_slices(services, upload_id)
    if replaced:
        destroy_photo(services, replaced)
    return stored.photo_id


def _slices(services: Services, upload: Upload) -> Iterator[bytes]:
    offset = 0
    while offset < upload.size:
        key = f"uploads/{upload.id}/{offset}"
        for piece in services.storage.stream(key):
            yield piece
            offset += len(piece)


def cancel_upload(services: Services, upload_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take an upload back: its slices, and the work it became unless that was handed in already."""
    with services.database.read() as session:
        upload = session.get_one(Upload, upload_id)
    photo_id = None
    with services.database.write() as uow:
        entry = uow.session.scalars(
            select(Entry).where(Entry.photo_id == upload.photo_id, Entry.state == EntryState.DRAFT)
        ).one_or_none()
        if entry is not None:
            submission, _ = editable(uow, upload.submission_id, now)
            photo_id = entry.photo_id
            delete_findings(uow.session, entry.id)
            uow.session.delete(entry)
            uow.session.flush()
            uow.note(
                "photo.taken_back",
                ("submission", submission.id),
                actor=actor,
                now=now,
                edition_id=submission.edition_id,
            )
        uow.session.execute(
            update(Upload).where(Upload.id == upload_id).values(expires_at=services.clock.wall())
        )
    drop_slices(services, upload_id)
    if photo_id:
        destroy_photo(services, photo_id)


def give_up_oldest(services: Services, submission_id: str) -> None:
    """Before another upload begins: give up the oldest unfinished ones, so that a draft fills no disk."""
    wall = services.clock.wall()
    with services.database.write() as uow:
        submission = uow.session.get_one(Submission, submission_id)
        most = rules_of(get_edition(uow.session, submission.edition_id)).entry.works_per_person + MOST_SPARE
        old = uow.session.scalars(
            select(Upload.id)
            .outerjoin(Photo, Photo.id == Upload.photo_id)
            .where(Upload.submission_id == submission_id, Upload.expires_at > wall, Photo.id.is_(None))
            .order_by(Upload.begun_at.desc())
            .offset(most - 1)
        ).all()
        # The rows stay for the sweep: a slice that is just arriving is found by them.
        uow.session.execute(update(Upload).where(Upload.id.in_(old)).values(expires_at=wall))
    for upload_id in old:
        drop_slices(services, upload_id)


def drop_slices(services: Services, upload_id: str) -> None:
    """Remove the slices of an upload."""
    for key in list(services.storage.list(f"uploads/{upload_id}/")):
        services.storage.delete(key)


def sweep_uploads(services: Services, now: dt.datetime) -> None:
    """Drop what is too old: slices, and a whole that no row names."""
    del now
    wall = services.clock.wall()
    with services.database.read() as session:
        old = session.execute(
            select(Upload.id, Upload.photo_id).where(Upload.expires_at <= wall).limit(200)
        ).all()
        named = set(session.scalars(select(Photo.id).where(Photo.id.in_([row.photo_id for row in old]))))
    for upload_id, photo_id in old:
        drop_slices(services, upload_id)
        if photo_id and photo_id not in named:
            discard(services, photo_id)
        with services.database.write() as uow:
            upload = uow.session.get(Upload, upload_id)
            if upload is not None:
                uow.session.delete(upload)
