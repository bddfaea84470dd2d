"""What a sealed round is committed to: the digest everybody may read, and the scores it is made of."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.domain.ruleset import LOT
from judging.domain.commitment import ScoreLeaf, leaves_of, merkle_root
from judging.domain.round_rule import RoundRule
from judging.models.round import JudgeWork, Round, RoundEntry, RoundState, ScoreEvent
from judging.queries.scorecards import standing_levels


@dataclass(frozen=True)
class Commitment:
    """A sealed round as the public may know it at once: nothing of a score, a work or a name."""

    round_name: str
    sealed_at: dt.datetime
    root: str
    works: int
    judges: int


def commitments(session: Session, edition_id: str) -> list[Commitment]:
    """The edition's commitments, by round."""
    works = (
        select(func.count())
        .where(RoundEntry.round_id == Round.id, RoundEntry.public_number.is_not(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(Round, works)
        .where(
            Round.edition_id == edition_id,
            Round.state == RoundState.SEALED,
            Round.commitment.is_not(None),
        )
        .order_by(Round.ordinal)
    )
    found = []
    for held, counted in rows:
        assert held.sealed_at is not None
        assert held.commitment is not None
        found.append(
            Commitment(
                RoundRule.from_document(held.rule).name,
                held.sealed_at,
                held.commitment,
                counted,
                len(held.pseudonyms or {}),
            )
        )
    return found


@dataclass(frozen=True)
class Lot:
    """A round whose last tie step is a lot: the digest (SHA-256) of its seed at once, the seed after the seal."""

    round_name: str
    digest: str
    seed: str | None


def lots(session: Session, edition_id: str) -> list[Lot]:
    """The lots that the edition's opened rounds may come to."""
    found = []
    for held in session.scalars(
        select(Round)
        .where(Round.edition_id == edition_id, Round.lot_seed.is_not(None), Round.opened_at.is_not(None))
        .order_by(Round.ordinal)
    ):
        rule = RoundRule.from_document(held.rule)
        if LOT in rule.ties:
            assert held.lot_seed is not None
            digest = hashlib.sha256(held.lot_seed.encode()).hexdigest()
            found.append(Lot(rule.name, digest, held.lot_seed if held.state is RoundState.SEALED else None))
    return found


def judge_alias(number: int) -> str:
    """What a judge is called in public papers."""
    return f"위원 {number}"


def score_leaves(session: Session, held: Round) -> list[ScoreLeaf]:
    """Every score that stood when the round was sealed, under public numbers and pseudonyms."""
    names = held.pseudonyms or {}
    chosen = (
        standing_levels(
            held.id,
            None,
            RoundEntry.public_number,
            ScoreEvent.judge_id,
            ScoreEvent.criterion,
            ScoreEvent.level,
            ScoreEvent.at,
        )
        .join(JudgeWork, JudgeWork.id == ScoreEvent.work_id)
        .join(
            RoundEntry,
            (RoundEntry.round_id == ScoreEvent.round_id) & (RoundEntry.entry_id == JudgeWork.entry_id),
        )
        .where(RoundEntry.public_number.is_not(None))
    )
    return [
        ScoreLeaf(number, judge_alias(names[judge]), criterion, level, at.astimezone(dt.UTC).isoformat())
        for number, judge, criterion, level, at in session.execute(chosen)
    ]


def root_of(session: Session, held: Round, salt: str) -> str:
    """The commitment computed from what is stored now."""
    return merkle_root(leaves_of(score_leaves(session, held), salt))
