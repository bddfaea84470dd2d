"""All that the sealed rounds said of a few works: what their entrant is shown once the scores are public."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.criteria import Criterion
from judging.domain.ranking import print_mean
from judging.domain.round_rule import RoundRule
from judging.domain.selection import Votes
from judging.models.round import JudgeWork, Round, RoundEntry, RoundState, ScoreEvent, StandingRow
from judging.queries.outcome import Outcome
from judging.queries.results import Score, score_of
from judging.queries.score_table import counted_judges
from judging.queries.scorecards import standing_levels
from judging.queries.standings import Place, place_of


@dataclass(frozen=True)
class Card:
    """What one judge gave: points by criterion as printed (none in a ballot), and what counts of them."""

    judge: str
    points: tuple[str, ...]
    score: Score


@dataclass(frozen=True)
class Sheet:
    """What one round said of one work.

    Of a round of votes: votes. Of any other: criteria (none in a ballot), cards, mean as printed, and rank among so
    many works. goes_on: whether the work went on from it; None of the last round.
    """

    entry_id: str
    ordinal: int
    round_name: str
    number: str
    votes: Votes | None = None
    goes_on: bool | None = None
    criteria: tuple[Criterion, ...] = ()
    cards: tuple[Card, ...] = ()
    mean: str = ""
    rank: int = 0
    works: int = 0


def own_sheets(session: Session, entries: Collection[str]) -> list[Sheet]:
    """What every sealed and committed round said of these works, by round; a fixed number of queries a round."""
    numbered = (
        select(Round, RoundEntry.entry_id, RoundEntry.public_number)
        .join(RoundEntry, RoundEntry.round_id == Round.id)
        .where(
            RoundEntry.entry_id.in_(entries),
            RoundEntry.public_number.is_not(None),
            Round.state == RoundState.SEALED,
            Round.commitment.is_not(None),
        )
        .order_by(Round.ordinal, RoundEntry.entry_id)
    )
    rounds: dict[str, tuple[Round, dict[str, str]]] = {}
    for held, entry, number in session.execute(numbered):
        rounds.setdefault(held.id, (held, {}))[1][entry] = number or ""
    sheets: list[Sheet] = []
    for held, numbers in rounds.values():
        rule = RoundRule.from_document(held.rule)
        sheets += _voted(held, rule, numbers) if rule.is_vote else _ranked(session, held, rule, numbers)
    return sheets


def _voted(held: Round, rule: RoundRule, numbers: Mapping[str, str]) -> list[Sheet]:
    outcome = _outcome(held)
    if outcome is None:
        return []
    return [
        Sheet(entry, held.ordinal, rule.name, number, outcome.votes[entry], entry in (outcome.goes_on or ()))
        for entry, number in numbers.items()
        if entry in outcome.votes
    ]


def _outcome(held: Round) -> Outcome | None:
    return Outcome.from_document(held.outcome) if held.outcome else None


def _ranked(session: Session, held: Round, rule: RoundRule, numbers: Mapping[str, str]) -> list[Sheet]:
    judges, outcome = counted_judges(session, held), _outcome(held)
    works = session.scalar(select(func.count()).where(StandingRow.round_id == held.id)) or 0
    criteria = () if rule.is_ballot else rule.rubric.criteria
    levels = _levels(session, held.id, numbers) if criteria else {}
    rows = session.scalars(
        select(StandingRow)
        .where(StandingRow.round_id == held.id, StandingRow.entry_id.in_(numbers))
        .order_by(StandingRow.entry_id)
    )
    sheets = []
    for place in (place_of(row, None) for row in rows):
        given = levels.get(place.entry_id, {})
        cards = tuple(
            Card(name, _points(rule, criteria, given.get(judge, {})), score_of(place, judge))
            for judge, name in judges.items()
            if _has_said(place, judge)
        )
        sheets.append(
            Sheet(
                place.entry_id, held.ordinal, rule.name, numbers[place.entry_id], criteria=criteria, cards=cards,
                mean=place.printed, rank=place.rank, works=works,
                goes_on=place.entry_id in (outcome.goes_on or ()) if outcome else None,
            )
        )  # fmt: skip
    return sheets


def _has_said(place: Place, judge: str) -> bool:
    """Whether the judge scored the work or stepped back from it; others were not to judge it."""
    return judge in place.totals or any(one.judge == judge for one in place.left_out)


def _levels(
    session: Session, round_id: str, entries: Collection[str]
) -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    """Entry -> judge -> criterion -> level."""
    works = session.scalars(
        select(JudgeWork.id).where(
            JudgeWork.round_id == round_id, JudgeWork.entry_id.in_(entries), JudgeWork.is_repeat.is_(False)
        )
    ).all()
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    given = standing_levels(
        round_id,
        None,
        JudgeWork.entry_id,
        ScoreEvent.judge_id,
        ScoreEvent.criterion,
        ScoreEvent.level,
        works=works,
    ).join(JudgeWork, JudgeWork.id == ScoreEvent.work_id)
    for entry, judge, criterion, level in session.execute(given):
        found[entry][judge][criterion] = level
    return found


def _points(rule: RoundRule, criteria: Collection[Criterion], levels: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(
        _printed(rule.rubric.points(one.code, levels[one.code])) if one.code in levels else ""
        for one in criteria
    )


def _printed(points: Fraction) -> str:
    return print_mean(points).removesuffix(".00")
