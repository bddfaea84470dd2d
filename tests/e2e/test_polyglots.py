"""Files that are photographs for one program and pages for another: no browser ever runs what a stranger sent."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

import pytest
from factories import hostile, photos
from factories.submissions import make_submission
from flask import Flask
from integration.contest.entry_citizen import Citizen
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Dialog, Page
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition
from contest.models.paper import Paper
from contest.models.photo import Photo, Rendition
from contest.models.supplement import Supplement, SupplementFile
from contest.operations.sessions import begin_session

pytestmark = pytest.mark.browser

EVIL = (
    b"<!doctype html><html><body><script>alert('ran')</script><img src=x onerror=alert('ran')></body></html>"
)
SCRIPT = b"alert('ran');//"


@pytest.fixture
def visitor(chromium: Browser, served: tuple[Flask, str]) -> Iterator[Page]:
    """A page that fails the test where anything of a stranger's runs: in it, in a frame, in another page."""
    context = chromium.new_context(base_url=served[1], locale="ko-KR", accept_downloads=True)
    context.set_default_timeout(15_000)
    rung: list[str] = []

    def hear(dialog: Dialog) -> None:
        rung.append(dialog.message)
        dialog.dismiss()

    context.on("dialog", hear)
    yield context.new_page()
    context.close()
    assert rung == []


def sign_in(app: Flask, context: BrowserContext, address: str, role: Role) -> None:
    """A signed-in account in the browser."""
    services: Services = app.extensions["contest"]
    now = services.clock.now()
    with services.database.write() as uow:
        account = Account(
            id=services.ids.token(), login=f"{role.value}@example.kr", name="담당", role=role, recovery_digests=[],
            created_at=now, activated_at=now,
        )  # fmt: skip
        uow.session.add(account)
        uow.session.flush()
        token, _ = begin_session(
            uow, account, actor=Actor("account", account.id, role), now=now, wall=services.clock.wall(),
            second_factor=True,
        )  # fmt: skip
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    held = next(iter(browser._cookies.values()))
    context.add_cookies([{"name": held.key, "value": held.value, "url": address}])


def test_every_two_faced_file_is_shown_as_a_clean_picture_or_not_at_all(
    visitor: Page, served: tuple[Flask, str], opened: Edition
) -> None:
    citizen, shown = Citizen(served[0].test_client()).begin(), 0
    visitor.goto(f"/entry/{citizen.link}")
    visitor.locator("main form button[type=submit]").click()
    visitor.wait_for_url("**/photos")
    for number, name in enumerate(
        ("JPEG and HTML", "JPEG and script", "JPEG and ZIP", "JPEG and PDF", "PNG and PHP", "scripts in EXIF")
    ):
        citizen.upload(hostile.HOSTILE[name][0](), "a.html", query="?replaces=1" if number else "")
        path = citizen.url("works/1/preview.jpg")
        answer = visitor.request.get(path)
        if answer.status == 404:
            continue  # refused: there is nothing to show
        assert_sandboxed(answer.headers, "image/jpeg")
        Image.open(io.BytesIO(answer.body())).verify()
        assert not any(
            sign in answer.body() for sign in (b"<script", b"alert(", b"PK\x03\x04", b"%PDF", b"<?php")
        )
        visitor.goto(path)
        assert visitor.evaluate("document.contentType") == "image/jpeg"
        shown += 1
    assert shown > 3


def assert_sandboxed(headers: dict[str, str], kind: str) -> None:
    """Told to be what it is, not to be guessed at, in a sandbox of its own."""
    assert headers["content-type"] == kind
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_even_a_stored_picture_replaced_by_a_page_runs_nothing(
    visitor: Page, served: tuple[Flask, str], opened: Edition
) -> None:
    app, address = served
    services: Services = app.extensions["contest"]
    made = make_submission(services, opened)
    sign_in(app, visitor.context, address, Role.OPERATOR)
    for payload in (EVIL, SCRIPT):
        with services.database.write() as uow:
            rendition = uow.session.scalars(
                select(Rendition).where(Rendition.photo_id == made.photos[0], Rendition.kind == "preview")
            ).one()
            rendition.bytes, rendition.sha256 = len(payload), hashlib.sha256(payload).hexdigest()
        services.storage.put(f"renditions/{rendition.id}", payload, create_only=False)
        path = f"/staff/photos/{rendition.id}"
        answer = visitor.request.get(path)
        assert answer.body() == payload
        assert_sandboxed(answer.headers, "image/jpeg")
        visitor.goto(path)
        assert visitor.evaluate("document.contentType") == "image/jpeg"
        visitor.goto("/staff")
        outcome = visitor.evaluate(
            """path => new Promise(done => {
                 const script = document.createElement('script');
                 script.onload = () => done('loaded'); script.onerror = () => done('refused');
                 script.src = path; document.head.append(script); })""",
            path,
        )
        assert outcome == "refused"


def test_what_staff_take_out_is_a_file_and_never_a_page(
    visitor: Page, served: tuple[Flask, str], opened: Edition
) -> None:
    app, address = served
    services: Services = app.extensions["contest"]
    now = services.clock.now()
    made = make_submission(services, opened, picture=photos.jpeg(1, 320, 240, comment=EVIL))
    paper = b"%PDF-1.7\n" + EVIL
    with services.database.write() as uow:
        photo = uow.session.get_one(Photo, made.photos[0])
        clerk = Account(
            id="clerk", login="clerk", name="담당", role=Role.OPERATOR, recovery_digests=[], created_at=now
        )
        uow.session.add(clerk)
        uow.session.flush()
        uow.session.add(
            Paper(
                id="paper", submission_id=made.id, kind="drone", format="PDF", bytes=len(paper),
                sha256=hashlib.sha256(paper).hexdigest(), stored_at=now,
            )
        )  # fmt: skip
        uow.session.add(
            Supplement(
                id="asked", edition_id=opened.id, submission_id=made.id, entry_id=made.entries[0], items=["place"],
                asked_by="clerk", asked_at=now, due_at=now,
            )
        )  # fmt: skip
        uow.session.flush()
        uow.session.add(
            SupplementFile(
                id="later", supplement_id="asked", bytes=len(EVIL), sha256=hashlib.sha256(EVIL).hexdigest(),
                stored_at=now, name_sealed=uow.crypto.seal("page.html", "supplement_file.name:later"),
            )
        )  # fmt: skip
        photo_id = photo.id
    services.storage.put("entry-papers/paper", paper)
    services.storage.put("papers/later", EVIL)
    sign_in(app, visitor.context, address, Role.OPERATOR)
    for path in (f"/staff/photos/{photo_id}/original", "/staff/entry-papers/paper", "/staff/papers/later"):
        visitor.goto("/staff")
        with visitor.expect_response(f"**{path}") as answered, visitor.expect_download() as download:
            visitor.evaluate(
                """path => { const form = document.createElement('form');
                     form.method = 'post'; form.action = path;
                     const token = document.querySelector('[name=csrf_token]').value;
                     for (const [name, value] of [['csrf_token', token], ['reason', 'identity']]) {
                       const field = document.createElement('input');
                       field.name = name; field.value = value; form.append(field); }
                     document.body.append(form); form.submit(); }""",
                path,
            )
        assert download.value.failure() is None
        assert visitor.url == f"{address}/staff"
        taken = answered.value.headers
        assert taken["x-content-type-options"] == "nosniff"
        assert taken["content-security-policy"] == "default-src 'none'; sandbox"
        assert taken["content-disposition"].startswith("attachment")
        assert taken["content-type"] in {"application/octet-stream", "application/pdf"}
