"""The sweep of messages that the clock asks for: reminders of drafts and replies, reports of entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from contest.domain.actors import Role
from contest.domain.messages import Fact
from contest.domain.schedule import KST
from contest.domain.stages import Stage
from contest.domain.timely import (
    BEFORE_DEADLINE,
    BEFORE_REPLY_ENDS,
    Due,
    Standing,
    decide,
    moment_before,
    report_hour,
    stamp,
)
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.outbox import Message
from contest.models.photo import Photo
from contest.models.submission import Submission, SubmissionState
from contest.operations.notify import Recipient, account_recipient, notify, submission_recipient
from contest.queries.editions import current_edition
from contest.queries.supplements import supplement_reminders

CODES = ("A2", "A7", "O1")
_GIGABYTE = 1_000_000_000


def send_timely(services: Services, now: dt.datetime) -> None:
    """Sweep: write what is due of contest's messages, take back what is due no longer."""
    with services.database.read() as session:
        edition = current_edition(session)
        if edition is None:
            return
        edition_id, due = edition.id, timely_messages(session, edition, now)
    reconcile(services, edition_id, CODES, due, now=now)


def timely_messages(session: Session, edition: Edition, now: dt.datetime) -> list[Due]:
    """Everything of contest's that the clock asks for now."""
    return [
        *_draft_reminders(session, edition, now),
        *_reply_reminders(session, edition, now),
        *supplement_reminders(session, edition.id, now),
        *_entry_reports(session, edition, now),
    ]


def reconcile(
    services: Services, edition_id: str, codes: Iterable[str], due: list[Due], *, now: dt.datetime
) -> None:
    """Make the outbox agree with what is due: each message of these codes once, none that lost its cause."""
    chosen = select(
        Message.id, Message.event_key, Message.sent_at.is_(None) & Message.failed.is_(None)
    ).where(Message.edition_id == edition_id, Message.code.in_(tuple(codes)), Message.voided_at.is_(None))
    with services.database.read() as session:
        rows = [Standing(*row) for row in session.execute(chosen)]
    missing, stale = decide(due, rows)
    if not missing and not stale:
        return
    with services.database.write() as uow:
        if stale:
            uow.session.execute(
                update(Message)
                .where(Message.id.in_(stale), Message.sent_at.is_(None), Message.voided_at.is_(None))
                .values(voided_at=now)
            )
        for one in missing:
            recipient = _recipient(uow, one)
            if recipient is not None:
                notify(
                    uow, one.code, recipient, edition_id=edition_id, event=one.event, facts=one.facts, now=now
                )


def void_reminders(uow: UnitOfWork, submission_id: str, *, now: dt.datetime) -> None:
    """Take back the reminders of a draft in the transaction that hands it in."""
    uow.session.execute(
        update(Message)
        .where(
            Message.subject_id == submission_id, Message.code == "A2",
            Message.sent_at.is_(None), Message.voided_at.is_(None),
        )
        .values(voided_at=now)
    )  # fmt: skip


def operators(session: Session) -> list[str]:
    """The accounts of those who run the contest day by day."""
    return list(
        session.scalars(
            select(Account.id)
            .where(
                Account.role == Role.OPERATOR,
                Account.disabled_at.is_(None),
                Account.activated_at.is_not(None),
            )
            .order_by(Account.id)
        )
    )


def _recipient(uow: UnitOfWork, due: Due) -> Recipient | None:
    if due.kind == "submission":
        submission = uow.session.get(Submission, due.id)
        return submission_recipient(uow, submission) if submission else None
    account = uow.session.get(Account, due.id)
    return account_recipient(account) if account else None


def _draft_reminders(session: Session, edition: Edition, now: dt.datetime) -> list[Due]:
    closes = edition.entry_closes
    if edition.stage is not Stage.OPEN or closes is None:
        return []
    at = moment_before(closes, BEFORE_DEADLINE, begun=dt.datetime.min.replace(tzinfo=dt.UTC), now=now)
    if at is None:
        return []
    drafts = session.scalars(
        select(Submission.id).where(
            Submission.edition_id == edition.id,
            Submission.state == SubmissionState.DRAFT,
            Submission.phone_sealed.is_not(None),
            Submission.created_at < at,
        )
    )
    facts: dict[str, Fact] = {"closes": closes}
    return [Due("A2", f"draft:{stamp(closes)}:{stamp(at)}", "submission", one, facts) for one in drafts]


def _reply_reminders(session: Session, edition: Edition, now: dt.datetime) -> list[Due]:
    if edition.stage is not Stage.SCREENING:
        return []
    rows = session.execute(
        select(Entry.id, Entry.screened_at, Entry.reply_until, Submission.id, Submission.receipt_number)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(
            Entry.edition_id == edition.id,
            Entry.state == EntryState.UNFIT,
            Entry.replied_at.is_(None),
            Entry.reply_until > now - BEFORE_REPLY_ENDS,
            Submission.state == SubmissionState.SUBMITTED,
        )
    )
    found = []
    for entry_id, screened_at, until, submission_id, receipt in rows:
        if until is None or screened_at is None:
            continue
        if until <= now:
            word = "passed"
        elif moment_before(until, (BEFORE_REPLY_ENDS,), begun=screened_at, now=now) is not None:
            word = "near"
        else:
            continue
        facts: dict[str, Fact] = {"receipt": receipt or "", "due": until, "result": word}
        found.append(Due("A7", f"reply:{entry_id}:{stamp(until)}:{word}", "submission", submission_id, facts))
    return found


def _entry_reports(session: Session, edition: Edition, now: dt.datetime) -> list[Due]:
    if edition.stage is not Stage.OPEN or edition.entry_opens is None or edition.entry_closes is None:
        return []
    at = report_hour(edition.entry_opens, edition.entry_closes, now)
    if at is None:
        return []
    today = dt.datetime.combine(at.astimezone(KST).date(), dt.time(), KST)
    handed_in = (Submission.edition_id == edition.id, Submission.state == SubmissionState.SUBMITTED)
    total, fresh = session.execute(
        select(func.count(), func.count().filter(Submission.submitted_at >= today)).where(*handed_in)
    ).one()
    doubtful = session.scalar(
        select(func.count())
        .select_from(Entry)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(*handed_in, Entry.state == EntryState.SUBMITTED, Entry.verdict != "fit")
    )
    stored = session.scalar(select(func.sum(Photo.bytes)).where(Photo.edition_id == edition.id)) or 0
    facts: dict[str, Fact] = {
        "total": total, "today": fresh, "doubtful": doubtful or 0, "storage": f"{stored / _GIGABYTE:.1f}GB",
    }  # fmt: skip
    return [Due("O1", f"entry:{stamp(at)}", "account", one, facts) for one in operators(session)]
