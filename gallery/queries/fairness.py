"""What the public may know of how a contest was judged: the commitments at once, counts and scores with the results."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from contest.models.edition import Edition, PrizeSlot
from contest.models.entry import Entry, EntryState
from contest.models.submission import Submission
from contest.queries.editions import rules_of
from gallery.models.publication import Publication
from gallery.queries.published import released
from judging.models.award import Award
from judging.models.objection import Objection, Ruling
from judging.queries.allocation import latest_allocation
from judging.queries.commitments import Commitment, Lot, Superseded, commitments, lots, superseded
from judging.queries.deliberation_record import FirstSeal, first_seals
from judging.queries.entrance import seats_opened_anew
from judging.queries.own_sheets import own_sheets
from judging.queries.repair import Done, done_repairs
from judging.queries.runoff_record import RunoffCommitment, runoff_commitments
from judging.queries.score_table import ScoreTable, passed_over, score_table


@dataclass(frozen=True)
class Counts:
    """How many there were: works handed in, found unfit, judged; objections by category, and those upheld."""

    entered: int
    unfit: int
    judged: int
    objections: tuple[tuple[str, int], ...]
    upheld: int

    @property
    def objected(self) -> int:
        """Objections in all."""
        return sum(count for _, count in self.objections)


@dataclass(frozen=True)
class Fairness:
    """An edition's page.

    seats_anew: new links to seats that had been entered. counts: None before the results are public; has_scores:
    whether the record may be had.
    """

    edition: Edition
    commitments: tuple[Commitment, ...]
    lots: tuple[Lot, ...]
    repairs: tuple[Done, ...]
    seats_anew: int
    superseded: tuple[Superseded, ...]
    runoffs: tuple[RunoffCommitment, ...]
    first_seals: tuple[FirstSeal, ...]
    counts: Counts | None
    has_scores: bool


def fairness(session: Session, edition: Edition, now: dt.datetime) -> Fairness:
    """The page of one edition, in a fixed number of queries."""
    is_public = is_released(session, edition.id, now)
    made = tuple(commitments(session, edition.id))
    return Fairness(
        edition,
        made,
        tuple(lots(session, edition.id)),
        tuple(done_repairs(session, edition)),
        len(seats_opened_anew(session, edition.id)),
        tuple(superseded(session, edition.id)),
        tuple(runoff_commitments(session, edition.id)),
        tuple(first_seals(session, edition.id)),
        _counts(session, edition.id, made) if is_public else None,
        is_public and rules_of(edition).publish_scores and bool(made),
    )


def is_released(session: Session, edition_id: str, now: dt.datetime) -> bool:
    """Whether the edition's results are public now."""
    asked = (
        select(Publication.id)
        .join(Edition, Edition.id == Publication.edition_id)
        .where(Edition.id == edition_id, *released(now))
        .limit(1)
    )
    return session.scalar(asked) is not None


def has_scores(session: Session, edition: Edition, now: dt.datetime) -> bool:
    """Whether scores may be shown: the results are public, and the call said that they would be."""
    return rules_of(edition).publish_scores and is_released(session, edition.id, now)


def record_version(session: Session, edition: Edition) -> tuple[str, ...]:
    """What the record depends on once scores may be shown: scores are sealed, prizes change by runs alone."""
    run = latest_allocation(session, edition.id)
    sealed = [one.root for one in commitments(session, edition.id)]
    return (
        edition.id,
        str(edition.version),
        run.digest if run else "",
        str(run.version if run else 0),
        *sealed,
    )


def published_table(
    session: Session, edition: Edition, now: dt.datetime, *, page: int, asked: str, ordinal: int
) -> ScoreTable | None:
    """The scores of a round as people read them, a page at a time; None unless they may be shown."""
    return score_table(session, edition, page, asked, ordinal) if has_scores(session, edition, now) else None


def own_scores(session: Session, submission_id: str, now: dt.datetime) -> dict[str, Any] | None:
    """What the rounds said of the works of one submission, for its own page; None unless scores may be shown.

    sheets: (title, sheets, tier of the prize or None, why there is none: see `passed_over`).
    """
    submission = session.get_one(Submission, submission_id)
    edition = session.get_one(Edition, submission.edition_id)
    if not has_scores(session, edition, now):
        return None
    works = session.execute(
        select(Entry.id, Entry.screened_title, Entry.title)
        .where(Entry.submission_id == submission_id)
        .order_by(Entry.ordinal)
    ).all()
    sheets = own_sheets(session, [entry for entry, _, _ in works])
    given = session.execute(
        select(Award.entry_id, PrizeSlot.tier_code)
        .join(
            PrizeSlot,
            (PrizeSlot.edition_id == Award.edition_id) & (PrizeSlot.ordinal == Award.slot_ordinal),
        )
        .where(Award.entry_id.in_([entry for entry, _, _ in works]), Award.revoked_at.is_(None))
    )
    named = {tier.code: tier.name for tier in rules_of(edition).prizes.tiers}
    prizes = {entry: named[code] for entry, code in given}
    reasons = passed_over(session, edition.id)
    told = [
        (
            screened or title or "",
            [sheet for sheet in sheets if sheet.entry_id == entry],
            prizes.get(entry),
            reasons.get(entry, ""),
        )
        for entry, screened, title in works
    ]
    judged = [one for one in told if one[1]]
    return {"sheets": judged} if judged else None


def _counts(session: Session, edition_id: str, made: tuple[Commitment, ...]) -> Counts:
    states = dict(
        session.execute(
            select(Entry.state, func.count())
            .join(Submission, Submission.id == Entry.submission_id)
            .where(Entry.edition_id == edition_id, Submission.receipt_number.is_not(None))
            .group_by(Entry.state)
        ).all()
    )
    upheld = case((Ruling.outcome == "exclude", 1), else_=0)
    cases = session.execute(
        select(Objection.category, func.count(), func.sum(upheld))
        .outerjoin(Ruling, (Ruling.objection_id == Objection.id) & Ruling.confirmed_at.is_not(None))
        .where(Objection.edition_id == edition_id, Objection.is_tip.is_(False))
        .group_by(Objection.category)
        .order_by(Objection.category)
    ).all()
    return Counts(
        entered=sum(states.values()),
        unfit=states.get(EntryState.UNFIT, 0),
        judged=made[0].works if made else 0,
        objections=tuple((category, count) for category, count, _ in cases),
        upheld=sum(int(found) for _, _, found in cases),
    )
