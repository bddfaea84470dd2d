"""제출: accepted if and only if it reached us before the deadline with every photograph stored; once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select, update

from contest.domain.actors import Actor
from contest.domain.eligibility import judge_submission
from contest.domain.entry_steps import gaps
from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.numbers import entry_number, receipt_number
from contest.domain.screening import FindingKind
from contest.infra.database import lock_pairs
from contest.infra.unit_of_work import UnitOfWork
from contest.models.edition import Edition
from contest.models.entry import EntryState
from contest.models.submission import Submission, SubmissionState
from contest.operations.compare import compare_anew
from contest.operations.drafts import uploads_began, works_of
from contest.operations.findings import refresh_related
from contest.operations.hand_marks import keep_network
from contest.operations.identify import count_works
from contest.operations.links import secret_digest, secret_of, sign_link
from contest.operations.notify import notify, submission_recipient
from contest.operations.timely import void_reminders
from contest.queries.editions import get_edition, rules_of, schedule_of
from contest.queries.entries import load_submission

#: States of works that count against the cap.


@dataclass(frozen=True)
class Receipt:
    """What a submission gets: its number, the secret, the last part of its private address."""

    submission_id: str
    number: str
    secret: str
    link: str
    is_new: bool


def _own_key(uow: UnitOfWork, submit_key: str) -> str | None:
    """The key of this press; none where a crafted form sends that of another submission."""
    is_taken = (
        uow.session.scalar(select(Submission.id).where(Submission.submit_key == submit_key)) is not None
    )
    return None if is_taken else submit_key or None


def submit_entry(
    uow: UnitOfWork,
    submission_id: str,
    *,
    submit_key: str,
    actor: Actor,
    now: dt.datetime,
    address: str | None = None,
) -> Receipt:
    """Hand a draft in; `now` is when the request reached us. Repeated, it gives the same receipt.

    address: where the request came from, of which a sealed digest is kept if the edition says so.

    Raises Conflict entry.late, entry.over_cap, entry.withdrawn, Invalid entry.incomplete, Missing.
    """
    submission = uow.session.get(Submission, submission_id, with_for_update=True)
    if submission is None or submission.state is SubmissionState.ERASED:
        raise Missing("missing")
    if submission.state is SubmissionState.SUBMITTED:
        return receipt_of(uow, submission, is_new=False)
    if submission.state is not SubmissionState.DRAFT:
        withdrawn = submission.state is SubmissionState.WITHDRAWN
        raise Conflict("entry.withdrawn" if withdrawn else "entry.awaiting_guardian")
    # The counter's row is held from here on, so that two submissions of one person see each other.
    running = uow.session.scalar(
        update(Edition)
        .where(Edition.id == submission.edition_id)
        .values(next_receipt=Edition.next_receipt + 1)
        .returning(Edition.next_receipt)
    )
    assert running is not None
    edition = get_edition(uow.session, submission.edition_id)
    _require_complete(uow, submission)
    works = works_of(uow.session, submission_id)
    _require_rules(uow, submission, edition, len(works), now)
    lock_pairs(uow.session)
    # Before the works are touched, in the order in which examinations and comparisons hold rows.
    compare_anew(uow, [entry.photo_id for entry in works if entry.photo_id])
    number, key = receipt_number(edition.year, edition.number, running - 1), _own_key(uow, submit_key)
    submission.state, submission.submitted_at, submission.updated_at = SubmissionState.SUBMITTED, now, now
    submission.receipt_number, submission.submit_key = number, key
    submission.secret_digest = _digest(uow, submission)
    if rules_of(edition).entry.keeps_network:
        keep_network(uow, submission, address)
    for ordinal, entry in enumerate(works, start=1):
        entry.ordinal, entry.entry_number = ordinal, entry_number(number, ordinal)
        entry.state, entry.updated_at = EntryState.SUBMITTED, now
        uow.session.flush()  # one by one: places move down, and no two may share one on the way
    refresh_related(uow, works, now=now)
    void_reminders(uow, submission_id, now=now)
    uow.note(
        "submission.submitted",
        ("submission", submission_id),
        actor=actor,
        now=now,
        edition_id=edition.id,
        receipt=number,
        entries=[entry.id for entry in works],
        photos=[entry.photo_id for entry in works],
    )
    notify(
        uow,
        "A1",
        submission_recipient(uow, submission),
        edition_id=edition.id,
        event="submitted",
        facts={"receipt": number, "works": len(works), "closes": schedule_of(edition).entry_closes or now},
        now=now,
    )
    return receipt_of(uow, submission, is_new=True)


def _require_complete(uow: UnitOfWork, submission: Submission) -> None:
    state = load_submission(uow.session, uow.crypto, submission.id).as_state()
    found = [gap for gap in gaps(state) if gap.code != "gap.over_cap"]
    if found:
        raise Invalid("entry.incomplete", count=len(found), gaps=[gap.code for gap in found])


def _require_rules(
    uow: UnitOfWork, submission: Submission, edition: Edition, works: int, now: dt.datetime
) -> None:
    rules = rules_of(edition)
    found = judge_submission(
        works + count_works(uow, submission),
        now,
        rules.entry,
        schedule_of(edition),
        rules.grades,
        uploads_began=uploads_began(uow.session, submission.id),
    )
    for finding in found:
        if finding.kind is FindingKind.LATE:
            raise Conflict("entry.late", **finding.facts)
        raise Conflict("entry.over_cap", **finding.facts)


def receipt_of(uow: UnitOfWork, submission: Submission, *, is_new: bool) -> Receipt:
    """The receipt of a submission that was handed in."""
    assert submission.receipt_number is not None
    return Receipt(
        submission.id,
        submission.receipt_number,
        secret_of(uow.crypto, submission.id, submission.link_epoch),
        sign_link(uow.crypto, submission.id, submission.link_epoch),
        is_new,
    )


def _digest(uow: UnitOfWork, submission: Submission) -> str:
    assert submission.receipt_number is not None
    secret = secret_of(uow.crypto, submission.id, submission.link_epoch)
    return secret_digest(uow.crypto, submission.receipt_number, secret)


def reissue_link(uow: UnitOfWork, submission_id: str, *, actor: Actor, now: dt.datetime) -> Receipt:
    """A new link and secret for whoever lost theirs; the old ones die, the registered contact alone is told.

    Raises Missing, Conflict entry.not_submitted for a draft, which has nothing registered to be told by.
    """
    submission = uow.session.get(Submission, submission_id, with_for_update=True)
    if submission is None or submission.state is SubmissionState.ERASED:
        raise Missing("missing")
    if submission.receipt_number is None:
        raise Conflict("entry.not_submitted")
    submission.link_epoch += 1
    submission.secret_digest = _digest(uow, submission)
    submission.updated_at = now
    uow.note(
        "submission.link_reissued",
        ("submission", submission_id),
        actor=actor,
        now=now,
        edition_id=submission.edition_id,
        epoch=submission.link_epoch,
    )
    notify(
        uow,
        "A3",
        submission_recipient(uow, submission),
        edition_id=submission.edition_id,
        event=f"reissued:{submission.link_epoch}",
        facts={"receipt": submission.receipt_number, "act": "reissued", "at": now},
        now=now,
    )
    return receipt_of(uow, submission, is_new=False)
