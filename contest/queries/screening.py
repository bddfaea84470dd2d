"""The screening desk's lists and pages as frozen values, each in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from contest.models.edition import Spot
from contest.models.entry import Entry, FindingRow
from contest.models.photo import Photo, PhotoState
from contest.models.submission import Submission
from contest.queries.photographs import Picture, pictures_of
from contest.queries.screening_sieve import (
    Progress,
    Sieve,
    View,
    counts_by_dong,
    counts_by_kind,
    counts_by_view,
    in_view,
    progress,
    within,
)
from contest.queries.supplements import standings_of

PER_PAGE = 30
CLEAN_AT_ONCE = 60


@dataclass(frozen=True)
class FindingView:
    """A finding: the code of its sentence, its facts, its grade, whether a person has settled it."""

    kind: str
    grade: str
    facts: Mapping[str, Any]
    is_settled: bool

    @property
    def code(self) -> str:
        """The key of its sentence."""
        return f"finding.{self.kind}"


@dataclass(frozen=True)
class QueueItem:
    """One work of a list."""

    entry_id: str
    entry_number: str
    title: str
    place: str
    state: str
    verdict: str | None
    photo_state: str | None
    reason: str | None
    is_replied: bool
    is_withdrawal_asked: bool
    supplement: str | None
    thumb: Picture | None
    findings: tuple[FindingView, ...]


@dataclass(frozen=True)
class Queue:
    """A page of a view: counts of all views, of kinds and of dongs under the filters, the items, the pages."""

    sieve: Sieve
    counts: Mapping[View, int]
    kinds: Mapping[str, int]
    dongs: Mapping[str, int]
    progress: Progress
    items: tuple[QueueItem, ...]
    page: int
    pages: int

    @property
    def view(self) -> View:
        """The view it shows."""
        return self.sieve.view

    @property
    def total(self) -> int:
        """How many works the view has under the filters."""
        return self.counts[self.sieve.view]


def load_queue(session: Session, edition_id: str, sieve: Sieve, now: dt.datetime, *, page: int = 1) -> Queue:
    """One page of the works that a sieve lets through."""
    counts = counts_by_view(session, edition_id, sieve)
    pages = max(1, -(-counts[sieve.view] // PER_PAGE))
    page = min(max(page, 1), pages)
    return Queue(
        sieve,
        counts,
        counts_by_kind(session, edition_id, sieve),
        counts_by_dong(session, edition_id, sieve),
        progress(session, edition_id, sieve.me, now),
        _items(session, within(session, edition_id, sieve), PER_PAGE, (page - 1) * PER_PAGE, now),
        page,
        pages,
    )


def load_clean(
    session: Session, edition_id: str, sieve: Sieve, now: dt.datetime
) -> tuple[tuple[QueueItem, ...], int]:
    """The next works about which nothing was found, as many as one looks over at once, and how many there are."""
    wanted = and_(
        within(session, edition_id, sieve.at(View.FIT)),
        Photo.state == PhotoState.CHECKED,
        ~in_view(View.ASKED),
    )
    total = session.scalar(
        select(func.count())
        .select_from(Entry)
        .join(Submission, Submission.id == Entry.submission_id)
        .join(Photo, Photo.id == Entry.photo_id)
        .where(wanted)
    )
    return _items(session, wanted, CLEAN_AT_ONCE, 0, now), total or 0


def _items(
    session: Session, wanted: ColumnElement[bool], limit: int, offset: int, now: dt.datetime
) -> tuple[QueueItem, ...]:
    rows = session.execute(
        select(Entry, Submission.withdrawal_asked_at, Photo.state, Spot.name)
        .join(Submission, Submission.id == Entry.submission_id)
        .outerjoin(Photo, Photo.id == Entry.photo_id)
        .outerjoin(Spot, Spot.id == Entry.spot_id)
        .where(wanted)
        .order_by(Entry.entry_number)
        .limit(limit)
        .offset(offset)
    ).all()
    thumbs = pictures_of(session, {row.Entry.photo_id for row in rows if row.Entry.photo_id}, "thumb")
    found = findings_of(session, [row.Entry.id for row in rows])
    papers = standings_of(session, [row.Entry.id for row in rows], now)
    return tuple(
        QueueItem(
            entry.id,
            entry.entry_number or "",
            entry.title or "",
            " ".join(part for part in (entry.dong, spot or entry.place_words) if part),
            entry.state.value,
            entry.verdict,
            photo_state.value if photo_state else None,
            entry.unfit_reason or entry.proposed_reason,
            entry.replied_at is not None,
            asked is not None,
            papers.get(entry.id),
            thumbs.get((entry.photo_id or "", "thumb")),
            found.get(entry.id, ()),
        )
        for entry, asked, photo_state, spot in rows
    )


def findings_of(session: Session, entry_ids: Sequence[str]) -> dict[str, tuple[FindingView, ...]]:
    """The findings on works, the gravest first, in one query."""
    if not entry_ids:
        return {}
    order = {"unfit": 0, "doubtful": 1, "note": 2}
    rows = session.scalars(
        select(FindingRow).where(FindingRow.entry_id.in_(entry_ids), FindingRow.grade != "off")
    )
    found: dict[str, list[FindingView]] = {}
    for row in sorted(rows, key=lambda row: (order.get(row.grade, 3), row.kind, row.id)):
        view = FindingView(row.kind, row.grade, row.facts, row.settled_at is not None)
        found.setdefault(row.entry_id, []).append(view)
    return {entry_id: tuple(views) for entry_id, views in found.items()}


def next_after(session: Session, entry_id: str, sieve: Sieve) -> str | None:
    """The work to look at after one that has left the view: the next number, else the first; None at the end."""
    left = session.execute(
        select(Entry.edition_id, Entry.entry_number).where(Entry.id == entry_id)
    ).one_or_none()
    if left is None:
        return None
    return session.scalar(
        select(Entry.id)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(within(session, left.edition_id, sieve), Entry.id != entry_id)
        .order_by(case((Entry.entry_number > left.entry_number, 0), else_=1), Entry.entry_number)
        .limit(1)
    )
