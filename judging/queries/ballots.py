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
    """The run-offs of the judge's round in which the judge has a vote, open ones first; in three queries."""
    rows = session.scalars(
        select(Runoff)
        .where(
            Runoff.round_id == seat.round_id,
            Runoff.id.in_(select(RunoffWork.runoff_id).where(RunoffWork.judge_id == seat.judge_id)),
        )
        .order_by(Runoff.closed_at.is_not(None), Runoff.ordinal)
    ).all()
    works: dict[str, list[BallotWork]] = {}
    numbers: dict[str, str] = {}
    for work, number, title in session.execute(
        select(RunoffWork, RoundEntry.common_number, Entry.screened_title)
        .join(RoundEntry, RoundEntry.entry_id == RunoffWork.entry_id)
        .join(Entry, Entry.id == RunoffWork.entry_id)
        .where(
            RunoffWork.runoff_id.in_([one.id for one in rows]),
            RunoffWork.judge_id == seat.judge_id,
            RoundEntry.round_id == seat.round_id,
        )
        .order_by(RunoffWork.runoff_id, RunoffWork.position)
    ):
        numbers[work.entry_id] = number or ""
        shown = BallotWork(number or "", title, work.image_token, work.zoom_token)
        works.setdefault(work.runoff_id, []).append(shown)
    cast = {
        ballot.runoff_id: ballot
        for ballot in session.scalars(
            select(RunoffBallot)
            .where(RunoffBallot.round_id == seat.round_id, RunoffBallot.judge_id == seat.judge_id)
            .order_by(RunoffBallot.seq)
        )
    }
    return [
        OwnBallot(
            one.id, one.ordinal, one.ends_at, one.closed_at is None, tuple(works.get(one.id, ())),
            tuple(numbers[entry] for entry in cast[one.id].order) if one.id in cast else None,
            cast[one.id].at if one.id in cast else None,
        )
        for one in rows
    ]  # fmt: skip


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
