"""Visitors who mean no good: they fill no disk, send nobody messages, lock nobody out and break no page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from entry_citizen import Citizen
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from contest.domain.actors import Actor, Role
from contest.domain.errors import Missing
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.outbox import Message
from contest.models.submission import Submission
from contest.operations import begin
from contest.operations.office_acts import withdraw_for
from contest.operations.uploads import MOST_SPARE
from contest.queries.editions import rules_of

HUGE = "9" * 30
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


def test_a_draft_keeps_only_a_few_unfinished_uploads(
    client: FlaskClient, services: Services, clock: SteppedClock, edition: Edition
) -> None:
    citizen = Citizen(client).begin()
    begun: list[Any] = []
    for _ in range(20):
        clock.advance(seconds=1)
        begun.append(citizen.begin_upload(4_000_000))
        citizen.patch(begun[-1]["url"], b"x" * 1000, 0)
    most = rules_of(edition).entry.works_per_person + MOST_SPARE
    assert len(list(services.storage.list("uploads"))) == most
    assert citizen.patch(begun[0]["url"], b"x" * 1000, 1000).status_code == 404
    assert citizen.patch(begun[-1]["url"], b"x" * 1000, 1000).status_code == 200


def test_looking_keeps_nothing_and_one_network_begins_no_drafts_without_end(
    app: Flask, client: FlaskClient, services: Services, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begin, "FREE_DRAFTS", 5)
    citizen = Citizen(client)
    for _ in range(20):
        citizen.get("/enter")
    assert _drafts(services) == 0
    answers = []
    for _ in range(7):
        citizen.get("/enter")
        answers.append(citizen.post("/enter", age="adult", privacy="y").status_code)
    assert answers == [303] * 5 + [429] * 2
    assert _drafts(services) == 5
    neighbour = Citizen(app.test_client())
    neighbour.client.environ_base = neighbour.client.environ_base | ELSEWHERE
    neighbour.get("/enter")
    assert neighbour.post("/enter", age="adult", privacy="y").status_code == 303


def _drafts(services: Services) -> int:
    with services.database.read() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


def test_a_number_is_not_sent_messages_without_end(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    citizen = Citizen(client)
    answers = []
    for written in ("010-9999-8888", "01099998888", "010 9999 8888", "+82 10-9999-8888", "010-9999-8888"):
        citizen.get("/enter/guardian")
        fields: dict[str, Any] = {"c-guardian_name": "김보호", "c-guardian_phone": written}
        answers.append(citizen.post("/enter/guardian", **fields).status_code)
    assert answers == [303, 303, 303, 429, 429]
    with services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 3


def test_wrong_secrets_from_elsewhere_keep_nobody_from_their_receipt(
    app: Flask, client: FlaskClient, edition: Edition
) -> None:
    owner = Citizen(client).fill_in()
    page = owner.submit()
    number, secret = _number_and_secret(page)
    stranger = app.test_client()
    stranger.environ_base |= ELSEWHERE
    attacker = Citizen(stranger)
    for _ in range(12):
        attacker.get("/lookup")
        last = attacker.post("/lookup", receipt_number=number, secret="2222222222").status_code
    assert last == 429
    again = Citizen(app.test_client())
    again.get("/lookup")
    again.post("/lookup", 303, receipt_number=number, secret=secret)


def _number_and_secret(page: str) -> tuple[str, str]:
    number = re.search(r"\d{4}-\d{2}-\d{4,}", page)
    secret = re.search(r"\b[2-9A-HJKMNP-TV-Z]{5} [2-9A-HJKMNP-TV-Z]{5}\b", page)
    assert number is not None
    assert secret is not None
    return number[0], secret[0]


def test_whoever_took_everything_back_may_still_erase_it(
    client: FlaskClient, services: Services, edition: Edition
) -> None:
    citizen = Citizen(client).fill_in()
    citizen.submit()
    citizen.get(f"/receipt/{citizen.link}/withdraw")
    citizen.post(f"/receipt/{citizen.link}/withdraw", 303)
    citizen.get(citizen.url("erase"))
    citizen.post(citizen.url("erase"), 200)
    assert list(services.storage.list("originals")) == []


def test_numbers_too_large_for_any_row_are_unknown(client: FlaskClient, edition: Edition) -> None:
    citizen = Citizen(client).begin()
    assert client.get(citizen.url(f"works/{HUGE}/title")).status_code == 404
    assert citizen.post(citizen.url(f"works/{HUGE}/remove")).status_code == 404
    citizen.begin_upload(1000, status=201, query=f"?replaces={HUGE}")


@pytest.mark.parametrize(
    "path", ["/staff/trail?before=", "/staff/submissions?page=", "/staff/messages?page="]
)
def test_lists_of_staff_take_any_number(login_as: Any, edition: Edition, path: str) -> None:
    staff = login_as(Role.AUDITOR)
    assert [staff.get(path + number).status_code for number in (HUGE, "-1", "0", "²")] == [200] * 4


@pytest.mark.parametrize(("depth", "status"), [(60_000, 422), (200_000, 413)])
def test_nested_json_is_refused_like_any_other(
    client: FlaskClient, edition: Edition, depth: int, status: int
) -> None:
    citizen = Citizen(client).begin()
    answer = client.post(
        f"/upload/{citizen.link}",
        data="[" * depth,
        headers={"X-CSRFToken": citizen.token, "Content-Type": "application/json"},
    )
    assert answer.status_code == status


@pytest.mark.parametrize("path", ["/lookup", "/objection", "/verification/objection", "/enter"])
def test_pages_of_one_person_are_kept_by_no_browser(client: FlaskClient, edition: Edition, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_an_error_of_the_database_tells_no_values(services: Services) -> None:
    with pytest.raises(DBAPIError) as raised, services.database.read() as session:
        session.execute(text("SELECT :name FROM nowhere"), {"name": "홍길동"})
    assert "홍길동" not in str(raised.value)


def test_staff_withdraw_nothing_that_was_never_handed_in(
    client: FlaskClient, services: Services, edition: Edition, make_account: Any
) -> None:
    citizen = Citizen(client)
    citizen.get("/enter/guardian")
    fields: dict[str, Any] = {"c-guardian_name": "김보호", "c-guardian_phone": "010-9999-8888"}
    citizen.post("/enter/guardian", 303, **fields)
    operator: Actor = make_account(Role.OPERATOR)
    with services.database.write() as uow, pytest.raises(Missing):
        waiting = uow.session.scalars(select(Submission.id)).one()
        withdraw_for(uow, waiting, "전화로 요청했습니다", actor=operator, now=services.clock.now())


def test_works_handed_in_under_another_name_cannot_be_taken_over_beyond_the_cap(
    app: Flask, client: FlaskClient, edition: Edition
) -> None:
    for seed in (1, 2):
        Citizen(app.test_client()).fill_in(seed).submit()
    other = Citizen(client).fill_in(3, name="다른이", phone="010-7777-6666")
    other.submit()
    other.get(other.url("person"))
    other.post(other.url("person"), 409, name="홍길동", phone="010-1234-5678")
    other.post(other.url("person"), 303, name="다른 사람", phone="010-7777-6666")
