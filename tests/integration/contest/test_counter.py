"""At the counter: a person without mail or smartphone leaves with a sheet of paper; the next finds nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable

import pytest
from entry_citizen import Citizen, photograph
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.domain.actors import Role
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.outbox import Message
from contest.models.submission import Submission

pytestmark = pytest.mark.any_database

LoginAs = Callable[..., FlaskClient]


def test_a_walk_in_without_mail_or_smartphone_is_complete(
    services: Services, edition: Edition, login_as: LoginAs
) -> None:
    clerk = Citizen(login_as(Role.OPERATOR))
    clerk.get("/staff/submissions/new")
    answer = clerk.post("/staff/submissions/new", 303, age="adult", consent="y")
    clerk.link = answer.headers["Location"].split("/")[2]
    clerk.get(f"/entry/{clerk.link}")
    clerk.post(f"/entry/{clerk.link}", 303)
    clerk.get(clerk.url("photos"))
    clerk.upload(photograph(3))
    clerk.describe().identify(name="김막례", phone="02-803-1234").consent()
    page = clerk.submit()
    secret = re.search(r"[0-9A-Z]{5} [0-9A-Z]{5}", page)
    assert secret
    sheet = clerk.client.get(f"/receipt/{clerk.link}/receipt.pdf")
    assert sheet.headers["Cache-Control"] == "no-store"
    assert sheet.data.startswith(b"%PDF")
    if shutil.which("pdftotext"):
        raw = subprocess.run(
            ["pdftotext", "-raw", "-", "-"], input=sheet.data, stdout=subprocess.PIPE, check=True
        )
        for told in ("2024-02-0001", "김막례", "안양천의 아침", secret[0], "02-2627"):
            assert told in raw.stdout.decode()
    with services.database.read() as session:
        entered = session.scalars(select(Submission)).one()
        channels = [row.channel for row in session.scalars(select(Message))]
    assert entered.entered_by is not None
    assert channels == ["phone"]


@pytest.fixture
def kiosk(app: Flask, services: Services, edition: Edition, login_as: LoginAs) -> Citizen:
    """A device that staff have put at the counter."""
    device = Citizen(login_as(Role.OPERATOR))
    device.get("/staff/kiosk")
    device.post("/staff/kiosk", 303)
    assert device.client.get("/staff").status_code == 302
    return device


def test_the_next_person_finds_nothing_of_the_one_before(kiosk: Citizen, services: Services) -> None:
    kiosk.begin()
    kiosk.upload(photograph(3))
    kiosk.describe().identify().consent()
    receipt = kiosk.submit()
    assert "마치고 처음으로" in receipt
    kiosk.get("/enter")
    kiosk.post("/kiosk/clear", 303)
    for path in (f"/receipt/{kiosk.link}", kiosk.url("photos"), f"/entry/{kiosk.link}"):
        page = kiosk.get(path)
        assert "홍길동" not in page
        assert "열지 않습니다" in page
    kiosk.post(f"/entry/{kiosk.link}")
    assert "홍길동" not in kiosk.get(f"/receipt/{kiosk.link}")
    with services.database.read() as session:
        assert session.scalars(select(Submission)).one().state.value == "submitted"


def test_who_goes_away_without_a_word_is_forgotten(
    kiosk: Citizen, services: Services, clock: SteppedClock
) -> None:
    kiosk.begin()
    kiosk.upload(photograph(3))
    clock.advance(seconds=100)
    kiosk.describe().identify()
    clock.advance(seconds=121)
    assert kiosk.client.get(kiosk.url("review")).headers["Location"].endswith("/enter")
    with services.database.read() as session:
        assert session.scalars(select(Submission)).all() == []
    assert list(services.storage.list("originals")) == []


def test_a_browser_inside_an_app_is_helped_and_not_stopped(client: FlaskClient, edition: Edition) -> None:
    page = client.get("/enter", headers={"User-Agent": "Android KAKAOTALK 10"}).get_data(as_text=True)
    assert "카카오톡 안에서 열려 있습니다" in page
    assert "kakaotalk://web/openExternal?url=http%3A%2F%2Flocalhost%2Fenter" in page
    assert "개인정보" in page
    assert "안에서 열려" not in client.get("/enter").get_data(as_text=True)
