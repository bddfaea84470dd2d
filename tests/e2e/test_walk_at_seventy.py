"""Somebody of seventy enters one photograph on a telephone: how many screens, presses and things to type that takes.

The numbers are those of docs/walk.md. They are asserted exactly, so that a screen or a press more is a decision.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from conftest import violations
from factories import photos
from factories.submissions import make_submission
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.infra.clock import SteppedClock
from contest.infra.imaging.drawn import ExifStamp, drawn
from contest.models.edition import Edition
from contest.models.submission import Submission
from contest.operations.links import sign_guardian_link, sign_link
from contest.operations.supplements import ask_supplement

pytestmark = pytest.mark.browser

#: Of what can be pressed, what is lower or narrower than a fingertip. Radios and boxes are pressed by their label's area;
#: a label above a field only points to it; a link inside a sentence or in the list of errors is as high as its line.
SMALL = """() => [...document.querySelectorAll('main a[href], main button, main select, main textarea, main summary, main input, main .choice label')]
  .filter(one => one.getClientRects().length && !one.closest('details:not([open]) > :not(summary)') && getComputedStyle(one).visibility !== 'hidden')
  .filter(one => !one.matches('[type=hidden], [type=radio], [type=checkbox], .sr-only, .upload__input, .leaflet-container a') && !one.closest('.error-summary, .leaflet-control'))
  .filter(one => !(one.matches('a') && getComputedStyle(one).display === 'inline' && one.parentElement.innerText.trim() !== one.innerText.trim()))
  .map(one => { const box = (one.closest('.choice--boxed') ?? one).getBoundingClientRect(); return [one.tagName, one.innerText || one.name, Math.round(box.width), Math.round(box.height)]; })
  .filter(([, , width, height]) => width < 44 || height < 44)"""
#: What makes the page wider than the glass.
WIDE = """() => document.documentElement.scrollWidth <= 390 ? [] : [...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right > 390.5)
  .filter(one => { for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) if (getComputedStyle(up).overflowX !== 'visible') return false; return true; })
  .map(one => [one.tagName, one.className.toString(), (one.innerText || '').slice(0, 40), Math.round(one.getBoundingClientRect().right)])"""
PHOTOGRAPH = {
    "name": "20240504_083000.jpg",
    "mimeType": "image/jpeg",
    "buffer": drawn(
        7, 3200, 2400, exif=ExifStamp(make="SAMSUNG", model="SM-S928N", taken=photos.TAKEN, with_zone=True)
    ),
}


@dataclass
class Hand:
    """A finger on the glass that counts."""

    page: Page
    text_size: int
    screens: list[str] = field(default_factory=list)
    taps: int = 0
    typed: int = 0

    def arrive(self, at: str) -> None:
        """A screen opens; nothing on it is cut off or too small to hit."""
        self.page.wait_for_url(at)
        self.page.wait_for_load_state("networkidle")
        self.screens.append(at)
        self.look()

    def look(self) -> None:
        """What is on the glass lies within it, in whatever size of text."""
        self.page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")
        assert self.page.evaluate(WIDE) == [], self.page.url
        assert self.page.evaluate(SMALL) == [], self.page.url
        if self.text_size == 100:
            assert violations(self.page) == []

    def tap(self, what: Locator) -> None:
        """Press the middle of it."""
        what.tap()
        self.taps += 1

    def press(self, name: str) -> None:
        """Press a button by its words."""
        self.tap(self.page.get_by_role("button", name=name, exact=True))

    def send(self, name: str) -> None:
        """Press a button and look at what answers."""
        with self.page.expect_navigation(wait_until="networkidle"):
            self.press(name)
        self.look()

    def choose(self, name: str, value: str) -> None:
        """Press a choice by the card it stands on, at the card's edge."""
        box = self.page.locator(f"input[name={name}][value={value}]")
        card = box.locator("xpath=..")
        card.tap(position={"x": 12, "y": 8}) if card.get_attribute(
            "class"
        ) == "choice choice--boxed" else card.tap()
        self.taps += 1
        expect(box).to_be_checked()

    def type(self, name: str, words: str) -> None:
        """Fill a field."""
        self.page.locator(f"[name={name}]").fill(words)
        self.typed += 1


#: The harder of the two sizes; the other is the long form.
LARGE_TEXT = pytest.mark.parametrize("hand", [pytest.param(100, marks=pytest.mark.full), 200], indirect=True)


@pytest.fixture(params=[100, 200])
def hand(
    request: pytest.FixtureRequest, chromium: Browser, served: tuple[Flask, str], opened: Edition
) -> Iterator[Hand]:
    """A telephone with text of the usual size, or twice as large."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        base_url=served[1],
        locale="ko-KR",
    )
    context.set_default_timeout(15_000)
    # The style counts in tenths of the root's pixels: 200 % of the text is twice the root, from the first moment on.
    context.add_init_script(
        "new MutationObserver((_, all) => { if (!document.documentElement) return; all.disconnect();"
        f" document.documentElement.style.fontSize = '{request.param / 10}px'; }}).observe(document, {{childList: true}})"
    )
    yield Hand(context.new_page(), request.param)
    context.close()


@LARGE_TEXT
def test_from_the_call_to_the_receipt(hand: Hand) -> None:
    page = hand.page
    page.goto("/call")
    hand.arrive("**/call")
    hand.tap(page.locator("main").get_by_role("link", name="응모하기").first)
    hand.arrive("**/enter")
    hand.choose("age", "adult")
    hand.choose("privacy", "y")
    hand.press("다음")
    hand.arrive("**/photos")
    with page.expect_file_chooser() as chooser:
        hand.tap(page.get_by_text("사진 고르기"))
    chooser.value.set_files(PHOTOGRAPH)  # type: ignore[arg-type]  # a mapping of strings and bytes
    expect(page.locator(".file__state")).to_contain_text("적합", timeout=30_000)
    hand.look()
    hand.press("다음")
    hand.arrive("**/title")
    hand.type("title", "안양천의 아침")
    hand.press("다음")
    hand.arrive("**/place")
    canvas = page.locator("[data-map=pick]")
    canvas.scroll_into_view_if_needed()
    hand.tap(canvas)
    expect(page.locator("select[name=dong]")).not_to_have_value("")
    expect(page.locator("[name=latitude]")).not_to_have_value("")
    hand.press("다음")
    hand.arrive("**/person")
    hand.type("name", "김 영수")
    hand.type("phone", "010 1234 5678")
    hand.press("다음")
    hand.arrive("**/consents")
    hand.choose("portrait-1", "none")
    hand.choose("licence", "y")
    hand.choose("pledge", "y")
    hand.press("다음")
    hand.arrive("**/review*")
    expect(page.get_by_text("010-1234-5678")).to_be_visible()
    submit = page.get_by_role("button", name="제출", exact=True)
    submit.dblclick()  # twice is once
    hand.taps += 1
    hand.arrive("**/receipt/**")
    expect(page.get_by_text("2024-02-0001", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_text("2024-02-0001", exact=True)).to_be_visible()
    assert (len(hand.screens), hand.taps, hand.typed) == (9, 15, 3)


@LARGE_TEXT
def test_what_goes_wrong_is_said_at_once_and_the_way_back_stays_open(hand: Hand) -> None:
    page = hand.page
    page.goto("/enter")
    hand.send("다음")
    expect(page.locator(".error-summary li")).to_have_count(2)
    hand.choose("age", "adult")
    hand.choose("privacy", "y")
    hand.press("다음")
    hand.arrive("**/photos")
    wrong = {
        "JPEG, PNG 사진만": ("신분증.pdf", b"%PDF-1.7" + b"0" * 900),
        "긴 변이 800픽셀": ("작은사진.jpg", photos.jpeg(3, 800, 600)),
        "촬영일이 2019-05-04": (
            "옛날.jpg",
            photos.jpeg(3, 3000, 2000, photos.camera(photos.TAKEN.replace(year=2019))),
        ),
    }
    for told, (name, data) in wrong.items():
        page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "image/jpeg", "buffer": data}
        )
        expect(page.locator(".file__state").last).to_contain_text(told)
    hand.look()
    for _ in wrong:  # each can be cleared away, also the one that could never be sent
        page.get_by_role("button", name="지우기").first.tap()
    expect(page.locator(".file")).to_have_count(0)
    page.context.set_offline(True)
    page.locator("input[type=file]").set_input_files(PHOTOGRAPH)  # type: ignore[arg-type]  # as above
    expect(page.locator(".file__state")).to_contain_text("연결이 끊겨")
    expect(page.get_by_role("button", name="다음", exact=True)).to_be_disabled()
    page.context.set_offline(False)
    expect(page.locator(".file__state")).to_contain_text("적합", timeout=30_000)
    page.get_by_role("button", name="지우기").tap()
    page.locator("input[type=file]").set_input_files(PHOTOGRAPH)  # type: ignore[arg-type]  # as above
    expect(page.locator(".file__state")).to_contain_text("적합", timeout=30_000)  # chosen again, not "twice"
    hand.press("다음")
    hand.arrive("**/title")
    hand.type("title", "안양천의 아침")
    hand.press("다음")
    hand.arrive("**/place")
    page.locator("select[name=dong]").select_option("독산1동")
    hand.press("다음")
    hand.arrive("**/person")
    for name, words in (("name", "김 영수"), ("phone", "010 1234 56"), ("email", "kim@@naver,com")):
        hand.type(name, words)
    hand.send("다음")
    expect(page.locator(".error-summary li")).to_have_count(2)  # both at once
    hand.type("phone", "０１０ 1234 5678")
    hand.type("email", "")
    hand.press("다음")
    hand.arrive("**/consents")
    hand.send("다음")
    expect(page.locator(".error-summary a")).to_have_count(3)  # each leads to its question
    page.locator(".error-summary a").last.tap()
    expect(page.locator("#portrait-1-none")).to_be_focused()
    for name, value in (("portrait-1", "none"), ("licence", "y"), ("pledge", "y")):
        hand.choose(name, value)
    hand.press("다음")
    hand.arrive("**/review*")
    page.go_back()  # to a page that answered a form: it opens, nothing is asked to be sent again
    expect(page.get_by_role("heading", name="읽어 보시고 하나씩")).to_be_visible()
    expect(page.locator("input[name=licence]")).to_be_checked()


@LARGE_TEXT
def test_screens_that_few_meet(
    hand: Hand, served: tuple[Flask, str], opened: Edition, clock: SteppedClock, *,
    login_as: Callable[..., FlaskClient], make_account: Callable[..., Actor],
) -> None:  # fmt: skip
    """A guardian, papers, a request for more, the device at the counter: none is cut off or too small to hit."""
    page, services = hand.page, served[0].extensions["contest"]
    with services.database.write() as uow:
        row = uow.session.get_one(Edition, opened.id)
        held: Any = row.document["entry"]
        row.document = {**row.document, "entry": {**held, "drone_papers": True, "portrait_papers": True}}
        row.version += 1
    page.goto("/enter")
    hand.choose("age", "child")
    hand.press("다음")
    hand.arrive("**/enter/guardian")
    hand.send("보호자께 부탁하기")
    expect(page.locator(".error-summary li")).to_have_count(2)
    hand.type("c-guardian_name", "김보호")
    hand.type("c-guardian_phone", "010-8888-0001")
    hand.send("보호자께 부탁하기")
    with services.database.read() as session:
        asked = session.scalars(select(Submission)).one()
        guardian = sign_guardian_link(services.crypto, asked.id, asked.link_epoch)
    page.goto(f"/guardian/{guardian}")
    if page.get_by_role("button", name="열기").count():
        hand.look()
        hand.send("열기")
    hand.send("동의합니다")
    expect(page.locator(".error-summary li")).to_have_count(2)
    for name in ("privacy", "guardian"):
        hand.choose(name, "y")
    hand.send("동의합니다")
    expect(page.get_by_role("heading", name="동의해 주셔서 고맙습니다")).to_be_visible()
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("link", name="응모 이어서 하기").tap()
    page.goto(page.url.split("/photos")[0] + "/papers")
    hand.look()

    cookie = next(iter(login_as(Role.OPERATOR)._cookies.values()))
    page.context.clear_cookies()
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": served[1]}])
    page.goto("/staff/kiosk")
    hand.press("이 기기를 접수 전용으로 쓰기")
    hand.arrive("**/enter")
    expect(page.locator(".kiosk")).to_be_visible()
    assert page.locator(".kiosk button").evaluate_all(
        "all => all.every(one => one.getBoundingClientRect().height >= 44)"
    )
    page.context.clear_cookies()

    made = make_submission(services, opened, phone="010-6300-0001")
    clock.move_to(dt.datetime(2024, 9, 2, 1, 0, tzinfo=dt.UTC))
    with services.database.write() as uow:
        ask_supplement(
            uow, made.entries[0], ["portrait"], "서명한 면이 보이게",
            dt.datetime(2024, 9, 4, 9, 0, tzinfo=dt.UTC), actor=make_account(Role.OPERATOR), now=clock.now(),
        )  # fmt: skip
        link = sign_link(services.crypto, made.id, uow.session.get_one(Submission, made.id).link_epoch)
    page.goto(f"/entry/{link}")
    hand.look()
    page.locator("main form button").first.tap()
    page.wait_for_url("**/receipt/**")
    hand.look()
    page.get_by_role("link", name="무엇을 내야 하는지 보기").tap()  # told first, not under the works
    page.wait_for_url("**/supplements/*")
    hand.look()
    hand.send("자료 내기")
