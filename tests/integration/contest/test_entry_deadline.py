"""The deadline to the second, what may be done before and after it, guardians, retention."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from entry_citizen import SLICE, Citizen, photograph
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contest.domain.actors import SYSTEM
from contest.infra.clock import KST, SteppedClock
from contest.infra.wiring import Services
from contest.models.consent import Consent
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.outbox import Destruction, Message
from contest.models.submission import Submission, SubmissionState
from contest.operations.retention import run_erasures
from contest.operations.submit import reissue_link

CLOSES = dt.datetime(2024, 8, 30, 18, 0, tzinfo=KST)


def count(services: Services, kind: type, *where: object) -> int:
    with services.database.read() as session:
        return session.scalar(select(func.count()).select_from(kind).where(*where)) or 0


@pytest.mark.parametrize(
    ("seconds", "accepted"), [(-1, True), (-0.000001, True), (0, False), (0.000001, False), (1, False)]
)
def test_the_deadline_is_exact(
    client: FlaskClient,
    services: Services,
    edition: Edition,
    clock: SteppedClock,
    *,
    seconds: float,
    accepted: bool,
) -> None:
    citizen = Citizen(client).fill_in()
    citizen.get(citizen.url("review"))
    clock.move_to((CLOSES - dt.timedelta(hours=1)).astimezone(dt.UTC))
    citizen.get(f"/entry/{citizen.link}")
    citizen.post(f"/entry/{citizen.link}")
    citizen.get(citizen.url("review"))
    clock.move_to((CLOSES + dt.timedelta(seconds=seconds)).astimezone(dt.UTC))
    answer = citizen.post(citizen.url("submit"), submit_key="k")
    assert answer.status_code == (303 if accepted else 409)
    assert count(services, Submission, Submission.state == SubmissionState.SUBMITTED) == int(accepted)
    if not accepted:
        assert "2024. 8. 30.(금) 18:00에 마감되었습니다" in answer.get_data(as_text=True)


def test_nothing_begins_or_changes_after_the_deadline(
    app: Flask, client: FlaskClient, services: Services, edition: Edition, clock: SteppedClock
) -> None:
    citizen = Citizen(client).fill_in()
    citizen.submit()
    clock.move_to(CLOSES.astimezone(dt.UTC))
    assert "마감" in Citizen(app.test_client()).get("/enter")
    citizen.get(f"/entry/{citizen.link}")
    citizen.post(f"/entry/{citizen.link}")
    page = citizen.get(f"/receipt/{citizen.link}")
    assert "제목과 설명 고치기" not in page
    assert citizen.post(citizen.url("works/1/title"), title="다른 제목").status_code == 409
    assert citizen.begin_upload(1000, status=409, query="?replaces=1")["error"] == "entry.closed"
    citizen.get(f"/receipt/{citizen.link}/withdraw")
    citizen.post(f"/receipt/{citizen.link}/withdraw", 303)
    assert "철회를 요청하셨습니다" in citizen.get(f"/receipt/{citizen.link}")
    assert count(services, Entry, Entry.state == EntryState.WITHDRAWN) == 0


def test_a_work_is_changed_and_withdrawn_before_the_deadline(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    citizen = Citizen(client).begin()
    citizen.upload(photograph(1))
    citizen.upload(photograph(2))
    citizen.describe(1).describe(2, "둘째").identify().consent(2).submit()
    citizen.get(citizen.url("works/2/title"))
    citizen.post(citizen.url("works/2/title"), 303, title="고친 제목")
    assert "고친 제목" in citizen.get(f"/receipt/{citizen.link}")
    citizen.get(f"/receipt/{citizen.link}/withdraw?work=1")
    citizen.post(f"/receipt/{citizen.link}/withdraw?work=1", 303)
    assert count(services, Entry, Entry.state == EntryState.WITHDRAWN) == 1
    assert count(services, Submission, Submission.state == SubmissionState.SUBMITTED) == 1
    citizen.get(f"/receipt/{citizen.link}/withdraw")
    citizen.post(f"/receipt/{citizen.link}/withdraw", 303)
    assert count(services, Submission, Submission.state == SubmissionState.WITHDRAWN) == 1
    assert "철회하셨습니다" in citizen.get(f"/receipt/{citizen.link}")
    # What was withdrawn leaves room for another entry of the same person.
    assert count(services, Message, Message.code == "A3") == 2


def test_a_new_link_kills_the_old_one_and_its_secret(
    app: Flask, client: FlaskClient, services: Services, edition: Edition
) -> None:
    citizen = Citizen(client).fill_in()
    page = citizen.submit()
    secret = re.search(r"([0-9A-Z]{5}) ([0-9A-Z]{5})", page)
    assert secret is not None
    with services.database.write() as uow:
        submission_id = uow.session.scalars(select(Submission.id)).one()
        receipt = reissue_link(uow, submission_id, actor=SYSTEM, now=services.clock.now())
    assert client.get(f"/receipt/{citizen.link}").status_code == 404
    other = Citizen(app.test_client())
    other.get("/lookup")
    other.post("/lookup", 422, receipt_number="2024-02-0001", secret=secret[1] + secret[2])
    other.post("/lookup", 303, receipt_number="2024-02-0001", secret=receipt.secret)
    with services.database.read() as session:
        message = session.scalars(select(Message).where(Message.event_key.contains("reissued"))).one()
        assert services.crypto.open(message.to_sealed or b"", f"message.to:{message.id}") == "01012345678"


def test_a_child_enters_after_its_guardian_agreed(
    app: Flask, client: FlaskClient, services: Services, edition: Edition
) -> None:
    child = Citizen(client)
    child.get("/enter")
    assert child.post("/enter", 303, age="child").headers["Location"] == "/enter/guardian"
    child.get("/enter/guardian")
    answer = child.post(
        "/enter/guardian",
        303,
        **{"c-who": "child", "c-guardian_name": "홍부모", "c-guardian_phone": "010-2222-3333"},
    )
    child.link = answer.headers["Location"].split("/")[2]
    assert "보호자의 동의를 기다립니다" in child.get(f"/entry/{child.link}")
    assert child.begin_upload(1000, status=409)["error"] == "entry.awaiting_guardian"
    assert count(services, Consent) == 0
    with services.database.read() as session:
        submission = session.scalars(select(Submission)).one()
        link = services.registry.links["guardian"](services, session, submission.id)
    assert link is not None
    assert (submission.name_sealed, submission.person_key) == (None, None)
    guardian = Citizen(app.test_client())
    assert "돌보시는 어린이" not in guardian.get(link)
    guardian.post(link, 303)
    guardian.get(f"{link}/consent")
    assert guardian.post(f"{link}/consent", 422, privacy="y").status_code == 422
    guardian.post(f"{link}/consent", 200, privacy="y", guardian="y")
    assert count(services, Consent, Consent.given_by == "guardian") == 2
    child.get(child.url("photos"))
    child.upload(photograph(1))
    child.describe().identify(
        "홍어린", "010-2222-3333", guardian_name="홍부모", guardian_phone="010-2222-3333"
    )
    child.consent().submit()
    assert count(services, Submission, Submission.state == SubmissionState.SUBMITTED) == 1


def test_a_guardian_refuses_and_is_forgotten(
    app: Flask, client: FlaskClient, services: Services, edition: Edition
) -> None:
    child = Citizen(client)
    child.get("/enter/guardian")
    child.post("/enter/guardian", 303, **{"c-guardian_name": "홍부모", "c-guardian_phone": "010-2222-3333"})
    with services.database.read() as session:
        link = services.registry.links["guardian"](
            services, session, session.scalars(select(Submission.id)).one()
        )
    assert link is not None
    guardian = Citizen(app.test_client())
    guardian.get(link)
    guardian.post(link, 303)
    guardian.get(f"{link}/consent")
    guardian.post(f"{link}/consent", 200, refuse="1")
    assert count(services, Submission) == 0


def test_drafts_are_erased_seven_days_after_the_deadline(
    app: Flask, client: FlaskClient, services: Services, edition: Edition, clock: SteppedClock
) -> None:
    Citizen(app.test_client()).fill_in(1).submit()
    draft = Citizen(client).begin()
    draft.upload(photograph(2))
    clock.move_to((CLOSES + dt.timedelta(days=7) - dt.timedelta(seconds=1)).astimezone(dt.UTC))
    assert run_erasures(services, clock.now())["draft"] == 0
    clock.advance(seconds=1)
    assert run_erasures(services, clock.now())["draft"] == 1
    assert count(services, Submission) == 1
    assert len(list(services.storage.list("originals"))) == 1
    assert count(services, Destruction, Destruction.kind == "draft") == 1
    assert run_erasures(services, clock.now())["draft"] == 0


@pytest.mark.parametrize(("minutes", "accepted"), [(4, True), (5, False)])
def test_an_upload_begun_before_the_deadline_may_use_the_grace(
    client: FlaskClient,
    services: Services,
    edition: Edition,
    clock: SteppedClock,
    *,
    minutes: int,
    accepted: bool,
) -> None:
    with services.database.write() as uow:
        row = uow.session.get_one(Edition, edition.id)
        entry = {**row.document["entry"], "grace_minutes": 5}  # type: ignore[dict-item]  # JSON
        row.document, row.version = {**row.document, "entry": entry}, row.version + 1
    clock.move_to((CLOSES - dt.timedelta(minutes=1)).astimezone(dt.UTC))
    citizen = Citizen(client).fill_in()
    data = photograph(2)
    begun = citizen.begin_upload(len(data))
    clock.move_to((CLOSES + dt.timedelta(minutes=minutes)).astimezone(dt.UTC))
    for offset in range(0, len(data), SLICE) if accepted else (0,):
        sent = citizen.patch(begun["url"], data[offset : offset + SLICE], offset)
        assert sent.status_code == (200 if accepted else 409)
    assert citizen.begin_upload(10, status=409)["error"] == "entry.closed"
    if accepted:
        citizen.describe(2, "둘째").consent(2)
    assert citizen.post(citizen.url("submit"), submit_key="k").status_code == (303 if accepted else 409)


def test_the_erase_command_says_what_it_did(app: Flask, edition: Edition) -> None:
    said = app.test_cli_runner().invoke(args=["erase"]).output
    assert "draft: 0건" in said
    assert "losing_photo: 0건" in said
