"""Which works of the screening desk somebody looks at: one value for the address, the list and the next work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from contest.domain.devices import DeviceClass, classify_device
from contest.domain.schedule import KST
from contest.domain.screening import FindingKind
from contest.domain.screening_pace import PACE_WINDOW, minutes_left
from contest.models.entry import STANDING, Entry, EntryState, FindingRow
from contest.models.photo import Photo
from contest.models.submission import Submission, SubmissionState
from contest.models.supplement import Supplement

WORDS_LENGTH = 60


class View(StrEnum):
    """The parts of the queue."""

    DOUBTFUL = "doubtful"
    UNFIT = "unfit"
    FIT = "fit"
    CHECKING = "checking"
    ASKED = "asked"
    PROPOSED = "proposed"
    DONE = "done"


class Hand(StrEnum):
    """Whose hand has been on a work: asked for, or decided."""

    MINE = "mine"
    OTHERS = "others"


@dataclass(frozen=True)
class Sieve:
    """The filters of the queue, as they stand in its address. Empty means all; `me` is the account that looks."""

    view: View = View.DOUBTFUL
    kind: str = ""
    dong: str = ""
    device: str = ""
    hand: str = ""
    words: str = ""
    me: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str], me: str) -> Sieve:
        """The sieve of an address; what it does not know is left out."""
        view, device, hand = given.get("view", ""), given.get("device", ""), given.get("hand", "")
        kind = given.get("kind", "")
        return cls(
            View(view) if view in set(View) else View.DOUBTFUL,
            kind if kind in set(FindingKind) else "",
            given.get("dong", "")[:10].strip(),
            device if device in set(DeviceClass) else "",
            hand if hand in set(Hand) else "",
            " ".join(given.get("q", "").split())[:WORDS_LENGTH],
            me,
        )

    def address(self) -> dict[str, Any]:
        """Its part of an address: the view always, a filter where it is set."""
        named = {
            "kind": self.kind,
            "dong": self.dong,
            "device": self.device,
            "hand": self.hand,
            "q": self.words,
        }
        return {"view": self.view.value} | {name: value for name, value in named.items() if value}

    def at(self, view: View) -> Sieve:
        """The same filters on another view."""
        return replace(self, view=View(view))

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the view is chosen."""
        return len(self.address()) > 1


def in_view(view: View) -> ColumnElement[bool]:
    """The condition of a view on a work."""
    is_open = and_(Entry.state == EntryState.SUBMITTED, Entry.unfit_proposed_by.is_(None))
    match view:
        case View.PROPOSED:
            return and_(Entry.state == EntryState.SUBMITTED, Entry.unfit_proposed_by.is_not(None))
        case View.ASKED:
            asked = exists().where(Supplement.entry_id == Entry.id, Supplement.closed_at.is_(None))
            return and_(Entry.state == EntryState.SUBMITTED, asked)
        case View.DONE:
            return Entry.state.in_((EntryState.FIT, EntryState.UNFIT))
        case View.CHECKING:
            return and_(is_open, Entry.verdict.is_(None))
        case _:
            return and_(is_open, Entry.verdict == view.value)


def narrowed(session: Session, edition_id: str, sieve: Sieve, *, but: str = "") -> ColumnElement[bool]:
    """Every condition of a sieve except its view and the filter named `but`; joins Submission."""
    wanted = [Entry.edition_id == edition_id, Submission.state == SubmissionState.SUBMITTED]
    if sieve.kind and but != "kind":
        wanted.append(
            exists().where(
                FindingRow.entry_id == Entry.id, FindingRow.kind == sieve.kind, FindingRow.grade != "off"
            )
        )
    if sieve.dong and but != "dong":
        wanted.append(Entry.dong == sieve.dong)
    if sieve.device:
        wanted.append(_of_device(session, edition_id, sieve.device))
    if sieve.hand:
        touched = or_(
            func.coalesce(Entry.screened_by, "") == sieve.me,
            func.coalesce(Entry.unfit_proposed_by, "") == sieve.me,
        )
        wanted.append(touched if sieve.hand == Hand.MINE else not_(touched))
    if sieve.words:
        wanted.append(
            or_(
                Entry.title.icontains(sieve.words, autoescape=True),
                Entry.entry_number.icontains(sieve.words, autoescape=True),
            )
        )
    return and_(*wanted)


def within(session: Session, edition_id: str, sieve: Sieve) -> ColumnElement[bool]:
    """The condition of a sieve; joins Submission."""
    return and_(narrowed(session, edition_id, sieve), in_view(sieve.view))


def _of_device(session: Session, edition_id: str, wanted: str) -> ColumnElement[bool]:
    # The names an edition's files give are few: they are sorted by the rule once, and compared as they stand.
    found = session.info.setdefault("screening device names", {})
    if edition_id not in found:
        name = Photo.facts[("exif", "device")].as_string()
        found[edition_id] = session.scalars(
            select(name).where(Photo.edition_id == edition_id).distinct()
        ).all()
    names = [name for name in found[edition_id] if classify_device(name) == wanted]
    photo = aliased(Photo)  # the list may name the photograph besides
    name = photo.facts[("exif", "device")].as_string()
    chosen = name.in_([one for one in names if one is not None])
    return Entry.photo_id.in_(
        select(photo.id).where(
            photo.edition_id == edition_id, or_(chosen, name.is_(None)) if None in names else chosen
        )
    )


def counts_by_view(session: Session, edition_id: str, sieve: Sieve) -> dict[View, int]:
    """How many works each view has under the other filters, in one query."""
    counted = session.execute(
        select(*(func.count(case((in_view(view), 1))) for view in View))
        .select_from(Entry)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(narrowed(session, edition_id, sieve))
    ).one()
    return dict(zip(View, counted, strict=True))


def counts_by_kind(session: Session, edition_id: str, sieve: Sieve) -> dict[str, int]:
    """Kind of finding -> works of the view that have it, under the other filters."""
    rows = session.execute(
        select(FindingRow.kind, func.count(FindingRow.entry_id.distinct()).label("works"))
        .join(Entry, Entry.id == FindingRow.entry_id)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(
            narrowed(session, edition_id, sieve, but="kind"), in_view(sieve.view), FindingRow.grade != "off"
        )
        .group_by(FindingRow.kind)
    )
    return {row.kind: row.works for row in rows}


def counts_by_dong(session: Session, edition_id: str, sieve: Sieve) -> dict[str, int]:
    """Dong -> works of the view, under the other filters."""
    rows = session.execute(
        select(Entry.dong, func.count())
        .join(Submission, Submission.id == Entry.submission_id)
        .where(narrowed(session, edition_id, sieve, but="dong"), in_view(sieve.view), Entry.dong.is_not(None))
        .group_by(Entry.dong)
        .order_by(Entry.dong)
    )
    return {dong: count for dong, count in rows if dong}


@dataclass(frozen=True)
class Progress:
    """How far screening is: works left, decided today by all and by oneself, minutes at the last hour's pace."""

    left: int
    total: int
    today: int
    mine: int
    minutes: int | None


def progress(session: Session, edition_id: str, me: str, now: dt.datetime) -> Progress:
    """The state of the work, in one query."""
    midnight = dt.datetime.combine(now.astimezone(KST).date(), dt.time(), KST).astimezone(dt.UTC)
    is_today = Entry.screened_at >= midnight
    is_recent = Entry.screened_at >= now - PACE_WINDOW
    decided = Entry.state.in_((EntryState.FIT, EntryState.UNFIT))
    left, total, today, mine, recent, since = session.execute(
        select(
            func.count(case((Entry.state == EntryState.SUBMITTED, 1))),
            func.count(),
            func.count(case((and_(decided, is_today), 1))),
            func.count(case((and_(decided, is_today, Entry.screened_by == me), 1))),
            func.count(case((and_(decided, is_recent), 1))),
            func.min(case((and_(decided, is_recent), Entry.screened_at))),
        )
        .select_from(Entry)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(
            Entry.edition_id == edition_id,
            Submission.state == SubmissionState.SUBMITTED,
            Entry.state.in_(STANDING),
        )
    ).one()
    return Progress(left, total, today, mine, minutes_left(left, recent, since, now))
