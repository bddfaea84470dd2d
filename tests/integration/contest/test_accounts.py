"""Accounts: two persons for every role, activation with a second factor, sessions that end at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, ContestError, Denied, Invalid
from contest.domain.grants import GrantPurpose
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.account import Account, RoleGrant
from contest.models.audit import AuditRow
from contest.operations.accounts import ask_grant, decide_grant, disable, invite

MakeAccount = Callable[..., Actor]
LoginAs = Callable[..., FlaskClient]
PASSWORD = "금천구 사진공모전 담당자의 비밀번호"


def token_of(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found
    return found[1]


def post(client: FlaskClient, path: str, page: str = "/staff/sessions", **data: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token_of(client, page), **data})


def the_grant(services: Services) -> RoleGrant:
    with services.database.read() as session:
        grant = session.scalars(select(RoleGrant).order_by(RoleGrant.asked_at.desc())).first()
        assert grant is not None
        session.expunge(grant)
        return grant


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ContestError) as caught:
        call()
    return caught.value.code


def test_from_the_invitation_to_the_first_sign_in(
    app: Flask, services: Services, clock: SteppedClock, make_account: MakeAccount, login_as: LoginAs
) -> None:
    administrator, approver = login_as(Role.ADMINISTRATOR), login_as(Role.APPROVER)
    answer = post(
        administrator, "/staff/accounts/new", "/staff/accounts/new",
        name="정담당", login="Jung@geumcheon.go.kr", role="operator",
    )  # fmt: skip
    page = answer.location
    account_id = page.rsplit("/", 1)[1]
    assert "활성화 링크 만들기" not in administrator.get(page).get_data(as_text=True)
    assert post(administrator, f"{page}/link").status_code == 409
    grant_path = f"/staff/accounts/grants/{the_grant(services).id}"
    assert post(administrator, grant_path, decision="grant").status_code == 403  # the asker
    assert post(approver, grant_path, decision="grant").status_code == 303

    shown = post(administrator, f"{page}/link").get_data(as_text=True)
    first = re.search(r"http://localhost(/activate/[^<\s]+)", shown)
    assert first
    shown = post(administrator, f"{page}/link").get_data(as_text=True)
    link = re.search(r"http://localhost(/activate/[^<\s]+)", shown)
    assert link

    owner = app.test_client()
    bogus = without_tokens(owner.get("/activate/bogus").get_data(as_text=True)).replace("bogus", "")
    good = without_tokens(owner.get(link[1]).get_data(as_text=True)).replace(link[1].rsplit("/", 1)[1], "")
    assert bogus == good  # a robot that opens the page learns nothing
    assert post(owner, first[1], first[1]).status_code == 404  # void since the second was made
    assert post(owner, link[1], link[1]).location == "/activation/password"
    assert owner.get("/activation/code").location == "/activation/password"
    short = post(owner, "/activation/password", "/activation/password", password="짧다")
    assert short.status_code == 422
    assert "15자 이상" in short.get_data(as_text=True)
    chosen = post(owner, "/activation/password", "/activation/password", password=PASSWORD)
    assert chosen.location == "/activation/code"
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', owner.get("/activation/code").get_data(as_text=True))
    assert secret
    totp = pyotp.TOTP(secret[1].replace(" ", ""))
    assert post(owner, "/activation/code", "/activation/code", code="000000").status_code == 422
    done = post(owner, "/activation/code", "/activation/code", code=totp.at(clock.wall()))
    codes = re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", done.get_data(as_text=True))
    assert len(set(codes)) == 10
    assert done.headers["Cache-Control"] == "no-store"
    assert post(owner, link[1], link[1]).status_code == 404  # used up

    sign_in = {"login": "jung@geumcheon.go.kr", "password": PASSWORD}
    assert post(owner, "/sign-in", "/sign-in", **sign_in).location == "/sign-in/code"
    code = {"code": totp.at(clock.wall())}
    assert post(owner, "/sign-in/code", "/sign-in/code", **code).status_code == 422  # the activation used it
    assert post(owner, "/sign-in/code", "/sign-in/code", code=codes[3].lower()).location == "/staff"
    with services.database.read() as session:
        trail = session.scalars(select(AuditRow.action).where(AuditRow.subject_id == account_id)).all()
        stored = session.get_one(Account, account_id)
        assert PASSWORD not in str(stored.password_digest)
        assert codes[0].replace("-", "") not in str(stored.recovery_digests)
    assert trail == [
        "account.invited", "grant.asked", "grant.granted", "account.link_issued", "account.link_issued",
        "account.password_set", "account.activated", "account.code_refused", "account.recovery_used",
        "account.signed_in",
    ]  # fmt: skip


def without_tokens(body: str) -> str:
    return re.sub(r'value="[^"]*"', "", body)


def test_nobody_raises_themselves(services: Services, make_account: MakeAccount) -> None:
    one, two = make_account(Role.ADMINISTRATOR), make_account(Role.ADMINISTRATOR)
    operator = make_account(Role.OPERATOR)
    now = services.clock.now()
    with services.database.write() as uow:
        own = refusal(
            lambda: ask_grant(uow, str(one.id), Role.APPROVER, GrantPurpose.ROLE, actor=one, now=now)
        )
        by_operator = refusal(
            lambda: ask_grant(uow, str(one.id), Role.AUDITOR, GrantPurpose.ROLE, actor=operator, now=now)
        )
        ask_grant(uow, str(two.id), Role.APPROVER, GrantPurpose.ROLE, actor=one, now=now)
    assert (own, by_operator) == ("account.own", "denied.role")
    grant = the_grant(services)
    with services.database.write() as uow:
        by_asker = refusal(lambda: decide_grant(uow, grant.id, is_granted=True, actor=one, now=now))
        by_owner = refusal(lambda: decide_grant(uow, grant.id, is_granted=True, actor=two, now=now))
        by_role = refusal(lambda: decide_grant(uow, grant.id, is_granted=True, actor=operator, now=now))
    assert (by_asker, by_owner, by_role) == ("grant.two_persons", "grant.own", "denied.role")
    with services.database.read() as session:
        assert session.get_one(Account, two.id).role is Role.ADMINISTRATOR


@pytest.mark.parametrize("column", ["asked_by", "account_id"])
def test_the_database_refuses_one_person_as_two(
    services: Services, make_account: MakeAccount, column: str
) -> None:
    one, two = make_account(Role.ADMINISTRATOR), make_account(Role.OPERATOR)
    with services.database.write() as uow:
        ask_grant(uow, str(two.id), Role.AUDITOR, GrantPurpose.ROLE, actor=one, now=services.clock.now())
    with pytest.raises(IntegrityError), services.database.write() as uow:
        grant = uow.session.scalars(select(RoleGrant)).one()
        grant.granted_by = getattr(grant, column)


def test_another_role_ends_sessions_and_counts_at_once(
    services: Services, make_account: MakeAccount, login_as: LoginAs
) -> None:
    administrator, approver, other = (
        make_account(role) for role in (Role.ADMINISTRATOR, Role.APPROVER, Role.OPERATOR)
    )
    browser = login_as(other)
    now = services.clock.now()
    with services.database.write() as uow:
        ask_grant(uow, str(other.id), Role.AUDITOR, GrantPurpose.ROLE, actor=administrator, now=now)
    assert browser.get("/staff").status_code == 200
    with services.database.write() as uow:
        decide_grant(uow, the_grant(services).id, is_granted=True, actor=approver, now=now)
    assert browser.get("/staff").status_code == 302
    assert login_as(other).get("/staff/trail").status_code == 200
    with services.database.write() as uow, pytest.raises(Conflict, match="decided"):
        decide_grant(uow, the_grant(services).id, is_granted=True, actor=approver, now=now)


def test_disabled_at_once_back_only_by_two(
    services: Services, make_account: MakeAccount, login_as: LoginAs
) -> None:
    administrator, approver, other = (
        make_account(role) for role in (Role.ADMINISTRATOR, Role.APPROVER, Role.OPERATOR)
    )
    browser, office = login_as(other), login_as(administrator)
    assert post(office, f"/staff/accounts/{other.id}/disable").status_code == 303
    assert browser.get("/staff").status_code == 302
    assert post(office, f"/staff/accounts/{other.id}/ask", purpose="return").status_code == 303
    now = services.clock.now()
    with services.database.write() as uow:
        decide_grant(uow, the_grant(services).id, is_granted=True, actor=approver, now=now)
    with services.database.read() as session:
        account = session.get_one(Account, other.id)
        assert (account.disabled_at, account.activated_at, account.password_digest) == (None, None, None)
    assert browser.get("/staff").status_code == 302


def test_the_last_administrator_stays(services: Services, make_account: MakeAccount) -> None:
    one, two = make_account(Role.ADMINISTRATOR), make_account(Role.ADMINISTRATOR)
    now = services.clock.now()
    with services.database.write() as uow:
        with pytest.raises(Denied, match="own"):
            disable(uow, str(one.id), actor=one, now=now)
        disable(uow, str(two.id), actor=one, now=now)
        with pytest.raises(Conflict, match="last"):
            disable(uow, str(one.id), actor=two, now=now)


def test_what_cannot_be_an_account_is_said(services: Services, make_account: MakeAccount) -> None:
    one = make_account(Role.ADMINISTRATOR, login="taken")
    now = services.clock.now()
    with services.database.write() as uow:
        codes = [
            refusal(
                lambda login=login, name=name: invite(uow, login, name, Role.OPERATOR, actor=one, now=now)
            )
            for login, name in (("가나다", "이름"), ("ab", "이름"), ("TAKEN ", "이름"), ("fine.name", "  "))
        ]
        assert (
            refusal(lambda: invite(uow, "judge", "이름", Role.JUDGE, actor=one, now=now))
            == "account.not_staff"
        )
    assert codes == [
        "account.login_form",
        "account.login_form",
        "account.login_taken",
        "account.name_missing",
    ]


def test_a_form_with_errors_keeps_what_was_typed(login_as: LoginAs) -> None:
    administrator = login_as(Role.ADMINISTRATOR)
    answer = post(
        administrator,
        "/staff/accounts/new",
        "/staff/accounts/new",
        name="정담당",
        login="한글",
        role="auditor",
    )
    body = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="정담당"' in body
    assert 'value="한글"' in body
    assert "아이디는 영문 소문자" in body


def test_changing_the_password_ends_every_other_session(
    services: Services, make_account: MakeAccount, login_as: LoginAs
) -> None:
    who = make_account(Role.OPERATOR)
    here, elsewhere = login_as(who), login_as(who)
    answer = post(here, "/staff/password", "/staff/password", password=PASSWORD)
    assert answer.status_code == 303
    assert here.get("/staff").status_code == 200
    assert elsewhere.get("/staff").status_code == 302


def test_decisions_ask_again_who_one_is(login_as: LoginAs, clock: SteppedClock) -> None:
    administrator = login_as(Role.ADMINISTRATOR)
    clock.advance(minutes=16)
    assert administrator.get("/staff/accounts/new").location == "/sign-in/confirm?next=/staff/accounts/new"
    data = {
        "confirm-csrf_token": token_of(administrator, "/sign-in/confirm"), "confirm-next": "/staff/accounts/new",
    }  # fmt: skip
    assert administrator.post("/sign-in/confirm", data=data).location == "/staff/accounts/new"
    assert administrator.get("/staff/accounts/new").status_code == 200


def test_sessions_are_seen_and_ended(
    services: Services, make_account: MakeAccount, login_as: LoginAs
) -> None:
    who = make_account(Role.OPERATOR, name="김운영")
    stranger, office = login_as(who), login_as(make_account(Role.ADMINISTRATOR, name="최관리"))
    own = login_as(make_account(Role.AUDITOR, name="박감사"))
    assert "김운영" not in own.get("/staff/sessions").get_data(as_text=True)
    body = office.get("/staff/sessions").get_data(as_text=True)
    assert "김운영" in body
    digests = re.findall(r'name="session" value="(\w{64})"', body)
    assert len(digests) == 2
    assert [post(own, "/staff/sessions/end", session=one).status_code for one in digests].count(403) == 1
    for one in digests:
        post(office, "/staff/sessions/end", session=one)
    assert stranger.get("/staff").status_code == 302


def test_the_first_administrator_comes_from_one_command(app: Flask, services: Services) -> None:
    run = app.test_cli_runner().invoke
    made = run(args=["accounts", "first-administrator", "--login", "choi", "--name", "최관리"])
    assert made.exit_code == 0, made.output
    link = re.search(r"http://localhost(/activate/\S+)", made.output)
    assert link
    client = app.test_client()
    assert post(client, link[1], link[1]).location == "/activation/password"
    again = run(args=["accounts", "first-administrator", "--login", "kim", "--name", "김관리"])
    assert again.exit_code == 1
    assert "이미 시스템관리자가 있습니다" in again.output
    renewed = run(args=["accounts", "renew", "--login", "CHOI"])
    assert "/activate/" in renewed.output
    assert client.get("/activation/password").status_code == 404  # the first link is void


@pytest.mark.parametrize(
    ("password", "code"),
    [("가" * 14, "password.short"), ("가나" * 10, "password.personal"), ("x" * 129, "password.long")],
)
def test_passwords_are_long_and_nothing_else(
    services: Services, make_account: MakeAccount, password: str, code: str
) -> None:
    from contest.operations.activation import change_password

    who = make_account(Role.OPERATOR)
    with pytest.raises(Invalid) as caught:
        change_password(services, password, actor=who, now=services.clock.now(), second_factor=True)
    assert (caught.value.code, caught.value.field) == (code, "password")
