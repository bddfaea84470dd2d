"""The works of a sealed round that its judges met twice, with both sheets; asked for after the seal alone."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.repeats import Consistency, Sheet, self_consistency
from judging.domain.round_rule import RoundRule
from judging.models.panel import Conflict
from judging.models.round import JudgeWork, Round, RoundState, ScoreEvent
from judging.queries.round_scores import seated, still_judged
from judging.queries.scorecards import standing_levels


def consistencies(session: Session, edition_id: str) -> tuple[Consistency, ...]:
    """How alike each judge judged twice, in the last sealed round that had repeats; empty where none had."""
    rounds = session.scalars(
        select(Round)
        .where(Round.edition_id == edition_id, Round.state == RoundState.SEALED)
        .order_by(Round.ordinal.desc())
    )
    for held in rounds:
        rule = RoundRule.from_document(held.rule)
        if rule.repeats:
            return self_consistency(repeated_sheets(session, held.id), rule.rubric)
    return ()


def repeated_sheets(session: Session, round_id: str) -> dict[str, list[tuple[Sheet, Sheet]]]:
    """Judge -> (first sheet, second sheet) of each work met twice, of judges and works that count."""
    held = session.get_one(Round, round_id)
    rule = RoundRule.from_document(held.rule)
    if not rule.repeats:
        return {}
    panel, works = seated(session, held.edition_id, rule.panel), still_judged(session, held.id)
    away = {
        (entry, judge)
        for entry, judge in session.execute(
            select(Conflict.entry_id, Conflict.judge_id).where(
                Conflict.judge_id.in_(panel), Conflict.withdrawn_at.is_(None)
            )
        )
    }
    sheets: dict[tuple[str, str], tuple[dict[str, int], dict[str, int]]] = {}
    for judge, entry in session.execute(
        select(JudgeWork.judge_id, JudgeWork.entry_id)
        .where(JudgeWork.round_id == held.id, JudgeWork.is_repeat)
        .order_by(JudgeWork.judge_id, JudgeWork.entry_id)
    ):
        if judge in panel and entry in works and (entry, judge) not in away:
            sheets[judge, entry] = ({}, {})
    chosen = standing_levels(
        held.id,
        None,
        JudgeWork.entry_id,
        JudgeWork.is_repeat,
        ScoreEvent.judge_id,
        ScoreEvent.criterion,
        ScoreEvent.level,
    ).join(JudgeWork, JudgeWork.id == ScoreEvent.work_id)
    for entry, is_repeat, judge, criterion, level in session.execute(chosen):
        if (judge, entry) in sheets:
            sheets[judge, entry][is_repeat][criterion] = level
    found: dict[str, list[tuple[Sheet, Sheet]]] = {}
    for (judge, _), pair in sheets.items():
        found.setdefault(judge, []).append(pair)
    return found
