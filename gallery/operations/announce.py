"""The messages of an announcement: written with the approval, due at its minute, void if it is taken back."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from contest.domain.messages import Fact
from contest.domain.ruleset import Period
from contest.domain.schedule import korean_day
from contest.infra.unit_of_work import UnitOfWork
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.submission import Submission, SubmissionState
from contest.operations.notify import notify, submission_recipient
from contest.queries.editions import rules_of
from gallery.models.publication import Exhibit, Publication

_MONTHS = 12
_LAST_SAFE_DAY = 28


def write_messages(uow: UnitOfWork, edition: Edition, publication: Publication, *, now: dt.datetime) -> int:
    """W1 to each winner, L1 to everyone else who took part; none leaves before the minute. How many people."""
    rules = rules_of(edition)
    minute = publication.publish_at
    due = minute + dt.timedelta(days=rules.entry.original_days)
    erased_on = _after(korean_day(minute), rules.retention["losing_images"])
    won = {
        row.submission_id: row
        for row in uow.session.execute(
            select(Entry.submission_id, Exhibit.tier_code, Exhibit.amount)
            .join(Entry, Entry.id == Exhibit.entry_id)
            .where(Exhibit.publication_id == publication.id, Exhibit.retracted_at.is_(None))
            .order_by(Exhibit.slot_ordinal.desc())  # of several prizes the best is told
        )
    }
    people = uow.session.scalars(
        select(Submission)
        .where(Submission.edition_id == edition.id, Submission.state == SubmissionState.SUBMITTED)
        .order_by(Submission.id)
    ).all()
    for submission in people:
        recipient = submission_recipient(uow, submission)
        prize = won.get(submission.id)
        if prize is None:
            code = "L1"
            facts: dict[str, Fact] = {"erased_on": erased_on}
        else:
            tier = rules.prizes.tier(prize.tier_code).name
            code = "W1"
            facts = {
                "name": recipient.name,
                "tier": tier.get(recipient.locale) or tier["ko"],
                "amount": prize.amount,
                "due": due,
            }
        notify(
            uow, code, recipient, edition_id=edition.id, event=f"publication:{publication.id}",
            facts=facts, now=now, not_before=minute,
        )  # fmt: skip
    return len(people)


def _after(day: dt.date, period: Period) -> dt.date:
    """The day a period after a day; a month has as many days as it has, the 31st becomes the 28th."""
    months = day.month - 1 + period.months
    moved = dt.date(day.year + months // _MONTHS, months % _MONTHS + 1, min(day.day, _LAST_SAFE_DAY))
    start = moved if period.months else day
    return start + dt.timedelta(days=period.days)
