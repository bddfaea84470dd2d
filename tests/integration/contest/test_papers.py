"""Papers: a guardian's signed form, permits, portrait consents; teams; and that all of it goes with its owner."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from entry_citizen import Citizen, photograph
from factories import photos
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from contest.domain.actors import Role
from contest.domain.papers import is_drone
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.outbox import Message
from contest.models.paper import Paper
from contest.models.submission import Submission

LoginAs = Callable[..., FlaskClient]
PDF = b"%PDF-1.7\n" + b"0" * 500


def asks(services: Services, edition: Edition, **entry: Any) -> None:
    with services.database.write() as uow:
        row = uow.session.get_one(Edition, edition.id)
        held: Any = row.document["entry"]
        row.document, row.version = {**row.document, "entry": {**held, **entry}}, row.version + 1


def hand_in(citizen: Citizen, data: bytes, **fields: str) -> TestResponse:
    answer = citizen.client.post(
        citizen.url("papers"),
        data={"csrf_token": citizen.token, "paper": (io.BytesIO(data), "서류.bin"), **fields},
        content_type="multipart/form-data",
    )
    answer.request.environ["wsgi.input"].close()
    return answer


def test_a_signed_form_confirmed_by_staff_opens_the_entry(
    client: FlaskClient, services: Services, edition: Edition, login_as: LoginAs
) -> None:
    child = Citizen(client)
    child.get("/enter/guardian")
    answer = child.post("/enter/guardian", 303, **{
        "c-who": "child", "c-guardian_name": "김보호", "c-guardian_phone": "010-8888-0001",
    })  # fmt: skip
    child.link = answer.headers["Location"].split("/")[2]
    assert "서명한 동의서" in child.get(f"/entry/{child.link}")
    assert client.get("/call/guardian.pdf").data.startswith(b"%PDF")
    assert "JPG, PNG, PDF" in hand_in(child, b"<html>").get_data(as_text=True)
    assert hand_in(child, PDF).status_code == 303
    with services.database.read() as session:
        paper, submission = session.scalars(select(Paper)).one(), session.scalars(select(Submission)).one()
    assert services.storage.get(f"entry-papers/{paper.id}") == PDF

    clerk = Citizen(login_as(Role.OPERATOR))
    page = f"/staff/submissions/{submission.id}"
    assert "법정대리인 동의서" in clerk.get(page)
    taken = clerk.post(f"/staff/entry-papers/{paper.id}", 200, reason="identity")
    assert (taken.data, taken.mimetype) == (PDF, "application/pdf")
    assert taken.headers["Content-Disposition"].startswith("attachment")
    clerk.post(f"/staff/entry-papers/{paper.id}", 422, reason="")
    clerk.post(f"{page}/guardian", 303)
    assert "서명한 동의서를 확인하고" in clerk.get(page)
    clerk.post(f"{page}/guardian", 303, seen="y")
    assert "사진 올리기" in child.get(f"/entry/{child.link}")
    with services.database.read() as session:
        codes = sorted(session.scalars(select(Message.code)))
        assert session.scalars(select(Paper)).one().confirmed_by is not None
    assert codes == ["A4", "A5"]


def test_papers_an_edition_asks_for_are_asked_once_and_go_with_the_entry(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    asks(services, edition, drone_papers=True, portrait_papers=True, team_size=3)
    citizen = Citizen(client).begin()
    assert citizen.upload(photograph(3))["state"] in {"ok", "note"}
    citizen.describe().identify(members="이하나\n박두리")
    citizen.consent(portrait="consented")
    assert "초상권 동의서를 올려 주세요" in citizen.submit(422)
    citizen.get(citizen.url("papers"))
    assert hand_in(citizen, photos.jpeg(), kind="portrait").status_code == 303
    assert hand_in(citizen, PDF, kind="drone").status_code == 303
    assert hand_in(citizen, PDF, kind="guardian").status_code == 409
    assert "2024-02-0001" in citizen.submit()
    assert {p["kind"] for p in client.get(f"/receipt/{citizen.link}/data.json").get_json()["papers"]} == {
        "portrait", "drone",
    }  # fmt: skip
    assert client.get(f"/receipt/{citizen.link}/data.json").get_json()["members"] == ["이하나", "박두리"]
    citizen.get(citizen.url("erase"))
    citizen.post(citizen.url("erase"), 200)
    assert list(services.storage.list("entry-papers")) == []
    with services.database.read() as session:
        assert session.scalars(select(Paper)).all() == []
        assert session.scalars(select(Submission)).one().members_sealed is None


def test_a_wrong_paper_is_taken_back_and_nobody_fills_the_disk(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    asks(services, edition, portrait_papers=True)
    citizen = Citizen(client).begin()
    assert hand_in(citizen, PDF, kind="drone").status_code == 409
    for _ in range(5):
        assert hand_in(citizen, PDF, kind="portrait").status_code == 303
    assert hand_in(citizen, PDF, kind="portrait").status_code == 409
    assert hand_in(citizen, PDF + b"0" * (10 << 20), kind="portrait").status_code == 422
    with services.database.read() as session:
        first = session.scalars(select(Paper)).first()
    assert first is not None
    citizen.post(citizen.url(f"papers/{first.id}/remove"), 303)
    assert len(list(services.storage.list("entry-papers"))) == 4
    too_many = citizen.post(
        citizen.url("person"), 422, name="홍길동", phone="010-1234-5678", members="김하나"
    )
    assert "0명까지" in too_many.get_data(as_text=True)


@pytest.mark.parametrize(
    ("device", "flies"), [("DJI FC3582", True), ("Hasselblad L2D-20c", True), ("Hasselblad X2D", False), (None, False)]
)  # fmt: skip
def test_a_drone_is_told_by_its_name(device: str | None, *, flies: bool) -> None:
    assert is_drone(device) is flies
