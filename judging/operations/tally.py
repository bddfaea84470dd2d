"""The tally of a sealed round, computed by the pure ranking and stored; computed again when the chair decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from contest.domain.actors import Actor
from contest.domain.errors import Conflict
from contest.domain.stages import Stage
from contest.infra.unit_of_work import UnitOfWork
from contest.queries.editions import get_edition
from judging.domain.ranking import Ladder, Ranking, Standing, WorkScores, rank_works
from judging.domain.round_rule import RoundRule
from judging.models.panel import Conflict as Interest
from judging.models.panel import Judge
from judging.models.round import ChairVote, JudgeWork, Round, RoundEntry, RoundState, ScoreEvent, StandingRow
from judging.queries.scorecards import standing_levels


def seated(uow: UnitOfWork, edition_id: str) -> frozenset[str]:
    """The ids of the judges who have not been released."""
    return frozenset(
        uow.session.scalars(
            select(Judge.id).where(Judge.edition_id == edition_id, Judge.released_at.is_(None))
        )
    )


def rank_round(uow: UnitOfWork, held: Round) -> Ranking:
    """Rank the numbered works of a round by everything its judges gave. Raises what the ranking raises."""
    rule = RoundRule.from_document(held.rule)
    panel = seated(uow, held.edition_id)
    ladder = Ladder(steps=rule.ties, chair=_chair_places(uow, held.id))
    return rank_works(_scores(uow, held), panel, rule.rubric, rule.tally(trim=bool(held.trim)), ladder)


def store_standings(uow: UnitOfWork, held: Round, ranking: Ranking) -> None:
    """Put a ranking in the place of the stored one."""
    uow.session.execute(delete(StandingRow).where(StandingRow.round_id == held.id))
    uow.session.execute(
        insert(StandingRow),
        [
            {
                "round_id": held.id,
                "entry_id": row.entry,
                "rank": row.rank,
                "mean": str(row.mean),
                "printed": row.printed,
                "detail": _detail(row),
            }
            for row in ranking.standings
        ],
    )


def tally_again(uow: UnitOfWork, edition_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """After the panel or the chair's vote changed: rank a sealed round anew; nothing before it is sealed.

    Raises Conflict `stage.result_fixed` once verification has begun.
    """
    held = uow.session.scalars(
        select(Round).where(Round.edition_id == edition_id, Round.state == RoundState.SEALED)
    ).first()
    if held is None:
        return
    if get_edition(uow.session, edition_id).stage is not Stage.JUDGING:
        raise Conflict("stage.result_fixed")
    ranking = rank_round(uow, held)
    store_standings(uow, held, ranking)
    uow.note(
        "round.tallied",
        ("round", held.id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        unresolved=len(ranking.unresolved),
    )


def _scores(uow: UnitOfWork, held: Round) -> list[WorkScores]:
    entries = uow.session.scalars(
        select(RoundEntry.entry_id).where(
            RoundEntry.round_id == held.id, RoundEntry.common_number.is_not(None)
        )
    ).all()
    scores: dict[str, dict[str, dict[str, int]]] = {entry: {} for entry in entries}
    chosen = standing_levels(
        held.id, None, JudgeWork.entry_id, ScoreEvent.judge_id, ScoreEvent.criterion, ScoreEvent.level
    ).join(JudgeWork, JudgeWork.id == ScoreEvent.work_id)
    for entry, judge, criterion, level in uow.session.execute(chosen):
        if entry in scores:
            scores[entry].setdefault(judge, {})[criterion] = level
    recused: dict[str, set[str]] = {}
    for entry, judge in uow.session.execute(
        select(Interest.entry_id, Interest.judge_id)
        .join(Judge, Judge.id == Interest.judge_id)
        .where(Judge.edition_id == held.edition_id, Interest.withdrawn_at.is_(None))
    ):
        recused.setdefault(entry, set()).add(judge)
    return [WorkScores(entry, scores[entry], frozenset(recused.get(entry, ()))) for entry in entries]


def _chair_places(uow: UnitOfWork, round_id: str) -> Mapping[str, int]:
    places: dict[str, int] = {}
    for order in uow.session.scalars(
        select(ChairVote.order).where(ChairVote.round_id == round_id).order_by(ChairVote.at, ChairVote.id)
    ):
        places.update({entry: place for place, entry in enumerate(order, start=1)})
    return places


def _detail(row: Standing) -> dict[str, object]:
    return {
        "totals": {judge: str(points) for judge, points in row.totals.items()},
        "rule": row.rule,
        "dropped": list(row.dropped),
        "left_out": [[left.judge, left.reason] for left in row.left_out],
        "ties": [[tie.step, list(tie.entries), [list(group) for group in tie.groups]] for tie in row.ties],
    }
