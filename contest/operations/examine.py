"""The examination of one photograph: looked at in a child process, then everything learnt in one transaction.

The row is the truth: waiting, until checked, refused, or parked after three attempts for a person to look at.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.actors import SYSTEM
from contest.domain.check_version import CHECK_VERSION
from contest.domain.photo_facts import PhotoFacts
from contest.domain.place import find_dong, place
from contest.infra.boundaries import load_district
from contest.infra.imaging.client import ImagingUnavailable
from contest.infra.imaging.results import HEIC_MEGAPIXELS, Inspection, Limits
from contest.infra.imaging.results import Rendition as Picture
from contest.infra.storage import StorageError
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.entry import Entry, EntryState
from contest.models.photo import Photo, PhotoState, Rendition
from contest.operations.compare import remember
from contest.operations.findings import refresh_findings
from contest.operations.hand_marks import keep_marks
from contest.queries.editions import get_edition, rules_of

ATTEMPTS = 3
#: How long after its storing a photograph that still waits is rung for again.
PATIENCE = dt.timedelta(minutes=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """A rendition whose bytes are stored and which no row names yet."""

    id: str
    kind: str
    sha256: str
    bytes: int
    width: int
    height: int


def examine_photo(services: Services, photo_id: str) -> None:
    """Examine a photograph that waits; nothing happens for any other. Trouble leaves it waiting or parks it."""
    now = services.clock.now()
    with services.database.write() as uow:
        photo = uow.session.get(Photo, photo_id, with_for_update=True)
        if photo is None or photo.state is not PhotoState.WAITING:
            return
        photo.attempts += 1
        suffix, is_last = photo.suffix, photo.attempts >= ATTEMPTS
        limits = limits_of(uow.session, photo)
    try:
        seen = services.imaging.inspect(
            original_of(services, photo_id), filename_suffix=suffix, limits=limits
        )
        made = [_store(services, kind, picture) for kind, picture in sorted(seen.renditions.items())]
    except (ImagingUnavailable, StorageError, OSError):
        log.exception("photograph %s could not be examined", photo_id)
        if is_last:
            _park(services, photo_id, now)
        return
    with services.database.write() as uow:
        unused = _learn(uow, photo_id, seen, made, now=now)
    for rendition_id in unused:
        services.storage.delete(f"renditions/{rendition_id}")


def limits_of(session: Session, photo: Photo) -> Limits:
    """HEIC is decoded where the edition takes it, and nowhere else."""
    assert photo.edition_id is not None  # the library's are examined elsewhere
    takes_heic = rules_of(get_edition(session, photo.edition_id)).entry.heic
    return Limits(heic_megapixels=HEIC_MEGAPIXELS if takes_heic else 0)


def original_of(services: Services, photo_id: str) -> bytes | Path:
    """An original as its path where the storage is a folder, else its bytes."""
    key = f"originals/{photo_id}"
    return services.storage.local_path(key) or services.storage.get(key)


def _store(services: Services, kind: str, picture: Picture) -> Made:
    rendition_id = services.ids.token()
    services.storage.put(f"renditions/{rendition_id}", picture.data)
    digest = hashlib.sha256(picture.data).hexdigest()
    return Made(rendition_id, kind, digest, len(picture.data), picture.width, picture.height)


def _park(services: Services, photo_id: str, now: dt.datetime) -> None:
    with services.database.write() as uow:
        photo = uow.session.get(Photo, photo_id, with_for_update=True)
        if photo is not None and photo.state is PhotoState.WAITING:
            photo.state = PhotoState.PARKED
            uow.note("photo.parked", ("photo", photo_id), actor=SYSTEM, now=now, edition_id=photo.edition_id)


def _learn(
    uow: UnitOfWork, photo_id: str, seen: Inspection, made: list[Made], *, now: dt.datetime
) -> list[str]:
    """Put what was seen into rows; returns the renditions that another attempt had made already."""
    photo = uow.session.get(Photo, photo_id, with_for_update=True)
    if photo is None or photo.state is not PhotoState.WAITING:
        return [one.id for one in made]
    photo.examined_at, photo.checked_with = now, CHECK_VERSION
    photo.format, photo.width, photo.height = seen.format, seen.width or None, seen.height or None
    if seen.refusal is not None:
        photo.state, photo.refusal = PhotoState.REFUSED, seen.refusal.value
        photo.facts = {"refusal": dict(seen.facts), "cause": seen.cause}
    else:
        photo.state = PhotoState.CHECKED
        photo.facts = facts_of(seen).to_document()
        keep_marks(uow, photo, seen.hand_marks)
        uow.session.add_all(
            Rendition(
                id=one.id, photo_id=photo_id, kind=one.kind, sha256=one.sha256, bytes=one.bytes,
                width=one.width, height=one.height,
            )
            for one in made
        )  # fmt: skip
        if seen.fingerprint is not None and seen.traits is not None:
            remember(uow, photo_id, seen.fingerprint, seen.traits)
    uow.session.flush()
    entries = uow.session.scalars(
        select(Entry).where(Entry.photo_id == photo_id, Entry.state != EntryState.WITHDRAWN)
    ).all()
    refresh_findings(uow, entries, now=now)
    uow.note(
        "photo.examined",
        ("photo", photo_id),
        actor=SYSTEM,
        now=now,
        edition_id=photo.edition_id,
        state=photo.state.value,
    )
    return []


def facts_of(seen: Inspection) -> PhotoFacts:
    """What was read, with where its GPS lies against the district."""
    district = load_district()
    at = seen.exif.gps
    match = find_dong(at, district) if at else None
    placing = place(at, district) if at else None
    return PhotoFacts(
        exif=seen.exif,
        placing=placing,
        dong=match.dong.name if match and placing and placing.is_inside else None,
        provenance=seen.provenance,
        suffix_agrees=seen.suffix_agrees,
        looks=seen.looks,
    )


def make_zoom(services: Services, photo_id: str) -> None:
    """Make the 100 % view of a photograph that has none; rung for when a work is found fit."""
    with services.database.read() as session:
        photo = session.get(Photo, photo_id)
        there = session.scalar(
            select(Rendition.id).where(Rendition.photo_id == photo_id, Rendition.kind == "zoom")
        )
        if photo is None or there or photo.state is not PhotoState.CHECKED or "zoom" in photo.facts:
            return
        limits = limits_of(session, photo)
    try:
        picture = services.imaging.render_zoom(original_of(services, photo_id), limits=limits)
        made = _store(services, "zoom", picture) if picture else None
    except (ImagingUnavailable, StorageError, OSError):
        log.exception("no zoom of photograph %s", photo_id)
        return
    with services.database.write() as uow:
        row = uow.session.get_one(Photo, photo_id, with_for_update=True)
        there = uow.session.scalar(
            select(Rendition.id).where(Rendition.photo_id == photo_id, Rendition.kind == "zoom")
        )
        if made is None:
            row.facts = {**row.facts, "zoom": "cannot be made"}
        elif not there:
            uow.session.add(
                Rendition(
                    id=made.id, photo_id=photo_id, kind="zoom", sha256=made.sha256, bytes=made.bytes,
                    width=made.width, height=made.height,
                )
            )  # fmt: skip
    if made and there:
        services.storage.delete(f"renditions/{made.id}")


def sweep_examinations(services: Services, now: dt.datetime) -> None:
    """Ring again for photographs that wait too long, and for fit works whose zoom is missing."""
    with services.database.read() as session:
        waiting = session.scalars(
            select(Photo.id)
            .where(Photo.state == PhotoState.WAITING, Photo.stored_at <= now - PATIENCE)
            .order_by(Photo.stored_at)
            .limit(100)
        ).all()
        zoomless = session.scalars(
            select(Photo.id)
            .join(Entry, Entry.photo_id == Photo.id)
            .outerjoin(Rendition, (Rendition.photo_id == Photo.id) & (Rendition.kind == "zoom"))
            .where(
                Entry.state == EntryState.FIT,
                Photo.state == PhotoState.CHECKED,
                Rendition.id.is_(None),
                Photo.facts["zoom"].as_string().is_(None),
            )
            .limit(50)
        ).all()
    for photo_id in waiting:
        services.jobs.ring("examine", photo_id=photo_id)
    for photo_id in zoomless:
        services.jobs.ring("zoom", photo_id=photo_id)
