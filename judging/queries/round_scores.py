"""Everything a round is ranked by: who sits, what each judge gave, who stepped back, what the chair said."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.ruleset import RUNOFF, Panel
from contest.models.entry import Entry, EntryState
from judging.domain.ranking import WorkScores
from judging.domain.round_rule import RoundRule
from judging.domain.tie_ladder import Ladder
from judging.models.panel import Conflict as Interest
from judging.models.panel import Judge
from judging.models.round import ChairVote, JudgeWork, Round, RoundEntry, ScoreEvent
from judging.queries.runoff_record import counted_runoffs
from judging.queries.scorecards import standing_levels


def seated(session: Session, edition_id: str, panel: Panel) -> frozenset[str]:
    """The ids of the judges of a round who have not been released."""
    rows = session.execute(
        select(Judge.id, Judge.is_external).where(Judge.edition_id == edition_id, Judge.released_at.is_(None))
    )
    return frozenset(judge for judge, is_external in rows if panel.takes(is_external=is_external))


def still_judged(session: Session, round_id: str) -> frozenset[str]:
    """The works of a round that left neither it nor the contest."""
    rows = session.scalars(
        select(RoundEntry.entry_id)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .where(
            RoundEntry.round_id == round_id,
            RoundEntry.withdrawn_at.is_(None),
            Entry.state == EntryState.FIT,
        )
    )
    return frozenset(rows)


def round_scores(session: Session, held: Round, *, as_given: bool = False) -> list[WorkScores]:
    """The scores of every numbered work of a round that is being, or has been, sealed.

    as_given: as they were given alone, without what a deliberation revised.
    """
    entries = session.scalars(
        select(RoundEntry.entry_id).where(
            RoundEntry.round_id == held.id, RoundEntry.common_number.is_not(None)
        )
    ).all()
    scores: dict[str, dict[str, dict[str, int]]] = {entry: {} for entry in entries}
    chosen = standing_levels(
        held.id,
        None,
        JudgeWork.entry_id,
        ScoreEvent.judge_id,
        ScoreEvent.criterion,
        ScoreEvent.level,
        as_given=as_given,
    ).join(JudgeWork, (JudgeWork.id == ScoreEvent.work_id) & JudgeWork.is_repeat.is_(False))
    for entry, judge, criterion, level in session.execute(chosen):
        if entry in scores:
            scores[entry].setdefault(judge, {})[criterion] = level
    recused: dict[str, set[str]] = {}
    for entry, judge in session.execute(
        select(Interest.entry_id, Interest.judge_id)
        .join(Judge, Judge.id == Interest.judge_id)
        .where(Judge.edition_id == held.edition_id, Interest.withdrawn_at.is_(None))
    ):
        recused.setdefault(entry, set()).add(judge)
    dealt: dict[str, set[str]] | None = None
    if RoundRule.from_document(held.rule).quorum:
        dealt = {}
        for entry, judge in session.execute(
            select(JudgeWork.entry_id, JudgeWork.judge_id).where(
                JudgeWork.round_id == held.id, JudgeWork.taken_back_at.is_(None)
            )
        ):
            dealt.setdefault(entry, set()).add(judge)
    return [
        WorkScores(
            entry,
            scores[entry],
            frozenset(recused.get(entry, ())),
            None if dealt is None else frozenset(dealt.get(entry, ())),
        )
        for entry in entries
    ]


def ladder_of(session: Session, held: Round, steps: tuple[str, ...]) -> Ladder:
    """The declared ladder with what its later steps need: run-offs, the chair's re-votes, the lot's seed."""
    chair: dict[str, int] = {}
    for order in session.scalars(
        select(ChairVote.order).where(ChairVote.round_id == held.id).order_by(ChairVote.at, ChairVote.id)
    ):
        chair.update({entry: place for place, entry in enumerate(order, start=1)})
    rows = session.execute(
        select(RoundEntry.entry_id, RoundEntry.public_number).where(
            RoundEntry.round_id == held.id, RoundEntry.public_number.is_not(None)
        )
    )
    names = {entry: number for entry, number in rows if number is not None}
    runoffs = counted_runoffs(session, held.id) if RUNOFF in steps else {}
    return Ladder(steps, runoffs, chair, held.lot_seed, names)
