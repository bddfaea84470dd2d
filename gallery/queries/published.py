"""What the public may read. Every select is held by the same condition: approved, not held, the minute come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased

from contest.domain.stages import Stage
from contest.models.edition import Edition, Spot
from contest.models.photo import Rendition
from contest.queries.editions import rules_of
from gallery.domain.selection import in_order
from gallery.models.publication import Exhibit, Hold, Licence, Publication
from judging.models.award import Award

#: Address part -> kind of rendition. Judges' own copies have other addresses and stay unknown.
KINDS = {"large": "preview", "thumb": "thumb"}


@dataclass(frozen=True)
class Work:
    """A published work. Sizes in pixels; amount in won; `open_licence` the 공공누리 type where consented."""

    id: str
    edition_id: str
    year: int
    edition_number: int
    tier_code: str
    tier: str
    is_first: bool
    amount: int
    entry_number: str
    title: str
    name: str
    place: str
    dong: str
    spot_id: str | None
    description: str
    alternative_text: str
    taken_on: dt.date | None
    published_at: dt.datetime
    open_licence: str | None
    large_width: int
    large_height: int
    thumb_width: int
    thumb_height: int


@dataclass(frozen=True)
class Results:
    """The published results of one edition, works in the order they are shown."""

    edition_id: str
    year: int
    number: int
    title: str
    published_at: dt.datetime
    correction: str | None
    works: tuple[Work, ...]

    @property
    def total(self) -> int:
        """Won in all."""
        return sum(work.amount for work in self.works)


@dataclass(frozen=True)
class Picture:
    """A rendition that may be shown now."""

    rendition_id: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class PhotoSpot:
    """A photo spot with the published works taken there."""

    id: str
    name: str
    latitude: float
    longitude: float
    dong: str
    works: tuple[Work, ...]


def released(now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions of every public read; the select must join Publication and Edition."""
    return (
        Publication.withdrawn_at.is_(None),
        Publication.publish_at <= now,
        Edition.publish_at <= now,
        Edition.stage == Stage.DECIDED,
        ~exists(select(Hold.id).where(Hold.edition_id == Publication.edition_id, Hold.lifted_at.is_(None))),
    )


def _shown(statement: Select[*tuple[Any, ...]], now: dt.datetime) -> Select[*tuple[Any, ...]]:
    """The select narrowed to exhibits the public may see; it must select from Exhibit."""
    return (
        statement.join(Publication, Publication.id == Exhibit.publication_id)
        .join(Edition, Edition.id == Publication.edition_id)
        .join(Award, Award.id == Exhibit.award_id)
        .where(*released(now), Exhibit.retracted_at.is_(None), Award.revoked_at.is_(None))
    )


def is_anything_published(session: Session, now: dt.datetime) -> bool:
    """Whether any edition's results are public."""
    found = session.scalars(
        select(Publication.id)
        .join(Edition, Edition.id == Publication.edition_id)
        .where(*released(now))
        .limit(1)
    )
    return found.first() is not None


def published_editions(session: Session, now: dt.datetime) -> list[tuple[Edition, Publication]]:
    """Editions whose results are public, newest first."""
    rows = session.execute(
        select(Edition, Publication)
        .join(Publication, Publication.edition_id == Edition.id)
        .where(*released(now))
        .order_by(Edition.year.desc(), Edition.number.desc())
    )
    return [(row[0], row[1]) for row in rows]


def results(session: Session, now: dt.datetime, locale: str, year: int | None = None) -> Results | None:
    """The results of a year, or the newest; None where none is public. Two queries."""
    found = [pair for pair in published_editions(session, now) if year is None or pair[0].year == year]
    if not found:
        return None
    edition, publication = found[0]
    return Results(
        edition_id=edition.id,
        year=edition.year,
        number=edition.number,
        title=rules_of(edition).texts.get(locale, "title"),
        published_at=publication.publish_at,
        correction=publication.correction,
        works=tuple(works(session, now, locale, edition_id=edition.id)),
    )


def works(session: Session, now: dt.datetime, locale: str, *, edition_id: str | None = None) -> list[Work]:
    """Published works, newest edition first, each edition in the order it is shown. One query."""
    large, thumb = aliased(Rendition), aliased(Rendition)
    statement = _shown(
        select(
            Exhibit, Publication.publish_at, Edition, Spot, Licence.open_licence,
            large.width, large.height, thumb.width, thumb.height,
        ).select_from(Exhibit),
        now,
    )  # fmt: skip
    statement = (
        statement.outerjoin(Spot, Spot.id == Exhibit.spot_id)
        .outerjoin(Licence, Licence.entry_id == Exhibit.entry_id)
        .join(large, (large.photo_id == Exhibit.photo_id) & (large.kind == KINDS["large"]))
        .join(thumb, (thumb.photo_id == Exhibit.photo_id) & (thumb.kind == KINDS["thumb"]))
        .order_by(Edition.year.desc(), Edition.number.desc())
    )
    if edition_id is not None:
        statement = statement.where(Edition.id == edition_id)
    by_edition: dict[str, tuple[Edition, list[Work]]] = {}
    for row in session.execute(statement):
        edition = row[2]
        by_edition.setdefault(edition.id, (edition, []))[1].append(_work(row, locale))
    ordered: list[Work] = []
    for edition, held in by_edition.values():
        tiers = [tier.code for tier in rules_of(edition).prizes.tiers]
        ordered += in_order(held, tiers, lambda work: work.tier_code, lambda work: work.entry_number)
    return ordered


def _work(row: Any, locale: str) -> Work:
    exhibit, publish_at, edition, spot, open_licence, large_width, large_height, width, height = row
    scheme = rules_of(edition).prizes
    tier = scheme.tier(exhibit.tier_code)
    return Work(
        id=exhibit.id,
        edition_id=edition.id,
        year=edition.year,
        edition_number=edition.number,
        tier_code=tier.code,
        tier=tier.name.get(locale) or tier.name["ko"],
        is_first=tier.code == scheme.tiers[0].code,
        amount=exhibit.amount,
        entry_number=exhibit.entry_number,
        title=exhibit.title,
        name=exhibit.name,
        place=_spot_name(spot, locale) if spot and locale != "ko" else exhibit.place or "",
        dong=exhibit.dong or "",
        spot_id=exhibit.spot_id,
        description=exhibit.description or "",
        alternative_text=exhibit.alternative_text,
        taken_on=exhibit.taken_on,
        published_at=publish_at,
        open_licence=open_licence,
        large_width=large_width,
        large_height=large_height,
        thumb_width=width,
        thumb_height=height,
    )


def _spot_name(spot: Spot, locale: str) -> str:
    return {"en": spot.name_en, "zh": spot.name_zh}.get(locale) or spot.name


def is_retracted(session: Session, now: dt.datetime, exhibit_id: str) -> bool:
    """Whether this was public and has been taken down: the page says so instead of denying it ever was."""
    found = session.scalars(
        select(Exhibit.id)
        .join(Publication, Publication.id == Exhibit.publication_id)
        .join(Edition, Edition.id == Publication.edition_id)
        .where(*released(now), Exhibit.id == exhibit_id, Exhibit.retracted_at.is_not(None))
    )
    return found.first() is not None


def picture(session: Session, now: dt.datetime, exhibit_id: str, kind: str) -> Picture | None:
    """The picture of a published work; None before the minute as for an address that never was."""
    if kind not in KINDS:
        return None
    row = session.execute(
        _shown(
            select(Rendition.id, Rendition.bytes, Rendition.sha256)
            .select_from(Exhibit)
            .join(Rendition, (Rendition.photo_id == Exhibit.photo_id) & (Rendition.kind == KINDS[kind])),
            now,
        ).where(Exhibit.id == exhibit_id)
    ).one_or_none()
    return Picture(row.id, row.bytes, row.sha256) if row else None


def photo_spots(session: Session, now: dt.datetime, locale: str) -> list[PhotoSpot]:
    """The spots of the register that may be shown, with the works taken there. Two queries."""
    taken: dict[str, list[Work]] = {}
    for work in works(session, now, locale):
        if work.spot_id:
            taken.setdefault(work.spot_id, []).append(work)
    spots = session.scalars(select(Spot).where(Spot.published).order_by(Spot.position, Spot.name))
    return [
        PhotoSpot(
            spot.id, _spot_name(spot, locale), spot.latitude, spot.longitude, spot.dong or "",
            tuple(taken.get(spot.id, ())),
        )
        for spot in spots
    ]  # fmt: skip
