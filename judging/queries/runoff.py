"""Run-offs of a sealed round: which ties wait for one, how far it has come, and what it came to once counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.domain.ruleset import RUNOFF
from contest.models.edition import Edition
from contest.queries.editions import rules_of
from judging.domain.deciding_ties import Decides, deciding_ties
from judging.domain.round_rule import RoundRule
from judging.domain.runoff import Count, count_ballots
from judging.models.panel import Conflict
from judging.models.round import Round, RoundEntry
from judging.models.runoff import Runoff, RunoffWork
from judging.queries.allocation import allocation_inputs
from judging.queries.round_scores import seated
from judging.queries.rounds import last_round
from judging.queries.runoff_record import Ballot, ballots_by_runoff, tie_digest
from judging.queries.standings import sealed_round, standings, unresolved, waits


@dataclass(frozen=True)
class WaitingTie:
    """Works of one rank that wait for their run-off; decides: what hangs on it, None: nothing."""

    rank: int
    numbers: tuple[str, ...]
    decides: Decides | None


@dataclass(frozen=True)
class RunoffView:
    """A run-off as staff see it, by common number. count: once it is closed; voters: how many may vote."""

    runoff_id: str
    ordinal: int
    numbers: tuple[str, ...]
    opened_at: dt.datetime
    ends_at: dt.datetime
    closed_at: dt.datetime | None
    commitment: str | None
    voters: int
    voted: int
    count: Count | None = field(hash=False)


def waiting_ties(session: Session, edition: Edition) -> list[WaitingTie]:
    """The ties that wait for a run-off to be opened, and what each decides. Raises Conflict `judging.not_sealed`."""
    held = session.get_one(Round, sealed_round(session, edition.id).round_id)
    deciding = {
        entry: tie.decides
        for tie in deciding_ties(allocation_inputs(session, edition, held))
        for entry in tie.entries
    }
    opened = set(session.scalars(select(Runoff.tie).where(Runoff.round_id == held.id)))
    found = []
    for tie in unresolved(standings(session, edition.id)):
        if not waits(tie) or tie_digest([place.entry_id for place in tie]) in opened:
            continue
        decides = next((deciding[place.entry_id] for place in tie if place.entry_id in deciding), None)
        found.append(WaitingTie(tie[0].rank, tuple(place.common_number for place in tie), decides))
    return found


def may_be_asked(session: Session, edition: Edition) -> list[WaitingTie]:
    """Of the waiting ties those that decide something, and those a prize or a reserve place may still come to."""
    rules = rules_of(edition)
    last = rules.prizes.winners + rules.reserves
    return [tie for tie in waiting_ties(session, edition) if tie.decides is not None or tie.rank <= last]


def is_undecided(session: Session, edition: Edition) -> bool:
    """Whether a run-off is open, or a tie that decides something waits for one. False before the seal of the result."""
    held = last_round(session, edition.id)
    if held is None or held.sealed_at is None or RUNOFF not in rules_of(edition).ties:
        return False
    is_open = select(Runoff.id).where(Runoff.round_id == held.id, Runoff.closed_at.is_(None)).limit(1)
    return session.scalar(is_open) is not None or any(
        tie.decides is not None for tie in waiting_ties(session, edition)
    )


def voters_of(session: Session, held: Round, panel: frozenset[str], entries: list[str]) -> list[str]:
    """The judges who may vote: of the round, with a pseudonym since its seal, and no interest in any of the works."""
    away = session.scalars(
        select(Conflict.judge_id).where(Conflict.entry_id.in_(entries), Conflict.withdrawn_at.is_(None))
    )
    return sorted((panel & set(held.pseudonyms or {})) - set(away))


def runoffs(session: Session, edition_id: str) -> list[RunoffView]:
    """The run-offs of an edition's last round, by their number, in a fixed number of queries."""
    held = last_round(session, edition_id)
    if held is None:
        return []
    rows = session.scalars(select(Runoff).where(Runoff.round_id == held.id).order_by(Runoff.ordinal)).all()
    listed = [one.id for one in rows]
    tied = {entry for one in rows for entry in one.entries}
    facts = _Facts(
        dict(
            session.execute(
                select(RoundEntry.entry_id, func.coalesce(RoundEntry.common_number, "")).where(
                    RoundEntry.round_id == held.id, RoundEntry.entry_id.in_(tied)
                )
            ).all()
        ),
        dict(
            session.execute(
                select(RunoffWork.runoff_id, func.count(RunoffWork.judge_id.distinct()))
                .where(RunoffWork.runoff_id.in_(listed))
                .group_by(RunoffWork.runoff_id)
            ).all()
        ),
        ballots_by_runoff(session, listed),
        seated(session, edition_id, RoundRule.from_document(held.rule).panel),
        frozenset(
            (entry, judge)
            for entry, judge in session.execute(
                select(Conflict.entry_id, Conflict.judge_id).where(
                    Conflict.entry_id.in_(tied), Conflict.withdrawn_at.is_(None)
                )
            )
        ),
    )
    return [_view(one, facts) for one in rows]


@dataclass(frozen=True)
class _Facts:
    """Of all run-offs of a round: common numbers, voters by run-off, ballots, who counts, and interests."""

    numbers: Mapping[str, str] = field(hash=False)
    voters: Mapping[str, int] = field(hash=False)
    ballots: Mapping[str, Mapping[str, Ballot]] = field(hash=False)
    panel: frozenset[str]
    away: frozenset[tuple[str, str]]


def _view(one: Runoff, facts: _Facts) -> RunoffView:
    numbers = {entry: facts.numbers[entry] for entry in one.entries}
    cast = facts.ballots.get(one.id, {})
    count = None
    if one.closed_at is not None:
        orders = [
            tuple(numbers[entry] for entry in ballot.order)
            for judge, ballot in cast.items()
            if judge in facts.panel and not any((entry, judge) in facts.away for entry in one.entries)
        ]
        count = count_ballots(numbers.values(), orders)
    return RunoffView(
        one.id, one.ordinal, tuple(sorted(numbers.values())), one.opened_at, one.ends_at, one.closed_at,
        one.commitment, facts.voters.get(one.id, 0), len(cast), count,
    )  # fmt: skip
