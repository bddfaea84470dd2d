"""Objections in public verification: what is asked for, which steps a case takes, and which two decide."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid


class Category(StrEnum):
    """What an objection says is wrong."""

    PLAGIARISM = "plagiarism"  # 표절·도용
    AWARDED_ELSEWHERE = "awarded_elsewhere"  # 타 공모전 중복 수상
    MANIPULATION = "manipulation"  # 합성·조작·AI 생성
    PLACE_OR_DATE = "place_or_date"  # 촬영지·촬영일 위반
    PORTRAIT = "portrait"  # 초상권·사생활
    IMPROPER = "improper"  # 명예훼손·부적절
    ELIGIBILITY = "eligibility"  # 자격(중복응모·대리)
    OTHER = "other"  # 기타


class State(StrEnum):
    """Where a case stands (접수, 보완 필요, 조사 중, 소명 요청, 결정)."""

    RECEIVED = "received"
    INCOMPLETE = "incomplete"
    INVESTIGATING = "investigating"
    STATEMENT_REQUESTED = "statement_requested"
    DECIDED = "decided"


class Act(StrEnum):
    """What moves a case."""

    ASK_COMPLETION = "ask_completion"
    COMPLETE = "complete"
    INVESTIGATE = "investigate"
    REQUEST_STATEMENT = "request_statement"
    RESUME = "resume"  # the statement came, or its time is over
    CONFIRM = "confirm"


class Kind(StrEnum):
    """An objection in time (이의신청), or a tip kept for the record (제보) that blocks nothing."""

    OBJECTION = "objection"
    TIP = "tip"


class Outcome(StrEnum):
    """기각, 수상 제외."""

    DISMISS = "dismiss"
    EXCLUDE = "exclude"


TRANSITIONS: dict[Act, tuple[frozenset[State], State]] = {
    Act.ASK_COMPLETION: (frozenset({State.RECEIVED}), State.INCOMPLETE),
    Act.COMPLETE: (frozenset({State.INCOMPLETE}), State.RECEIVED),
    Act.INVESTIGATE: (frozenset({State.RECEIVED, State.INCOMPLETE}), State.INVESTIGATING),
    Act.REQUEST_STATEMENT: (frozenset({State.INVESTIGATING}), State.STATEMENT_REQUESTED),
    Act.RESUME: (frozenset({State.STATEMENT_REQUESTED}), State.INVESTIGATING),
    # An objection that stays incomplete is dismissed for it, so a decision may end that state too.
    Act.CONFIRM: (frozenset({State.INCOMPLETE, State.INVESTIGATING}), State.DECIDED),
}

_CASE_NUMBER = re.compile(r"이의-(\d{4})-(\d{2})-(\d{3,})")


@dataclass(frozen=True)
class Ruling:
    """A decision with its reason. Raises Invalid `objection.reason_missing`."""

    outcome: Outcome
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise Invalid("objection.reason_missing", field="reason")


@dataclass(frozen=True)
class Case:
    """What deciding needs to know of a case. proposed_by: the account that proposed the ruling."""

    state: State
    kind: Kind = Kind.OBJECTION
    proposal: Ruling | None = None
    proposed_by: str | None = None


def kind_on_arrival(now: datetime, opens: datetime, closes: datetime) -> Kind:
    """Objection within [opens, closes), tip from closes on; Conflict `objection.not_open` before."""
    if now < opens:
        raise Conflict("objection.not_open", opens=opens)
    return Kind.OBJECTION if now < closes else Kind.TIP


def missing_items(*, name: str, contact: str, facts: str, evidence: int) -> tuple[str, ...]:
    """Which of the four things a report needs are absent: name, contact, facts, evidence (a count)."""
    given = {"name": name.strip(), "contact": contact.strip(), "facts": facts.strip(), "evidence": evidence}
    return tuple(item for item, value in given.items() if not value)


def advance(case: Case, act: Act, actor: Actor) -> Case:
    """The case after an operator's act; confirming is `confirm`. Conflict `objection.state`."""
    actor.require(Role.OPERATOR)
    if act is Act.CONFIRM:
        raise Conflict("objection.confirm_apart")
    return replace(case, state=_moved(case, act), proposal=None, proposed_by=None)


def propose(case: Case, ruling: Ruling, actor: Actor) -> Case:
    """The case with an operator's proposed ruling, which nobody else need accept.

    A tip dismisses or leads to an exclusion ex officio like any case. Raises Denied `denied.role`,
    Conflict `objection.state` if the case is not ripe.
    """
    actor.require(Role.OPERATOR)
    _moved(case, Act.CONFIRM)
    return replace(case, proposal=ruling, proposed_by=actor.id)


def confirm(case: Case, actor: Actor) -> Case:
    """The decided case: an approver, another person than the proposer, confirms the proposal.

    Raises Denied `denied.role`, `objection.same_person`; Conflict `objection.no_proposal`,
    `objection.state`.
    """
    actor.require(Role.APPROVER)
    decided = _moved(case, Act.CONFIRM)
    if case.proposal is None:
        raise Conflict("objection.no_proposal")
    if actor.id is None or actor.id == case.proposed_by:
        raise Denied("objection.same_person")
    return replace(case, state=decided)


def reject_proposal(case: Case, actor: Actor) -> Case:
    """The case back with its operator, the proposal gone; an approver who is not its proposer says so."""
    actor.require(Role.APPROVER)
    if case.proposal is None or case.state is State.DECIDED:
        raise Conflict("objection.no_proposal")
    if actor.id is None or actor.id == case.proposed_by:
        raise Denied("objection.same_person")
    return replace(case, proposal=None, proposed_by=None)


def may_confirm(case: Case, actor: Actor) -> bool:
    """Whether `confirm` would accept this actor now; for showing the button."""
    return (
        actor.role is Role.APPROVER
        and actor.id is not None
        and actor.id != case.proposed_by
        and case.proposal is not None
        and case.state is not State.DECIDED
    )


def blocks_publication(case: Case) -> bool:
    """An objection in time that nobody has decided holds up the announcement; a tip does not."""
    return case.kind is Kind.OBJECTION and case.state is not State.DECIDED


def accepts_statement(case: Case, now: datetime, due: datetime) -> bool:
    """Whether the entrant may still answer: while it is asked for, before `due`."""
    return case.state is State.STATEMENT_REQUESTED and now < due


def case_number(year: int, edition: int, running: int) -> str:
    """'이의-2024-02-003': the year and edition of the receipt numbers, unmistakable for one of them."""
    return f"이의-{year:04d}-{edition:02d}-{running:03d}"


def parse_case_number(text: str) -> tuple[int, int, int] | None:
    """(year, edition, running) of a number as someone typed it, or None."""
    found = _CASE_NUMBER.fullmatch(re.sub(r"\s+", "", text))
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]))


def _moved(case: Case, act: Act) -> State:
    allowed, target = TRANSITIONS[act]
    if case.state not in allowed:
        raise Conflict("objection.state", state=case.state.value, act=act.value)
    return target
