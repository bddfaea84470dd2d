"""Whether a sealed round may be opened again, and what was asked for. Never a score."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from contest.domain.stages import Stage
from contest.models.account import Account
from contest.queries.editions import get_edition
from judging.domain.reopening import SealedRound
from judging.domain.round_rule import RoundRule
from judging.models.panel import Judge
from judging.models.reopening import Reopening
from judging.models.round import Completion, Round, RoundState


@dataclass(frozen=True)
class AskedReopening:
    """A reopening that waits for its second person. judges: ids and names of who may change scores."""

    reopening_id: str
    judges: tuple[tuple[str, str], ...]
    ends_at: dt.datetime
    reason: str
    asked_by: str
    proposed_at: dt.datetime


@dataclass(frozen=True)
class Closed:
    """The edition's last round as reopening sees it. signed: judges who may sign anew, id and name."""

    round: Round
    state: SealedRound
    signed: tuple[tuple[str, str], ...]
    waiting: AskedReopening | None


def closed_round(session: Session, edition_id: str) -> Closed | None:
    """The last round that was sealed, or the one under way before any; None before judging."""
    rounds = session.scalars(
        select(Round).where(Round.edition_id == edition_id).order_by(Round.ordinal.desc())
    ).all()
    if not rounds:
        return None
    held = next((one for one in rounds if one.state is not RoundState.OPEN), rounds[0])
    edition = get_edition(session, edition_id)
    names: dict[str, str] = dict(
        session.execute(
            select(Judge.id, Account.name)
            .join(Account, Account.id == Judge.account_id)
            .where(Judge.edition_id == edition_id, Judge.released_at.is_(None))
            .order_by(Account.name, Judge.id)
        ).all()
    )
    done = set(session.scalars(select(Completion.judge_id).where(Completion.round_id == held.id)))
    state = SealedRound(
        is_sealed=held.state is RoundState.SEALED,
        has_later=rounds[0].ordinal > held.ordinal,
        is_judging=edition.stage is Stage.JUDGING,
        is_read=held.result_read_at is not None,
        judging_closes=edition.judging_closes,
        deliberates=held.state is not RoundState.OPEN and RoundRule.from_document(held.rule).deliberates,
    )
    signed = tuple((judge, name) for judge, name in names.items() if judge in done)
    return Closed(held, state, signed, _waiting(session, held.id, names))


def _waiting(session: Session, round_id: str, names: dict[str, str]) -> AskedReopening | None:
    proposer = aliased(Account)
    row = session.execute(
        select(Reopening, proposer.name)
        .join(proposer, proposer.id == Reopening.proposed_by)
        .where(
            Reopening.round_id == round_id, Reopening.confirmed_at.is_(None), Reopening.dropped_at.is_(None)
        )
    ).first()
    if row is None:
        return None
    one, asked_by = row
    judges = tuple((judge, names.get(judge, "")) for judge in one.judges)
    return AskedReopening(one.id, judges, one.ends_at, one.reason, asked_by, one.proposed_at)
