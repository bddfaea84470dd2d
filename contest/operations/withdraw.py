"""Taking works back: freely until the deadline, by asking afterwards; and answering an unfit decision."""

from __future__ import annotations

import datetime as dt

from contest.domain.actors import Actor
from contest.domain.entry_texts import parse_reply
from contest.domain.errors import Conflict, Missing
from contest.domain.korean import instant_text
from contest.infra.database import lock_pairs
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.models.entry import Entry, EntryState
from contest.models.submission import Submission, SubmissionState
from contest.operations.compare import compare_thinned
from contest.operations.drafts import works_of
from contest.operations.findings import refresh_related
from contest.operations.notify import notify, submission_recipient
from contest.queries.editions import get_edition, schedule_of


def withdraw_entry(
    uow: UnitOfWork, submission_id: str, *, ordinal: int | None, actor: Actor, now: dt.datetime
) -> None:
    """Withdraw one work (ordinal) or the whole submission (None), until entry closes.

    The last work withdrawn takes the submission with it. Raises Missing, Conflict entry.closed.
    """
    submission = _submitted(uow, submission_id)
    closes = schedule_of(get_edition(uow.session, submission.edition_id)).entry_closes
    if closes is None or now >= closes:
        raise Conflict("entry.closed", closes=instant_text(closes) if closes else "")
    works = works_of(uow.session, submission_id)
    chosen = [entry for entry in works if ordinal in (None, entry.ordinal)]
    if not chosen:
        raise Missing("missing")
    withdraw_works(uow, submission, chosen, actor=actor, now=now)


def withdraw_works(
    uow: UnitOfWork,
    submission: Submission,
    chosen: list[Entry],
    *,
    actor: Actor,
    now: dt.datetime,
    is_told: bool = True,
) -> None:
    """Withdraw these works of a submission, whoever decided it; staff do so when it was asked after the close.

    is_told: whether the entrant gets the message of it; not where another message tells more.
    """
    lock_pairs(uow.session)  # before the works: comparisons hold rows in this order
    left = [entry for entry in works_of(uow.session, submission.id) if entry not in chosen]
    for entry in chosen:
        entry.state, entry.updated_at = EntryState.WITHDRAWN, now
        entry.unfit_reason = None
        uow.note(
            "entry.withdrawn",
            ("entry", entry.id),
            actor=actor,
            now=now,
            edition_id=entry.edition_id,
        )
    submission.updated_at = now
    if not left:
        submission.state, submission.withdrawn_at = SubmissionState.WITHDRAWN, now
    uow.session.flush()
    compare_thinned(uow, [entry.photo_id for entry in chosen if entry.photo_id])
    refresh_related(uow, chosen, now=now)
    if is_told:
        _tell(uow, submission, "withdrawn", chosen[0].id, now=now)


def _tell(uow: UnitOfWork, submission: Submission, act: str, key: str, *, now: dt.datetime) -> None:
    notify(
        uow,
        "A3",
        submission_recipient(uow, submission),
        edition_id=submission.edition_id,
        event=f"{act}:{key}",
        facts={"receipt": submission.receipt_number or "", "act": act, "at": now},
        now=now,
    )


def ask_withdrawal(uow: UnitOfWork, submission_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Ask the office to take a submission back after entry has closed. Asking twice changes nothing."""
    submission = _submitted(uow, submission_id)
    if submission.withdrawal_asked_at is not None:
        return
    submission.withdrawal_asked_at = submission.updated_at = now
    uow.note(
        "submission.withdrawal_asked",
        ("submission", submission_id),
        actor=actor,
        now=now,
        edition_id=submission.edition_id,
    )
    _tell(uow, submission, "withdrawal_asked", submission.id, now=now)


def reply_to_unfit(
    uow: UnitOfWork, submission_id: str, ordinal: int, *, text: str, actor: Actor, now: dt.datetime
) -> None:
    """Answer an unfit decision within its reply period. Raises Missing, Conflict reply.closed, Invalid."""
    submission = _submitted(uow, submission_id)
    entry = next((work for work in works_of(uow.session, submission_id) if work.ordinal == ordinal), None)
    if entry is None or entry.state is not EntryState.UNFIT:
        raise Missing("missing")
    if entry.reply_until is None or now >= entry.reply_until:
        raise Conflict("reply.closed")
    entry.reply, entry.replied_at = parse_reply(text), now
    uow.note(
        "entry.replied",
        ("entry", entry.id),
        actor=actor,
        now=now,
        edition_id=submission.edition_id,
        reply=fact_digest(entry.id, entry.reply),
    )


def _submitted(uow: UnitOfWork, submission_id: str) -> Submission:
    submission = uow.session.get(Submission, submission_id, with_for_update=True)
    if submission is None or submission.state is SubmissionState.ERASED:
        raise Missing("missing")
    if submission.state is SubmissionState.WITHDRAWN:
        raise Conflict("entry.withdrawn")
    if submission.state is not SubmissionState.SUBMITTED:
        raise Missing("missing")
    return submission
