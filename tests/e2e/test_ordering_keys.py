"""Works put in order at the desk: by keys alone, by buttons, by the place chosen; and what staff make of the votes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Enter, clean
from factories.panels import (
    Entrant,
    entries_of,
    judge_by_ballots,
    make_panel,
    make_works,
    open_judging,
    score_work,
    sign_everything,
    sign_off,
)
from flask import Flask
from playwright.sync_api import Page, expect

from contest.domain.actors import Actor, Role
from contest.infra.clock import SteppedClock
from contest.models.edition import Edition
from judging.operations.close import close_judging
from judging.operations.runoff import cast_ballot
from judging.queries.ballots import own_ballots
from judging.queries.blind import seat_of

pytestmark = pytest.mark.browser


def test_a_run_off_by_keys_and_touch_then_its_count(
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
        held.document = {**held.document, "ties": ["criterion:by_weight", "panel_runoff", "chair"]}
    make_works(services, edition.id, 3, [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(3)])
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    for judge in judges:
        for work in entries_of(services, judge).values():
            score_work(services, judge, work, (4, 4, 4, 4))
        sign_off(services, judges, judge)
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=operator, now=clock.now())

    enter(page, operator)
    page.goto("/staff/judging/runoff")
    clean(page)
    page.goto("/staff/results")
    page.goto("/staff/judging/runoff")
    expect(page.get_by_text("결선투표 필요")).to_be_visible()
    clean(page)
    page.get_by_label("투표 마감").fill("2024-09-06T18:00")
    page.get_by_role("button", name="결선투표 열기").click()
    expect(page.get_by_text("0명 / 3명")).to_be_visible()
    clean(page)

    enter(page, judges[0])
    page.goto("/desk")
    page.get_by_role("link", name="결선투표").click()
    clean(page)
    works = page.locator("[data-ordering-work]")
    names = [works.nth(at).get_attribute("aria-label") or "" for at in range(3)]
    page.get_by_role("button", name="이 순서로 투표하기").click()  # nobody chose an order yet
    expect(page.get_by_role("alert")).to_contain_text("서로 다른 순서")
    works.nth(2).focus()
    page.keyboard.press("1")  # c a b
    page.keyboard.press("Shift+ArrowDown")  # a c b
    expect(page.get_by_role("status").filter(has_text="2번째")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(works.nth(2)).to_be_focused()
    works.nth(2).get_by_role("button", name="위로").click()  # a b c
    works.nth(0).locator("select").select_option("3")  # b c a
    order = [names[1], names[2], names[0]]
    assert [works.nth(at).get_attribute("aria-label") for at in range(3)] == order
    page.get_by_role("button", name="이 순서로 투표하기").click()
    numbers = [name.split()[0] for name in order]
    expect(page.get_by_text("정하신 순서: " + " → ".join(numbers))).to_be_visible()
    assert [works.nth(at).get_attribute("aria-label") for at in range(3)] == order
    clean(page)

    for judge in judges[1:]:
        with services.database.write() as uow:
            (own,) = own_ballots(uow.session, seat_of(uow.session, judge.id))
            cast_ballot(uow, own.runoff_id, numbers, actor=judge, now=clock.now())
    enter(page, operator)
    page.goto("/staff/judging/runoff")
    page.get_by_role("button", name="개표하고 표를 봉인하기").click()
    expect(page.get_by_text("개표함")).to_be_visible()
    expect(page.get_by_text(f"{min(numbers[:2])} ").first).to_be_visible()
    clean(page)
    page.goto("/fairness")
    expect(page.get_by_text("결선투표 1 봉인값")).to_be_visible()
    clean(page)


def test_a_round_of_ballots_by_keys_then_signed(
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
    judge_by_ballots(services, edition.id)
    make_works(services, edition.id, 4)
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    enter(page, judges[0])

    page.goto("/desk")
    clean(page)
    works = page.locator("[data-ordering-work]")
    names = [works.nth(at).get_attribute("aria-label") or "" for at in range(4)]
    works.nth(3).focus()
    page.keyboard.press("1")
    page.get_by_role("button", name="이 순서로 저장하기").click()
    order = [names[3], *names[:3]]
    assert [works.nth(at).get_attribute("aria-label") for at in range(4)] == order
    clean(page)
    works.nth(0).get_by_role("link").click()
    expect(page.get_by_text("내 순서: 1번째")).to_be_visible()
    clean(page)
    page.get_by_label("메모").fill("빛이 좋다")
    page.get_by_role("button", name="메모 저장").click()
    page.get_by_role("link", name="순서 정하기로").click()
    page.get_by_role("link", name="심사 완료로 가기").click()
    expect(page.get_by_role("listitem").filter(has_text=order[0])).to_be_visible()
    clean(page)
    page.get_by_label("서명 (성명)").fill("심사가")
    page.get_by_role("button", name="심사 완료에 서명하기").click()
    page.goto("/desk")
    expect(page.get_by_text("순서는 더 고칠 수 없습니다")).to_be_visible()
    clean(page)
    page.goto("/desk/help")
    clean(page)
