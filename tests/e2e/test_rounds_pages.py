"""Pages of rounds in a row: who goes on by rank, nobody going on, repeats and the declared counting; axe at two widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Enter, clean
from factories.panels import (
    Entrant,
    add_preliminary,
    entries_of,
    make_panel,
    make_works,
    open_judging,
    score_work,
    sign_everything,
    sign_off,
    vote_on,
    works_of,
)
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.infra.clock import SteppedClock
from contest.models.edition import Edition
from judging.models.round import JudgeWork
from judging.operations.close import close_judging
from judging.operations.score import save_order
from judging.queries.blind import seat_of

pytestmark = pytest.mark.browser


def test_a_rubric_with_repeats_then_a_ballot_of_its_best(
    page: Page,
    served: tuple[Flask, str],
    edition: Edition,
    *,
    clock: SteppedClock,
    enter: Enter,
    make_account: Callable[..., Actor],
) -> None:
    services = served[0].extensions["contest"]
    operator = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        (rubric,) = held.document["rounds"]  # type: ignore[misc]  # a list of documents
        last = {**rubric, "code": "last", "name": {"ko": "결선"}, "method": "ballot"}
        first = {**rubric, "advance": "top", "advance_count": 3, "aggregation": "z_score", "repeats": 2}
        held.document = {
            **held.document, "rounds": [first, last], "may_leave_empty": True, "ties": ["criterion:by_weight", "chair"],
        }  # fmt: skip
    people = [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(6)]
    entries = make_works(services, edition.id, 6, people)
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    enter(page, operator)
    page.goto("/call")
    expect(page.get_by_text("순위가 높은 3점이 다음 단계로 올라가고")).to_be_visible()
    clean(page)
    for judge in judges:
        with services.database.read() as session:
            seat = seat_of(session, judge.id).judge_id
            tasks = session.execute(
                select(JudgeWork.id, JudgeWork.entry_id).where(JudgeWork.judge_id == seat)
            ).all()
        for work, entry in tasks:
            place = entries.index(entry)
            score_work(services, judge, work, (5 - place // 2, 5 - (place + 1) // 2, 3, 3))
        sign_off(services, judges, judge)
    page.goto("/staff/judging")
    expect(page.get_by_text("다른 번호로 한 번 더 봅니다")).to_be_visible()
    clean(page)
    page.goto("/staff/judging/close")
    expect(page.get_by_text("표준점수")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="점수를 봉인하기").click()
    expect(page.get_by_role("heading", name="결선에 올라갈 작품")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="결선 열기").click()
    expect(page.get_by_text("다음 단계를 열었습니다")).to_be_visible()
    enter(page, judges[0])
    page.goto("/desk")
    page.locator("[data-ordering-work]").nth(1).focus()
    page.keyboard.press("1")
    expect(page.locator("[data-desk-state]")).to_contain_text("저장됨")
    clean(page)
    for judge in judges:
        mine, own = entries_of(services, judge), set(works_of(services, judge))
        with services.database.write() as uow:
            order = [mine[entry] for entry in entries[2::-1] if mine.get(entry) in own]
            save_order(uow, order, actor=judge, now=clock.now())
        sign_off(services, judges, judge)
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=operator, now=clock.now())
    enter(page, operator)
    page.goto("/staff/results")
    expect(page.get_by_text("본심 순위").first).to_be_visible()
    clean(page)
    page.get_by_role("button", name="상격 배정").click()
    page.goto("/staff/results/dossier")
    expect(page.get_by_text("결과가 얼마나 굳은가")).to_be_visible()
    expect(
        page.get_by_text("같은 작품을 두 번 보았을 때 두 점수는").first
    ).to_be_visible()  # of the round before
    clean(page)
    page.goto("/fairness")
    clean(page)


def test_nobody_goes_on(
    page: Page,
    served: tuple[Flask, str],
    edition: Edition,
    *,
    clock: SteppedClock,
    enter: Enter,
    make_account: Callable[..., Actor],
) -> None:
    services = served[0].extensions["contest"]
    operator = make_account(Role.OPERATOR)
    add_preliminary(services, edition.id)
    entries = make_works(services, edition.id, 3)
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    for judge in judges:
        vote_on(services, judge, dict.fromkeys(entries, 1))
        sign_off(services, judges, judge)
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=operator, now=clock.now())
    enter(page, operator)
    page.goto("/staff/judging/select")
    expect(page.get_by_role("heading", name="본심에 올라갈 작품이 없습니다")).to_be_visible()
    clean(page)
    page.get_by_role("link", name="마감한 심사 다시 열기").click()
    expect(page).to_have_url(f"{served[1]}/staff/judging/reopen")
