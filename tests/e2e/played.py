"""A small contest played once, kept as it stood after each stage, and walked through by everybody who may look."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin, urlsplit

import pyotp
from flask import Flask
from servers import free_ports
from sqlalchemy import Select, select
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

from contest.infra.imaging.drawn import ExifStamp, drawn
from contest.infra.settings import Settings
from contest.models.account import Account
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.news import NewsContact
from contest.models.submission import Submission, SubmissionState
from contest.operations.links import sign_guardian_link, sign_link
from contest.operations.news import news_path
from contest.rehearsal.browser import Browser
from contest.rehearsal.cli import make_instance
from contest.rehearsal.entrants import form_with, photo_form
from contest.rehearsal.jury import PIN
from contest.rehearsal.office import Office
from contest.rehearsal.play import Script, play
from judging.models.objection import Objection, Statement
from judging.models.panel import Judge
from judging.queries.entrance import signed_link
from wsgi import create_app

OK = 200
SAMPLES = 2  # so many pages of one kind does one person open, to find what they lead to
STAFF = ("operator", "approver", "auditor", "administrator")
PASSWORD = "안양천에 부는 봄바람 2025"
#: Accounts that follow their invitation: to the password, to the authenticator, to the sign-in page.
INVITED = {"이새롬": "saerom@example.kr", "한하늘": "haneul@example.kr", "정아름": "areum@example.kr"}
#: Kept in the middle of a stage as well: (stage, done) -> name.
MIDDLES = {("entry", -1): "open", ("judging", 1): "scoring"}


@dataclass(frozen=True)
class Seen:
    """A page somebody may look at: when, as whom, where, and what it said to a browser without scripts."""

    stage: str
    person: str
    endpoint: str
    address: str
    html: str


@dataclass
class Stage:
    """The contest as it stood, behind a server of its own. doors: where each person begins to walk."""

    name: str
    app: Flask
    origin: str
    people: dict[str, Browser] = field(default_factory=dict)
    doors: dict[str, list[str]] = field(default_factory=dict)

    def cookies(self, person: str) -> list[dict[str, str]]:
        """The person's cookies as a real browser takes them."""
        held = self.people[person]._client._cookies.values()
        return [{"name": one.key, "value": one.value, "url": self.origin} for one in held]


@contextmanager
def serve(app: Flask, port: int) -> Iterator[None]:
    """The application behind a threaded server."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        close(app)


def close(app: Flask) -> None:
    """Leave no child and no connection behind."""
    app.extensions["contest"].imaging.close()
    app.extensions["contest"].database.engine.dispose()


def play_and_keep(folder: Path, script: Script) -> tuple[Settings, dict[str, Path]]:
    """Play; the rows as they stood at each moment, in order. Objects are written once, so one store serves all."""
    app = make_instance(create_app(), folder)
    kept: dict[str, Path] = {}

    def keep(name: str) -> None:
        kept[name] = folder / f"{name}.sqlite3"
        source, target = sqlite3.connect(folder / "data.sqlite3"), sqlite3.connect(kept[name])
        source.backup(target)
        source.close()
        target.close()

    def keep_middle(stage: str, done: int, total: int) -> None:
        name = MIDDLES.get((stage, done)) or MIDDLES.get((stage, done - total - 1))
        if name:
            keep(name)

    try:
        play(app, script, progress=keep_middle, tell=lambda line: keep(line.split()[0]))
    finally:
        close(app)
    return app.extensions["contest"].settings, kept


@contextmanager
def open_stage(name: str, settings: Settings, database: Path) -> Iterator[Stage]:
    """A moment served, with everybody who may look at its pages already in."""
    port = free_ports(1)[0]
    origin = f"http://127.0.0.1:{port}"
    app = create_app(replace(settings, database_url=f"sqlite:///{database}", public_url=origin))
    with serve(app, port):
        stage = Stage(name, app, origin)
        _bring_in(stage)
        yield stage


def _bring_in(stage: Stage) -> None:
    office = Office(stage.app)
    stage.people = {"visitor": Browser(stage.app), "operator": office.operator, "approver": office.approver,
                    "auditor": office.auditor, "administrator": office.administrator}  # fmt: skip
    stage.doors = {"visitor": ["/", "/enter/guardian", "/sign-in", "/objection", "/lookup"]}
    for person in ("operator", "approver", "auditor", "administrator"):
        stage.doors[person] = ["/staff", "/staff/password", "/staff/sessions", "/sign-in/confirm"]
    stage.doors["administrator"].append("/staff/accounts/new")
    if stage.name == "open":
        _half_done(stage, office)
    if stage.name == "entry":
        _ask_for_papers(stage, office.operator)
    _behind_links(stage)


def _half_done(stage: Stage, office: Office) -> None:
    """What is begun while entry is open: a work, a child's entry, an account, next year's edition."""
    _ask_everything(stage)
    citizen = Browser(stage.app, address="10.230.0.1")
    page = citizen.open("/enter")
    form = form_with(page, "privacy")
    page.submit(form, {"age": "adult", "privacy": form.choices["privacy"][0]})
    picture = drawn(777, 3000, 2000, exif=ExifStamp(make="samsung", model="SM-S928N"))
    page.submit(photo_form(page), files={"photo": ("IMG_1.jpg", picture)}, press="올리기")
    stage.people["entrant"] = citizen
    private = page.path.rsplit("/", 1)[0]
    stage.doors["entrant"] = [page.path, f"{private}/papers", f"{private}/review"]

    child = Browser(stage.app, address="10.230.0.2").open("/enter/guardian")
    asked = {"c-guardian_name": "김보호", "c-guardian_phone": "010-8888-0001"}
    child.submit(form_with(child, "c-guardian_name"), asked)

    for name, login in INVITED.items():
        page = office.administrator.open("/staff/accounts/new")
        page.submit(form_with(page, "login"), {"name": name, "login": login, "role": "operator"})
    page = office.operator.open("/staff/messages/texts")
    page.submit(page.find("한 파일로 묶기"))
    _amend(office.operator)
    page = office.operator.open("/staff/editions/new")
    page.submit(form_with(page, "year"), {"year": "2025", "number": "3"})
    _take_in_winners(stage.app)
    _ask_for_news(stage)


def _take_in_winners(app: Flask) -> None:
    """A picture that won elsewhere, in the library."""
    with TemporaryDirectory() as folder:
        Path(folder, "1.jpg").write_bytes(drawn(778, 1200, 800))
        asked = ["library", "add", folder, "--title", "제10회 한강 사진공모전", "--year", "2023"]
        done = app.test_cli_runner().invoke(args=asked)
    assert done.exit_code == 0, done.output


def _ask_for_news(stage: Stage) -> None:
    """A number that is to hear of the next contest, at the address that stops it."""
    services = stage.app.extensions["contest"]
    with services.database.write() as uow:
        sealed = uow.crypto.seal("+821077770001", "news_contact.phone:told")
        ends_at = services.clock.now() + timedelta(days=365)
        uow.session.add(
            NewsContact(id="told", phone_key="told", phone_sealed=sealed, locale="ko", ends_at=ends_at)
        )
        uow.session.flush()
        path = news_path(services, uow.session, "told")
    assert path is not None
    stage.doors["visitor"].append(path)


def _ask_everything(stage: Stage) -> None:
    """The edition asks for papers too, as it might; that of 2024 does not."""
    with stage.app.extensions["contest"].database.write() as uow:
        edition = uow.session.scalars(select(Edition)).one()
        entry = {**edition.document["entry"], "drone_papers": True, "portrait_papers": True}
        edition.document = {**edition.document, "entry": entry}


def _ask_for_papers(stage: Stage, page: Browser) -> None:
    """보완요청 about the work of whoever comes back to a receipt."""
    with stage.app.extensions["contest"].database.read() as rows:
        entry = rows.scalars(select(Entry.id).where(Entry.submission_id == _first_sent().scalar_subquery()))
        page.open(f"/staff/screening/{entry.first()}")
    form = page.find("보완 요청")
    page.submit(form, {"items": form.choices["items"][:1], "ask_note": "드론 비행 승인서를 보내 주세요."})


def _first_sent() -> Select[tuple[str]]:
    sent = select(Submission.id).where(Submission.state == SubmissionState.SUBMITTED)
    return sent.order_by(Submission.id).limit(1)


def _amend(page: Browser) -> None:
    edition = next(
        link
        for link, _ in page.open("/staff/editions").links
        if re.fullmatch(r"/staff/editions/[a-z0-9]{20,}", link)
    )
    page.open(f"{edition}/amendments/new")
    changed = {"contact.phone": "02-2627-5555", "reason": "담당 전화가 바뀌었습니다."}
    page.submit(form_with(page, "reason"), changed)


def _accept_invitations(stage: Stage, accounts: dict[str, str]) -> None:
    """Each of the invited goes one step further than the one before."""
    for number, (login, link) in enumerate(accounts.items()):
        browser = stage.people[login] = Browser(stage.app, address=f"10.241.0.{number}")
        page = browser.open(link)
        stage.doors["visitor"].append(link)
        page.submit(next(form for form in page.forms if form.method == "post"))
        if number >= 1:
            page.submit(form_with(page, "password"), {"password": PASSWORD})
        stage.doors[login] = [page.path]
        if number >= 2:
            secret = page.body.decode().partition('class="secret">')[2].partition("<")[0].replace(" ", "")
            page.submit(form_with(page, "code"), {"code": pyotp.TOTP(secret).now()})
            page.open("/sign-in")
            page.submit(form_with(page, "login"), {"login": login, "password": PASSWORD})
            stage.doors[login] = [page.path]


def _behind_links(stage: Stage) -> None:
    """People who come by a private link: they press its one button."""
    crypto = stage.app.extensions["contest"].crypto
    with stage.app.extensions["contest"].database.read() as rows:
        sent = rows.scalars(
            select(Submission).where(Submission.id == _first_sent().scalar_subquery())
        ).first()
        waiting = rows.scalars(
            select(Submission).where(Submission.state == SubmissionState.AWAITING_GUARDIAN)
        ).first()
        sitting = select(Judge).where(Judge.released_at.is_(None)).order_by(Judge.id.desc())
        judge = rows.scalars(sitting.where(Judge.is_chair)).first()
        last = rows.scalars(sitting.where(~Judge.is_chair)).first()
        objection = rows.scalars(select(Objection)).first()
        statement = rows.scalars(select(Statement)).first()
        invited = rows.scalars(select(Account).where(Account.login.in_(INVITED.values()))).all()
    links = {
        "recipient": sent and f"/receipt/{sign_link(crypto, sent.id, sent.link_epoch)}",
        "guardian": waiting and f"/guardian/{sign_guardian_link(crypto, waiting.id, waiting.link_epoch)}",
        "judge": judge and f"/judge/{signed_link(crypto, judge.id, judge.link_epoch)}",
        "judge at the door": judge and f"/judge/{signed_link(crypto, judge.id, judge.link_epoch)}",
        "another judge": last and f"/judge/{signed_link(crypto, last.id, last.link_epoch)}",
        "objector": objection and f"/objection/{crypto.sign('objection', [objection.id])}",
        "asked": statement and f"/statement/{crypto.sign('statement', [statement.id])}",
    }
    activation = {one.login: f"/activate/{crypto.sign('activation', [one.id, one.epoch])}" for one in invited}
    _accept_invitations(stage, activation)
    for number, (person, link) in enumerate(links.items(), 1):
        if not link:
            continue
        browser = stage.people[person] = Browser(stage.app, address=f"10.240.0.{number}")
        page = browser.open(link)
        stage.doors["visitor"].append(page.path)
        page.submit(next(form for form in page.forms if form.method == "post"))
        if person == "judge at the door":
            stage.doors[person] = [page.path]
        elif "judge" in person:
            form = form_with(page, "pin")
            page.submit(form, {"pin": PIN, **({"again": PIN} if "again" in form.values else {})})
            stage.doors[person] = ["/desk", "/desk/help", "/desk/finish", "/desk/ties", "/desk/pledges"]
        else:
            stage.doors[person] = [page.path]


def walk(stage: Stage, *, apart: bool = True) -> Iterator[Seen]:
    """Every kind of page each person can reach, a few of each kind; not apart: staff open a few together."""
    together = dict[str, int]()
    for person, browser in stage.people.items():
        ways, met = list(stage.doors[person]), set[str]()
        opened = {} if apart or person not in STAFF else together
        while ways:
            address = ways.pop(0)
            endpoint = endpoint_of(stage.app, address)
            enough = SAMPLES if address not in stage.doors[person] else len(stage.people)
            if endpoint is None or address in met or opened.get(endpoint, 0) >= enough:
                continue
            met.add(address)
            page = browser.open(address, expect=range(200, 500))
            arrived = endpoint_of(stage.app, page.path)
            if page.status == OK and arrived:
                opened[arrived] = opened.get(arrived, 0) + 1
            if page.status == OK and arrived and page.body.lstrip()[:14].lower() == b"<!doctype html":
                yield Seen(stage.name, person, arrived, page.path, page.body.decode())
                targets = [urljoin(page.path, link) for link, _ in page.links]
                ways += [target.removeprefix(stage.origin).partition("#")[0] for target in targets]


def endpoint_of(app: Flask, address: str) -> str | None:
    """Which page an address of this application names; None for files, other origins and acts."""
    parts = urlsplit(address)
    if parts.netloc or not parts.path.startswith("/"):
        return None
    try:
        endpoint, _ = app.url_map.bind("localhost").match(parts.path, method="GET")
    except HTTPException:
        return None
    return None if endpoint in {"static", "display.choose"} else str(endpoint)
