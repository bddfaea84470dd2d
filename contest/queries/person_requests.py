"""Requests about who is one person that wait for their second member of staff."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from contest.domain.actors import Role
from contest.infra.registry import NextStep
from contest.models.account import Account
from contest.models.person_request import PersonRequest
from contest.models.submission import Submission


@dataclass(frozen=True)
class Waiting:
    """A request: the submissions by id and receipt number, and who asked for what, when and why."""

    id: str
    submission_id: str
    receipt: str
    other_id: str
    other_receipt: str
    is_join: bool
    reason: str
    asked_by: str
    asker: str
    asked_at: dt.datetime


def waiting_in(session: Session, edition_id: str) -> list[Waiting]:
    """Every open request of an edition, the oldest first. One query."""
    return _waiting(session, PersonRequest.edition_id == edition_id)


def waiting_about(session: Session, submission_id: str) -> list[Waiting]:
    """The open requests that name a submission. One query."""
    return _waiting(
        session,
        (PersonRequest.submission_id == submission_id) | (PersonRequest.other_id == submission_id),
    )


def _waiting(session: Session, which: ColumnElement[bool]) -> list[Waiting]:
    other = aliased(Submission)
    rows = session.execute(
        select(PersonRequest, Submission.receipt_number, other.receipt_number, Account.name)
        .join(Submission, Submission.id == PersonRequest.submission_id)
        .join(other, other.id == PersonRequest.other_id)
        .join(Account, Account.id == PersonRequest.asked_by)
        .where(
            PersonRequest.settled_at.is_(None),
            Submission.person_key.is_not(None),  # who was erased is nobody's question any more
            other.person_key.is_not(None),
            which,
        )
        .order_by(PersonRequest.asked_at, PersonRequest.id)
    )
    return [
        Waiting(
            asked.id, asked.submission_id, receipt or "", asked.other_id, other_receipt or "",
            asked.is_join, asked.reason or "", asked.asked_by, name, asked.asked_at,
        )
        for asked, receipt, other_receipt, name in rows
    ]  # fmt: skip


def person_steps(session: Session, edition_id: str, now: dt.datetime) -> list[NextStep]:
    """Each open request, for an approver."""
    return [
        NextStep(
            now,
            f"응모 {one.receipt}, {one.other_receipt}: {'같은' if one.is_join else '다른'} 사람으로 보자는 요청",
            frozenset({Role.APPROVER}),
            "people.show",
            {"submission_id": one.submission_id},
        )
        for one in waiting_in(session, edition_id)
    ]
