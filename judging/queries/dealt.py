"""Who holds which works of a round, and who is to get those that too few judges hold."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.assignment import Assignment, assign_works
from judging.domain.round_rule import RoundRule
from judging.models.panel import Conflict
from judging.models.round import Completion, JudgeWork, Round
from judging.queries.round_scores import seated, still_judged


def holders(session: Session, held: Round) -> dict[str, set[str]]:
    """Work still in the round -> seated judges of the round who hold it and did not step back from it."""
    panel = seated(session, held.edition_id, RoundRule.from_document(held.rule).panel)
    found: dict[str, set[str]] = {entry: set() for entry in still_judged(session, held.id)}
    away = _conflicts(session, panel)
    for entry, judge in session.execute(
        select(JudgeWork.entry_id, JudgeWork.judge_id).where(
            JudgeWork.round_id == held.id, JudgeWork.taken_back_at.is_(None)
        )
    ):
        if entry in found and judge in panel and (entry, judge) not in away:
            found[entry].add(judge)
    return found


def assignment_of(session: Session, held: Round) -> Assignment:
    """How the works that too few judges hold are dealt, from the round's own seed; the signed get no more."""
    rule = RoundRule.from_document(held.rule)
    panel = seated(session, held.edition_id, rule.panel)
    signed = set(session.scalars(select(Completion.judge_id).where(Completion.round_id == held.id)))
    has = holders(session, held)
    barred = not_to_meet(session, held, panel) | {(entry, judge) for entry in has for judge in signed & panel}
    return assign_works(has, sorted(panel), rule.quorum, barred, seed=f"assignment {held.lot_seed}", held=has)


def under_quorum(session: Session, held: Round) -> dict[str, int]:
    """Work -> how many judges it lacks. Empty where every judge sees every work."""
    quorum = RoundRule.from_document(held.rule).quorum
    return {entry: quorum - len(has) for entry, has in holders(session, held).items() if len(has) < quorum}


def not_to_meet(session: Session, held: Round, panel: frozenset[str]) -> set[tuple[str, str]]:
    """(work, judge) pairs that are not dealt: conflicts, and works that were taken back from the judge."""
    back = session.execute(
        select(JudgeWork.entry_id, JudgeWork.judge_id).where(
            JudgeWork.round_id == held.id, JudgeWork.taken_back_at.is_not(None)
        )
    )
    return _conflicts(session, panel) | {(entry, judge) for entry, judge in back}


def _conflicts(session: Session, panel: frozenset[str]) -> set[tuple[str, str]]:
    rows = session.execute(
        select(Conflict.entry_id, Conflict.judge_id).where(
            Conflict.judge_id.in_(panel), Conflict.withdrawn_at.is_(None)
        )
    )
    return {(entry, judge) for entry, judge in rows}
