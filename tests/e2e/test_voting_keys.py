"""The desk of a round of votes by keys alone: one press says it, keeps it and leads on; touch does the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Enter, violations
from factories.panels import (
    add_preliminary,
    entries_of,
    make_panel,
    make_works,
    open_judging,
    sign_everything,
    sign_off,
    vote_on,
)
from flask import Flask
from playwright.sync_api import Page, expect

from contest.domain.actors import Actor, Role
from contest.infra.clock import SteppedClock
from contest.models.edition import Edition
from judging.operations.close import close_judging
from judging.queries.blind import seat_of, tiles

pytestmark = pytest.mark.browser


def test_votes_by_keys_and_touch_then_the_numbers(
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
    make_works(services, edition.id, 3)
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)

    def given() -> list[int | None]:
        with services.database.read() as session:
            return [tile.levels.get("vote") for tile in tiles(session, seat_of(session, judges[0].id))]

    enter(page, judges[0])
    page.goto("/desk/keys")
    yes = page.get_by_label("3단계 주기 (찬성)")
    page.get_by_label("1단계 주기 (반대)").press("3")
    page.get_by_role("button", name="저장").click()
    expect(page.get_by_role("alert")).to_contain_text("모두 3 글쇠입니다")
    yes.press("y")
    page.get_by_label("1단계 주기 (반대)").press("1")
    page.get_by_label("글쇠 하나로 하는 단축키 쓰기").uncheck()
    assert violations(page) == []
    page.get_by_role("button", name="저장").click()
    page.goto("/desk")
    assert violations(page) == []
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.goto("/desk/keys")
    expect(yes).to_have_value("Y")
    page.get_by_label("글쇠 하나로 하는 단축키 쓰기").check()
    page.get_by_role("button", name="저장").click()
    page.goto("/desk")
    page.get_by_role("link", name="이어서 심사하기").click()
    expect(page.get_by_role("heading", level=1)).to_be_attached()
    assert violations(page) == []
    first = page.url
    page.keyboard.press("3")  # no key of anything now
    page.keyboard.press("y")
    page.wait_for_url(lambda address: address != first)
    second = page.url
    page.locator(".level").first.click()
    page.wait_for_url(lambda address: address != second)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(second)
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda address: address != second)
    page.keyboard.press("2")
    expect(page.locator("[data-desk-state]")).to_have_attribute("data-state", "saved")
    assert given() == [3, 1, 2]
    page.goto("/desk/finish")
    assert violations(page) == []
    sign_off(services, judges, judges[0])
    for judge in judges[1:]:
        vote_on(services, judge, dict.fromkeys(entries_of(services, judge), 3))
        sign_off(services, judges, judge)
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=operator, now=clock.now())
    enter(page, operator)
    page.goto("/staff/judging")
    page.get_by_role("link", name="올라갈 작품 보기").click()
    expect(page.get_by_role("button", name="3점을 올리고 본심 열기")).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="3점을 올리고 본심 열기").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("본심")
