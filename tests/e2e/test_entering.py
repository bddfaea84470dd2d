"""A telephone whose upload is broken off by all that befalls telephones; what a citizen is told before sending."""

from __future__ import annotations

import contextlib
import hashlib
import random
from pathlib import Path

import pytest
from conftest import violations
from factories import photos
from flask import Flask
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Request, Route, expect
from sqlalchemy import select

from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.photo import Photo

pytestmark = pytest.mark.browser

MEGABYTE = 1024 * 1024


def begin(phone: Page) -> None:
    """Age and consent, up to the page of photographs."""
    phone.goto("/enter")
    phone.locator("input[name=age][value=adult]").check(force=True)
    phone.locator("input[name=privacy]").check(force=True)
    phone.get_by_role("button", name="다음").click()
    phone.wait_for_url("**/photos")


def choose(phone: Page, data: bytes, name: str = "안양천.jpg") -> None:
    """Pick one file."""
    phone.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": data}
    )


def test_a_killed_tab_and_a_foreign_network_lose_nothing(
    phone: Page, served: tuple[Flask, str], opened: Edition, clock: SteppedClock
) -> None:
    services: Services = served[0].extensions["contest"]
    data = photos.jpeg(7, 3200, 2400, photos.camera()) + random.Random(4).randbytes(2 * MEGABYTE)
    begin(phone)
    kept, offsets = phone.url, []

    def stops_after_one(route: Route) -> None:
        if route.request.method == "PATCH" and offsets:
            route.abort("internetdisconnected")
        elif route.request.method == "PATCH":
            offsets.append(route.request.headers["upload-offset"])
            route.continue_()
        else:
            route.continue_()

    context = phone.context
    context.route("**/upload/**", stops_after_one)
    choose(phone, data)
    expect(phone.locator(".file__state")).to_contain_text("연결이 끊겨")
    # Killed, not closed: a closing page releases the try that its route still holds.
    with phone.expect_event("crash"), contextlib.suppress(PlaywrightError):
        phone.goto("chrome://crash")

    clock.advance(minutes=10)
    again, sent, answers = context.new_page(), [], iter(["page", "redirect"])

    def foreign(route: Route) -> None:
        answer = next(answers, "") if route.request.method == "PATCH" else ""
        if answer == "page":
            route.fulfill(status=200, content_type="text/html", body="<h1>호텔 와이파이</h1>")
        elif answer == "redirect":
            route.fulfill(status=302, headers={"Location": "http://127.0.0.1:9/login"})
        else:
            route.continue_()

    def note(request: Request) -> None:
        if request.method == "PATCH":
            sent.append(int(request.headers["upload-offset"]))

    again.route("**/upload/**", foreign)
    again.on("request", note)
    again.goto(kept)
    expect(again.locator("[data-upload-awake]")).to_contain_text("같은 사진을 다시 고르시면")
    choose(again, data, "IMG_0001.jpg")
    expect(again.locator(".file__state")).to_contain_text("적합", timeout=30_000)
    assert offsets == ["0"]
    assert sent[0] == MEGABYTE
    with services.database.read() as session:
        stored = session.scalars(select(Photo)).one()
    digest = hashlib.sha256(data).hexdigest()
    assert stored.sha256 == digest
    expect(again.locator(".file code")).to_have_attribute("title", digest)


def test_what_is_wrong_is_said_before_anything_is_sent(
    phone: Page, served: tuple[Flask, str], opened: Edition, tmp_path: Path
) -> None:
    old = photos.camera(photos.TAKEN.replace(year=2019))
    wrong = {
        "앨범에서 원본을 고르세요": photos.jpeg(3, 1440, 960),
        "아이폰 전용 형식": photos.heic(3),
        "앨범에서 골라 주세요": b"%PDF-1.7" + b"0" * 500,
        "2019-05-04": photos.jpeg(3, 3000, 2000, old),
        "파일 크기 제한에 20000K": photos.jpeg(3) + b"\0" * 21 * MEGABYTE,
    }
    begin(phone)
    begun: list[str] = []
    phone.on("request", lambda request: begun.append(request.url) if request.method == "POST" else None)
    for told, data in wrong.items():
        path = tmp_path / "IMG_1.jpg"
        path.write_bytes(data)
        phone.locator("input[type=file]").set_input_files(path)
        expect(phone.locator(".file__state").last).to_contain_text(told)
    assert begun == []
    assert violations(phone) == []
