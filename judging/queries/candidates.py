"""What the public may see of the candidates: winners and reserves together, in number order, in their window.

The window and the stage stand in the same select as the works, so that nobody need be awake at the minute
and no page can forget to ask.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from contest.domain.stages import Stage
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.photo import Rendition
from contest.queries.editions import rules_of
from judging.models.award import Award, Reserve

MARKED = "marked"


@dataclass(frozen=True)
class Picture:
    """The marked picture of a work: its rendition, size in bytes and pixels."""

    rendition_id: str
    bytes: int
    etag: str
    width: int
    height: int


@dataclass(frozen=True)
class CandidateWork:
    """A work under verification as everybody sees it. No name, score, rank or tier is selected at all."""

    number: str
    title: str
    place: str
    description: str
    alternative_text: str
    picture: Picture | None


def listed(edition_id: str) -> ColumnElement[bool]:
    """The condition on Entry: it holds an award or waits as a reserve now."""
    return or_(
        exists().where(
            Award.edition_id == edition_id, Award.entry_id == Entry.id, Award.revoked_at.is_(None)
        ),
        exists().where(
            Reserve.edition_id == edition_id,
            Reserve.entry_id == Entry.id,
            Reserve.used_at.is_(None),
            Reserve.dropped_at.is_(None),
        ),
    )


def was_listed(edition_id: str) -> ColumnElement[bool]:
    """The condition on Entry: it holds or held an award, or is or was a reserve."""
    return or_(
        exists().where(Award.edition_id == edition_id, Award.entry_id == Entry.id),
        exists().where(Reserve.edition_id == edition_id, Reserve.entry_id == Entry.id),
    )


def is_verification_open(session: Session, now: dt.datetime) -> bool:
    """Whether any edition is in public verification at now."""
    return session.scalar(select(Edition.id).where(*_open(now)).limit(1)) is not None


def _open(now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Edition.stage == Stage.VERIFICATION,
        Edition.verification_opens <= now,
        Edition.verification_closes > now,
    )


def _works(edition_id: str, now: dt.datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Entry.entry_number,
            Entry.screened_title,
            Entry.screened_place,
            Entry.screened_description,
            Entry.alternative_text,
            Rendition.id,
            Rendition.bytes,
            Rendition.sha256,
            Rendition.width,
            Rendition.height,
        )
        .join(Edition, Edition.id == Entry.edition_id)
        .outerjoin(Rendition, (Rendition.photo_id == Entry.photo_id) & (Rendition.kind == MARKED))
        .where(Entry.edition_id == edition_id, listed(edition_id), *_open(now))
        .order_by(Entry.entry_number)
    )


def _work(row: Any) -> CandidateWork:
    number, title, place, description, alternative, rendition, size, sha256, width, height = row
    picture = Picture(rendition, size, sha256[:32], width, height) if rendition else None
    return CandidateWork(number, title or "", place or "", description or "", alternative or "", picture)


def candidates(session: Session, edition_id: str, now: dt.datetime) -> tuple[CandidateWork, ...]:
    """The works under verification in number order; none outside the window. One query."""
    return tuple(_work(row) for row in session.execute(_works(edition_id, now)))


def candidate(session: Session, edition_id: str, number: str, now: dt.datetime) -> CandidateWork | None:
    """One work under verification, or None. One query."""
    row = session.execute(_works(edition_id, now).where(Entry.entry_number == number)).one_or_none()
    return None if row is None else _work(row)


@dataclass(frozen=True)
class TierCount:
    """How many prizes a tier has; by locale, nothing of who gets them."""

    name: dict[str, str]
    count: int
    amount: int


def tiers(edition: Edition) -> tuple[TierCount, ...]:
    """The prizes by tier as the call announced them."""
    return tuple(TierCount(dict(t.name), t.count, t.amount) for t in rules_of(edition).prizes.tiers)
