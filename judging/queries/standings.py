"""The sealed result of a round: refused to everybody until judging has closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.errors import Conflict
from contest.models.account import Account
from judging.domain.placing import place_all
from judging.domain.ranking import LeftOut
from judging.domain.round_rule import RoundRule
from judging.domain.scoring import Scorecard, fold
from judging.domain.scoring import ScoreEvent as Score
from judging.domain.tie_ladder import TieStep
from judging.models.panel import Judge
from judging.models.round import Completion, JudgeWork, Round, RoundEntry, RoundState, ScoreEvent, StandingRow
from judging.queries.rounds import last_round


@dataclass(frozen=True)
class Sealed:
    """A sealed round: its rule, whether highest and lowest fell, when it was sealed and with which digest."""

    round_id: str
    edition_id: str
    rule: RoundRule = field(hash=False)
    trim: bool
    opened_at: dt.datetime
    sealed_at: dt.datetime
    seal: str
    commitment: str | None
    is_read: bool  # whether anybody has seen what the scores came to


@dataclass(frozen=True)
class Place:
    """A work's place in the tally. totals: judge id -> exact points; dropped: judge ids that fell."""

    rank: int
    entry_id: str
    common_number: str
    mean: Fraction
    printed: str
    totals: Mapping[str, Fraction] = field(hash=False)
    rule: str
    dropped: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    ties: tuple[TieStep, ...]
    of_round: str = ""  # the earlier round from which its place comes; empty: the last one


@dataclass(frozen=True)
class PanelMember:
    """A judge as the tally names one; release_reason where released."""

    judge_id: str
    name: str
    affiliation: str
    is_external: bool
    is_chair: bool
    signed_name: str | None
    signed_at: dt.datetime | None
    chain_head: str | None
    release_reason: str | None
    released_at: dt.datetime | None


def sealed_round(session: Session, edition_id: str) -> Sealed:
    """The edition's sealed last round, the one that ranks. Raises Conflict `judging.not_sealed`."""
    held = last_round(session, edition_id)
    if held is None or held.state is not RoundState.SEALED:
        raise Conflict("judging.not_sealed")
    rule = RoundRule.from_document(held.rule)
    if not rule.is_last:
        raise Conflict("judging.not_sealed")
    assert held.opened_at is not None
    assert held.sealed_at is not None
    assert held.seal is not None
    return Sealed(
        held.id,
        held.edition_id,
        rule,
        bool(held.trim),
        held.opened_at,
        held.sealed_at,
        held.seal,
        held.commitment,
        held.result_read_at is not None,
    )


def standings(session: Session, edition_id: str) -> list[Place]:
    """Every work that was ranked, best first; equal ranks are ties nothing resolved.

    Works that did not come to the last round stand below it, as the round before ranked them.
    Raises Conflict `judging.not_sealed`.
    """
    held = sealed_round(session, edition_id)
    ranks = final_ranks(session, edition_id)
    rows = session.execute(
        select(StandingRow, RoundEntry.common_number, Round.ordinal, Round.rule)
        .join(Round, Round.id == StandingRow.round_id)
        .join(
            RoundEntry,
            (RoundEntry.round_id == StandingRow.round_id) & (RoundEntry.entry_id == StandingRow.entry_id),
        )
        .where(Round.edition_id == edition_id)
        .order_by(Round.ordinal)
    )
    found: dict[str, Place] = {}
    for row, number, _, rule in rows:  # of a work's rows the latest round's stays
        if row.entry_id not in ranks:
            continue
        name = "" if row.round_id == held.round_id else RoundRule.from_document(rule).name
        found[row.entry_id] = replace(place_of(row, number), rank=ranks[row.entry_id], of_round=name)
    return sorted(found.values(), key=lambda place: (place.rank, place.common_number))


def final_ranks(session: Session, edition_id: str) -> dict[str, int]:
    """Entry -> its place among all works that any round ranked, once the last one is sealed."""
    rounds = session.execute(
        select(Round.id, Round.outcome).where(Round.edition_id == edition_id).order_by(Round.ordinal)
    ).all()
    ranks: dict[str, dict[str, int]] = {}
    for round_id, entry, rank in session.execute(
        select(StandingRow.round_id, StandingRow.entry_id, StandingRow.rank).where(
            StandingRow.round_id.in_([round_id for round_id, _ in rounds])
        )
    ):
        ranks.setdefault(round_id, {})[entry] = rank
    before = [
        (ranks[round_id], (outcome or {}).get("goes_on") or ())
        for round_id, outcome in rounds[:-1]
        if round_id in ranks
    ]
    return place_all(ranks.get(rounds[-1].id, {}), before) if rounds else {}


def unresolved(places: list[Place]) -> list[tuple[Place, ...]]:
    """The ties that no step of the ladder told apart, best first."""
    groups = (tuple(group) for _, group in groupby(places, key=lambda place: place.rank))
    return [group for group in groups if len(group) > 1]


def waits(tie: tuple[Place, ...]) -> bool:
    """Whether works that nothing told apart wait for the panel before anybody else may order them."""
    return bool(tie[0].ties) and tie[0].ties[-1].waits


def panel(session: Session, edition_id: str) -> list[PanelMember]:
    """The judges as the tally names them, released ones last. Raises Conflict `judging.not_sealed`."""
    held = sealed_round(session, edition_id)
    rows = session.execute(
        select(Judge, Account.name, Completion)
        .join(Account, Account.id == Judge.account_id)
        .outerjoin(Completion, (Completion.judge_id == Judge.id) & (Completion.round_id == held.round_id))
        .where(Judge.edition_id == edition_id)
    )
    listed = [
        PanelMember(
            judge.id,
            name,
            judge.affiliation,
            judge.is_external,
            judge.is_chair,
            done.signed_name if done else None,
            done.signed_at if done else None,
            done.chain_head if done else None,
            judge.release_reason if judge.released_at else None,
            judge.released_at,
        )
        for judge, name, done in rows
    ]
    return sorted(
        listed, key=lambda one: (one.released_at is not None, not one.is_chair, one.name, one.judge_id)
    )


def scorecards(session: Session, edition_id: str) -> dict[str, Scorecard]:
    """Judge id -> what that judge gave, by entry id, with each cell's history. Raises Conflict `judging.not_sealed`."""
    held = sealed_round(session, edition_id)
    events: dict[str, list[Score]] = {}
    for row, entry in session.execute(
        select(ScoreEvent, JudgeWork.entry_id)
        .join(JudgeWork, JudgeWork.id == ScoreEvent.work_id)
        .where(ScoreEvent.round_id == held.round_id, JudgeWork.is_repeat.is_(False))
        .order_by(ScoreEvent.judge_id, ScoreEvent.seq)
    ):
        events.setdefault(row.judge_id, []).append(
            Score(row.seq, entry, row.criterion, row.level, row.at, row.reason)
        )
    return {judge: fold(listed) for judge, listed in events.items()}


def place_of(row: StandingRow, number: str | None) -> Place:
    """A stored row as a place."""
    detail: dict[str, Any] = row.detail
    return Place(
        rank=row.rank,
        entry_id=row.entry_id,
        common_number=number or "",
        mean=Fraction(row.mean),
        printed=row.printed,
        totals={judge: Fraction(points) for judge, points in detail["totals"].items()},
        rule=detail["rule"],
        dropped=tuple(detail["dropped"]),
        left_out=tuple(LeftOut(judge, reason) for judge, reason in detail["left_out"]),
        ties=tie_steps(detail),
    )


def tie_steps(detail: Mapping[str, Any]) -> tuple[TieStep, ...]:
    """The steps of the ladder that a work went through, from its stored row."""
    return tuple(
        TieStep(step, tuple(entries), tuple(tuple(group) for group in groups), bool(waits))
        for step, entries, groups, *waits in detail["ties"]  # rows stored before run-offs have three
    )
