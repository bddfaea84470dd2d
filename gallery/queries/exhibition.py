"""The works of an approved announcement as the exhibition needs them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.models.edition import Edition
from contest.models.photo import Photo
from contest.queries.editions import rules_of
from gallery.domain.selection import in_order
from gallery.models.publication import Exhibit, Licence, Publication
from judging.models.award import Award


@dataclass(frozen=True)
class ExhibitedWork:
    """A work of the exhibition; bytes and suffix are the original's, sizes in pixels."""

    id: str
    photo_id: str
    tier_code: str
    tier: str
    entry_number: str
    title: str
    name: str
    place: str
    description: str
    alternative_text: str
    bytes: int
    suffix: str
    width: int
    height: int
    licence: str
    retracted: bool
    retraction: str


def exhibited_works(
    session: Session, edition: Edition, *, with_retracted: bool = False
) -> tuple[ExhibitedWork, ...]:
    """The works of the live approval, public or not yet, in the order they are shown. One query."""
    rules = rules_of(edition)
    rows = session.execute(
        select(Exhibit, Photo, Licence)
        .join(Publication, Publication.id == Exhibit.publication_id)
        .join(Award, Award.id == Exhibit.award_id)
        .join(Photo, Photo.id == Exhibit.photo_id)
        .outerjoin(Licence, Licence.entry_id == Exhibit.entry_id)
        .where(
            Publication.edition_id == edition.id,
            Publication.withdrawn_at.is_(None),
            Award.revoked_at.is_(None),
        )
    ).all()
    works = [
        ExhibitedWork(
            id=exhibit.id,
            photo_id=photo.id,
            tier_code=exhibit.tier_code,
            tier=rules.prizes.tier(exhibit.tier_code).name["ko"],
            entry_number=exhibit.entry_number,
            title=exhibit.title,
            name=exhibit.name,
            place=exhibit.place or "",
            description=exhibit.description or "",
            alternative_text=exhibit.alternative_text,
            bytes=photo.bytes,
            suffix=photo.suffix,
            width=photo.width or 0,
            height=photo.height or 0,
            licence=f"{licence.starts_on} ~ {licence.ends_on}" if licence else "",
            retracted=exhibit.retracted_at is not None,
            retraction=exhibit.retraction or "",
        )
        for exhibit, photo, licence in rows
        if with_retracted or exhibit.retracted_at is None
    ]
    order = [tier.code for tier in rules.prizes.tiers]
    return tuple(in_order(works, order, lambda work: work.tier_code, lambda work: work.entry_number))
