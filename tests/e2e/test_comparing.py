"""Works side by side by keys and touch: chosen on the sheet, zoomed and moved together, and on to the scores."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Mapping

import pytest
from conftest import violations
from factories import photos
from factories.panels import Entrant, make_panel, make_works, open_judging, sign_everything, works_of
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from contest.domain.actors import Actor, Role
from contest.infra.clock import SteppedClock
from contest.models.edition import Edition
from contest.models.photo import Photo
from judging.operations.pledge import step_back

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

#: How each pane stands: size of the picture against its pane, and the place of the frame in the middle.
STANDING = """() => [...document.querySelectorAll('[data-pane]')].map(pane => {
  const image = pane.querySelector('img').getBoundingClientRect();
  const view = pane.querySelector('.comparing__view').getBoundingClientRect();
  const round = value => Math.round(value * 100) / 100;
  return [round(image.width / view.width), round((view.x + view.width / 2 - image.x) / image.width), round((view.y + view.height / 2 - image.y) / image.height)];
})"""


@functools.cache
def drawing(width: int) -> bytes:
    """A drawing so wide."""
    buffer = io.BytesIO()
    photos.picture(1, width, width * 2 // 3).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def drawn(number: int, entrant: Entrant) -> Mapping[str, bytes]:
    """A working view and a larger one of the same drawing."""
    del number, entrant
    return {"judge": drawing(600), "thumb": drawing(160), "zoom": drawing(2400)}


def test_works_side_by_side(
    page: Page,
    chromium: Browser,
    served: tuple[Flask, str],
    edition: Edition,
    *,
    clock: SteppedClock,
    login_as: Callable[..., FlaskClient],
    make_account: Callable[..., Actor],
) -> None:
    services = served[0].extensions["contest"]
    make_works(services, edition.id, 5, render=drawn)
    with services.database.write() as uow:
        uow.session.execute(update(Photo).values(width=2400, height=1600))
    judges = make_panel(services, edition.id, make_account(Role.OPERATOR), 1)
    sign_everything(services, judges)
    open_judging(services, clock, edition, make_account(Role.OPERATOR))
    cookie = next(iter(login_as(judges[0])._cookies.values()))
    signed_in = {"name": cookie.key, "value": cookie.value, "url": served[1]}
    page.context.add_cookies([signed_in])
    works = works_of(services, judges[0])

    page.goto("/desk")
    page.keyboard.press("v")
    expect(page.locator("[data-choose-count]")).to_contain_text("먼저 골라 주세요")
    for key in ("ArrowRight", "c", "ArrowRight", "c", "c", "ArrowRight", "c"):
        page.keyboard.press(key)
    expect(page.locator("[data-choose-count]")).to_have_text("나란히 볼 작품 2점")
    page.keyboard.press("v")
    expect(page.locator("[data-desk-compare]")).to_have_attribute("data-works", f"{works[0]} {works[2]}")
    assert violations(page) == []
    fitted = page.evaluate(STANDING)
    page.keyboard.press("z")
    expect(page.locator("[data-percent]")).to_have_text(["원본의 100 %"] * 2)
    true = page.evaluate(STANDING)
    assert true[0] == true[1]
    assert true[0][0] > fitted[0][0] * 2
    assert page.locator("[data-pane] img").evaluate_all(
        "all => all.every(one => Math.round(one.getBoundingClientRect().width * devicePixelRatio) === one.naturalWidth && one.naturalWidth === 2400)"
    )
    page.keyboard.press("ArrowRight")
    moved = page.evaluate(STANDING)
    assert moved[0] == moved[1]
    assert moved[0][1] > true[0][1]
    box = page.locator(".comparing__view").last.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 240, box["y"] + 170)
    page.mouse.up()
    page.mouse.wheel(0, -100)
    dragged = page.evaluate(STANDING)
    assert dragged[0] == dragged[1]
    assert dragged[0][0] > true[0][0]
    expect(page.locator("[data-percent]")).to_have_text(["원본의 125 %"] * 2)
    page.keyboard.press("b")
    expect(page.locator(".desk-bar")).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    page.wait_for_url(f"**/desk/work/{works[2]}")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/desk/work/{works[3]}")
    page.keyboard.press("c")
    page.keyboard.press("v")
    expect(page.locator("[data-pane]")).to_have_count(3)
    with services.database.write() as uow:
        step_back(uow, works[0], "known", "", actor=judges[0], now=clock.now())
    page.reload()
    expect(page.locator("[data-pane]")).to_have_count(2)
    assert works[0] not in page.content().partition("<main")[2]

    with chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, base_url=served[1], locale="ko-KR"
    ) as context:
        context.add_cookies([signed_in])
        phone = context.new_page()
        phone.goto("/desk")
        for box in phone.locator(".contact-sheet__choose").all()[:2]:
            box.tap()
        phone.get_by_role("button", name="고른 작품 나란히 보기").tap()
        expect(phone.locator("[data-ready]")).to_be_visible()
        panes = [box.bounding_box() for box in phone.locator("[data-pane]").all()]
        assert [pane and round(pane["x"]) for pane in panes] == [12, 12]
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        fitted = phone.evaluate(STANDING)
        touch = context.new_cdp_session(phone)
        y = panes[0]["y"] + 100 if panes[0] else 0
        for kind, gap in (("touchStart", 30), ("touchMove", 60), ("touchMove", 90)):
            points = [{"x": 195 - gap, "y": y, "id": 1}, {"x": 195 + gap, "y": y, "id": 2}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        pinched = phone.evaluate(STANDING)
        assert pinched[0] == pinched[1]
        assert abs(pinched[0][0] / fitted[0][0] - 3) < 0.1
