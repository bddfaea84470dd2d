"""A real browser before a real server; the clock is in the test's hand."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, sync_playwright
from servers import free_ports, without
from werkzeug.serving import make_server

from contest.domain.actors import Actor, Role
from contest.infra.assets import ROOT
from contest.infra.clock import SteppedClock
from contest.infra.seed import load_seed
from contest.infra.settings import Settings
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.operations.editions import seed_edition, seed_register
from wsgi import create_app

AXE = ROOT / ".tools/checkers/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, without a window if it may be; where there is none these tests are skipped in words."""
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        without("Chromium", "there is none on the search path (apt-get install chromium-headless-shell)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def served(settings: Settings, clock: SteppedClock) -> Iterator[tuple[Flask, str]]:
    """The application behind a threaded server on a free port, and its address."""
    port = free_ports(1)[0]
    address = f"http://127.0.0.1:{port}"
    app = create_app(replace(settings, public_url=address), clock=clock)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app, address
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["contest"].imaging.close()
    app.extensions["contest"].database.engine.dispose()


@pytest.fixture
def page(chromium: Browser, served: tuple[Flask, str]) -> Iterator[Page]:
    """A page at 1280 px that fails the test on a script error or a refusal by the content policy."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, base_url=served[1], locale="ko-KR", timezone_id="Asia/Seoul"
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def phone(chromium: Browser, served: tuple[Flask, str]) -> Iterator[Page]:
    """A citizen's telephone."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, base_url=served[1], locale="ko-KR"
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    yield page
    context.close()


Enter = Callable[[Page, Actor | Role], None]


@pytest.fixture
def enter(served: tuple[Flask, str], login_as: Callable[[Actor | Role], FlaskClient]) -> Enter:
    """enter(page, who): the page's browser is that person's, signed in."""

    def put(page: Page, who: Actor | Role) -> None:
        cookie = next(iter(login_as(who)._cookies.values()))
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": served[1]}])

    return put


@pytest.fixture
def opened(served: tuple[Flask, str]) -> Edition:
    """The 2024 edition, open for entry, behind the server."""
    services: Services = served[0].extensions["contest"]
    now = services.clock.now()
    with services.database.write() as uow:
        seed_register(uow, load_seed("spots"), load_seed("holidays"), now.date())
        return seed_edition(uow, services.registry, load_seed("edition-2024"), now=now)


def violations(page: Page, rules: list[str] = RULES) -> list[str]:
    """What axe finds on the page as it stands, under its own content policy, by tags or by names of rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false})", rules
    )
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def clean(page: Page) -> None:
    """Nothing runs over at either width, and axe, which is slow, finds nothing on a phone: there the menus are too."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
