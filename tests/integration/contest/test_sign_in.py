"""Signing in: the same answer to everyone who is wrong, a second factor used once, a growing wait."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from contest.domain.actors import Role
from contest.infra.clock import SteppedClock
from contest.infra.settings import Settings
from contest.infra.wiring import Services
from contest.models.account import Account, LoginSession, Throttle
from contest.models.audit import AuditRow
from contest.operations.audit import broken_link
from contest.operations.demonstration import seed_demonstration
from contest.operations.sign_in import recovery_digest
from wsgi import create_app

PASSWORD = "긴 비밀번호 하나면 충분합니다"
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def production(settings: Settings, clock: SteppedClock) -> Iterator[Flask]:
    """The same instance run for real."""
    app = create_app(dataclasses.replace(settings, mode="production"), clock=clock)
    yield app
    services: Services = app.extensions["contest"]
    services.imaging.close()
    services.database.engine.dispose()


@pytest.fixture
def real(production: Flask) -> Services:
    held: Services = production.extensions["contest"]
    return held


def make_staff(services: Services, login: str = "kim", role: Role = Role.OPERATOR) -> str:
    with services.database.write() as uow:
        account_id = services.ids.token()
        uow.session.add(
            Account(
                id=account_id, login=login, name="김담당", role=role, epoch=1,
                password_digest=services.passwords.hash(PASSWORD),
                totp_secret=services.crypto.seal(TOTP, f"account.totp_secret:{account_id}"),
                recovery_digests=[recovery_digest(uow, account_id, "ABCDEFGH23")],
                created_at=services.clock.now(), activated_at=services.clock.now(),
            )
        )  # fmt: skip
    return account_id


def token_of(client: FlaskClient, path: str = "/sign-in") -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found
    return found[1]


def give_password(client: FlaskClient, login: str, password: str, target: str = "") -> TestResponse:
    data = {"csrf_token": token_of(client), "login": login, "password": password, "next": target}
    return client.post("/sign-in", data=data)


def give_code(client: FlaskClient, code: str) -> TestResponse:
    return client.post("/sign-in/code", data={"csrf_token": token_of(client, "/sign-in/code"), "code": code})


def code_at(clock: SteppedClock) -> str:
    return pyotp.TOTP(TOTP).at(clock.wall())


def sign_in(app: Flask, clock: SteppedClock, login: str = "kim") -> FlaskClient:
    client = app.test_client()
    assert give_password(client, login, PASSWORD).location == "/sign-in/code"
    assert give_code(client, code_at(clock)).location == "/staff"
    return client


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def without_tokens(body: str) -> str:
    return re.sub(r'value="[^"]*"', "", body)


def test_password_and_code_lead_to_the_page_that_was_asked_for(
    production: Flask, real: Services, clock: SteppedClock
) -> None:
    make_staff(real)
    client = production.test_client()
    assert client.get("/staff").location == "/sign-in?next=/staff"
    assert give_password(client, " KIM ", PASSWORD, "/staff?a=1").location == "/sign-in/code"
    assert client.get("/staff").status_code == 302  # a right password alone opens nothing
    assert give_code(client, code_at(clock)).location == "/staff?a=1"
    assert client.get("/staff").status_code == 200


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb"]
)
def test_nobody_is_led_elsewhere(production: Flask, real: Services, clock: SteppedClock, target: str) -> None:
    make_staff(real)
    client = production.test_client()
    give_password(client, "kim", PASSWORD, target)
    assert give_code(client, code_at(clock)).location == "/staff"


def test_unknown_and_wrong_are_answered_alike(production: Flask, real: Services) -> None:
    make_staff(real)
    make_staff(real, "off")
    with real.database.write() as uow:
        account = uow.session.scalars(select(Account).where(Account.login == "off")).one()
        account.disabled_at = real.clock.now()
    wrong = give_password(production.test_client(), "kim", "wrong")
    unknown = give_password(production.test_client(), "nim", "wrong")
    disabled = give_password(production.test_client(), "off", PASSWORD)
    assert (wrong.status_code, unknown.status_code, disabled.status_code) == (422, 422, 422)
    bodies = {without_tokens(answer.get_data(as_text=True)) for answer in (wrong, unknown, disabled)}
    assert len(bodies) == 1
    assert "아이디 또는 비밀번호가 맞지 않습니다" in bodies.pop()
    with real.database.read() as session:  # and each leaves one act in the trail
        acts = session.scalars(select(AuditRow.action)).all()
    assert acts == ["account.sign_in_refused"] * 3


def test_a_judge_cannot_sign_in_here_with_a_pin(production: Flask, real: Services) -> None:
    make_staff(real, "judge", Role.JUDGE)
    assert give_password(production.test_client(), "judge", PASSWORD).status_code == 422


def test_an_account_without_a_second_factor_is_not_let_into_a_real_instance(
    production: Flask, real: Services
) -> None:
    account_id = make_staff(real)
    with real.database.write() as uow:
        uow.session.get_one(Account, account_id).totp_secret = None
    assert give_password(production.test_client(), "kim", PASSWORD).status_code == 422


def test_twenty_wrong_passwords_slow_the_network_and_never_lock(
    production: Flask, real: Services, clock: SteppedClock
) -> None:
    make_staff(real)
    client = production.test_client()
    statuses = [give_password(client, "kim", "wrong").status_code for _ in range(20)]
    assert statuses == [422] * 5 + [429] * 15
    waits: list[dt.timedelta] = []
    for _ in range(15):
        began = clock.wall()
        while give_password(client, "kim", "wrong").status_code == 429:
            clock.advance(seconds=1 if len(waits) < 5 else 60)
        waits.append(clock.wall() - began)
    assert waits == sorted(waits)
    assert waits[-1] <= dt.timedelta(minutes=11)
    assert give_password(client, "kim", PASSWORD).status_code == 429
    clock.advance(minutes=15)
    assert give_password(client, "kim", PASSWORD).location == "/sign-in/code"
    with real.database.read() as session:
        assert session.scalars(select(Throttle)).all() == []


def test_another_network_is_not_held_up(production: Flask, real: Services) -> None:
    make_staff(real)
    client = production.test_client()
    for _ in range(8):
        give_password(client, "kim", "wrong")
    elsewhere = production.test_client()
    elsewhere.environ_base = {**elsewhere.environ_base, "REMOTE_ADDR": "203.0.113.9"}
    assert give_password(elsewhere, "kim", PASSWORD).location == "/sign-in/code"


def test_a_code_works_once(production: Flask, real: Services, clock: SteppedClock) -> None:
    make_staff(real)
    sign_in(production, clock)
    second = production.test_client()
    give_password(second, "kim", PASSWORD)
    answer = give_code(second, code_at(clock))
    assert answer.status_code == 422
    assert "한 번 쓴 번호는 다시 쓸 수 없습니다" in answer.get_data(as_text=True)
    clock.advance(seconds=30)
    assert give_code(second, code_at(clock)).location == "/staff"


def test_a_recovery_code_works_once_however_it_is_typed(production: Flask, real: Services) -> None:
    make_staff(real)
    first, second = production.test_client(), production.test_client()
    for client in (first, second):
        give_password(client, "kim", PASSWORD)
    assert give_code(first, "abcde-fgh23").location == "/staff"
    assert give_code(second, "ABCDEFGH23").status_code == 422
    with real.database.read() as session:
        account = session.scalars(select(Account)).one()
        assert account.recovery_digests == []
        assert "account.recovery_used" in session.scalars(select(AuditRow.action)).all()


def test_guessing_codes_is_slowed(production: Flask, real: Services, clock: SteppedClock) -> None:
    make_staff(real)
    client = production.test_client()
    give_password(client, "kim", PASSWORD)
    assert [give_code(client, "000000").status_code for _ in range(7)] == [422] * 5 + [429] * 2
    clock.advance(minutes=6)  # the right password is asked for again
    assert (
        client.post("/sign-in/code", data={"csrf_token": token_of(client), "code": "1"}).location
        == "/sign-in"
    )


def test_sign_in_changes_the_token_and_ends_the_session_before_it(
    production: Flask, real: Services, clock: SteppedClock
) -> None:
    make_staff(real)
    client = sign_in(production, clock)
    before = cookie_of(client)
    clock.advance(seconds=60)
    give_password(client, "kim", PASSWORD)
    give_code(client, code_at(clock))
    assert cookie_of(client) != before
    thief = production.test_client()
    thief.set_cookie("session", before)
    assert thief.get("/staff").status_code == 302
    assert client.get("/staff").status_code == 200


def test_what_was_planted_before_sign_in_is_gone(
    production: Flask, real: Services, clock: SteppedClock
) -> None:
    make_staff(real)
    client = production.test_client()
    with client.session_transaction() as planted:
        planted["evil"] = "yes"
    give_password(client, "kim", PASSWORD)
    give_code(client, code_at(clock))
    with client.session_transaction() as kept:
        assert set(kept) & {"evil", "proof"} == set()


def test_a_copied_cookie_is_worth_nothing_after_sign_out(
    production: Flask, real: Services, clock: SteppedClock
) -> None:
    make_staff(real)
    client = sign_in(production, clock)
    copied = cookie_of(client)
    client.post("/sign-out", data={"csrf_token": token_of(client, "/staff")})
    thief = production.test_client()
    thief.set_cookie("session", copied)
    assert thief.get("/staff").location == "/sign-in?next=/staff"


def test_disabling_ends_every_session_at_once(production: Flask, real: Services, clock: SteppedClock) -> None:
    account_id = make_staff(real)
    client = sign_in(production, clock)
    with real.database.write() as uow:
        uow.session.get_one(Account, account_id).disabled_at = clock.now()
    assert client.get("/staff").status_code == 302


def test_idle_and_absolute_limits(production: Flask, real: Services, clock: SteppedClock) -> None:
    make_staff(real)
    client = sign_in(production, clock)
    clock.advance(minutes=29)
    assert client.get("/staff").status_code == 200
    clock.advance(minutes=31)
    assert client.get("/staff").status_code == 302
    client = sign_in(production, clock)
    for _ in range(24):  # busy all day, every 29 minutes and a little
        clock.advance(minutes=29, seconds=30)
        assert client.get("/staff").status_code == 200
    clock.advance(minutes=13)
    assert client.get("/staff").status_code == 302


def test_no_session_row_before_somebody_proved_who_they_are(production: Flask, real: Services) -> None:
    make_staff(real)
    client = production.test_client()
    client.get("/sign-in")
    give_password(client, "kim", PASSWORD)
    with real.database.read() as session:
        assert session.scalars(select(LoginSession)).all() == []


def test_a_stale_digest_is_made_anew(production: Flask, real: Services) -> None:
    from argon2 import PasswordHasher

    account_id = make_staff(real)
    older = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with real.database.write() as uow:
        uow.session.get_one(Account, account_id).password_digest = older
    assert give_password(production.test_client(), "kim", PASSWORD).location == "/sign-in/code"
    with real.database.read() as session:
        digest = session.scalars(select(Account.password_digest)).one()
    assert digest not in {older, None}
    assert not real.passwords.is_stale(str(digest))


def test_cookies_over_https_are_bound_to_the_host(settings: Settings, clock: SteppedClock) -> None:
    app = create_app(
        dataclasses.replace(settings, mode="production", public_url="https://photo.example.kr"), clock=clock
    )
    held: Services = app.extensions["contest"]
    client = app.test_client()
    answer = client.get("/sign-in", base_url="https://photo.example.kr")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {part.strip() for part in cookie.split(";")[1:]} >= {
        "Secure",
        "HttpOnly",
        "Path=/",
        "SameSite=Lax",
    }
    assert "Domain" not in cookie
    held.database.engine.dispose()


def test_a_demonstration_enters_each_role_by_one_button(app: Flask, services: Services) -> None:
    seed_demonstration(services)
    seed_demonstration(services)  # harmless when repeated
    page = app.test_client().get("/sign-in").get_data(as_text=True)
    names = ["운영자 김운영", "승인자 이승인", "감사 박감사", "시스템관리자 최관리"]
    assert [name for name in names if name in page] == names
    accounts = re.findall(r'name="account" value="(\w+)"', page)
    assert len(accounts) == 4
    for account_id in accounts:
        client = app.test_client()
        data = {"csrf_token": token_of(client), "account": account_id}
        assert client.post("/sign-in/demonstration", data=data).location == "/staff"
        assert client.get("/staff").status_code == 200
    with services.database.read() as session:
        assert broken_link(session) is None


def test_a_real_instance_has_no_such_button(production: Flask, real: Services) -> None:
    make_staff(real)
    with real.database.write() as uow:
        account = uow.session.scalars(select(Account)).one()
        account.password_digest = None
    client = production.test_client()
    assert 'name="account"' not in client.get("/sign-in").get_data(as_text=True)
    data = {"csrf_token": token_of(client), "account": account.id}
    assert client.post("/sign-in/demonstration", data=data).status_code == 404


def test_a_password_account_is_not_entered_by_a_button(app: Flask, services: Services) -> None:
    account_id = make_staff(services)
    client = app.test_client()
    data = {"csrf_token": token_of(client), "account": account_id}
    assert client.post("/sign-in/demonstration", data=data).status_code == 404


def test_the_trail_keeps_no_password_login_or_address(
    production: Flask, real: Services, clock: SteppedClock, tmp_path: Path
) -> None:
    make_staff(real, "secretlogin")
    give_password(production.test_client(), "secretlogin", "wrong-guess")
    sign_in(production, clock, "secretlogin")
    with real.database.read() as session:
        rows = session.scalars(select(AuditRow)).all()
        written = " ".join(f"{row.actor_id} {row.subject_id} {row.facts}" for row in rows)
    for value in ("secretlogin", "wrong-guess", PASSWORD, "127.0.0"):
        assert value not in written
