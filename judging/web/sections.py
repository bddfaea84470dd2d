"""What judging adds to other pages: the verification banner, open cases, what comes next, private links."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from contest.domain.actors import STAFF, Role
from contest.domain.stages import Stage
from contest.infra.registry import Loader, NavItem, NextStep, Registry, Section
from contest.infra.wiring import Services
from contest.queries.editions import get_edition
from judging.queries.allocation import is_allocated
from judging.queries.candidates import candidates, is_verification_open
from judging.queries.deliberating import deliberating
from judging.queries.gates import open_objections
from judging.queries.objections import case_rows, newest_statement, statements_of
from judging.queries.panel import round_of
from judging.queries.readiness import opening
from judging.queries.reopening import closed_round
from judging.queries.repair import waiting_repair
from judging.queries.runoff import is_undecided

READERS = STAFF - {Role.ADMINISTRATOR}


def register_sections(services: Services) -> None:
    """Fill the registry's lists."""
    registry: Registry = services.registry
    registry.navigation.append(NavItem("공개검증", "verification.index", 300, shown=is_verification_open))
    registry.navigation.append(NavItem("심사 결과", "results.overview", 520, READERS, group="심사"))
    registry.navigation.append(NavItem("이의신청", "cases.listing", 530, READERS, group="심사"))
    registry.home_sections.append(Section("judging/home_verification.html", verification_banner, 10))
    registry.staff_sections.append(Section("judging/staff_cases_card.html", open_cases, 60))
    registry.receipt_sections.append(
        Section("judging/receipt_statements.html", asked_statements(services), 60)
    )
    registry.next_steps.extend((jury_steps, repair_steps, result_steps, case_steps))
    registry.links["objection"] = lambda held, _session, case_id: (
        "/objection/" + held.crypto.sign("objection", [case_id])
    )
    registry.links["statement"] = statement_link


def verification_banner(session: Session, edition_id: str, now: dt.datetime) -> dict[str, Any] | None:
    """The banner of the public home while verification is open."""
    works = candidates(session, edition_id, now)
    closes = get_edition(session, edition_id).verification_closes
    return {"works": len(works), "closes": closes} if works else None


def open_cases(session: Session, edition_id: str, now: dt.datetime) -> dict[str, Any] | None:
    """The card of the staff home; none without an undecided case."""
    del now
    undecided = [row for row in case_rows(session, edition_id) if row.state != "decided"]
    waiting = sum(row.is_proposed for row in undecided)
    return {"open": len(undecided), "waiting": waiting} if undecided else None


def jury_steps(session: Session, edition_id: str, now: dt.datetime) -> list[NextStep]:
    """While works are screened: the jury that has still to be appointed, which nobody can move on without."""
    edition = get_edition(session, edition_id)
    if edition.stage is not Stage.SCREENING:
        return []
    left = sum(not blocker.is_warning for blocker in opening(session, edition_id))
    if not left:
        return []
    title = f"심사위원회를 꾸려 주세요. 할 일이 {left}가지 남았습니다."
    due = edition.judging_opens or now
    return [NextStep(due, title, frozenset({Role.OPERATOR}), "panel.index", milestones=("judging_opens",))]


def repair_steps(session: Session, edition_id: str, now: dt.datetime) -> list[NextStep]:
    """What was asked for about a round, open or sealed, and waits for its second person."""
    if get_edition(session, edition_id).stage is not Stage.JUDGING:
        return []
    found = closed_round(session, edition_id)
    who = frozenset({Role.APPROVER})
    steps = []
    if waiting_repair(session, edition_id):
        steps.append(NextStep(now, "빠진 점수를 처리하는 요청을 확인해 주세요.", who, "repair.index"))
    if found is not None and found.waiting is not None:
        steps.append(NextStep(now, "마감한 심사를 다시 여는 요청을 확인해 주세요.", who, "reopen.index"))
    return steps


def result_steps(session: Session, edition_id: str, now: dt.datetime) -> list[NextStep]:
    """Once scores are sealed: who goes on, the prizes, and the two moves that follow them."""
    edition = get_edition(session, edition_id)
    if edition.stage is Stage.JUDGING and (said := _after_the_seal(session, edition_id, now)):
        who, title, endpoint = said
        due = edition.verification_opens or now
        return [NextStep(due, title, frozenset({who}), endpoint, milestones=("judging_closes",))]
    closes = edition.verification_closes
    is_over = edition.stage is Stage.VERIFICATION and closes is not None and now >= closes
    if not is_over or open_objections(session, edition_id):
        return []
    title, due = "공개검증이 끝났습니다. 확정 단계로 넘겨 주세요.", edition.decides_by or now
    replaced = ("verification_closes", "decides_by")
    return [NextStep(due, title, frozenset({Role.APPROVER}), "stages.index", milestones=replaced)]


def _after_the_seal(session: Session, edition_id: str, now: dt.datetime) -> tuple[Role, str, str] | None:
    last = round_of(session, edition_id)
    if last is not None and last.waits_for_selection:
        return (
            Role.OPERATOR,
            "앞 단계를 봉인했습니다. 다음 단계에 올릴 작품을 확정해 주세요.",
            "progress.select",
        )
    if last is not None and last.is_deliberating and (said := _of_deliberation(session, edition_id, now)):
        return Role.OPERATOR, said, "deliberation.index"
    if last is None or not last.is_result:
        return None
    if last.is_read and is_undecided(session, get_edition(session, edition_id)):
        return Role.OPERATOR, "상이 갈리는 동점이 남았습니다. 결선투표를 열고 개표해 주세요.", "runoff.index"
    if not is_allocated(session, edition_id):
        return Role.OPERATOR, "점수를 봉인했습니다. 결과를 보고 상격을 배정해 주세요.", "results.overview"
    return Role.APPROVER, "상격 배정을 마쳤습니다. 공개검증 단계로 넘겨 주세요.", "stages.index"


def _of_deliberation(session: Session, edition_id: str, now: dt.datetime) -> str:
    """What staff have to do for it; empty while the panel deliberates."""
    held = deliberating(session, edition_id, now)
    if held is None or held.window.opens is None:
        return "점수를 봉인했습니다. 심의를 열어 주세요."
    return "심의가 끝났습니다. 고친 점수를 보고 심의를 마감해 주세요." if held.is_over else ""


def case_steps(session: Session, edition_id: str, now: dt.datetime) -> list[NextStep]:
    """What a case waits for next, and who must act."""
    decides_by = get_edition(session, edition_id).decides_by or now
    steps = []
    for row in case_rows(session, edition_id):
        if row.state == "decided":
            continue
        waits = row.state == "statement_requested" and not row.is_answered and row.statement_due is not None
        due = row.statement_due if waits and row.statement_due else decides_by
        who = frozenset({Role.APPROVER if row.is_proposed else Role.OPERATOR})
        title = f"{row.case_number} {'결정 확인' if row.is_proposed else '소명 기한' if waits else '처리'}"
        steps.append(NextStep(due, title, who, "cases.show", {"case_id": row.id}))
    return steps


def asked_statements(services: Services) -> Loader:
    """The loader of a receipt's section: statements asked of its entrant, each with its private link."""

    def load(session: Session, submission_id: str, now: dt.datetime) -> dict[str, Any] | None:
        asked = [
            {"asked": one, "url": "/statement/" + services.crypto.sign("statement", [one.id])}
            for one in statements_of(session, submission_id, now)
        ]
        return {"statements": asked} if asked else None

    return load


def statement_link(services: Services, session: Session, submission_id: str) -> str | None:
    """The private link of the newest statement asked of a submission."""
    newest = newest_statement(session, submission_id)
    return None if newest is None else "/statement/" + services.crypto.sign("statement", [newest])
