"""What stands of a judge's scores, and which works a judge has at all: the parts other queries are made of.

Only the judge's own desk and the sealing of a round may ask for levels; everybody else gets counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, select
from sqlalchemy.orm import Session

from contest.models.entry import Entry, EntryState
from judging.models.panel import Conflict
from judging.models.round import JudgeWork, RoundEntry, ScoreEvent

Cards = dict[str, dict[str, int]]


def visible(*columns: Any) -> Select[Any]:
    """Columns of the works that exist for their judge: in the round, still fit, not stepped back from or taken back."""
    return (
        select(*columns)
        .select_from(JudgeWork)
        .join(
            RoundEntry,
            and_(RoundEntry.round_id == JudgeWork.round_id, RoundEntry.entry_id == JudgeWork.entry_id),
        )
        .join(Entry, Entry.id == JudgeWork.entry_id)
        .where(
            RoundEntry.withdrawn_at.is_(None),
            Entry.state == EntryState.FIT,
            JudgeWork.taken_back_at.is_(None),
            ~_stepped_back(),
        )
    )


def _stepped_back() -> ColumnElement[bool]:
    return exists().where(
        Conflict.judge_id == JudgeWork.judge_id,
        Conflict.entry_id == JudgeWork.entry_id,
        Conflict.withdrawn_at.is_(None),
    )


def _last_words(
    round_id: str,
    judge_id: str | None,
    until: dt.datetime | None,
    works: Collection[str] | None,
    *,
    as_given: bool = False,
) -> Subquery:
    last = select(
        ScoreEvent.judge_id, ScoreEvent.work_id, ScoreEvent.criterion, func.max(ScoreEvent.seq).label("seq")
    ).where(ScoreEvent.round_id == round_id)
    if judge_id is not None:
        last = last.where(ScoreEvent.judge_id == judge_id)
    if until is not None:
        last = last.where(ScoreEvent.at <= until)
    if as_given:
        last = last.where(ScoreEvent.reason.is_(None))
    if works is not None:
        # Named here, not outside: a judge's thousands of events are then never looked through for one work.
        last = last.where(ScoreEvent.work_id.in_(works))
    return last.group_by(ScoreEvent.judge_id, ScoreEvent.work_id, ScoreEvent.criterion).subquery()


def standing_levels(
    round_id: str,
    judge_id: str | None,
    *columns: Any,
    until: dt.datetime | None = None,
    works: Collection[str] | None = None,
    as_given: bool = False,
) -> Select[Any]:
    """Columns of the score events that stand: the last of each judge, work and criterion, if not cleared.

    until: as they stood at that instant; works: of these alone; as_given: before any deliberation.
    """
    last = _last_words(round_id, judge_id, until, works, as_given=as_given)
    return (
        select(*columns)
        .select_from(ScoreEvent)
        .join(last, and_(ScoreEvent.judge_id == last.c.judge_id, ScoreEvent.seq == last.c.seq))
        .where(ScoreEvent.round_id == round_id, ScoreEvent.level.is_not(None))
    )


def own_cards(session: Session, round_id: str, judge_id: str, works: Collection[str] | None = None) -> Cards:
    """Work -> criterion -> level of one judge; of these works alone, if they are named."""
    cards: Cards = {}
    chosen = standing_levels(
        round_id, judge_id, ScoreEvent.work_id, ScoreEvent.criterion, ScoreEvent.level, works=works
    )
    for work, criterion, level in session.execute(chosen):
        cards.setdefault(work, {})[criterion] = level
    return cards


def own_card(session: Session, round_id: str, judge_id: str, work_id: str) -> dict[str, int]:
    """Criterion -> level of one work of one judge."""
    return own_cards(session, round_id, judge_id, [work_id]).get(work_id, {})


def scored_works(round_id: str, judge_id: str | None, criteria: int) -> Subquery:
    """(judge_id, work_id, given, complete) of works with at least one score; never a level."""
    given = func.count(ScoreEvent.criterion)
    return (
        standing_levels(
            round_id,
            judge_id,
            ScoreEvent.judge_id,
            ScoreEvent.work_id,
            given.label("given"),
            (given == criteria).label("complete"),
        )
        .group_by(ScoreEvent.judge_id, ScoreEvent.work_id)
        .subquery()
    )


def counts(
    session: Session, round_id: str, criteria: int, judges: Iterable[str] | None = None
) -> dict[str, tuple[int, int, int]]:
    """Judge -> (works, wholly scored, begun and not whole), over the works that exist for that judge."""
    wanted = None if judges is None else list(judges)
    only = wanted[0] if wanted is not None and len(wanted) == 1 else None
    scored = scored_works(round_id, only, criteria)
    chosen = (
        visible(
            JudgeWork.judge_id,
            func.count(JudgeWork.id),
            func.count(scored.c.work_id).filter(scored.c.complete),
            func.count(scored.c.work_id),
        )
        .outerjoin(scored, scored.c.work_id == JudgeWork.id)
        .where(JudgeWork.round_id == round_id)
        .group_by(JudgeWork.judge_id)
    )
    if wanted is not None:
        chosen = chosen.where(JudgeWork.judge_id.in_(wanted))
    return {judge: (works, whole, begun - whole) for judge, works, whole, begun in session.execute(chosen)}
