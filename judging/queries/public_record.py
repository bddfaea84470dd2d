"""The sealed final round and its prizes under public numbers: everything with which anyone can compute them again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.models.edition import Edition
from contest.queries.editions import rules_of
from judging.models.panel import Conflict, Judge
from judging.models.round import ChairVote, Round
from judging.queries.allocation import final_round, holding, runs, walked
from judging.queries.commitments import judge_alias, public_numbers, roots_before, score_leaves
from judging.queries.deliberation_record import deliberation_record
from judging.queries.numbers import entry_numbers
from judging.queries.public_votes import names_below, ranking_of, rule_document, votes_before
from judging.queries.runoff_record import runoff_documents

FORMAT = "chalkak-result/1"


def public_record(session: Session, edition: Edition) -> dict[str, Any] | None:
    """The JSON document that the published checker reads; None unless the final round was committed to.

    Works stand under public numbers, judges as "위원 n"; only winners carry their 출품번호. Of persons it says
    no more than which works of one person met in the ranking, without which the walk cannot be followed.
    """
    held = final_round(session, edition)
    if held is None or held.commitment is None or held.sealed_at is None:
        return None
    numbers = public_numbers(session, held.id)
    named = names_below(session, edition.id) | numbers  # of works that did not come to the last round too
    rules = rules_of(edition)
    first, successions = runs(session, edition.id)
    inputs: Mapping[str, Any] = first.inputs if first else {"ranking": [], "exclusions": {}}
    awards = holding(session, edition).awards
    winners = entry_numbers(session, {award.entry for award in awards})
    return {
        "format": FORMAT,
        "edition": {"year": edition.year, "number": edition.number, "title": rules.texts.get("ko", "title")},
        "rule": rule_document(held),
        "scheme": [[tier.code, tier.name["ko"], tier.count, tier.amount] for tier in rules.prizes.tiers],
        "reserves": rules.reserves,
        "commitment": {
            "root": held.commitment,
            "salt": held.commitment_salt,
            "sealed_at": held.sealed_at.isoformat(),
        },
        "superseded": roots_before(session, held.id),
        **deliberation_record(session, held),
        "scores": sorted(
            [leaf.number, leaf.judge, leaf.criterion, leaf.level, leaf.at]
            for leaf in score_leaves(session, held)
        ),
        **_panel(session, held, numbers),
        "ranking": ranking_of(session, held, numbers),
        "runoffs": runoff_documents(session, held),
        "before": votes_before(session, edition.id),
        "excluded": {named[e]: ground for e, ground in inputs["exclusions"].items() if e in named},
        "same_person": _same_person(inputs["ranking"], walked(first), named),
        "successions": [
            [named[run.inputs["excluded"]], run.inputs["policy"]]
            for run in successions
        ],
        "winners": [
            [named[award.entry], award.slot.tier_code, winners[award.entry]] for award in awards
        ],
    }  # fmt: skip


def _panel(session: Session, held: Round, numbers: Mapping[str, str]) -> dict[str, Any]:
    """Who was released, who stepped back from what, and the chair's re-votes."""
    names = held.pseudonyms or {}
    released = session.scalars(
        select(Judge.id).where(Judge.edition_id == held.edition_id, Judge.released_at.is_not(None))
    )
    recused = session.execute(
        select(Conflict.entry_id, Conflict.judge_id).where(
            Conflict.judge_id.in_(names), Conflict.withdrawn_at.is_(None)
        )
    )
    chair: dict[str, int] = {}
    for order in session.scalars(
        select(ChairVote.order).where(ChairVote.round_id == held.id).order_by(ChairVote.at, ChairVote.id)
    ):
        chair.update(
            {numbers[entry]: place for place, entry in enumerate(order, start=1) if entry in numbers}
        )
    return {
        "released": sorted(judge_alias(names[judge]) for judge in released if judge in names),
        "recused": sorted(
            [numbers[entry], judge_alias(names[judge])] for entry, judge in recused if entry in numbers
        ),
        "chair": chair,
    }


def _same_person(
    ranking: list[list[Any]], met: Collection[str], numbers: Mapping[str, str]
) -> list[list[str]]:
    """Groups of works of one person, of those that the walk met: whose the others are is nobody's business."""
    works: dict[str, list[str]] = defaultdict(list)
    for entry, _, person in ranking:
        if entry in met and entry in numbers:
            works[person].append(numbers[entry])
    return sorted(sorted(group) for group in works.values() if len(group) > 1)
