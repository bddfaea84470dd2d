"""Winners of other contests, taken in so that every work is compared with them; and put away again.

Of each picture its fingerprints and a thumbnail are kept, nothing else: neither the file nor its name.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import delete, func, or_, select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Missing
from contest.domain.formats import Refusal
from contest.domain.library import MOST_MEGABYTES, Label
from contest.infra.imaging.client import ImagingUnavailable
from contest.infra.imaging.results import HEIC_MEGAPIXELS, Inspection, Limits
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.entry import Entry, EntryState
from contest.models.library import LibraryCollection, LibraryPicture
from contest.models.photo import Pair, Photo, PhotoState, Rendition
from contest.operations.compare import remember
from contest.operations.destroy import forget_photo
from contest.operations.findings import refresh_findings

#: Pictures that become rows at once: so many at most are read again where an import was ended in between.
BATCH = 20
#: Who looks after the library.
KEEPERS = (Role.OPERATOR, Role.ADMINISTRATOR)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Left:
    """A file that was not taken: too large to read, refused as in `Inspection`, or none of both: read it again."""

    name: str
    is_too_large: bool = False
    refusal: Refusal | None = None


@dataclass
class Import:
    """What became of a folder. known: files whose picture the library has already."""

    added: int = 0
    known: int = 0
    left: list[Left] = field(default_factory=list)
    collection_id: str | None = None


@dataclass(frozen=True)
class _Read:
    sha256: str
    bytes: int
    suffix: str
    seen: Inspection


def import_pictures(
    services: Services,
    label: Label,
    files: Sequence[Path],
    *,
    actor: Actor,
    now: dt.datetime,
    report: Callable[[int], None] = lambda _done: None,
) -> Import:
    """Take the pictures of files into a collection, made with its first; report(files done) as it goes.

    What is there already is counted and left. Each picture is then compared with every work, as a job.
    """
    done, waiting = Import(), dict[str, _Read]()
    known = _known(services)
    for at, path in enumerate(files, start=1):
        read = _read(services, path, known | waiting.keys())
        if isinstance(read, Left):
            done.left.append(read)
        elif read is None:
            done.known += 1
        else:
            waiting[read.sha256] = read
        if len(waiting) == BATCH or (at == len(files) and waiting):
            _keep(services, label, list(waiting.values()), done, actor=actor, now=now)
            known |= waiting.keys()
            waiting.clear()
        report(at)
    return done


def _known(services: Services) -> set[str]:
    with services.database.read() as session:
        return set(session.scalars(select(Photo.sha256).join(LibraryPicture)))


def _read(services: Services, path: Path, known: set[str]) -> _Read | Left | None:
    """A file read and looked at in the imaging process; None where its picture is known."""
    try:
        if path.stat().st_size > MOST_MEGABYTES << 20:
            return Left(path.name, is_too_large=True)
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if digest in known:
            return None
        seen = services.imaging.inspect(
            data, filename_suffix=path.suffix.lower(), limits=Limits(heic_megapixels=HEIC_MEGAPIXELS)
        )
    except (ImagingUnavailable, OSError):
        log.exception("a picture of the library could not be read")
        return Left(path.name)
    return (
        _Read(digest, len(data), path.suffix.lower()[:10], seen)
        if seen.ok
        else Left(path.name, refusal=seen.refusal)
    )


def _keep(
    services: Services, label: Label, pictures: list[_Read], done: Import, *, actor: Actor, now: dt.datetime
) -> None:
    stored = []
    for one in pictures:
        rendition_id = services.ids.token()
        services.storage.put(f"renditions/{rendition_id}", one.seen.renditions["thumb"].data)
        stored.append((rendition_id, one))
    with services.database.write() as uow:
        collection_id = _collection(uow, label, actor=actor, now=now)
        last = uow.session.scalar(
            select(func.max(LibraryPicture.number)).where(LibraryPicture.collection_id == collection_id)
        )
        for number, (rendition_id, one) in enumerate(stored, start=(last or 0) + 1):
            _add(uow, collection_id, number, rendition_id, one, now=now)
        uow.note("library.added", ("library", collection_id), actor=actor, now=now, count=len(pictures))
    done.added += len(pictures)
    done.collection_id = collection_id


def _collection(uow: UnitOfWork, label: Label, *, actor: Actor, now: dt.datetime) -> str:
    row = uow.session.scalars(
        select(LibraryCollection)
        .where(LibraryCollection.title == label.title, LibraryCollection.year == label.year)
        .with_for_update()
    ).one_or_none()
    if row is None:
        row = LibraryCollection(
            id=uow.ids.token(),
            title=label.title,
            year=label.year,
            source=None,
            added_at=now,
            added_by=actor.id,
        )
        uow.session.add(row)
    row.source = label.source or row.source
    uow.session.flush()
    return row.id


def _add(
    uow: UnitOfWork, collection_id: str, number: int, rendition_id: str, one: _Read, *, now: dt.datetime
) -> None:
    seen, thumb = one.seen, one.seen.renditions["thumb"]
    assert seen.fingerprint is not None
    assert seen.traits is not None
    photo_id = uow.ids.token()
    uow.session.add(
        Photo(
            id=photo_id, edition_id=None, submission_id=None, state=PhotoState.ERASED, sha256=one.sha256,
            bytes=one.bytes, suffix=one.suffix, stored_at=now, attempts=0, format=seen.format,
            width=seen.width, height=seen.height, facts={}, examined_at=now,
        )
    )  # fmt: skip
    uow.session.flush()
    uow.session.add_all(
        (
            LibraryPicture(photo_id=photo_id, collection_id=collection_id, number=number),
            Rendition(
                id=rendition_id, photo_id=photo_id, kind="thumb", sha256=hashlib.sha256(thumb.data).hexdigest(),
                bytes=len(thumb.data), width=thumb.width, height=thumb.height,
            ),
        )
    )  # fmt: skip
    remember(uow, photo_id, seen.fingerprint, seen.traits)


def remove_collection(services: Services, collection_id: str, *, actor: Actor, now: dt.datetime) -> int:
    """Remove a collection with its pictures, their pairs and what was found by them; returns how many pictures.

    Findings that somebody has settled stay with their works. Raises Denied, Missing.
    """
    actor.require(*KEEPERS)
    of_collection = select(LibraryPicture.photo_id).where(LibraryPicture.collection_id == collection_id)
    with services.database.read() as session:
        if session.get(LibraryCollection, collection_id) is None:
            raise Missing("missing")
    with services.database.write() as uow:
        row = uow.session.get(LibraryCollection, collection_id, with_for_update=True)
        if row is None:
            raise Missing("missing")
        photo_ids = uow.session.scalars(of_collection).all()
        thumbs = uow.session.scalars(select(Rendition.id).where(Rendition.photo_id.in_(photo_ids))).all()
        works = _works_paired_with(uow, photo_ids)
        uow.session.execute(delete(LibraryPicture).where(LibraryPicture.collection_id == collection_id))
        for photo_id in photo_ids:
            forget_photo(uow, photo_id)
        uow.session.delete(row)
        refresh_findings(uow, works, now=now)
        uow.note("library.removed", ("library", collection_id), actor=actor, now=now, count=len(photo_ids))
    # Rows first: a collection half removed would show pictures that are not there. The sweep takes what is left.
    for rendition_id in thumbs:
        services.storage.delete(f"renditions/{rendition_id}")
    return len(photo_ids)


def _works_paired_with(uow: UnitOfWork, photo_ids: Sequence[str]) -> list[Entry]:
    paired = uow.session.execute(
        select(Pair.first_photo_id, Pair.second_photo_id).where(
            or_(Pair.first_photo_id.in_(photo_ids), Pair.second_photo_id.in_(photo_ids))
        )
    )
    both = {photo_id for row in paired for photo_id in row}
    return list(
        uow.session.scalars(
            select(Entry).where(Entry.photo_id.in_(both), Entry.state != EntryState.WITHDRAWN)
        )
    )
