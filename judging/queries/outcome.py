"""What a sealed round of votes came to: read once at the seal, so that nothing after it can change who went on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.errors import Conflict
from contest.queries.editions import get_edition, rules_of
from judging.domain.round_rule import RoundRule, rule_of
from judging.domain.selection import CODE, Selection, Spread, Votes, count_votes, select_works, spread_of
from judging.models.panel import Judge
from judging.models.round import Round, RoundState
from judging.queries.round_scores import round_scores, still_judged


@dataclass(frozen=True)
class Outcome:
    """votes: entry -> votes that count; recused: (entry, judge) and released: judges whose votes do not.

    goes_on: entries of the next round once it was confirmed; gone: entries that had left the contest by then.
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


def sealed_votes(session: Session, held: Round, panel: Iterable[str]) -> Outcome:
    """The votes of a round that is being sealed. panel: judges of the round who were not released."""
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
    return Outcome(count_votes(levels), tuple(recused), tuple(sorted(released)))


def choice(session: Session, edition_id: str) -> Choice:
    """Who would go on from the sealed votes, of the works still in the contest.

    Raises Conflict `selection.not_sealed` while votes are open, `selection.done` once the next round has begun.
    """
    held = session.scalars(
        select(Round).where(Round.edition_id == edition_id).order_by(Round.ordinal.desc()).limit(1)
    ).first()
    if held is None:
        raise Conflict("selection.not_sealed")
    rule = RoundRule.from_document(held.rule)
    if not rule.is_vote:
        raise Conflict("selection.done" if held.ordinal > 1 else "selection.not_sealed")
    if held.state is not RoundState.SEALED or held.outcome is None:
        raise Conflict("selection.not_sealed")
    sealed = Outcome.from_document(held.outcome)
    still = still_judged(session, held.id)
    votes = {entry: cast for entry, cast in sealed.votes.items() if entry in still}
    selection = select_works(votes, rule.advance)
    outcome = Outcome(
        sealed.votes,
        sealed.recused,
        sealed.released,
        tuple(sorted(selection.goes_on)),
        tuple(sorted(set(sealed.votes) - still)),
    )
    rules = rules_of(get_edition(session, edition_id))
    return Choice(
        held.id,
        held.ordinal,
        rule,
        outcome,
        selection,
        spread_of(votes, selection),
        rule_of(rules, held.ordinal + 1).name,
        rules.prizes.winners,
    )
