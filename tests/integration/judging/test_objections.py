"""Cases: filed once, in time or as a tip, handled by one official, decided by two, told to both."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from factories.results import Sealed, seal_judging
from sqlalchemy import func, select

from contest.domain.actors import Actor, Role, citizen
from contest.domain.errors import Conflict, Denied, Invalid, Throttled
from contest.domain.schedule import later
from contest.domain.stages import Stage
from contest.infra.clock import KST, SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.outbox import Destruction, Message
from contest.operations.audit import broken_link
from contest.operations.retention import run_erasures
from contest.operations.stages import blockers, move_stage
from contest.queries.editions import get_edition, rules_of
from judging.domain.objections import Act, Outcome
from judging.models.award import Exclusion
from judging.models.objection import Objection, ObjectionState, Statement
from judging.operations.allocate import allocate_prizes
from judging.operations.cases import (
    advance_case,
    answer_statement,
    request_statement,
    reveal_objector,
    take_case,
)
from judging.operations.objections import Report, file_objection, receive_evidence
from judging.operations.rulings import confirm_ruling, propose_ruling, reject_ruling
from judging.queries.allocation import allocation_differences, holding
from judging.queries.objections import case_page
from judging.queries.succession import plan_exclusion

IN_WINDOW = dt.datetime(2024, 9, 20, 11, 0, tzinfo=KST)
AFTER = dt.datetime(2024, 9, 28, 18, 0, tzinfo=KST)


@pytest.fixture
def operator(make_account: Any) -> Actor:
    return make_account(Role.OPERATOR)


@pytest.fixture
def approver(make_account: Any) -> Actor:
    return make_account(Role.APPROVER)


@pytest.fixture
def open_verification(services: Services, edition: Edition, clock: SteppedClock, operator: Actor) -> Sealed:
    sealed = seal_judging(services, edition)
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=services.clock.now())
    with services.database.write() as uow:
        move_stage(
            uow, services.registry, edition.id, Stage.VERIFICATION, actor=operator, now=services.clock.now()
        )
    clock.move_to(IN_WINDOW)
    return sealed


def report(sealed: Sealed, n: int = 0, **changed: str) -> Report:
    values = {
        "number": sealed.numbers[n], "category": "awarded_elsewhere", "facts": "2022년 다른 공모전에서 상을 받은 사진입니다.",
        "evidence": "https://example.org/winners/2022", "name": "고발인", "contact": "010-1234-5678",
    }  # fmt: skip
    return Report(**{**values, **changed})


def file(
    services: Services, sealed: Sealed, key: str, n: int = 0, *, actor: Actor | None = None, **changed: str
) -> Objection:
    with services.database.write() as uow:
        return file_objection(
            uow, sealed.edition_id, report(sealed, n, **changed), submit_key=key, actor=actor or citizen(network="net"),
            now=services.clock.now(), wall=services.clock.wall(),
        )  # fmt: skip


def do(services: Services, verb: Any, *args: Any, **kwargs: Any) -> Any:
    with services.database.write() as uow:
        return verb(uow, *args, now=services.clock.now(), **kwargs)


def messages(services: Services) -> list[str]:
    with services.database.read() as session:
        return sorted(session.scalars(select(Message.code).where(Message.code.not_in(["C1", "O4"]))))


def test_an_objection_gets_a_case_number_and_a_repeated_form_gets_the_same(
    services: Services, open_verification: Sealed
) -> None:
    first = file(services, open_verification, "form-1")
    again = file(services, open_verification, "form-1")
    other = file(services, open_verification, "form-2", 3)
    assert (first.case_number, again.id, other.case_number) == (
        "이의-2024-02-001",
        first.id,
        "이의-2024-02-002",
    )
    assert (first.is_tip, first.state) == (False, ObjectionState.RECEIVED)
    assert messages(services) == ["R1", "R1"]


def test_nothing_that_was_written_stands_in_clear(services: Services, open_verification: Sealed) -> None:
    filed = file(services, open_verification, "form-1")
    with services.database.read() as session:
        row = session.get_one(Objection, filed.id)
        name = row.name_sealed or b""
        raw = b"".join([name, row.contact_sealed or b"", row.facts_sealed or b""])
    assert "고발인".encode() not in raw
    assert b"1234" not in raw
    assert services.crypto.open(name, f"objection.name:{filed.id}") == "고발인"


def test_the_window_is_half_open_and_what_is_late_is_a_tip(
    services: Services, open_verification: Sealed, clock: SteppedClock
) -> None:
    clock.move_to(AFTER - dt.timedelta(microseconds=1))
    in_time = file(services, open_verification, "form-1")
    clock.move_to(AFTER)
    late = file(services, open_verification, "form-2")
    assert (in_time.is_tip, late.is_tip) == (False, True)


def test_before_verification_nothing_is_taken(services: Services, edition: Edition, operator: Actor) -> None:
    sealed = seal_judging(services, edition)
    do(services, allocate_prizes, edition.id, actor=operator)
    with pytest.raises(Conflict) as refused:
        file(services, sealed, "form-1")
    assert refused.value.code == "objection.not_open"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"number": "2024-02-0034-1"}, "objection.entry"),
        ({"number": "아무거나"}, "objection.entry"),
        ({"category": "grudge"}, "objection.category"),
        ({"name": " "}, "objection.name"),
        ({"contact": "전화"}, "objection.contact"),
        ({"facts": ""}, "objection.facts"),
        ({"evidence": ""}, "objection.evidence"),
    ],
)
def test_what_is_missing_is_said(
    services: Services, open_verification: Sealed, changed: Any, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        file(services, open_verification, "form-1", **changed)
    assert refused.value.code == code


def test_one_network_cannot_flood_the_office(services: Services, open_verification: Sealed) -> None:
    for n in range(5):
        file(services, open_verification, f"form-{n}")
    with pytest.raises(Throttled):
        file(services, open_verification, "form-5")
    file(services, open_verification, "form-6", actor=citizen(network="elsewhere"))


def test_a_report_by_telephone_may_lack_evidence_and_is_handled_by_who_took_it(
    services: Services, open_verification: Sealed, operator: Actor
) -> None:
    filed = file(services, open_verification, "form-1", actor=operator, evidence="")
    assert (filed.state, filed.entered_by, filed.handler_id) == (
        ObjectionState.INCOMPLETE,
        operator.id,
        operator.id,
    )


def test_files_too_many_too_big_or_empty_are_refused_before_any_is_stored(
    services: Services, edition: Edition
) -> None:
    for files, code in (
        ([("a.jpg", b"x")] * 6, "objection.too_many_files"),
        ([("a.jpg", b"x"), ("b.jpg", b"x" * 10_000_001)], "objection.file_too_big"),
        ([("a.jpg", b"x"), ("b.jpg", b"")], "objection.empty_file"),
    ):
        with pytest.raises(Invalid) as refused:
            receive_evidence(services, files)
        assert refused.value.code == code
    assert list(services.storage.list("evidence/")) == []


def test_only_the_handling_official_sees_who_objected_and_leaves_a_trace(
    services: Services, open_verification: Sealed, operator: Actor, approver: Actor, make_account: Any
) -> None:
    filed = file(services, open_verification, "form-1")
    colleague = make_account(Role.OPERATOR)
    with pytest.raises(Denied):
        do(services, reveal_objector, filed.id, "objection", actor=operator)
    do(services, take_case, filed.id, actor=operator)
    for other in (colleague, approver, make_account(Role.AUDITOR)):
        with pytest.raises(Denied):
            do(services, reveal_objector, filed.id, "objection", actor=other)
    with pytest.raises(Conflict):
        do(services, take_case, filed.id, actor=colleague)
    assert do(services, reveal_objector, filed.id, "objection", actor=operator).contact == "+821012345678"
    do(services, take_case, filed.id, actor=colleague, reason="휴가로 인계")
    with pytest.raises(Denied):
        do(services, reveal_objector, filed.id, "objection", actor=operator)


def test_the_entrant_answers_once_in_time_and_never_learns_who_asked(
    services: Services, open_verification: Sealed, operator: Actor, clock: SteppedClock
) -> None:
    filed = file(services, open_verification, "form-1")
    due = IN_WINDOW + dt.timedelta(days=3)
    do(services, advance_case, filed.id, Act.INVESTIGATE, actor=operator)
    asked = do(services, request_statement, filed.id, "2022년에 상을 받은 작품인가요?", due, actor=operator)
    with services.database.read() as session:
        rows = session.scalars(select(Message).where(Message.code == "C3")).all()
        bodies = [services.crypto.open(row.body_sealed or b"", f"message.body:{row.id}") for row in rows]
    assert len(bodies) == 1
    assert "고발인" not in bodies[0]
    answered = do(services, answer_statement, asked.id, "아닙니다. 다른 사진입니다.", actor=citizen("s"))
    assert answered.answered_at == services.clock.now()
    do(services, answer_statement, asked.id, "아닙니다. 다른 사진입니다.", actor=citizen("s"))
    with pytest.raises(Conflict):
        do(services, answer_statement, asked.id, "생각해 보니 맞습니다.", actor=citizen("s"))
    do(services, advance_case, filed.id, Act.RESUME, actor=operator)
    again = do(services, request_statement, filed.id, "다시 묻습니다.", due, actor=operator)
    clock.move_to(due)
    with pytest.raises(Conflict) as late:
        do(services, answer_statement, again.id, "늦었습니다.", actor=citizen("s"))
    assert late.value.code == "statement.closed"
    with services.database.read() as session:
        assert session.get_one(Statement, again.id).text_sealed is None


def test_an_upheld_objection_excludes_and_everybody_below_moves_up_in_one_step(
    services: Services, edition: Edition, open_verification: Sealed, operator: Actor, approver: Actor
) -> None:
    filed = file(services, open_verification, "form-1")
    do(services, advance_case, filed.id, Act.INVESTIGATE, actor=operator)
    with services.database.read() as session:
        plan = plan_exclusion(
            session, get_edition(session, edition.id), open_verification.entries[0], "objection"
        )
    assert plan is not None
    with pytest.raises(Conflict):
        do(
            services,
            propose_ruling,
            filed.id,
            Outcome.EXCLUDE,
            "수상 이력 확인",
            shown="other",
            actor=operator,
        )
    do(
        services,
        propose_ruling,
        filed.id,
        Outcome.EXCLUDE,
        "수상 이력 확인",
        shown=plan.digest,
        actor=operator,
    )
    with pytest.raises(Denied):
        do(services, confirm_ruling, filed.id, actor=operator)
    with pytest.raises(Denied):
        do(services, confirm_ruling, filed.id, actor=Actor("account", operator.id, Role.APPROVER))
    do(services, confirm_ruling, filed.id, actor=approver)
    with services.database.read() as session:
        held = get_edition(session, edition.id)
        assert [a.entry for a in holding(session, held).awards] == list(open_verification.entries[1:26])
        assert holding(session, held).sum == 3_000_000
        assert allocation_differences(session, held) == []
        assert session.get_one(Objection, filed.id).state is ObjectionState.DECIDED
    assert messages(services) == ["C4", "C5", "R1", "R2"]


def test_a_second_objection_to_an_excluded_work_needs_no_second_exclusion(
    services: Services, edition: Edition, open_verification: Sealed, operator: Actor, approver: Actor
) -> None:
    cases = [file(services, open_verification, f"form-{n}") for n in range(2)]
    for filed in cases:
        do(services, advance_case, filed.id, Act.INVESTIGATE, actor=operator)
    with services.database.read() as session:
        plan = plan_exclusion(
            session, get_edition(session, edition.id), open_verification.entries[0], "objection"
        )
    assert plan is not None
    do(services, propose_ruling, cases[0].id, Outcome.EXCLUDE, "확인", shown=plan.digest, actor=operator)
    do(services, confirm_ruling, cases[0].id, actor=approver)
    do(services, propose_ruling, cases[1].id, Outcome.EXCLUDE, "이미 제외", actor=operator)
    do(services, confirm_ruling, cases[1].id, actor=approver)
    with services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Exclusion)) == 1


def test_a_rejected_ruling_leaves_everything_as_it_was(
    services: Services, edition: Edition, open_verification: Sealed, operator: Actor, approver: Actor
) -> None:
    filed = file(services, open_verification, "form-1")
    do(services, advance_case, filed.id, Act.INVESTIGATE, actor=operator)
    with services.database.read() as session:
        plan = plan_exclusion(
            session, get_edition(session, edition.id), open_verification.entries[0], "objection"
        )
    assert plan is not None
    do(services, propose_ruling, filed.id, Outcome.EXCLUDE, "확인", shown=plan.digest, actor=operator)
    with pytest.raises(Conflict):
        do(services, advance_case, filed.id, Act.REQUEST_STATEMENT, actor=operator)
    do(services, reject_ruling, filed.id, actor=approver)
    with pytest.raises(Conflict) as refused:
        do(services, confirm_ruling, filed.id, actor=approver)
    assert refused.value.code == "objection.no_proposal"
    do(services, propose_ruling, filed.id, Outcome.DISMISS, "사실이 아님", actor=operator)
    do(services, confirm_ruling, filed.id, actor=approver)
    with services.database.read() as session:
        assert len(holding(session, get_edition(session, edition.id)).awards) == 25


def gate(services: Services, edition: Sealed) -> dict[str, bool]:
    with services.database.read() as session:
        found = blockers(services.registry, session, edition.edition_id, Stage.DECIDED, services.clock.now())
    return {blocker.code: blocker.is_warning for blocker in found}


def test_results_are_decided_after_the_window_with_no_case_open(
    services: Services, open_verification: Sealed, operator: Actor, approver: Actor, clock: SteppedClock
) -> None:
    filed = file(services, open_verification, "form-1")
    assert gate(services, open_verification) == {
        "publication.objection_open": False,
        "publication.verification_running": False,
    }
    clock.move_to(AFTER)
    file(services, open_verification, "form-2")  # a tip holds nothing up
    assert gate(services, open_verification) == {"publication.objection_open": False}
    do(services, advance_case, filed.id, Act.INVESTIGATE, actor=operator)
    do(services, propose_ruling, filed.id, Outcome.DISMISS, "사실이 아님", actor=operator)
    do(services, confirm_ruling, filed.id, actor=approver)
    assert gate(services, open_verification) == {}
    with services.database.write() as uow:
        move_stage(
            uow,
            services.registry,
            open_verification.edition_id,
            Stage.DECIDED,
            actor=approver,
            now=services.clock.now(),
        )
    with services.database.read() as session:
        assert allocation_differences(session, get_edition(session, open_verification.edition_id)) == []


def test_who_reported_and_what_they_wrote_ends_when_the_period_after_the_decision_does(  # noqa: PLR0917  fixtures
    services: Services,
    edition: Edition,
    clock: SteppedClock,
    open_verification: Sealed,
    operator: Actor,
    approver: Actor,
) -> None:
    stored = receive_evidence(services, [("a.pdf", b"%PDF-1.7 evidence")])
    with services.database.write() as uow:
        case = file_objection(
            uow, edition.id, report(open_verification), stored, submit_key="k", actor=citizen(network="net"),
            now=services.clock.now(), wall=services.clock.wall(),
        )  # fmt: skip
    undecided = file(services, open_verification, "other", 1)
    with services.database.write() as uow:
        take_case(uow, case.id, actor=operator, now=services.clock.now())
        advance_case(uow, case.id, Act.INVESTIGATE, actor=operator, now=services.clock.now())
        propose_ruling(
            uow, case.id, Outcome.DISMISS, "사실과 다릅니다.", actor=operator, now=services.clock.now()
        )
    with services.database.write() as uow:
        confirm_ruling(uow, case.id, actor=approver, now=services.clock.now())
    period = rules_of(edition).retention["objections"]
    ends = later(services.clock.now(), period.months, period.days)
    clock.move_to(ends - dt.timedelta(seconds=1))
    assert run_erasures(services, clock.now())["objection"] == 0
    assert len(list(services.storage.list("evidence"))) == 1
    clock.move_to(ends)
    assert run_erasures(services, clock.now())["objection"] == 1
    assert list(services.storage.list("evidence")) == []
    with services.database.read() as session:
        gone, kept = session.get_one(Objection, case.id), session.get_one(Objection, undecided.id)
        assert (gone.name_sealed, gone.contact_sealed, gone.facts_sealed, gone.evidence_sealed) == (None,) * 4
        assert gone.state is ObjectionState.DECIDED
        assert kept.name_sealed is not None
        bodies = session.scalars(select(Message.body_sealed).where(Message.subject_id == case.id)).all()
        assert bodies
        assert set(bodies) == {None}
        line = session.scalars(select(Destruction).where(Destruction.kind == "objection")).one()
        assert (line.count, line.rule) == (1, "retention.objections")
        assert broken_link(session) is None
        shown = case_page(session, services.crypto, case.id)
        assert shown is not None
        assert (shown.masked_name, shown.facts, shown.files) == ("", "", ())
    assert run_erasures(services, clock.now())["objection"] == 0
