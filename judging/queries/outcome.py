"""What a sealed round before the last came to: read once at the seal, so that nothing later changes who went on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.errors import Conflict
from contest.domain.ruleset import LOT
from contest.queries.editions import get_edition, rules_of
from judging.domain.round_rule import RoundRule, rule_of
from judging.domain.selection import (
    CODE,
    Selection,
    Spread,
    Votes,
    count_votes,
    select_ranked,
    select_works,
    spread_of,
)
from judging.models.panel import Judge
from judging.models.round import Round, RoundState, StandingRow
from judging.queries.round_scores import round_scores, still_judged
from judging.queries.rounds import last_round
from judging.queries.standings import tie_steps


@dataclass(frozen=True)
class Outcome:
    """votes: entry -> votes that count, of a round of votes.

    recused: (entry, judge) and released: judges whose votes or scores do not count; goes_on: entries of the next
    round once it was confirmed; gone: entries that had left the contest by then.
    """

    votes: Mapping[str, Votes] = field(hash=False)
    recused: tuple[tuple[str, str], ...]
    released: tuple[str, ...]
    goes_on: tuple[str, ...] | None = None
    gone: tuple[str, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """The JSON document that `from_document` reads back."""
        return {
            "votes": {entry: [held.yes, held.no, held.abstained] for entry, held in self.votes.items()},
            "recused": [list(pair) for pair in self.recused],
            "released": list(self.released),
            "goes_on": None if self.goes_on is None else list(self.goes_on),
            "gone": list(self.gone),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Outcome:
        """The outcome that `to_document` wrote."""
        chosen = document["goes_on"]
        return cls(
            {entry: Votes(*held) for entry, held in document["votes"].items()},
            tuple((entry, judge) for entry, judge in document["recused"]),
            tuple(document["released"]),
            None if chosen is None else tuple(chosen),
            tuple(document["gone"]),
        )


@dataclass(frozen=True)
class Choice:
    """What confirming would do. next_name: of the round that follows; winners: prizes of the edition."""

    round_id: str
    ordinal: int
    rule: RoundRule
    outcome: Outcome
    selection: Selection
    spread: Spread
    next_name: str
    winners: int


def sealed_outcome(session: Session, held: Round, panel: Iterable[str]) -> Outcome:
    """What a round before the last is sealed with: its votes, none where it ranked, and whose scores do not count.

    panel: judges of the round who were not released.
    """
    counted = frozenset(panel)
    scores = round_scores(session, held)
    levels = {
        work.entry: [
            card[CODE]
            for judge, card in work.scores.items()
            if judge in counted and judge not in work.recused and CODE in card
        ]
        for work in scores
    }
    released = session.scalars(
        select(Judge.id).where(Judge.edition_id == held.edition_id, Judge.released_at.is_not(None))
    )
    recused = sorted((work.entry, judge) for work in scores for judge in work.recused)
    votes = count_votes(levels) if RoundRule.from_document(held.rule).is_vote else {}
    return Outcome(votes, tuple(recused), tuple(sorted(released)))


def choice(session: Session, edition_id: str) -> Choice:
    """Who would go on from the sealed round, of the works still in the contest.

    Raises Conflict `selection.not_sealed` while scores are open, `selection.done` once the next round has begun.
    """
    held = last_round(session, edition_id)
    if held is None:
        raise Conflict("selection.not_sealed")
    rule = RoundRule.from_document(held.rule)
    if rule.is_last:
        raise Conflict("selection.done" if held.ordinal > 1 else "selection.not_sealed")
    if held.state is not RoundState.SEALED or held.outcome is None:
        raise Conflict("selection.not_sealed")
    sealed = Outcome.from_document(held.outcome)
    still = still_judged(session, held.id)
    if rule.is_vote:
        judged = set(sealed.votes)
        votes = {entry: cast for entry, cast in sealed.votes.items() if entry in still}
        selection = select_works(votes, rule.advance)
        spread = spread_of(votes, selection)
    else:
        rows = session.scalars(select(StandingRow).where(StandingRow.round_id == held.id)).all()
        judged = {row.entry_id for row in rows}
        selection, spread = _ranked(rows, still, rule.advance.count)
    outcome = Outcome(
        sealed.votes,
        sealed.recused,
        sealed.released,
        tuple(sorted(selection.goes_on)),
        tuple(sorted(judged - still)),
    )
    rules = rules_of(get_edition(session, edition_id))
    return Choice(
        held.id,
        held.ordinal,
        rule,
        outcome,
        selection,
        spread,
        rule_of(rules, held.ordinal + 1).name,
        rules.prizes.winners,
    )


def _ranked(rows: Sequence[StandingRow], still: frozenset[str], count: int) -> tuple[Selection, Spread]:
    """Who goes on by rank, and how many works came to which figure, by tens; never whose."""
    left = [row for row in rows if row.entry_id in still]
    lots = [step.entries for row in left for step in tie_steps(row.detail) if step.step == LOT]
    bins = [0] * 10
    for row in left:
        bins[max(0, min(9, int(Fraction(row.mean) / 10)))] += 1
    # Of those that a lot has parted, and of those that left, the places close up.
    order = sorted(row.rank for row in left)
    ranks = {row.entry_id: order.index(row.rank) + 1 for row in left}
    return select_ranked(ranks, lots, count), Spread((), tuple(bins), 0)
