"""Destroying photographs: bytes first, then rows, so that nothing is forgotten that still exists."""

from __future__ import annotations

from sqlalchemy import delete, or_, select

from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.entry import Entry
from contest.models.photo import Fingerprint, LocalFeatures, Pair, Photo, PhotoState, Rendition
from contest.operations.hand_marks import forget_marks


def discard(services: Services, photo_id: str) -> None:
    """Remove the bytes of a photograph that no row names."""
    services.storage.delete(f"originals/{photo_id}")


def destroy_bytes(services: Services, photo_id: str) -> None:
    """Remove a photograph's original and every rendition; harmless when repeated."""
    with services.database.read() as session:
        renditions = session.scalars(select(Rendition.id).where(Rendition.photo_id == photo_id)).all()
    for rendition_id in renditions:
        services.storage.delete(f"renditions/{rendition_id}")
    discard(services, photo_id)


def destroy_photo(services: Services, photo_id: str) -> None:
    """Destroy a photograph that no work holds any more, with everything known of it."""
    destroy_bytes(services, photo_id)
    with services.database.write() as uow:
        if uow.session.scalar(select(Entry.id).where(Entry.photo_id == photo_id).limit(1)):
            return
        forget_photo(uow, photo_id)


def forget_photo(uow: UnitOfWork, photo_id: str) -> None:
    """Delete the rows of a photograph whose bytes are gone."""
    uow.session.execute(delete(Rendition).where(Rendition.photo_id == photo_id))
    uow.session.execute(delete(Fingerprint).where(Fingerprint.photo_id == photo_id))
    forget_marks(uow, photo_id)
    uow.session.execute(delete(LocalFeatures).where(LocalFeatures.photo_id == photo_id))
    uow.session.execute(
        delete(Pair).where(or_(Pair.first_photo_id == photo_id, Pair.second_photo_id == photo_id))
    )
    uow.session.execute(delete(Photo).where(Photo.id == photo_id))


def unlink_photo(uow: UnitOfWork, photo: Photo) -> None:
    """Keep only what tells a copy in later years: the fingerprint, linked to nobody."""
    uow.session.execute(delete(Rendition).where(Rendition.photo_id == photo.id))
    forget_marks(uow, photo.id)
    photo.state, photo.refusal = PhotoState.ERASED, None
    photo.submission_id = None
    photo.facts = {}
