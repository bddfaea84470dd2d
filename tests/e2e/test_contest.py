"""People at a real browser with scripts: a citizen on a phone with a bad line, a judge who never lifts the hands."""

from __future__ import annotations

import hashlib
import re

import pytest
from conftest import violations
from factories import panels
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from contest.domain.actors import Role
from contest.infra.clock import SteppedClock
from contest.infra.imaging.drawn import ExifStamp, drawn
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.photo import Photo
from contest.rehearsal.browser import Browser as Person
from judging.models.round import ScoreEvent

pytestmark = pytest.mark.browser


def test_a_citizen_enters_on_a_phone_with_a_bad_line(
    phone: Page, served: tuple[Flask, str], opened: Edition
) -> None:
    services: Services = served[0].extensions["contest"]
    photograph = drawn(7, 3200, 2400, exif=ExifStamp(make="SAMSUNG", model="SM-S928N"))
    phone.goto("/enter")
    phone.locator("input[name=age][value=adult]").check(force=True)
    phone.locator("input[name=privacy]").check(force=True)
    phone.get_by_role("button", name="다음").click()
    phone.wait_for_url("**/photos")
    assert violations(phone) == []

    cuts = iter([True, False, True])

    def bad_line(route: Route) -> None:
        if route.request.method == "PATCH" and next(cuts, False):
            route.abort("connectionreset")
        else:
            route.continue_()

    phone.route("**/upload/**", bad_line)
    phone.locator("input[type=file]").set_input_files(
        {"name": "안양천.jpg", "mimeType": "image/jpeg", "buffer": photograph}
    )
    expect(phone.locator(".file__state")).to_contain_text("적합합니다", timeout=30_000)
    with services.database.read() as session:
        stored = session.scalars(select(Photo)).one()
    assert stored.sha256 == hashlib.sha256(photograph).hexdigest()
    assert services.storage.get(f"originals/{stored.id}") == photograph

    phone.get_by_role("button", name="다음").click()
    phone.wait_for_url("**/title")
    phone.locator("[name=title]").fill("안양천의 아침")
    phone.get_by_role("button", name="다음").click()
    phone.wait_for_url("**/place")
    phone.locator("select[name=dong]").select_option("독산1동")
    if phone.locator("[name=taken_on]").count():
        phone.locator("[name=taken_on]").fill("2024-05-05")
    phone.get_by_role("button", name="다음").click()
    phone.wait_for_url("**/person")
    phone.locator("[name=name]").fill("김영수")
    phone.locator("[name=phone]").fill("010 1234 5678")
    phone.get_by_role("button", name="다음").click()
    phone.wait_for_url("**/consents")
    for name in ("licence", "pledge"):
        phone.locator(f"input[name={name}]").check(force=True)
    phone.locator("input[type=radio][name^=portrait]").first.check(force=True)
    phone.get_by_role("button", name="다음").click()
    phone.wait_for_url("**/review")
    assert violations(phone) == []
    phone.get_by_role("button", name="제출").click()
    phone.wait_for_url("**/receipt/**")
    expect(phone.get_by_text("2024-02-0001", exact=True).first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(phone) == []


def test_a_judge_scores_by_keys_and_loses_nothing_without_a_line(
    page: Page, served: tuple[Flask, str], opened: Edition, clock: SteppedClock
) -> None:
    app, origin = served
    services: Services = app.extensions["contest"]
    operator = _account(services, Role.OPERATOR)
    panels.make_works(services, opened.id, 3)
    judges = panels.make_panel(services, opened.id, operator, 3)
    panels.sign_everything(services, judges)
    panels.open_judging(services, clock, opened, operator)
    person = Person(app)
    door = next(form for form in person.open("/sign-in").forms if "/judge/demonstration/" in form.action)
    person.submit(door)
    page.context.add_cookies(
        [
            {"name": cookie.key, "value": cookie.value, "url": origin}
            for cookie in person._client._cookies.values()
        ]
    )
    page.goto("/desk")
    page.locator("a[href^='/desk/work/']").first.click()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("4")
    expect(page.locator("[data-desk-state]")).to_contain_text(re.compile(r"저장됨 \d{2}:\d{2}:\d{2}"))
    page.context.set_offline(True)
    page.keyboard.press("5")
    page.keyboard.press("3")
    page.keyboard.press("f")
    expect(page.locator("[data-desk-state]")).to_contain_text("3건")
    page.context.set_offline(False)
    expect(page.locator("[data-desk-state]")).to_contain_text(
        re.compile(r"저장됨 \d{2}:\d{2}:\d{2}"), timeout=20_000
    )
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('desk:'))")
    with services.database.read() as session:
        levels = list(session.scalars(select(ScoreEvent.level).order_by(ScoreEvent.seq)))
    assert levels == [4, 5, 3]
    page.keyboard.press("z")
    expect(page.locator("[data-desk-percent]")).to_have_text("원본의 100 %")
    assert page.locator("[data-desk-view] img").evaluate(
        "image => Math.round(image.getBoundingClientRect().width * devicePixelRatio) === image.naturalWidth"
    )
    page.keyboard.press("z")
    page.keyboard.down("l")
    expect(page.locator(".loupe")).to_be_visible()
    page.keyboard.up("l")
    expect(page.locator(".loupe")).to_be_hidden()
    page.keyboard.press("b")
    expect(page.locator(".desk-bar")).to_be_hidden()
    expect(page.locator("[data-desk-strip]")).to_contain_text("저장됨")
    page.keyboard.press("b")
    page.keyboard.press("d")
    expect(page.locator("#desk-spread")).to_be_visible()
    page.goto("/desk?show=flagged")
    expect(page.locator(".contact-sheet li")).to_have_count(1)


def _account(services: Services, role: Role):
    from contest.domain.actors import Actor
    from contest.models.account import Account

    with services.database.write() as uow:
        account = Account(
            id=services.ids.token(), login="operator@example.kr", name="김운영", role=role, recovery_digests=[],
            created_at=services.clock.now(), activated_at=services.clock.now(),
        )  # fmt: skip
        uow.session.add(account)
    return Actor("account", account.id, role)
