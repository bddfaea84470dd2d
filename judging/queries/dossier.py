"""What the dossier is computed from, and the dossier as it is read: ids turned into numbers and names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.models.edition import Edition
from contest.queries.editions import get_edition, rules_of
from judging.domain.allocator import AllocationInputs
from judging.domain.dossier import Talk
from judging.domain.repeats import Consistency
from judging.domain.robustness import RESERVE, Stake
from judging.domain.round_rule import RoundRule
from judging.models.award import Allocation, Dossier
from judging.models.round import JudgeWork, Round, ScoreEvent
from judging.queries.allocation import final_round
from judging.queries.deliberating import panel_of, revisions
from judging.queries.numbers import entry_numbers
from judging.queries.repeats import consistencies
from judging.queries.round_scores import ladder_of, round_scores, seated
from judging.queries.standings import panel


@dataclass(frozen=True)
class Question:
    """One allocation to be asked about: its stake, each judge's order, the public seed, own consistency."""

    allocation_id: str
    stake: Stake
    order: dict[str, list[str]]
    seed: str
    again: tuple[Consistency, ...]
    talk: Talk | None


def newest_provisional(session: Session, edition_id: str) -> Allocation | None:
    """The last allocation made from ranks; successions after it change persons, not scores."""
    return session.scalars(
        select(Allocation)
        .where(Allocation.edition_id == edition_id, Allocation.cause == "provisional")
        .order_by(Allocation.version.desc())
        .limit(1)
    ).first()


def unanswered(session: Session) -> list[str]:
    """Editions whose newest allocation from ranks has no dossier yet."""
    newest = (
        select(Allocation.edition_id, func.max(Allocation.version).label("version"))
        .where(Allocation.cause == "provisional")
        .group_by(Allocation.edition_id)
        .subquery()
    )
    return list(
        session.scalars(
            select(Allocation.edition_id)
            .join(
                newest,
                (newest.c.edition_id == Allocation.edition_id) & (newest.c.version == Allocation.version),
            )
            .outerjoin(Dossier, Dossier.allocation_id == Allocation.id)
            .where(Dossier.allocation_id.is_(None))
        )
    )


def question(session: Session, edition_id: str) -> Question | None:
    """What is to be computed; None where nothing is allocated, nothing scored, or the answer is there."""
    edition = get_edition(session, edition_id)
    held, run = final_round(session, edition), newest_provisional(session, edition_id)
    if held is None or run is None or session.get(Dossier, run.id) is not None:
        return None
    order = _order(session, held)
    if not order:
        return None
    rule = RoundRule.from_document(held.rule)
    stake = Stake(
        works=tuple(round_scores(session, held)),
        panel=seated(session, edition_id, rule.panel),
        rubric=rule.rubric,
        rule=rule.tally(trim=bool(held.trim)),
        ladder=ladder_of(session, held, rule.ties),
        base=AllocationInputs.from_document(run.inputs),
    )
    return Question(
        run.id, stake, order, held.commitment or held.seal or "", consistencies(session, edition_id),
        _talk(session, held) if rule.deliberates else None,
    )  # fmt: skip


def _talk(session: Session, held: Round) -> Talk:
    panel = panel_of(session, held)
    revised = [one for one in revisions(session, held.id) if one.judge in panel]
    given = tuple(round_scores(session, held, as_given=True))
    return Talk(given, len(revised), len({one.judge for one in revised}))


def _order(session: Session, held: Round) -> dict[str, list[str]]:
    rows = session.execute(
        select(ScoreEvent.judge_id, JudgeWork.entry_id, func.min(ScoreEvent.seq))
        .join(JudgeWork, JudgeWork.id == ScoreEvent.work_id)
        .where(ScoreEvent.round_id == held.id, JudgeWork.is_repeat.is_(False))
        .group_by(ScoreEvent.judge_id, JudgeWork.entry_id)
        .order_by(func.min(ScoreEvent.seq))
    )
    order: dict[str, list[str]] = {}
    for judge, entry, _ in rows:
        order.setdefault(judge, []).append(entry)
    return order


@dataclass(frozen=True)
class Shown:
    """The dossier as people read it. document: as domain/dossier.py makes it; works and judges by id; tiers by code."""

    document: dict[str, Any]
    works: dict[str, str]
    judges: dict[str, str]
    tiers: dict[str, str]


def dossier(session: Session, edition: Edition) -> Shown | None:
    """The newest dossier; None while it is being computed, or before anything is allocated."""
    run = newest_provisional(session, edition.id)
    held = session.get(Dossier, run.id) if run else None
    if held is None:
        return None
    document: dict[str, Any] = dict(held.document)
    named = {one["entry"] for one in document["certainties"]}
    named |= {move[0] for move in (document.get("deliberation") or {"moved": []})["moved"]}
    for variant in (*document["without"], *document["counted"]):
        named |= {move[0] for move in variant["moves"]}
    tiers = {tier.code: tier.name["ko"] for tier in rules_of(edition).prizes.tiers} | {RESERVE: "예비"}
    judges = {member.judge_id: member.name for member in panel(session, edition.id)}
    return Shown(document, entry_numbers(session, named), judges, tiers)
