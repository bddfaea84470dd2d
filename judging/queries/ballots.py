"""The run-offs that a judge votes in: common numbers, the judge's own pictures and own last word, never a score."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.errors import Missing
from contest.models.entry import Entry
from judging.domain.runoff import Order
from judging.models.round import RoundEntry
from judging.models.runoff import Runoff, RunoffBallot, RunoffWork
from judging.queries.blind import Seat


@dataclass(frozen=True)
class BallotWork:
    """A tied work as a voter meets it."""

    common_number: str
    title: str | None
    image_token: str
    zoom_token: str


@dataclass(frozen=True)
class OwnBallot:
    """A run-off and what the judge said in it. cast: numbers best first, none: abstained; None: nothing said yet."""

    runoff_id: str
    ordinal: int
    ends_at: dt.datetime
    is_open: bool
    works: tuple[BallotWork, ...]
    cast: Order | None
    cast_at: dt.datetime | None


def own_ballots(session: Session, seat: Seat) -> list[OwnBallot]:
    """The run-offs of the judge's round in which the judge has a vote, open ones first."""
    rows = session.scalars(
        select(Runoff)
        .where(
            Runoff.round_id == seat.round_id,
            Runoff.id.in_(select(RunoffWork.runoff_id).where(RunoffWork.judge_id == seat.judge_id)),
        )
        .order_by(Runoff.closed_at.is_not(None), Runoff.ordinal)
    ).all()
    return [_own(session, seat, one) for one in rows]


def own_numbers(session: Session, runoff_id: str, judge_id: str) -> dict[str, str]:
    """Common number -> entry of the works that a judge may order in a run-off. Raises Missing for every other."""
    chosen = (
        select(RoundEntry.common_number, RunoffWork.entry_id)
        .join(Runoff, Runoff.id == RunoffWork.runoff_id)
        .join(
            RoundEntry,
            (RoundEntry.round_id == Runoff.round_id) & (RoundEntry.entry_id == RunoffWork.entry_id),
        )
        .where(RunoffWork.runoff_id == runoff_id, RunoffWork.judge_id == judge_id)
    )
    found = {number or "": entry for number, entry in session.execute(chosen)}
    if not found:
        raise Missing("missing")
    return found


def _own(session: Session, seat: Seat, one: Runoff) -> OwnBallot:
    rows = session.execute(
        select(RunoffWork, RoundEntry.common_number, Entry.screened_title)
        .join(RoundEntry, RoundEntry.entry_id == RunoffWork.entry_id)
        .join(Entry, Entry.id == RunoffWork.entry_id)
        .where(
            RunoffWork.runoff_id == one.id,
            RunoffWork.judge_id == seat.judge_id,
            RoundEntry.round_id == one.round_id,
        )
        .order_by(RunoffWork.position)
    ).all()
    numbers = {work.entry_id: number or "" for work, number, _ in rows}
    last = session.scalars(
        select(RunoffBallot)
        .where(RunoffBallot.runoff_id == one.id, RunoffBallot.judge_id == seat.judge_id)
        .order_by(RunoffBallot.seq.desc())
        .limit(1)
    ).first()
    return OwnBallot(
        one.id,
        one.ordinal,
        one.ends_at,
        one.closed_at is None,
        tuple(
            BallotWork(number or "", title, work.image_token, work.zoom_token) for work, number, title in rows
        ),
        tuple(numbers[entry] for entry in last.order) if last else None,
        last.at if last else None,
    )
