"""The screening desk's lists and pages as frozen values, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from contest.domain.screening import FindingKind
from contest.models.edition import Spot
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.photo import Photo, PhotoState
from contest.models.submission import Submission, SubmissionState
from contest.queries.photographs import Picture, pictures_of

PER_PAGE = 30
CLEAN_AT_ONCE = 60


class View(StrEnum):
    """The parts of the queue."""

    DOUBTFUL = "doubtful"
    UNFIT = "unfit"
    FIT = "fit"
    CHECKING = "checking"
    PROPOSED = "proposed"
    DONE = "done"


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
    thumb: Picture | None
    findings: tuple[FindingView, ...]


@dataclass(frozen=True)
class Queue:
    """A page of a view: counts of all views, the items, how many pages."""

    view: View
    kind: str
    counts: Mapping[View, int]
    items: tuple[QueueItem, ...]
    page: int
    pages: int
    total: int


def _condition(view: View) -> ColumnElement[bool]:
    is_open = and_(Entry.state == EntryState.SUBMITTED, Entry.unfit_proposed_by.is_(None))
    match view:
        case View.PROPOSED:
            return and_(Entry.state == EntryState.SUBMITTED, Entry.unfit_proposed_by.is_not(None))
        case View.DONE:
            return Entry.state.in_((EntryState.FIT, EntryState.UNFIT))
        case View.CHECKING:
            return and_(is_open, Entry.verdict.is_(None))
        case _:
            return and_(is_open, Entry.verdict == view.value)


def within_view(edition_id: str, view: View, kind: str = "") -> ColumnElement[bool]:
    """The condition of a view, of works with a kind of finding only where one is named; joins Submission."""
    wanted = [
        Entry.edition_id == edition_id,
        Submission.state == SubmissionState.SUBMITTED,
        _condition(view),
    ]
    if kind:
        wanted.append(exists().where(FindingRow.entry_id == Entry.id, FindingRow.kind == kind))
    return and_(*wanted)


def load_queue(session: Session, edition_id: str, view: View, *, kind: str = "", page: int = 1) -> Queue:
    """One page of a view, of works with a kind of finding only where one is named."""
    kind = kind if kind in set(FindingKind) else ""
    counted = session.execute(
        select(*(func.count(case((_condition(one), 1))) for one in View))
        .select_from(Entry)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(Entry.edition_id == edition_id, Submission.state == SubmissionState.SUBMITTED)
    ).one()
    total = session.scalar(
        select(func.count())
        .select_from(Entry)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(within_view(edition_id, view, kind))
    )
    pages = max(1, -(-(total or 0) // PER_PAGE))
    page = min(max(page, 1), pages)
    items = _items(session, within_view(edition_id, view, kind), PER_PAGE, (page - 1) * PER_PAGE)
    return Queue(view, kind, dict(zip(View, counted, strict=True)), items, page, pages, total or 0)


def load_clean(session: Session, edition_id: str) -> tuple[QueueItem, ...]:
    """The next works about which nothing was found, as many as a person can look over at once."""
    within = and_(within_view(edition_id, View.FIT), Photo.state == PhotoState.CHECKED)
    return _items(session, within, CLEAN_AT_ONCE, 0)


def _items(session: Session, within: ColumnElement[bool], limit: int, offset: int) -> tuple[QueueItem, ...]:
    rows = session.execute(
        select(Entry, Submission.withdrawal_asked_at, Photo.state, Spot.name)
        .join(Submission, Submission.id == Entry.submission_id)
        .outerjoin(Photo, Photo.id == Entry.photo_id)
        .outerjoin(Spot, Spot.id == Entry.spot_id)
        .where(within)
        .order_by(Entry.entry_number)
        .limit(limit)
        .offset(offset)
    ).all()
    thumbs = pictures_of(session, {row.Entry.photo_id for row in rows if row.Entry.photo_id}, "thumb")
    found = findings_of(session, [row.Entry.id for row in rows])
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


def next_after(session: Session, entry_id: str, view: View, kind: str = "") -> str | None:
    """The work to look at after one that has left the view: the next number, else the first; None at the end."""
    left = session.execute(
        select(Entry.edition_id, Entry.entry_number).where(Entry.id == entry_id)
    ).one_or_none()
    if left is None:
        return None
    rows = session.execute(
        select(Entry.id, Entry.entry_number)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(within_view(left.edition_id, view, kind), Entry.id != entry_id)
        .order_by(Entry.entry_number)
    ).all()
    number = left.entry_number or ""
    return next((row.id for row in rows if (row.entry_number or "") > number), None) or next(
        (row.id for row in rows), None
    )
