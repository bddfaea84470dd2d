"""The sealed rounds before the last under public numbers of their own: with which anyone can see again who went on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.round_rule import RoundRule
from judging.models.round import Round, StandingRow
from judging.queries.commitments import judge_alias, public_numbers, roots_before, score_leaves
from judging.queries.deliberation_record import deliberation_record
from judging.queries.outcome import Outcome


def votes_before(session: Session, edition_id: str) -> list[dict[str, Any]]:
    """One document a round, in order. Numbers and pseudonyms are drawn anew for every round."""
    return [_votes(session, held) for held in _before(session, edition_id)]


def names_below(session: Session, edition_id: str) -> dict[str, str]:
    """Entry -> what a work is called that an earlier round ranked and did not take further: "1:017"."""
    found: dict[str, str] = {}
    for at, held in enumerate(_before(session, edition_id), start=1):
        if RoundRule.from_document(held.rule).is_vote:
            continue
        goes_on = set(Outcome.from_document(held.outcome or {}).goes_on or ())
        found |= {
            entry: f"{at}:{number}"
            for entry, number in public_numbers(session, held.id).items()
            if entry not in goes_on
        }
    return found


def rule_document(held: Round) -> dict[str, Any]:
    """How a sealed round that ranks was counted."""
    rule = RoundRule.from_document(held.rule)
    tally = rule.tally(trim=bool(held.trim))
    return {
        "criteria": [[one.code, one.name["ko"], one.weight] for one in rule.rubric.criteria],
        "levels": rule.rubric.levels,
        "trim": tally.trim,
        "minimum": tally.minimum,
        "recusal_rule": tally.recusal_rule,
        "compare": tally.compare,
        "counting": tally.counting.value,
        "ties": list(rule.ties),
        "lot_seed": held.lot_seed,
        "method": rule.method.value,
    }


def ranking_of(session: Session, held: Round, numbers: Mapping[str, str]) -> list[list[Any]]:
    """(number, rank, figure as printed) of each work of a sealed round."""
    rows = session.execute(
        select(StandingRow.entry_id, StandingRow.rank, StandingRow.printed).where(
            StandingRow.round_id == held.id
        )
    )
    return sorted([numbers[entry], rank, printed] for entry, rank, printed in rows if entry in numbers)


def _before(session: Session, edition_id: str) -> Sequence[Round]:
    rounds = session.scalars(
        select(Round)
        .where(Round.edition_id == edition_id, Round.outcome.is_not(None), Round.commitment.is_not(None))
        .order_by(Round.ordinal)
    )
    return [held for held in rounds if held.outcome]


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
        **deliberation_record(session, held),
        "scores": sorted(
            [leaf.number, leaf.judge, leaf.criterion, leaf.level, leaf.at]
            for leaf in score_leaves(session, held)
        ),
        "works": sorted(numbers.values()),
        "released": sorted(judge_alias(names[judge]) for judge in outcome.released if judge in names),
        "recused": sorted([numbers[entry], judge_alias(names[judge])] for entry, judge in outcome.recused),
        "gone": sorted(numbers[entry] for entry in outcome.gone),
        "goes_on": sorted(numbers[entry] for entry in outcome.goes_on or ()),
        **(
            {}
            if rule.is_vote
            else {"counted": rule_document(held), "ranking": ranking_of(session, held, numbers)}
        ),
    }
