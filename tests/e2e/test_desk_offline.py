"""The desk without a network: on to the works made ready, nothing lost with the tab, nothing signed or left over it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Enter
from factories.panels import (
    judge_by_ballots,
    make_panel,
    make_works,
    open_judging,
    sign_everything,
    works_of,
)
from flask import Flask
from playwright.sync_api import Page, expect

from contest.domain.actors import Actor, Role
from contest.infra.clock import SteppedClock
from contest.models.edition import Edition
from judging.queries.blind import seat_of, tiles

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

SHOWN = "() => { const one = document.querySelector('[data-desk-view] img'); return one.complete && one.naturalWidth; }"


def test_scores_outlive_the_network_and_the_tab(
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
    make_works(services, edition.id, 4)
    (judge,) = make_panel(services, edition.id, operator, 1)
    sign_everything(services, [judge])
    open_judging(services, clock, edition, operator)
    works = works_of(services, judge)
    enter(page, judge)
    state = page.locator("[data-desk-state]")

    page.goto(f"/desk/work/{works[0]}")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    for key in "4352":
        page.keyboard.press(key)
    expect(state).to_contain_text("4건 대기")
    for number, level in ((1, "5"), (2, "1")):
        page.keyboard.press("ArrowRight")
        expect(page).to_have_url(f"{served[1]}/desk/work/{works[number]}")
        expect(page.locator(".desk-bar__title")).to_have_text(f"{number + 1} / 4")
        assert page.evaluate(SHOWN) == 32
        page.keyboard.press(level)
    page.keyboard.press("ArrowRight")
    expect(state).to_contain_text("다시 이어지면 다음 작품으로")
    page.get_by_role("button", name="나가기").click()
    expect(state).to_contain_text("한 번 더 누르시면")
    assert page.url.endswith(works[2])
    closed, page = page, page.context.new_page()
    closed.close()

    page.context.set_offline(False)
    page.goto("/desk")
    expect(page.locator("[data-desk-waiting]")).to_contain_text("저장됨")
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('desk:'))")
    with services.database.read() as session:
        given = [tile.levels for tile in tiles(session, seat_of(session, judge.id))]
    assert [sorted(levels.values()) for levels in given] == [[2, 3, 4, 5], [5], [1], []]
    page.goto(f"/desk/work/{works[3]}?sort=score")
    assert page.locator(".filmstrip li").first.locator("a").get_attribute("href") == (
        f"/desk/work/{works[0]}?sort=score"
    )
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**?sort=score")
    page.keyboard.press("4")
    page.get_by_role("button", name="저장하고 다음").click()
    expect(page).to_have_url(f"{served[1]}/desk/work/{works[3]}?sort=score")
    expect(page.locator(".filmstrip li").first).to_contain_text("점")
    page.go_back()
    expect(page.locator(".desk-bar__title")).to_have_text("3 / 4")
    page.keyboard.press("?")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.locator("#desk-spread")).to_be_visible()


def test_an_order_outlives_the_network_and_the_tab(
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
    (judge,) = make_panel(services, edition.id, operator, 1)
    sign_everything(services, [judge])
    open_judging(services, clock, edition, operator)
    enter(page, judge)

    def stored() -> list[str]:
        with services.database.read() as session:
            listed = tiles(session, seat_of(session, judge.id))
        return [tile.code for tile in sorted(listed, key=lambda tile: tile.levels.get("place", 0))]

    def shown() -> list[str]:
        works = page.locator("[data-ordering-work]")
        return [(works.nth(at).get_attribute("aria-label") or "") for at in range(4)]

    page.goto("/desk")
    page.wait_for_load_state("networkidle")
    state = page.locator("[data-desk-state]")
    first = shown()
    finish = page.get_by_role("link", name="심사 완료로 가기")
    expect(finish).to_be_hidden()
    page.locator("[data-ordering-work]").nth(3).focus()
    page.keyboard.press("1")
    expect(state).to_contain_text("저장됨")
    expect(finish).to_be_visible()
    order = [first[3], *first[:3]]
    assert stored() == shown() == order

    page.context.set_offline(True)
    page.locator("[data-ordering-work]").nth(1).get_by_role("button", name="아래로").click()
    page.locator("[data-ordering-work]").nth(0).get_by_role("button", name="아래로").click()
    expect(state).to_contain_text("1건 대기")  # the last order is the whole of it
    moved = [order[2], order[0], order[1], order[3]]
    assert shown() == moved
    assert stored() == order
    closed, page = page, page.context.new_page()
    closed.close()
    page.context.set_offline(False)
    page.goto("/desk")
    expect(page.locator("[data-desk-state]")).to_contain_text("저장됨")
    assert stored() == shown() == moved
    page.reload()
    assert shown() == moved
