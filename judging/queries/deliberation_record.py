"""A deliberation as the public may know it: the first seal at once, the scores under it with the results."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.round_rule import RoundRule
from judging.models.deliberation import Deliberation
from judging.models.round import Round, RoundEntry, ScoreEvent
from judging.queries.commitments import judge_alias, public_numbers, score_leaves
from judging.queries.deliberating import revisions
from judging.queries.deliberation import deliberation_of


@dataclass(frozen=True)
class FirstSeal:
    """What a round was sealed to before its deliberation; how much was revised is known once that is closed."""

    round_name: str
    sealed_at: dt.datetime
    root: str
    works: int
    judges: int
    opened_at: dt.datetime | None
    closed_at: dt.datetime | None
    revised: int
    revisers: int


def first_seals(session: Session, edition_id: str) -> list[FirstSeal]:
    """The first seals of the edition's rounds, in a fixed number of queries."""
    works = (
        select(func.count())
        .where(RoundEntry.round_id == Round.id, RoundEntry.public_number.is_not(None))
        .scalar_subquery()
    )
    own = ScoreEvent.round_id == Round.id, ScoreEvent.reason.is_not(None)
    revised = select(func.count()).where(*own).scalar_subquery()
    revisers = select(func.count(ScoreEvent.judge_id.distinct())).where(*own).scalar_subquery()
    rows = session.execute(
        select(Deliberation, Round, works, revised, revisers)
        .join(Round, Round.id == Deliberation.round_id)
        .where(Round.edition_id == edition_id)
        .order_by(Round.ordinal)
    )
    return [
        FirstSeal(
            RoundRule.from_document(held.rule).name, one.sealed_at, one.commitment, counted,
            len(held.pseudonyms or {}), one.opened_at, one.closed_at,
            changed if one.closed_at else 0, by if one.closed_at else 0,
        )
        for one, held, counted, changed, by in rows
    ]  # fmt: skip


def deliberation_record(session: Session, held: Round) -> dict[str, Any]:
    """What the published checker recomputes of it: both seals' scores and each revision. No reason: they are words.

    Empty where the round did not deliberate.
    """
    found = deliberation_of(session, held.id)
    if found is None:
        return {}
    row, window = found
    numbers, names = public_numbers(session, held.id), held.pseudonyms or {}
    assert window.opens is not None
    assert window.ends is not None
    return {
        "deliberation": {
            "commitment": {
                "root": row.commitment,
                "salt": row.commitment_salt,
                "sealed_at": row.sealed_at.isoformat(),
            },
            "opened_at": _instant(window.opens),
            "ends_at": _instant(window.ends),
            "scores": [
                [leaf.number, leaf.judge, leaf.criterion, leaf.level, leaf.at]
                for leaf in sorted(score_leaves(session, held, as_given=True))
            ],
            "revisions": [
                [
                    numbers[one.work], judge_alias(names[one.judge]), one.criterion, one.before, one.after,
                    _instant(one.at),
                ]
                for one in revisions(session, held.id)
                if one.work in numbers
            ],
        }
    }  # fmt: skip


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()
