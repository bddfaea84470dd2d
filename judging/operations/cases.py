"""A case handled: taken up, investigated, the entrant asked, the objector's identity seen by its handler."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid, Missing
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.models.entry import Entry
from contest.models.submission import Submission
from contest.operations.disclosure import disclose
from contest.operations.notify import notify, objection_recipient, submission_recipient
from judging.domain.objections import Act, Case, Kind, Outcome, Ruling, State, accepts_statement, advance
from judging.models.objection import Objection, ObjectionState, Statement
from judging.models.objection import Ruling as RulingRow
from judging.operations.objections import find_case


@dataclass(frozen=True)
class Identity:
    """Who objected; shown to the handling official alone."""

    name: str
    contact: str


def as_case(objection: Objection, ruling: RulingRow | None) -> Case:
    """A case as the rules see it."""
    kind = Kind.TIP if objection.is_tip else Kind.OBJECTION
    proposal = Ruling(Outcome(ruling.outcome), ruling.reason) if ruling else None
    return Case(State(objection.state.value), kind, proposal, ruling.proposed_by if ruling else None)


def take_case(
    uow: UnitOfWork, objection_id: str, *, reason: str = "", actor: Actor, now: dt.datetime
) -> None:
    """An operator becomes the handling official; from another one only with a reason.

    Raises Denied; Conflict `objection.handled` without a reason.
    """
    actor.require(Role.OPERATOR)
    objection = find_case(uow, objection_id)
    if objection.handler_id == actor.id:
        return
    if objection.handler_id is not None and not reason.strip():
        raise Conflict("objection.handled")
    before, objection.handler_id = objection.handler_id, actor.id
    uow.note(
        "objection.taken",
        ("objection", objection_id),
        actor=actor,
        now=now,
        edition_id=objection.edition_id,
        before=before or "",
        **({"reason": fact_digest(objection_id, reason)} if reason.strip() else {}),
    )


def handled_case(uow: UnitOfWork, objection_id: str, actor: Actor) -> Objection:
    """The case, if the actor handles it or nobody does yet, who then does. Raises Denied `objection.not_handler`."""
    actor.require(Role.OPERATOR)
    objection = find_case(uow, objection_id)
    if objection.handler_id is None:
        objection.handler_id = actor.id
    elif objection.handler_id != actor.id:
        raise Denied("objection.not_handler")
    return objection


def advance_case(uow: UnitOfWork, objection_id: str, act: Act, *, actor: Actor, now: dt.datetime) -> None:
    """Take a case one step: ask for completion, complete, investigate, resume.

    Raises Denied; Conflict `objection.state`, `objection.proposed` while a ruling waits for its approver.
    """
    objection = handled_case(uow, objection_id, actor)
    _check_unproposed(uow, objection_id)
    moved = advance(as_case(objection, None), act, actor)
    objection.state = ObjectionState(moved.state.value)
    _note(uow, objection, act.value, actor, now)
    if act is Act.ASK_COMPLETION:
        tell_objector(
            uow, objection, "incomplete", "사실과 근거를 보충해 주세요. 담당 부서로 전화하셔도 됩니다.",
            event="incomplete", now=now,
        )  # fmt: skip


def request_statement(
    uow: UnitOfWork, objection_id: str, question: str, due: dt.datetime, *, actor: Actor, now: dt.datetime
) -> Statement:
    """Ask the entrant through the private link; never says who objected.

    Raises Invalid `objection.question_missing`, `objection.due_past`; Denied; Conflict `objection.state`,
    `objection.proposed`.
    """
    if not question.strip():
        raise Invalid("objection.question_missing", field="question")
    if due <= now:
        raise Invalid("objection.due_past", field="due")
    objection = handled_case(uow, objection_id, actor)
    _check_unproposed(uow, objection_id)
    moved = advance(as_case(objection, None), Act.REQUEST_STATEMENT, actor)
    objection.state = ObjectionState(moved.state.value)
    statement = Statement(
        id=uow.ids.token(), objection_id=objection_id, question=question.strip(), asked_by=actor.id,
        asked_at=now, due_at=due,
    )  # fmt: skip
    uow.session.add(statement)
    uow.session.flush()
    _note(uow, objection, "request_statement", actor, now)
    submission = submission_behind(uow, objection)
    notify(
        uow, "C3", submission_recipient(uow, submission), edition_id=objection.edition_id,
        event=f"statement:{statement.id}",
        facts={"receipt": submission.receipt_number or "", "issue": statement.question, "due": due}, now=now,
    )  # fmt: skip
    return statement


def answer_statement(
    uow: UnitOfWork, statement_id: str, answer: str, *, actor: Actor, now: dt.datetime
) -> Statement:
    """The entrant's answer, once, while it is asked for and in time; the same answer again changes nothing.

    Raises Missing; Invalid `statement.missing`; Conflict `statement.closed`.
    """
    statement = uow.session.get(Statement, statement_id, with_for_update=True)
    if statement is None:
        raise Missing("missing")
    if not answer.strip():
        raise Invalid("statement.missing", field="answer")
    context = f"statement.text:{statement_id}"
    if statement.text_sealed is not None:
        if uow.crypto.open(statement.text_sealed, context) == answer.strip():
            return statement
        raise Conflict("statement.closed")
    objection = find_case(uow, statement.objection_id)
    if not accepts_statement(as_case(objection, None), now, statement.due_at):
        raise Conflict("statement.closed")
    statement.text_sealed = uow.crypto.seal(answer.strip(), context)
    statement.answered_at = now
    _note(uow, objection, "statement_answered", actor, now)
    return statement


def reveal_objector(
    uow: UnitOfWork, objection_id: str, reason: str, *, actor: Actor, now: dt.datetime
) -> Identity:
    """Who objected, to the handling official alone; seeing it is an act in the trail.

    Raises Denied `objection.not_handler`; Invalid `disclosure.reason`.
    """
    objection = find_case(uow, objection_id)
    if actor.role is not Role.OPERATOR or objection.handler_id != actor.id:
        raise Denied("objection.not_handler")
    disclose(
        uow, "objector", ("objection", objection_id), reason,
        actor=actor, now=now, edition_id=objection.edition_id,
    )  # fmt: skip
    return identity(uow, objection)


def identity(uow: UnitOfWork, objection: Objection) -> Identity:
    """Name and contact opened; empty where they were erased."""

    def opened(column: str) -> str:
        sealed: bytes | None = getattr(objection, f"{column}_sealed")
        return uow.crypto.open(sealed, f"objection.{column}:{objection.id}") if sealed else ""

    return Identity(opened("name"), opened("contact"))


def tell_objector(
    uow: UnitOfWork, objection: Objection, outcome: str, summary: str, *, event: str, now: dt.datetime
) -> None:
    """R2 to whoever objected."""
    who = identity(uow, objection)
    notify(
        uow, "R2", objection_recipient(objection.id, who.name, who.contact), edition_id=objection.edition_id,
        event=event, facts={"case": objection.case_number, "outcome": outcome, "summary": summary}, now=now,
    )  # fmt: skip


def submission_behind(uow: UnitOfWork, objection: Objection) -> Submission:
    """The submission of the work that a case is about."""
    entry = uow.session.get_one(Entry, objection.entry_id)
    return uow.session.get_one(Submission, entry.submission_id)


def _check_unproposed(uow: UnitOfWork, objection_id: str) -> None:
    if uow.session.get(RulingRow, objection_id) is not None:
        raise Conflict("objection.proposed")


def _note(uow: UnitOfWork, objection: Objection, act: str, actor: Actor, now: dt.datetime) -> None:
    uow.note(
        f"objection.{act}", ("objection", objection.id), actor=actor, now=now, edition_id=objection.edition_id
    )
