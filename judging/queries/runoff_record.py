"""The ballots of run-offs as they are stored, counted by the tie ladder, sealed and committed to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.commitment import ScoreLeaf, leaves_of, merkle_root
from judging.domain.runoff import PREFIX, Order, first_broken
from judging.domain.score_chain import ChainedBallot, ChainEnd, genesis, seal
from judging.models.round import Round, ScoreEvent
from judging.models.runoff import Runoff, RunoffBallot
from judging.queries.commitments import judge_alias, public_numbers


@dataclass(frozen=True)
class RunoffCommitment:
    """A counted run-off as the public may know it at once: nothing of a vote, a work or a name."""

    ordinal: int
    closed_at: dt.datetime
    root: str
    works: int
    votes: int


@dataclass(frozen=True)
class Ballot:
    """The last word of one judge."""

    order: Order
    at: dt.datetime
    end: ChainEnd


def tie_digest(entries: list[str]) -> str:
    """What names a tie, however its works are listed."""
    return merkle_root([entry.encode() for entry in sorted(entries)])


def ballots_of(session: Session, runoff_id: str) -> dict[str, Ballot]:
    """Judge -> the last ballot, abstentions among them."""
    return ballots_by_runoff(session, [runoff_id]).get(runoff_id, {})


def ballots_by_runoff(session: Session, runoffs: Iterable[str]) -> dict[str, dict[str, Ballot]]:
    """Run-off -> judge -> the last ballot; a run-off in which nobody voted is absent."""
    found: dict[str, dict[str, Ballot]] = {}
    for row in session.scalars(
        select(RunoffBallot).where(RunoffBallot.runoff_id.in_(list(runoffs))).order_by(RunoffBallot.seq)
    ):
        end = ChainEnd(row.judge_id, row.seq, row.digest)
        found.setdefault(row.runoff_id, {})[row.judge_id] = Ballot(tuple(row.order), row.at, end)
    return found


def counted_runoffs(session: Session, round_id: str) -> dict[frozenset[str], Mapping[str, Order]]:
    """Works of a closed run-off -> judge -> order, as the tie ladder asks for it."""
    closed = session.scalars(
        select(Runoff).where(Runoff.round_id == round_id, Runoff.closed_at.is_not(None))
    ).all()
    cast = ballots_by_runoff(session, [one.id for one in closed])
    return {
        frozenset(one.entries): {judge: held.order for judge, held in cast.get(one.id, {}).items()}
        for one in closed
    }


def runoff_leaves(session: Session, held: Round, one: Runoff) -> list[ScoreLeaf]:
    """Every place that a judge gave in a run-off, under public numbers and pseudonyms."""
    numbers, names = public_numbers(session, held.id), held.pseudonyms or {}
    return [
        ScoreLeaf(
            numbers[entry], judge_alias(names[judge]), f"{PREFIX}{one.ordinal}", place,
            ballot.at.astimezone(dt.UTC).isoformat(),
        )
        for judge, ballot in ballots_of(session, one.id).items()
        for place, entry in enumerate(ballot.order, start=1)
    ]  # fmt: skip


def runoff_root(session: Session, held: Round, one: Runoff, salt: str) -> str:
    """The commitment to a run-off's ballots computed from what is stored now."""
    return merkle_root(leaves_of(runoff_leaves(session, held, one), salt))


def runoff_seal(session: Session, one: Runoff) -> str:
    """One digest over the end of every voter's ballots."""
    ends = [held.end for _, held in sorted(ballots_of(session, one.id).items())]
    return seal(one.id, ends, [])


def scores_end(session: Session, round_id: str, judge_id: str) -> tuple[int, str]:
    """Number and digest of a judge's last score of a round, where the judge's ballots go on."""
    last = session.execute(
        select(ScoreEvent.seq, ScoreEvent.digest)
        .where(ScoreEvent.round_id == round_id, ScoreEvent.judge_id == judge_id)
        .order_by(ScoreEvent.seq.desc())
        .limit(1)
    ).first()
    return (last.seq, last.digest) if last else (0, genesis(round_id, judge_id))


def as_chained(row: RunoffBallot) -> ChainedBallot:
    """The hashed form of a ballot; the same from memory and from either database."""
    at = row.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return ChainedBallot(row.runoff_id, row.judge_id, row.seq, tuple(row.order), at)


def ballot_breaks(session: Session, round_id: str) -> dict[str, int]:
    """Judge -> the seq at which the chain of ballots breaks; judges whose chain is whole are absent."""
    held: dict[str, list[RunoffBallot]] = {}
    for row in session.scalars(
        select(RunoffBallot).where(RunoffBallot.round_id == round_id).order_by(RunoffBallot.seq)
    ):
        held.setdefault(row.judge_id, []).append(row)
    found = {}
    for judge, rows in held.items():
        chain = [(as_chained(row), row.previous, row.digest) for row in rows]
        broken = first_broken(scores_end(session, round_id, judge), chain)
        if broken is not None:
            found[judge] = broken
    return found


def runoff_documents(session: Session, held: Round) -> list[dict[str, Any]]:
    """The counted run-offs of a sealed round under public numbers, as the published checker reads them."""
    numbers = public_numbers(session, held.id)
    closed = session.scalars(
        select(Runoff)
        .where(Runoff.round_id == held.id, Runoff.closed_at.is_not(None))
        .order_by(Runoff.ordinal)
    ).all()
    return [
        {
            "works": sorted(numbers[entry] for entry in one.entries),
            "commitment": {"root": one.commitment, "salt": one.commitment_salt},
            "scores": [
                [leaf.number, leaf.judge, leaf.criterion, leaf.level, leaf.at]
                for leaf in sorted(runoff_leaves(session, held, one))
            ],
        }
        for one in closed
    ]


def runoff_commitments(session: Session, edition_id: str) -> list[RunoffCommitment]:
    """The commitments to the edition's counted run-offs, in the order in which they were opened."""
    rows = session.execute(
        select(Runoff, func.count(RunoffBallot.judge_id.distinct()))
        .join(Round, Round.id == Runoff.round_id)
        .outerjoin(RunoffBallot, RunoffBallot.runoff_id == Runoff.id)
        .where(Round.edition_id == edition_id, Runoff.closed_at.is_not(None))
        .group_by(Runoff.id)
        .order_by(Runoff.ordinal)
    )
    return [
        RunoffCommitment(one.ordinal, one.closed_at, one.commitment, len(one.entries), votes)
        for one, votes in rows
        if one.closed_at and one.commitment
    ]
