"""The sealed rounds of votes under public numbers of their own: with which anyone can see again who went on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.round_rule import RoundRule
from judging.models.round import Round
from judging.queries.commitments import judge_alias, public_numbers, roots_before, score_leaves
from judging.queries.outcome import Outcome


def votes_before(session: Session, edition_id: str) -> list[dict[str, Any]]:
    """One document a round of votes, in order. Numbers and pseudonyms are drawn anew for every round."""
    rounds = session.scalars(
        select(Round)
        .where(Round.edition_id == edition_id, Round.outcome.is_not(None), Round.commitment.is_not(None))
        .order_by(Round.ordinal)
    )
    return [_votes(session, held) for held in rounds if held.outcome]


def _votes(session: Session, held: Round) -> dict[str, Any]:
    outcome = Outcome.from_document(held.outcome or {})
    rule = RoundRule.from_document(held.rule)
    numbers = public_numbers(session, held.id)
    names = held.pseudonyms or {}
    return {
        "name": rule.name,
        "rule": rule.advance.to_document(),
        "commitment": {"root": held.commitment, "salt": held.commitment_salt},
        "superseded": roots_before(session, held.id),
        "scores": sorted(
            [leaf.number, leaf.judge, leaf.criterion, leaf.level, leaf.at]
            for leaf in score_leaves(session, held)
        ),
        "works": sorted(numbers.values()),
        "released": sorted(judge_alias(names[judge]) for judge in outcome.released if judge in names),
        "recused": sorted([numbers[entry], judge_alias(names[judge])] for entry, judge in outcome.recused),
        "gone": sorted(numbers[entry] for entry in outcome.gone),
        "goes_on": sorted(numbers[entry] for entry in outcome.goes_on or ()),
    }
