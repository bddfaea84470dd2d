"""A deliberation as a judge of the panel meets it: sealed scores, notes, remarks and revisions under pseudonyms.

Works with an interest of the judge do not exist here, nor does a word from whoever has an interest in the work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from contest.domain.errors import Missing
from judging.domain.deliberation import Revision, Window, as_given, revisions_of
from judging.domain.scoring import ScoreEvent as Score
from judging.domain.scoring import fold, total
from judging.models.deliberation import Deliberation, DeliberationSignature, Remark
from judging.models.panel import Judge
from judging.models.round import JudgeWork, Round, RoundEntry, ScoreEvent
from judging.queries.blind import Seat
from judging.queries.commitments import judge_alias
from judging.queries.scorecards import standing_levels, visible


@dataclass(frozen=True)
class Said:
    """A remark on a work."""

    name: str
    is_own: bool
    words: str
    at: dt.datetime


@dataclass(frozen=True)
class Voice:
    """What one judge gave a work. given: the levels at the first seal; levels: those that stand."""

    name: str
    is_own: bool
    given: Mapping[str, int] = field(hash=False)
    levels: Mapping[str, int] = field(hash=False)
    points: Fraction | None
    note: str
    revisions: tuple[Revision, ...]


@dataclass(frozen=True)
class DiscussedWork:
    """A work that exists for the judge, under the panel's common number. voices: by pseudonym."""

    work_id: str
    number: str
    image_token: str
    voices: tuple[Voice, ...]
    remarks: tuple[Said, ...]

    @property
    def own(self) -> Voice | None:
        """The judge's own scores."""
        return next((one for one in self.voices if one.is_own), None)

    @property
    def spread(self) -> Fraction:
        """How far the panel is apart: the highest total less the lowest."""
        points = [one.points for one in self.voices if one.points is not None]
        return max(points) - min(points) if points else Fraction(0)


def deliberation_of(session: Session, round_id: str) -> tuple[Deliberation, Window] | None:
    """A round's deliberation and its time; None where it has none yet."""
    row = session.get(Deliberation, round_id)
    return None if row is None else (row, Window(row.sealed_at, row.opened_at, row.ends_at, row.closed_at))


def signed_judges(session: Session, round_id: str) -> frozenset[str]:
    """Who has signed the end of a round's deliberation."""
    chosen = select(DeliberationSignature.judge_id).where(DeliberationSignature.round_id == round_id)
    return frozenset(session.scalars(chosen))


@dataclass(frozen=True)
class Listed:
    """A work on the list: how far the panel is apart on it, in whole steps of the rubric."""

    work_id: str
    number: str
    apart: int


def listed_works(session: Session, seat: Seat) -> list[Listed]:
    """The judge's works, those first on which the panel is furthest apart, then by common number. One query."""
    assert seat.round_id is not None
    assert seat.rule is not None
    rubric = seat.rule.rubric
    weighed = case(
        *((ScoreEvent.criterion == one.code, one.weight * ScoreEvent.level) for one in rubric.criteria)
    )
    given = (
        standing_levels(
            seat.round_id,
            None,
            ScoreEvent.work_id,
            func.sum(weighed).label("points"),
            func.count().label("given"),
        )
        .group_by(ScoreEvent.work_id)
        .subquery()
    )
    apart = (
        visible(JudgeWork.entry_id, (func.max(given.c.points) - func.min(given.c.points)).label("apart"))
        .join(Judge, Judge.id == JudgeWork.judge_id)
        .join(given, given.c.work_id == JudgeWork.id)
        .where(*_heard(seat.round_id), given.c.given == len(rubric.criteria))
        .group_by(JudgeWork.entry_id)
        .subquery()
    )
    mine = _mine(seat, JudgeWork.id, RoundEntry.common_number, func.coalesce(apart.c.apart, 0))
    rows = session.execute(mine.outerjoin(apart, apart.c.entry_id == JudgeWork.entry_id))
    listed = [Listed(work, number, int(steps)) for work, number, steps in rows]
    return sorted(listed, key=lambda one: (-one.apart, one.number))


def discussed_work(session: Session, seat: Seat, work_id: str) -> DiscussedWork:
    """One work of the judge's. Raises Missing for every other, a second look at a work among them."""
    found = discussed_works(session, seat, [work_id])
    if not found:
        raise Missing("missing")
    return found[0]


def discussed_works(
    session: Session, seat: Seat, works: Collection[str] | None = None
) -> list[DiscussedWork]:
    """Those of the works that exist for the judge, or all, by common number, in a fixed number of queries."""
    assert seat.round_id is not None
    assert seat.rule is not None
    mine = _mine(seat, JudgeWork.id, JudgeWork.entry_id, JudgeWork.image_token, RoundEntry.common_number)
    if works is not None:
        mine = mine.where(JudgeWork.id.in_(works))
    shown = session.execute(mine.order_by(RoundEntry.common_number)).all()
    entries = None if works is None else [row.entry_id for row in shown]
    names = session.get_one(Round, seat.round_id).pseudonyms or {}
    held = session.execute(_held(seat.round_id, entries)).all()
    events = _events(session, seat.round_id, None if works is None else [work for work, *_ in held])
    voices: dict[str, dict[str, Voice]] = {}
    for work, of_entry, judge, note in held:
        if judge not in names:
            continue
        own = events.get(work, [])
        levels, given = fold(own).work(work), fold(as_given(own)).work(work)
        if not levels and not note:
            continue
        voices.setdefault(of_entry, {})[judge] = Voice(
            judge_alias(names[judge]), judge == seat.judge_id, given, levels, total(levels, seat.rule.rubric),
            note or "", revisions_of(judge, own),
        )  # fmt: skip
    remarks = _remarks(session, seat, entries, {(e, judge) for _, e, judge, _ in held}, names)
    return [
        DiscussedWork(
            work, number, token,
            tuple(voices.get(of_entry, {})[judge] for judge in sorted(voices.get(of_entry, {}), key=names.__getitem__)),
            tuple(remarks.get(of_entry, ())),
        )
        for work, of_entry, token, number in shown
    ]  # fmt: skip


def _mine(seat: Seat, *columns: Any) -> Select[Any]:
    """Columns of the judge's own works that are discussed: each once, under the panel's number."""
    return visible(*columns).where(
        JudgeWork.round_id == seat.round_id,
        JudgeWork.judge_id == seat.judge_id,
        JudgeWork.is_repeat.is_(False),
        RoundEntry.common_number.is_not(None),
    )


def _heard(round_id: str) -> tuple[ColumnElement[bool], ...]:
    """Whose words on a work count: who sits, by the first look."""
    return JudgeWork.round_id == round_id, JudgeWork.is_repeat.is_(False), Judge.released_at.is_(None)


def _held(round_id: str, entries: Collection[str] | None) -> Select[str, str, str, str | None]:
    """(work, entry, judge, note) of everybody who sits and may see the work."""
    chosen = (
        visible(JudgeWork.id, JudgeWork.entry_id, JudgeWork.judge_id, JudgeWork.note)
        .join(Judge, Judge.id == JudgeWork.judge_id)
        .where(*_heard(round_id))
    )
    return chosen if entries is None else chosen.where(JudgeWork.entry_id.in_(entries))


def _events(session: Session, round_id: str, works: list[str] | None) -> dict[str, list[Score]]:
    chosen = (
        select(
            ScoreEvent.work_id, ScoreEvent.seq, ScoreEvent.criterion, ScoreEvent.level, ScoreEvent.at,
            ScoreEvent.reason,
        )
        .where(ScoreEvent.round_id == round_id)
        .order_by(ScoreEvent.judge_id, ScoreEvent.seq)
    )  # fmt: skip
    if works is not None:
        chosen = chosen.where(ScoreEvent.work_id.in_(works))
    found: dict[str, list[Score]] = {}
    for work, seq, criterion, level, at, reason in session.execute(chosen):
        found.setdefault(work, []).append(Score(seq, work, criterion, level, at, reason))
    return found


def _remarks(
    session: Session,
    seat: Seat,
    entries: Collection[str] | None,
    seen: set[tuple[str, str]],
    names: Mapping[str, int],
) -> dict[str, list[Said]]:
    """Entry -> remarks, oldest first, of those who may see the work."""
    chosen = (
        select(Remark.entry_id, Remark.judge_id, Remark.words, Remark.at)
        .where(Remark.round_id == seat.round_id, Remark.words.is_not(None))
        .order_by(Remark.at, Remark.id)
    )
    if entries is not None:
        chosen = chosen.where(Remark.entry_id.in_(entries))
    found: dict[str, list[Said]] = {}
    for of_entry, judge, words, at in session.execute(chosen):
        if (of_entry, judge) in seen and judge in names:
            said = Said(judge_alias(names[judge]), judge == seat.judge_id, words or "", at)
            found.setdefault(of_entry, []).append(said)
    return found
