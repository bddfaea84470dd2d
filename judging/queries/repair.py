"""What a round under way can be repaired with: who holds and owes what, and the repairs asked for. Never a level."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from contest.domain.errors import Conflict
from contest.domain.ruleset import RELATIVE, Advance, EditionRules
from contest.models.account import Account
from contest.models.edition import Edition
from contest.queries.editions import get_edition, rules_of
from judging.domain.repair import Duty, OpenRound, Way
from judging.domain.round_rule import RoundRule
from judging.models.panel import Judge
from judging.models.repair import Repair
from judging.models.round import Completion, JudgeWork, Round, RoundState
from judging.queries.dealt import not_to_meet
from judging.queries.panel import round_of
from judging.queries.round_scores import seated, still_judged
from judging.queries.scorecards import scored_works, visible


@dataclass(frozen=True)
class Boundary:
    """Where it is decided who gets more: between two tiers, or who goes on. place: works that stand above."""

    upper: str
    lower: str
    place: int


@dataclass(frozen=True)
class Repairing:
    """The open round of an edition as its planner needs it. ends: when its scores end; names: judge -> name."""

    round_id: str
    rule: RoundRule = field(hash=False)
    held: OpenRound = field(hash=False)
    boundaries: tuple[Boundary, ...]
    ends: dt.datetime | None
    names: Mapping[str, str] = field(hash=False)
    can_be_told: frozenset[str]  # judges with a telephone or mail address


@dataclass(frozen=True)
class Asked:
    """A repair that was asked for. successor: name of who is to take the seat, until decided."""

    repair_id: str
    way: Way
    judge_id: str | None
    judge: str
    quorum: int | None
    successor: str
    reason: str
    proposed_by: str
    asked_by: str
    proposed_at: dt.datetime
    confirmed_by: str
    confirmed_at: dt.datetime | None
    facts: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Done:
    """A confirmed repair as everybody may read it: no name, no reason."""

    round_name: str
    way: Way
    at: dt.datetime
    facts: Mapping[str, Any] = field(hash=False)


def repairing(session: Session, edition_id: str, now: dt.datetime) -> Repairing:
    """The edition's open round. Raises Conflict `repair.not_open`."""
    held = session.scalars(
        select(Round).where(Round.edition_id == edition_id, Round.state == RoundState.OPEN)
    ).first()
    if held is None:
        last = round_of(session, edition_id)
        raise Conflict("repair.deliberation" if last and last.is_deliberating else "repair.not_open")
    edition, rule = get_edition(session, edition_id), RoundRule.from_document(held.rule)
    panel = seated(session, edition_id, rule.panel)
    signed = set(session.scalars(select(Completion.judge_id).where(Completion.round_id == held.id)))
    works: dict[str, set[str]] = {judge: set() for judge in panel}
    done: dict[str, set[str]] = {judge: set() for judge in panel}
    scored = scored_works(held.id, None, len(rule.rubric.criteria))
    for judge, entry, is_whole in session.execute(
        visible(JudgeWork.judge_id, JudgeWork.entry_id, scored.c.complete)
        .outerjoin(scored, scored.c.work_id == JudgeWork.id)
        .where(JudgeWork.round_id == held.id, JudgeWork.judge_id.in_(panel), JudgeWork.is_repeat.is_(False))
    ):
        works[judge].add(entry)
        if is_whole:
            done[judge].add(entry)
    rows = session.execute(
        select(Judge.id, Account.name, Account.phone, Account.email)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.edition_id == edition_id)
        .order_by(Account.name, Judge.id)
    ).all()
    names = {judge: name for judge, name, _, _ in rows}
    ends = min((at for at in (held.closes_at, edition.judging_closes) if at is not None), default=None)
    boundaries = _boundaries(rules_of(edition), rule, held.ordinal)
    opened = OpenRound(
        works=still_judged(session, held.id),
        duties=tuple(
            Duty(judge, frozenset(works[judge]), frozenset(done[judge]), judge in signed)
            for judge in names
            if judge in panel
        ),
        closed=frozenset(not_to_meet(session, held, panel)),
        quorum=rule.quorum,
        is_vote=rule.is_vote,
        trim_from=rule.trim_from,
        is_relative=rule.aggregation in RELATIVE,
        trims_recused=rule.recusal_rule == "trim",
        is_over=ends is not None and now >= ends,
        may_miss=rule.may_miss,
        places=tuple(len(works) if one.place < 0 else one.place for one in boundaries),
    )
    can_be_told = frozenset(judge for judge, _, phone, email in rows if phone or email)
    return Repairing(held.id, rule, opened, boundaries, ends, names, can_be_told)


def _boundaries(rules: EditionRules, rule: RoundRule, ordinal: int) -> tuple[Boundary, ...]:
    """Best first; a place below 0: every work stands above it."""
    if not rule.is_last:
        name = rules.rounds[ordinal].name.get("ko", "") if ordinal < len(rules.rounds) else ""
        place = {Advance.ALL: -1, Advance.THRESHOLD: 0, Advance.TOP: rule.advance.count}[rule.advance.kind]
        return (Boundary(f"{name}에 올라감", "올라가지 않음", place),)
    scheme = rules.prizes
    names = [tier.name["ko"] for tier in scheme.tiers]
    below = [*names[1:], "예비순위" if rules.reserves else "수상하지 않음"]
    places = list(accumulate(tier.count for tier in scheme.tiers))
    return tuple(map(Boundary, names, below, places))


def asked_repairs(session: Session, round_id: str) -> list[Asked]:
    """Repairs of a round that wait or were confirmed, newest first."""
    proposer, approver, member = aliased(Account), aliased(Account), aliased(Account)
    rows = session.execute(
        select(Repair, proposer.name, approver.name, member.name)
        .join(proposer, proposer.id == Repair.proposed_by)
        .outerjoin(approver, approver.id == Repair.confirmed_by)
        .outerjoin(Judge, Judge.id == Repair.judge_id)
        .outerjoin(member, member.id == Judge.account_id)
        .where(Repair.round_id == round_id, Repair.dropped_at.is_(None))
        .order_by(Repair.proposed_at.desc(), Repair.id)
    )
    return [
        Asked(
            one.id, one.way, one.judge_id, judge or "", one.facts.get("quorum"),
            (one.successor or {}).get("name", ""), one.reason, one.proposed_by, asked_by, one.proposed_at,
            confirmed_by or "", one.confirmed_at, one.facts,
        )
        for one, asked_by, confirmed_by, judge in rows
    ]  # fmt: skip


def waiting_repair(session: Session, edition_id: str) -> bool:
    """Whether a repair of the edition's open round waits for its second person."""
    return (
        session.scalar(
            select(Repair.id)
            .join(Round, Round.id == Repair.round_id)
            .where(
                Round.edition_id == edition_id,
                Round.state == RoundState.OPEN,
                Repair.confirmed_at.is_(None),
                Repair.dropped_at.is_(None),
            )
        )
        is not None
    )


def done_repairs(session: Session, edition: Edition) -> list[Done]:
    """What was changed about the edition's rounds while they ran, oldest first."""
    rows = session.execute(
        select(Repair, Round.rule)
        .join(Round, Round.id == Repair.round_id)
        .where(Round.edition_id == edition.id, Repair.confirmed_at.is_not(None))
        .order_by(Repair.confirmed_at, Repair.id)
    )
    return [
        Done(RoundRule.from_document(rule).name, one.way, one.confirmed_at, one.facts)
        for one, rule in rows
        if one.confirmed_at is not None
    ]
