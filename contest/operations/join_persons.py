"""Whether two submissions are one person's: what staff found out stands above name and number as entered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid, Missing
from contest.domain.numbers import parse_receipt_number
from contest.domain.screening import FindingKind
from contest.domain.stages import Stage, has_reached
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.person_request import PersonRequest
from contest.models.submission import Submission, SubmissionState
from contest.operations.findings import refresh_related
from contest.queries.editions import get_edition

SHORTEST_REASON = 5


def needs_two(stage: Stage) -> bool:
    """Whether one member of staff asks and another confirms: since judging, who is one person decides prizes."""
    return has_reached(stage, Stage.JUDGING)


def join_persons(
    uow: UnitOfWork, submission_id: str, other_receipt: str, reason: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Take a submission for the same person's as another of the edition: one cap, one prize.

    Raises Invalid (person.reason, person.other_missing, number.receipt), Conflict person.same,
    person.needs_two once judging has begun.
    """
    case = _two(uow, submission_id, other_receipt, reason, actor=actor, now=now)
    case.require_alone()
    case.join()


def part_persons(
    uow: UnitOfWork, submission_id: str, other_receipt: str, reason: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Take a submission for another person's than one it is, or may be, taken together with.

    Works for two of one name and number, for two joined before, and for a shared telephone: then the
    finding is settled. Raises as join_persons; Conflict person.apart where nothing connects them.
    """
    case = _two(uow, submission_id, other_receipt, reason, actor=actor, now=now)
    case.require_alone()
    case.part()


def ask_about_persons(
    uow: UnitOfWork,
    submission_id: str,
    other_receipt: str,
    reason: str,
    *,
    is_join: bool,
    actor: Actor,
    now: dt.datetime,
) -> PersonRequest:
    """Ask that two submissions be taken for one person's, or for two, once one person alone may not say so.

    Raises as join_persons and part_persons; Conflict person.asked while another request about it is open.
    """
    case = _two(uow, submission_id, other_receipt, reason, actor=actor, now=now)
    submission, other = case.submission, case.other
    if case.is_one == is_join:
        raise Conflict("person.same" if is_join else "person.apart")
    waiting = select(PersonRequest.id).where(
        PersonRequest.submission_id.in_((submission.id, other.id)), PersonRequest.settled_at.is_(None)
    )
    if uow.session.scalar(waiting.limit(1)) is not None:
        raise Conflict("person.asked")
    asked = PersonRequest(
        id=uow.ids.token(),
        edition_id=submission.edition_id,
        submission_id=submission.id,
        other_id=other.id,
        is_join=is_join,
        reason=" ".join(reason.split()),
        asked_by=actor.id,
        asked_at=now,
    )
    uow.session.add(asked)
    uow.session.flush()
    case.note("person.asked", kind=_kind(asked))
    return asked


def settle_persons(
    uow: UnitOfWork, request_id: str, *, is_confirmed: bool, actor: Actor, now: dt.datetime
) -> None:
    """Another person, an approver, confirms what was asked and it is done; or it is dropped, by anybody of the office.

    Raises Denied (also person.same_person), Missing, Conflict person.settled and what the act itself raises.
    """
    actor.require(*((Role.APPROVER,) if is_confirmed else (Role.OPERATOR, Role.APPROVER)))
    asked = uow.session.get(PersonRequest, request_id, with_for_update=True)
    if asked is None:
        raise Missing("missing")
    if asked.settled_at is not None:
        raise Conflict("person.settled")
    if is_confirmed and asked.asked_by == actor.id:
        raise Denied("person.same_person")
    submission = uow.session.get_one(Submission, asked.submission_id, with_for_update=True)
    other = uow.session.get_one(Submission, asked.other_id)
    if submission.person is None or other.person is None:
        raise Missing("missing")
    asked.settled_by, asked.settled_at = actor.id, now
    asked.outcome = "confirmed" if is_confirmed else "dropped"
    case = _Case(uow, submission, other, asked.reason or "", actor, now)
    if not is_confirmed:
        case.note("person.dropped", kind=_kind(asked))
    elif asked.is_join:
        case.join()
    else:
        case.part()


def _kind(asked: PersonRequest) -> str:
    return "join" if asked.is_join else "part"


def _two(
    uow: UnitOfWork, submission_id: str, other_receipt: str, reason: str, *, actor: Actor, now: dt.datetime
) -> _Case:
    actor.require(Role.OPERATOR, Role.APPROVER)
    if len(" ".join(reason.split())) < SHORTEST_REASON:
        raise Invalid("person.reason", field="reason")
    number = parse_receipt_number(other_receipt)
    submission = uow.session.get(Submission, submission_id, with_for_update=True)
    if submission is None or submission.state is SubmissionState.ERASED or submission.person_key is None:
        raise Missing("missing")
    other = uow.session.scalars(
        select(Submission).where(
            Submission.edition_id == submission.edition_id,
            Submission.receipt_number == number,
            Submission.id != submission.id,
            Submission.person_key.is_not(None),
        )
    ).one_or_none()
    if other is None:
        raise Invalid("person.other_missing", field="receipt_number")
    return _Case(uow, submission, other, reason, actor, now)


@dataclass(frozen=True)
class _Case:
    """Two submissions, and who says of them what, why and when."""

    uow: UnitOfWork
    submission: Submission
    other: Submission
    reason: str
    actor: Actor
    now: dt.datetime

    @property
    def is_one(self) -> bool:
        """Whether both are taken for one person's."""
        return self.submission.person == self.other.person

    def require_alone(self) -> None:
        if needs_two(get_edition(self.uow.session, self.submission.edition_id).stage):
            raise Conflict("person.needs_two")

    def join(self) -> None:
        if self.is_one:
            raise Conflict("person.same")
        self.submission.joined_person_key = self.other.person
        self._finish("person.joined")

    def part(self) -> None:
        submission, is_one = self.submission, self.is_one
        settled = self._settle_phone()
        if not is_one and not settled:
            raise Conflict("person.apart")
        if is_one:
            is_joined = (
                submission.joined_person_key is not None and submission.person_key != self.other.person
            )
            submission.joined_person_key = (
                None if is_joined else self.uow.crypto.digest("person.parted", submission.id)
            )
        self._finish("person.parted")

    def _settle_phone(self) -> int:
        submission, other = self.submission, self.other
        rows = self.uow.session.execute(
            select(FindingRow, Entry.submission_id)
            .join(Entry, Entry.id == FindingRow.entry_id)
            .where(
                Entry.submission_id.in_((submission.id, other.id)),
                FindingRow.kind == FindingKind.SAME_PHONE_OTHER_NAME.value,
                FindingRow.settled_at.is_(None),
            )
        ).all()
        receipts = {submission.id: other.receipt_number, other.id: submission.receipt_number}
        settled = 0
        for row, owner in rows:
            if row.facts.get("receipt") == receipts[owner]:
                row.settled_by, row.settled_at = self.actor.id, self.now
                settled += 1
        return settled

    def _finish(self, action: str) -> None:
        self.submission.updated_at = self.now
        self.uow.session.flush()
        works = self.uow.session.scalars(
            select(Entry).where(
                Entry.submission_id.in_((self.submission.id, self.other.id)),
                Entry.state != EntryState.WITHDRAWN,
            )
        ).all()
        refresh_related(self.uow, works, now=self.now)
        self.note(action)

    def note(self, action: str, **facts: str) -> None:
        uow = self.uow
        uow.note(
            action,
            ("submission", self.submission.id),
            actor=self.actor,
            now=self.now,
            edition_id=self.submission.edition_id,
            other=self.other.id,
            reason=fact_digest(self.submission.id, self.reason),
            **facts,
        )
