"""The tally of a sealed round, computed by the pure ranking and stored; computed again when the chair decides."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, insert

from contest.domain.actors import Actor
from contest.domain.errors import Conflict
from contest.domain.stages import Stage
from contest.infra.unit_of_work import UnitOfWork
from contest.queries.editions import get_edition
from judging.domain.ranking import Ranking, Standing, rank_works
from judging.domain.round_rule import RoundRule
from judging.models.round import Round, RoundState, StandingRow
from judging.queries.round_scores import ladder_of, round_scores, seated
from judging.queries.rounds import last_round


def rank_round(uow: UnitOfWork, held: Round) -> Ranking:
    """Rank the numbered works of a round by everything its judges gave. Raises what the ranking raises."""
    rule = RoundRule.from_document(held.rule)
    panel = seated(uow.session, held.edition_id, rule.panel)
    ladder = ladder_of(uow.session, held, rule.ties)
    return rank_works(
        round_scores(uow.session, held), panel, rule.rubric, rule.tally(trim=bool(held.trim)), ladder
    )


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
    """After the panel changed, or the panel or the chair ordered equal works: rank the sealed last round.

    An earlier round that was sealed stays as it was: who went on was decided by it.

    Raises Conflict `stage.result_fixed` once verification has begun.
    """
    held = last_round(uow.session, edition_id)
    if held is None or held.state is not RoundState.SEALED or not RoundRule.from_document(held.rule).is_last:
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


def _detail(row: Standing) -> dict[str, object]:
    return {
        "totals": {judge: str(points) for judge, points in row.totals.items()},
        "rule": row.rule,
        "dropped": list(row.dropped),
        "left_out": [[left.judge, left.reason] for left in row.left_out],
        "ties": [
            [
                tie.step,
                list(tie.entries),
                [list(group) for group in tie.groups],
                *([True] if tie.waits else []),
            ]
            for tie in row.ties
        ],
    }
