"""The ties that wait for the chair: common numbers, pictures and screened words, never a score."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.models.entry import Entry
from contest.queries.editions import get_edition, rules_of
from judging.models.round import JudgeWork, RoundEntry, RoundState, StandingRow
from judging.queries.blind import Seat
from judging.queries.scorecards import visible
from judging.queries.standings import tie_steps


@dataclass(frozen=True)
class TiedWork:
    """A work of a tie as the chair meets it; without a picture where the chair stepped back from it."""

    common_number: str
    title: str | None
    image_token: str | None


@dataclass(frozen=True)
class Tie:
    """Works that nothing told apart. matters: a prize or a place in the reserves may hang on their order."""

    works: tuple[TiedWork, ...]
    matters: bool

    @property
    def numbers(self) -> tuple[str, ...]:
        """The common numbers, in order."""
        return tuple(work.common_number for work in self.works)

    @property
    def can_be_judged(self) -> bool:
        """Whether the chair may see every work of it."""
        return all(work.image_token is not None for work in self.works)


def ties_for(session: Session, seat: Seat) -> list[Tie]:
    """The unresolved ties of a sealed round, best first; none before the seal."""
    if (
        seat.round_id is None
        or seat.round_state is not RoundState.SEALED
        or not (seat.rule and seat.rule.is_last)
    ):
        return []
    rules = rules_of(get_edition(session, seat.edition_id))
    last = rules.prizes.winners + rules.reserves
    tokens: dict[str, str] = dict(
        session.execute(
            visible(JudgeWork.entry_id, JudgeWork.image_token).where(
                JudgeWork.round_id == seat.round_id,
                JudgeWork.judge_id == seat.judge_id,
                JudgeWork.is_repeat.is_(False),
            )
        ).all()
    )
    groups: dict[int, list[TiedWork]] = {}
    waiting: set[int] = set()  # for the panel, which is asked before the chair
    for rank, entry, number, title, detail in session.execute(
        select(
            StandingRow.rank,
            StandingRow.entry_id,
            RoundEntry.common_number,
            Entry.screened_title,
            StandingRow.detail,
        )
        .join(
            RoundEntry,
            (RoundEntry.round_id == StandingRow.round_id) & (RoundEntry.entry_id == StandingRow.entry_id),
        )
        .join(Entry, Entry.id == StandingRow.entry_id)
        .where(StandingRow.round_id == seat.round_id)
        .order_by(StandingRow.rank, RoundEntry.common_number)
    ):
        groups.setdefault(rank, []).append(TiedWork(number or "", title, tokens.get(entry)))
        steps = tie_steps(detail)
        if steps and steps[-1].waits:
            waiting.add(rank)
    return [
        Tie(tuple(works), rank <= last)
        for rank, works in groups.items()
        if len(works) > 1 and rank not in waiting
    ]
