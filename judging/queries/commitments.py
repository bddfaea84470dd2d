"""What a sealed round is committed to: the digest everybody may read, and the scores it is made of."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.domain.ruleset import LOT
from judging.domain.commitment import ScoreLeaf, leaves_of, merkle_root
from judging.domain.repeats import MARK
from judging.domain.round_rule import RoundRule
from judging.domain.score_chain import genesis
from judging.models.reopening import Reopening
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
    reopened = set(session.scalars(select(Reopening.round_id).where(Reopening.confirmed_at.is_not(None))))
    for held in session.scalars(
        select(Round)
        .where(Round.edition_id == edition_id, Round.lot_seed.is_not(None), Round.opened_at.is_not(None))
        .order_by(Round.ordinal)
    ):
        rule = RoundRule.from_document(held.rule)
        if LOT in rule.ties:
            assert held.lot_seed is not None
            digest = hashlib.sha256(held.lot_seed.encode()).hexdigest()
            is_known = held.state is RoundState.SEALED or held.id in reopened  # once said it stays said
            found.append(Lot(rule.name, digest, held.lot_seed if is_known else None))
    return found


def unlike_their_signature(session: Session, one: Reopening) -> list[str]:
    """The judges whose chain no longer holds, at its place, the head that their signature taken back covers."""
    found = []
    for signed in one.signatures or []:
        head = session.scalar(
            select(ScoreEvent.digest).where(
                ScoreEvent.round_id == one.round_id,
                ScoreEvent.judge_id == signed["judge"],
                ScoreEvent.seq == signed["events"],
            )
        )
        if (head or genesis(one.round_id, signed["judge"])) != signed["chain_head"]:
            found.append(signed["judge"])
    return found


@dataclass(frozen=True)
class Superseded:
    """A commitment that a reopening put out of force; it stays on record. judges: how many could change scores."""

    round_name: str
    sealed_at: dt.datetime
    root: str
    reopened_at: dt.datetime
    judges: int
    reason: str


def superseded(session: Session, edition_id: str) -> list[Superseded]:
    """The edition's commitments that are no longer in force, oldest first."""
    rows = session.execute(
        select(Reopening, Round.rule)
        .join(Round, Round.id == Reopening.round_id)
        .where(Round.edition_id == edition_id, Reopening.confirmed_at.is_not(None))
        .order_by(Reopening.confirmed_at, Reopening.id)
    )
    found = []
    for one, rule in rows:
        assert one.sealed_at is not None
        assert one.commitment is not None
        assert one.confirmed_at is not None
        name = RoundRule.from_document(rule).name
        found.append(
            Superseded(name, one.sealed_at, one.commitment, one.confirmed_at, len(one.judges), one.reason)
        )
    return found


def roots_before(session: Session, round_id: str) -> list[list[str]]:
    """(root, sealed at, reopened at) of a round's commitments that are no longer in force, oldest first."""
    rows = session.scalars(
        select(Reopening)
        .where(Reopening.round_id == round_id, Reopening.confirmed_at.is_not(None))
        .order_by(Reopening.confirmed_at, Reopening.id)
    )
    return [
        [one.commitment, one.sealed_at.isoformat(), one.confirmed_at.isoformat()]
        for one in rows
        if one.commitment and one.sealed_at and one.confirmed_at
    ]


def superseded_root(session: Session, one: Reopening) -> str:
    """A commitment out of force computed again from the scores that stood at its seal."""
    leaves = _leaves(session, one.round_id, one.numbers or {}, one.pseudonyms or {}, one.sealed_at)
    return merkle_root(leaves_of(leaves, one.commitment_salt or ""))


def judge_alias(number: int) -> str:
    """What a judge is called in public papers."""
    return f"위원 {number}"


def score_leaves(session: Session, held: Round, *, as_given: bool = False) -> list[ScoreLeaf]:
    """Every score that stood when the round was sealed, under public numbers and pseudonyms.

    as_given: at its first seal, before the deliberation.
    """
    numbers = public_numbers(session, held.id)
    return _leaves(session, held.id, numbers, held.pseudonyms or {}, as_given=as_given)


def public_numbers(session: Session, round_id: str) -> dict[str, str]:
    """Entry id -> its number in the public papers of a sealed round."""
    rows = session.execute(
        select(RoundEntry.entry_id, RoundEntry.public_number).where(
            RoundEntry.round_id == round_id, RoundEntry.public_number.is_not(None)
        )
    )
    return {entry: number for entry, number in rows if number is not None}


def _leaves(
    session: Session,
    round_id: str,
    numbers: Mapping[str, str],
    names: Mapping[str, int],
    until: dt.datetime | None = None,
    *,
    as_given: bool = False,
) -> list[ScoreLeaf]:
    chosen = standing_levels(
        round_id,
        None,
        JudgeWork.entry_id,
        JudgeWork.is_repeat,
        ScoreEvent.judge_id,
        ScoreEvent.criterion,
        ScoreEvent.level,
        ScoreEvent.at,
        until=until,
        as_given=as_given,
    ).join(JudgeWork, JudgeWork.id == ScoreEvent.work_id)
    return [
        ScoreLeaf(
            numbers[entry],
            judge_alias(names[judge]),
            f"{MARK}{criterion}" if is_repeat else criterion,
            level,
            at.astimezone(dt.UTC).isoformat(),
        )
        for entry, is_repeat, judge, criterion, level, at in session.execute(chosen)
        if entry in numbers
    ]


def root_of(session: Session, held: Round, salt: str, *, as_given: bool = False) -> str:
    """The commitment computed from what is stored now; as_given: the one before the deliberation."""
    return merkle_root(leaves_of(score_leaves(session, held, as_given=as_given), salt))
