"""Cases take allowed steps and two people; every blocker is told at once; each code has its sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid
from contest.infra.texts import judging as judging_texts
from contest.infra.texts import text
from judging.domain import objections as rules
from judging.domain.objections import Act, Case, Kind, Outcome, Ruling, State
from judging.domain.readiness import (
    ClosingFacts,
    JudgeState,
    PublicationFacts,
    blockers_to_close,
    blockers_to_publish,
    may_go_on,
)

OPERATOR = Actor("account", "a1", Role.OPERATOR)
APPROVER = Actor("account", "a2", Role.APPROVER)
OPENS = datetime(2024, 9, 19, 1, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=9, hours=8)
DISMISS = Ruling(Outcome.DISMISS, "사실과 다름")


@given(st.lists(st.sampled_from([act for act in Act if act is not Act.CONFIRM]), max_size=12))
def test_no_chain_of_acts_decides_without_two_people(acts: list[Act]) -> None:
    case = Case(State.RECEIVED)
    for act in acts:
        allowed, target = rules.TRANSITIONS[act]
        if case.state in allowed:
            case = rules.advance(case, act, OPERATOR)
            assert case.state is target
        else:
            with pytest.raises(Conflict):
                rules.advance(case, act, OPERATOR)
        assert case.state is not State.DECIDED
    assert rules.blocks_publication(case)


def test_one_proposes_and_another_confirms() -> None:
    case = rules.propose(Case(State.INVESTIGATING), DISMISS, OPERATOR)
    assert rules.may_confirm(case, APPROVER)
    decided = rules.confirm(case, APPROVER)
    assert (decided.state, decided.proposal) == (State.DECIDED, DISMISS)
    assert not rules.blocks_publication(decided)
    same = replace(APPROVER, id=OPERATOR.id)
    assert not rules.may_confirm(case, same)
    with pytest.raises(Denied) as refused:
        rules.confirm(case, same)
    assert refused.value.code == "objection.same_person"
    with pytest.raises(Denied):
        rules.confirm(case, OPERATOR)
    with pytest.raises(Conflict) as empty:
        rules.confirm(rules.reject_proposal(case, APPROVER), APPROVER)
    assert empty.value.code == "objection.no_proposal"
    with pytest.raises(Conflict):
        rules.propose(decided, DISMISS, OPERATOR)


def test_an_act_after_a_proposal_withdraws_it() -> None:
    case = rules.propose(Case(State.INVESTIGATING), DISMISS, OPERATOR)
    assert rules.advance(case, Act.REQUEST_STATEMENT, OPERATOR) == Case(State.STATEMENT_REQUESTED)


def test_a_ruling_without_a_reason_cannot_exist() -> None:
    with pytest.raises(Invalid):
        Ruling(Outcome.EXCLUDE, " ")


def test_the_window_is_half_open_and_a_late_report_is_kept() -> None:
    tick = timedelta(microseconds=1)
    with pytest.raises(Conflict):
        rules.kind_on_arrival(OPENS - tick, OPENS, CLOSES)
    kinds = [rules.kind_on_arrival(at, OPENS, CLOSES) for at in (OPENS, CLOSES - tick, CLOSES)]
    assert kinds == [Kind.OBJECTION, Kind.OBJECTION, Kind.TIP]
    assert not rules.blocks_publication(Case(State.RECEIVED, Kind.TIP))


def test_what_a_report_lacks_and_its_number() -> None:
    assert rules.missing_items(name="홍길동", contact=" ", facts="사실", evidence=0) == (
        "contact",
        "evidence",
    )
    assert rules.case_number(2024, 2, 3) == "이의-2024-02-003"
    assert rules.parse_case_number(" 이의-2024-02-003 ") == (2024, 2, 3)
    assert rules.parse_case_number("2024-02-0003") is None


def test_every_reason_against_closing_is_told_at_once() -> None:
    done = JudgeState("김", 10, 10, has_finished=True, has_pledged=True)
    ready = ClosingFacts((done, done, done), works=10, unscreened=0)
    assert blockers_to_close(ready) == []
    facts = ClosingFacts(
        (
            replace(done, done=4, has_finished=False, has_pledged=False, is_external=False),
            replace(done, has_finished=False),
            replace(done, done=0, is_released=True),
        ),
        works=10,
        unscreened=2,
        unresolved_ties=(("1-1", "2-1"),),
        has_chair=False,
    )
    found = blockers_to_close(facts)
    assert [blocker.code.removeprefix("closing.") for blocker in found] == [
        "pledge_missing",
        "judge_unfinished",
        "judge_unconfirmed",
        "unscreened",
        "tie_unresolved",
        "chair_missing",
        "external_minority",
    ]
    assert not may_go_on(found)
    assert may_go_on(blockers_to_close(replace(ready, panel=(replace(done, is_external=False),))))
    assert [b.code for b in blockers_to_close(ClosingFacts((), 0, 0))] == [
        "closing.nobody_left",
        "closing.no_works",
    ]
    assert all("{" not in text("ko", b.code, **b.facts) for b in found)


def test_every_reason_against_publishing_is_told_at_once() -> None:
    publish = datetime(2024, 10, 1, 1, tzinfo=UTC)
    ready = PublicationFacts((), True, True, 25, 25, 0, 3_000_000, 3_000_000, 0, (), (), (), CLOSES, publish)
    assert blockers_to_publish(ready, CLOSES) == []
    assert [b.code for b in blockers_to_publish(ready, publish)] == ["publication.minute_past"]
    assert (
        blockers_to_publish(
            replace(ready, awarded=24, declared_empty=1, spent=2_950_000, declared_empty_amount=50_000),
            CLOSES,
        )
        == []
    )
    broken = PublicationFacts(
        ("이의-2024-02-001",),
        False,
        False,
        25,
        24,
        0,
        3_000_000,
        2_950_000,
        0,
        ("1-1",),
        ("2-1",),
        ("3-1",),
        CLOSES,
        None,
    )
    found = blockers_to_publish(broken, OPENS)
    assert len(found) == 10
    assert all("{" not in text("ko", b.code, **b.facts) for b in found)


def test_each_code_raised_by_these_rules_has_a_sentence() -> None:
    root = Path(judging_texts.__file__).parents[3]
    sources = [root / "contest/domain/prizes.py", root / "judging/queries/gates.py"]
    sources += sorted((root / "judging/domain").glob("*.py"))
    prefixes = "prizes|rubric|score|ranking|allocation|succession|blinding|objection|closing|publication"
    codes = {
        code for path in sources for code in re.findall(rf'"((?:{prefixes})\.[a-z_]+)"', path.read_text())
    }
    assert len(codes) > 50
    registered = set(re.findall(rf'"((?:{prefixes})\.[a-z_]+)":', Path(judging_texts.__file__).read_text()))
    assert codes == registered
    assert text("ko", "succession.tie", entries=("1-1", "2-1")).startswith(
        "승계할 차례에 동점 작품이 있습니다: 1-1, 2-1."
    )
