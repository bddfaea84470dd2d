"""Photographs that an older version of the checks looked at, and what looking again has changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from contest.domain.check_version import CHECK_VERSION
from contest.models.entry import STANDING, Entry, PastResult
from contest.models.photo import Photo, PhotoState
from contest.queries.screening import FindingView

#: Works whose photographs are looked at again; a draft is its entrant's until it is handed in.
LOOKED_AT = (PhotoState.CHECKED, PhotoState.REFUSED)


@dataclass(frozen=True)
class PastView:
    """What an older version said of a work, until when."""

    version: int
    verdict: str | None
    findings: tuple[FindingView, ...]
    is_unread: bool
    replaced_at: dt.datetime


@dataclass(frozen=True)
class Changed:
    """A work of which the checks say otherwise than before; state is what a person has decided."""

    entry_id: str
    entry_number: str
    title: str
    state: str
    before: str | None
    after: str | None
    is_unread: bool


def _outdated(edition_id: str | None) -> ColumnElement[bool]:
    old = (Photo.checked_with < CHECK_VERSION) & Photo.state.in_(LOOKED_AT)
    held = exists().where(Entry.photo_id == Photo.id, Entry.state.in_(STANDING))
    return old & held if edition_id is None else (Photo.edition_id == edition_id) & old & held


def outdated(session: Session, edition_id: str, after: str, limit: int) -> list[str]:
    """The next photographs to look at again, by id, after one."""
    return list(
        session.scalars(
            select(Photo.id).where(_outdated(edition_id), Photo.id > after).order_by(Photo.id).limit(limit)
        )
    )


def count_outdated(session: Session, edition_id: str | None = None, *, after: str = "") -> int:
    """How many photographs of works handed in an older version looked at; of one edition or of all."""
    query = select(func.count()).select_from(Photo).where(_outdated(edition_id), Photo.id > after)
    return session.scalar(query) or 0


def changed_by(session: Session, errand_id: str) -> tuple[Changed, ...]:
    """The works whose verdict one re-check changed, and those whose file it could not read."""
    rows = session.execute(
        select(Entry, PastResult)
        .join(PastResult, PastResult.entry_id == Entry.id)
        .where(
            PastResult.errand_id == errand_id,
            or_(PastResult.verdict.is_distinct_from(PastResult.verdict_after), PastResult.is_unread),
        )
        .order_by(Entry.entry_number)
    )
    return tuple(
        Changed(
            entry.id, entry.entry_number or "", entry.title or "", entry.state.value, past.verdict,
            past.verdict_after, past.is_unread,
        )
        for entry, past in rows
    )  # fmt: skip


def past_results(session: Session, entry_id: str) -> tuple[PastView, ...]:
    """What older versions said of a work, the newest first."""
    rows = session.scalars(
        select(PastResult)
        .where(PastResult.entry_id == entry_id)
        .order_by(PastResult.replaced_at.desc(), PastResult.version.desc())
    )
    return tuple(
        PastView(
            row.version,
            row.verdict,
            tuple(FindingView(**finding) for finding in row.findings),  # type: ignore[arg-type]  # JSON
            row.is_unread,
            row.replaced_at,
        )
        for row in rows
    )
