"""The sealed scores of a round that ranks as the public reads them: a row a work, under its public number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from contest.models.edition import Edition
from judging.domain.round_rule import RoundRule
from judging.models.panel import Judge
from judging.models.round import Round, RoundEntry, StandingRow
from judging.queries.allocation import final_round, runs, walked
from judging.queries.commitments import judge_alias
from judging.queries.outcome import Outcome
from judging.queries.results import Score, score_of
from judging.queries.standings import place_of

PAGE = 100


@dataclass(frozen=True)
class Row:
    """A work in the table: one score a judge, in the order of the columns.

    passed_over: why the walk down the ranks gave it no prize: 'excluded', 'same_person', or '' for neither.
    """

    entry_id: str
    rank: int
    number: str
    scores: tuple[Score, ...]
    mean: str
    passed_over: str


@dataclass(frozen=True)
class ScoreTable:
    """One page of the table of one round. rounds: (ordinal, name) of every round that has one.

    judges: "위원 n" by column; asked: the public number that is looked for, or empty.
    """

    rounds: tuple[tuple[int, str], ...]
    ordinal: int
    round_name: str
    judges: tuple[str, ...]
    works: int
    page: int
    pages: int
    rows: tuple[Row, ...]
    asked: str
    is_found: bool

    @property
    def has_dropped(self) -> bool:
        """Whether a highest or lowest score of this page fell."""
        return any(score.is_dropped for row in self.rows for score in row.scores)


def score_table(
    session: Session, edition: Edition, page: int, asked: str = "", ordinal: int = 0
) -> ScoreTable | None:
    """A page of a round, best first, in a fixed number of queries; None unless all are sealed and committed to.

    ordinal: of the round; any other than of one that ranks is the last.

    asked: the public number whose page is shown instead, where there is such a work. A page outside is the nearest.
    """
    last = final_round(session, edition)
    if last is None or last.commitment is None:
        return None
    ranking = _ranking_rounds(session, edition.id)
    held = ranking.get(ordinal, last)
    number = asked.zfill(3) if asked.isascii() and asked.isdigit() else asked
    listed = session.scalars(_rows(held.id, RoundEntry.public_number)).all()
    pages = max(1, -(-len(listed) // PAGE))
    is_found = number in listed
    page = listed.index(number) // PAGE + 1 if is_found else min(max(1, page), pages)
    shown = listed[(page - 1) * PAGE : page * PAGE]
    judges = counted_judges(session, held)
    reasons = passed_over(session, edition.id)
    rows = session.execute(
        _rows(held.id, StandingRow, RoundEntry.public_number).where(RoundEntry.public_number.in_(shown))
    )
    names = tuple((at, RoundRule.from_document(one.rule).name) for at, one in ranking.items())
    return ScoreTable(
        names,
        held.ordinal,
        dict(names)[held.ordinal],
        tuple(judges.values()),
        len(listed),
        page,
        pages,
        tuple(_row(row, found, judges, reasons.get(row.entry_id, "")) for row, found in rows),
        number,
        is_found,
    )


def counted_judges(session: Session, held: Round) -> dict[str, str]:
    """Judge id -> "위원 n" of a sealed round, by n, without those who had been released when it was counted."""
    released = select(Judge.id).where(Judge.edition_id == held.edition_id, Judge.released_at.is_not(None))
    left = set(Outcome.from_document(held.outcome).released if held.outcome else session.scalars(released))
    numbered = sorted((held.pseudonyms or {}).items(), key=lambda pair: pair[1])
    return {judge: judge_alias(number) for judge, number in numbered if judge not in left}


def _ranking_rounds(session: Session, edition_id: str) -> dict[int, Round]:
    """Ordinal -> round, of those that put works in an order."""
    ranked = exists().where(StandingRow.round_id == Round.id)
    rounds = session.scalars(
        select(Round)
        .where(Round.edition_id == edition_id, Round.commitment.is_not(None), ranked)
        .order_by(Round.ordinal)
    )
    return {held.ordinal: held for held in rounds}


def _rows(round_id: str, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(StandingRow)
        .join(
            RoundEntry,
            (RoundEntry.round_id == StandingRow.round_id) & (RoundEntry.entry_id == StandingRow.entry_id),
        )
        .where(StandingRow.round_id == round_id, RoundEntry.public_number.is_not(None))
        .order_by(StandingRow.rank, RoundEntry.public_number)
    )


def passed_over(session: Session, edition_id: str) -> dict[str, str]:
    """Entry -> why the walk down the ranks gave it no prize: 'excluded' or 'same_person'."""
    first, successions = runs(session, edition_id)
    kinds = {"skipped_excluded": "excluded", "skipped_person": "same_person"}
    found = {entry: kinds[kind] for entry, kind in walked(first).items() if kind in kinds}
    return found | {run.inputs["excluded"]: "excluded" for run in successions}


def _row(stored: StandingRow, number: str, judges: Mapping[str, str], passed_over: str) -> Row:
    place = place_of(stored, number)
    scores = tuple(score_of(place, judge) for judge in judges)
    return Row(place.entry_id, place.rank, number, scores, place.printed, passed_over)
