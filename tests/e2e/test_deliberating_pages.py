"""A deliberation in a browser: opened by staff, a score revised with its reason at the desk, closed after a look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Enter, clean
from factories.panels import (
    Entrant,
    entries_of,
    let_deliberate,
    make_panel,
    make_works,
    name_of,
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
from judging.operations.deliberate import sign_deliberation
from judging.operations.score import write_note

pytestmark = pytest.mark.browser


def test_a_panel_talks_between_two_seals(
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
    let_deliberate(services, edition.id)
    make_works(services, edition.id, 3, [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(3)])
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)

    enter(page, judges[0])
    page.goto("/desk")
    expect(page.get_by_text("이 심사에는 심의가 있습니다.")).to_be_visible()
    clean(page)
    page.locator(".contact-sheet a").first.click()
    expect(page.get_by_label("메모 (심의 때 다른 위원에게 위원 번호로 보입니다)")).to_be_visible()
    for number, judge in enumerate(judges, start=2):
        for place, work in enumerate(entries_of(services, judge).values(), start=2):
            score_work(services, judge, work, (place, number, 4, 4))
            with services.database.write() as uow:
                write_note(uow, work, "빛이 좋다", actor=judge, now=clock.now())
        sign_off(services, judges, judge)
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=operator, now=clock.now())

    enter(page, operator)
    page.goto("/staff/judging/deliberation")
    clean(page)
    page.get_by_label("심의 마감").fill("2024-09-06T18:00")
    page.get_by_role("button", name="심의 열기").click()
    expect(page.get_by_text("0명 / 3명")).to_be_visible()
    clean(page)
    page.goto("/fairness")
    expect(page.get_by_text("지금 심의하고 있습니다.")).to_be_visible()
    clean(page)

    enter(page, judges[0])
    page.goto("/desk")
    page.get_by_role("link", name="심의", exact=True).click()
    clean(page)
    page.locator(".contact-sheet a").first.click()
    expect(page.get_by_text("빛이 좋다")).to_have_count(3)
    clean(page)
    level = page.locator('input[name="level_theme"][value="1"]')
    level.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="까닭과 함께 고치기").click()
    expect(page.get_by_text("점수를 고치는 까닭을 적어 주세요.").first).to_be_visible()
    expect(page.locator('input[name="level_theme"][value="1"]')).to_be_checked()  # nothing chosen is lost
    clean(page)
    page.get_by_label("고치는 까닭").fill("주제와 멀다고 봅니다")
    page.get_by_role("button", name="까닭과 함께 고치기").click()
    expect(page.get_by_text("주제와 멀다고 봅니다")).to_be_visible()
    page.get_by_label("다른 위원에게 남길 의견").fill("저는 달리 봅니다")
    page.get_by_role("button", name="의견 남기기").click()
    expect(page.get_by_text("저는 달리 봅니다")).to_be_visible()
    clean(page)
    page.goto("/desk/deliberation")
    page.get_by_label("서명 (성명)").fill(name_of(judges, judges[0]))
    page.get_by_role("button", name="서명하고 심의 마치기").click()
    expect(page.get_by_text("심의를 마치셨습니다.").first).to_be_visible()
    clean(page)

    for judge in judges[1:]:
        with services.database.write() as uow:
            name = name_of(judges, judge)
            sign_deliberation(uow, name, name=name, actor=judge, now=clock.now())
    enter(page, operator)
    page.goto("/staff/judging/deliberation")
    expect(page.get_by_text("주제와 멀다고 봅니다")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="심의를 마감하고 점수를 다시 봉인하기").click()
    expect(page.get_by_text("마감하고 다시 봉인한 때")).to_be_visible()
    clean(page)
    page.goto("/fairness")
    expect(page.get_by_text("심의 전 봉인값")).to_be_visible()
    clean(page)
