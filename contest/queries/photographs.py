"""Stored photographs and their clean pictures, as the routes that hand out bytes need them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.errors import Missing
from contest.models.entry import Entry
from contest.models.photo import Photo, PhotoState, Rendition


@dataclass(frozen=True)
class Picture:
    """A clean picture of a photograph: its id in the storage, bytes, digest, size in pixels."""

    id: str
    bytes: int
    sha256: str
    width: int
    height: int


@dataclass(frozen=True)
class Original:
    """A photograph as it was handed in. name: how its file is called when it is taken out."""

    photo_id: str
    edition_id: str
    bytes: int
    sha256: str
    suffix: str
    entry_id: str | None
    entry_number: str | None

    @property
    def name(self) -> str:
        """The entry number with the file's own ending; never a name of a person."""
        return f"{self.entry_number or self.photo_id}.{self.suffix.lstrip('.') or 'jpg'}"


def picture(session: Session, rendition_id: str) -> Picture:
    """A rendition by its id. Raises Missing."""
    row = session.get(Rendition, rendition_id)
    if row is None:
        raise Missing("missing")
    return Picture(row.id, row.bytes, row.sha256, row.width, row.height)


def pictures_of(session: Session, photo_ids: set[str], *kinds: str) -> dict[tuple[str, str], Picture]:
    """The pictures of photographs by (photo id, kind), in one query."""
    if not photo_ids:
        return {}
    rows = session.scalars(
        select(Rendition).where(Rendition.photo_id.in_(photo_ids), Rendition.kind.in_(kinds))
    )
    return {
        (row.photo_id, row.kind): Picture(row.id, row.bytes, row.sha256, row.width, row.height)
        for row in rows
    }


def original(session: Session, photo_id: str) -> Original:
    """A photograph whose bytes are still kept, and the work it belongs to. Raises Missing."""
    row = session.execute(
        select(Photo, Entry.id, Entry.entry_number)
        .outerjoin(Entry, Entry.photo_id == Photo.id)
        .where(Photo.id == photo_id, Photo.state != PhotoState.ERASED)
    ).first()
    if row is None:
        raise Missing("missing")
    photo, entry_id, entry_number = row
    assert photo.edition_id is not None  # only the library's have none, and they are without an original
    return Original(
        photo.id, photo.edition_id, photo.bytes, photo.sha256, photo.suffix, entry_id, entry_number
    )
