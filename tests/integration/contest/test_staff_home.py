"""The staff home, the trail and the demonstration's clock, as pages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from contest.domain.actors import SYSTEM, Actor, Role
from contest.domain.audit import GENESIS
from contest.domain.errors import Conflict
from contest.domain.schedule import KST
from contest.domain.stages import Stage
from contest.infra.clock import SteppedClock
from contest.infra.registry import NextStep
from contest.infra.settings import Settings
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.edition import ContestClock, Edition, Holiday
from contest.operations.clock import move_clock
from contest.operations.demonstration import FIRST_MORNING, seed_demonstration
from contest.operations.disclosure import disclose
from wsgi import create_app

pytestmark = pytest.mark.any_database

MakeAccount = Callable[..., Actor]
LoginAs = Callable[..., FlaskClient]


@contextmanager
def counted(services: Services) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(services.database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(services.database.engine, "before_cursor_execute", note)


def words(client: FlaskClient, path: str) -> str:
    body = client.get(path).get_data(as_text=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def set_stage(services: Services, stage: Stage) -> None:
    with services.database.write() as uow:
        uow.session.scalars(select(Edition)).one().stage = stage


def token_of(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found
    return found[1]


def test_before_the_first_edition_the_home_says_what_to_do(login_as: LoginAs) -> None:
    assert "열린 공모전이 없습니다." in words(login_as(Role.OPERATOR), "/staff")


def test_the_home_says_where_the_contest_stands_and_what_is_next(edition: Edition, login_as: LoginAs) -> None:
    page = words(login_as(Role.OPERATOR), "/staff")
    assert "접수하고 있습니다. 2024. 8. 30.(금) 18:00에 마감합니다." in page
    duties = [
        "접수를 마감합니다.",
        "모든 작품의 자격검토를 마칩니다.",
        "심사위원회를 꾸리고 심사를 시작합니다.",
    ]
    assert [page.find(duty) for duty in duties] == sorted(page.find(duty) for duty in duties)
    assert all(duty in page for duty in duties)
    assert "심사를 마감하고 순위를 확정합니다." not in page  # the fourth


def test_working_days_follow_the_holidays_that_staff_add(
    services: Services, edition: Edition, clock: SteppedClock, login_as: LoginAs
) -> None:
    clock.move_to(dt.datetime(2024, 9, 20, 9, 0, tzinfo=KST))
    set_stage(services, Stage.VERIFICATION)
    client = login_as(Role.APPROVER)
    # 23–27 and 30 September lie between 20 September and 1 October
    assert "발표까지 남은 근무일 6 일" in words(client, "/staff")
    with services.database.write() as uow:
        uow.session.add(Holiday(day=dt.date(2024, 9, 30), name="임시공휴일"))
    assert "발표까지 남은 근무일 5 일" in words(client, "/staff")


@pytest.mark.parametrize(
    ("stage", "at", "sentence"),
    [
        (Stage.OPEN, "2024-08-31T09:00", "2024. 8. 30.(금) 18:00에 접수를 마감했습니다."),
        (Stage.SCREENING, "2024-08-31T09:00", "자격검토를 하고 있습니다."),
        (Stage.JUDGING, "2024-09-06T09:00", "심사 단계입니다."),
        (Stage.VERIFICATION, "2024-09-20T09:00", "공개검증하고 있습니다."),
        (Stage.VERIFICATION, "2024-09-29T09:00", "공개검증이 끝났습니다."),
        (Stage.DECIDED, "2024-09-30T18:00", "2024. 10. 1.(화) 10:00에 발표합니다."),
        (Stage.DECIDED, "2024-10-01T10:00", "발표 시각(2024. 10. 1.(화) 10:00)이 지났습니다."),
    ],
)
def test_each_stage_has_its_sentence(
    services: Services, edition: Edition, login_as: LoginAs, *, stage: Stage, at: str, sentence: str
) -> None:
    clock = services.clock
    assert isinstance(clock, SteppedClock)
    clock.move_to(dt.datetime.fromisoformat(at).replace(tzinfo=KST))
    set_stage(services, stage)
    assert sentence in words(login_as(Role.OPERATOR), "/staff")


def test_another_package_s_step_stands_in_place_of_the_base_one(
    services: Services, edition: Edition, login_as: LoginAs
) -> None:
    assert edition.screening_closes is not None
    due, who = edition.screening_closes, frozenset({Role.OPERATOR})
    step = NextStep(due, "7점이 자격검토를 기다립니다.", who, "trail.index", milestones=("screening_closes",))
    services.registry.next_steps.append(lambda _session, _edition, _now: [step])
    page = words(login_as(Role.OPERATOR), "/staff")
    assert "7점이 자격검토를 기다립니다." in page
    assert "모든 작품의 자격검토를 마칩니다." not in page
    assert "하러 가기" in page
    assert "하러 가기" not in words(login_as(Role.AUDITOR), "/staff")


def test_the_home_asks_the_database_a_fixed_number_of_times(
    services: Services, edition: Edition, login_as: LoginAs, make_account: MakeAccount
) -> None:
    client = login_as(Role.ADMINISTRATOR)
    counts = []
    for number in (1, 30):
        for path in ("/staff", "/staff/accounts", "/staff/sessions", "/staff/trail"):
            with counted(services) as statements:
                assert client.get(path).status_code == 200
            counts.append(len(statements))
        if number == 1:
            for _ in range(30):
                login_as(make_account(Role.OPERATOR))
    assert counts[:4] == counts[4:]


def fill_trail(services: Services, actor: Actor, count: int) -> None:
    for number in range(count):
        with services.database.write() as uow:
            uow.note(
                "entry.withdrawn",
                ("entry", f"e{number}"),
                actor=actor,
                now=services.clock.now(),
                number=number,
            )


def test_the_trail_is_read_by_page_and_filter(
    services: Services, edition: Edition, login_as: LoginAs, make_account: MakeAccount
) -> None:
    operator = make_account(Role.OPERATOR, name="김운영")
    fill_trail(services, operator, 60)
    client = login_as(Role.AUDITOR)
    first = client.get("/staff/trail?action=entry.withdrawn").get_data(as_text=True)
    assert first.count("출품작을 철회했습니다.</td>") == 50
    older = re.search(r'href="(/staff/trail\?[^"]*before=\d+[^"]*)"', first)
    assert older
    second = client.get(older[1].replace("&amp;", "&")).get_data(as_text=True)
    assert second.count("출품작을 철회했습니다.</td>") == 10
    one = words(client, "/staff/trail?subject=e7")
    assert "number: 7" in one
    assert "number: 8" not in one
    assert "찾는 기록이 없습니다." in words(client, "/staff/trail?until=2024-08-19")
    assert "김운영" in words(client, f"/staff/trail?actor={operator.id}&since=2024-08-20&until=2024-08-20")
    assert "찾는 기록이 없습니다." in words(client, "/staff/trail?edition=nothing&since=whenever")


def test_an_act_without_a_sentence_shows_its_code(services: Services, login_as: LoginAs) -> None:
    with services.database.write() as uow:
        uow.note("kite.flown", ("kite", None), actor=SYSTEM, now=services.clock.now())
    assert "kite.flown" in words(login_as(Role.AUDITOR), "/staff/trail")


def test_a_changed_row_is_found(services: Services, login_as: LoginAs, make_account: MakeAccount) -> None:
    fill_trail(services, make_account(Role.OPERATOR), 5)
    client = login_as(Role.AUDITOR)
    assert "기록이 온전합니다." in words(client, "/staff/trail?check=")
    with services.database.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_no_update"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE audit SET subject_id = 'other' WHERE seq = 3"))
    assert "3번 기록에서 이어짐이 끊겼습니다." in words(client, "/staff/trail?check=")


def test_taking_the_trail_out_needs_a_reason_and_is_an_act(
    services: Services, login_as: LoginAs, make_account: MakeAccount
) -> None:
    fill_trail(services, make_account(Role.OPERATOR, name="=김운영"), 3)
    client = login_as(Role.AUDITOR)
    token = token_of(client, "/staff/trail")
    assert client.post("/staff/trail.csv", data={"csrf_token": token}).status_code == 422
    data = {"csrf_token": token, "reason": "audit", "action": "entry.withdrawn"}
    answer = client.post("/staff/trail.csv", data=data)
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert ",=김운영" not in lines[1]  # nothing a spreadsheet would compute
    with services.database.read() as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
        assert last is not None
        assert (last.action, last.facts) == ("disclosure.trail", {"count": 3, "reason": "audit"})


def test_own_words_of_a_reason_stay_out_of_the_trail(services: Services, make_account: MakeAccount) -> None:
    actor = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        disclose(
            uow, "contact", ("submission", "s1"), "홍길동 씨의 전화", actor=actor, now=services.clock.now()
        )
    with services.database.read() as session:
        facts = json.dumps(session.scalars(select(AuditRow.facts)).one(), ensure_ascii=False)
    assert "홍길동" not in facts


@pytest.fixture
def demonstration(settings: Settings) -> Iterator[Flask]:
    """A seeded demonstration on its own moved clock."""
    app = create_app(settings)
    held: Services = app.extensions["contest"]
    seed_demonstration(held)
    yield app
    held.imaging.close()
    held.database.engine.dispose()


def enter(app: Flask, name: str = "김운영") -> FlaskClient:
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    account = re.search(rf'name="account" value="(\w+)"(?:(?!</form>).)*{name}', page, re.DOTALL)
    assert account
    data = {"csrf_token": token_of(client, "/sign-in"), "account": account[1]}
    client.post("/sign-in/demonstration", data=data)
    return client


def test_a_demonstration_begins_on_its_first_morning(demonstration: Flask) -> None:
    held: Services = demonstration.extensions["contest"]
    assert dt.timedelta() <= held.clock.now() - FIRST_MORNING < dt.timedelta(minutes=2)
    assert "2024. 8. 20.(화) 10:0" in words(enter(demonstration), "/staff/clock")


def test_the_clock_moves_forward_only_and_leaves_a_note(demonstration: Flask) -> None:
    held: Services = demonstration.extensions["contest"]
    client = enter(demonstration)
    page = client.get("/staff/clock").get_data(as_text=True)
    first = re.search(r'name="at" value="([^"]+)"', page)
    assert first
    assert first[1] == "2024-08-30T08:59:00+00:00"  # a minute before entry closes
    token = token_of(client, "/staff/clock")

    def move(at: str) -> int:
        return client.post("/staff/clock", data={"csrf_token": token, "at": at}).status_code

    assert move(first[1]) == 303
    target = dt.datetime.fromisoformat(first[1])
    assert dt.timedelta() <= held.clock.now() - target < dt.timedelta(minutes=1)
    assert move("2024-08-21T10:00") == 409
    assert move("내일") == 422
    assert move("2099-01-01T10:00") == 422
    assert move("2024-09-19T10:00") == 303
    with held.database.read() as session:
        acts = session.scalars(select(AuditRow.action).where(AuditRow.subject_kind == "clock")).all()
        stage = session.scalars(select(Edition.stage)).one()
    assert acts == ["clock.moved"] * 2
    assert stage is Stage.SCREENING  # what was due by the clock has happened
    seed_demonstration(held)  # a second start leaves the clock where it was moved
    assert held.clock.now() >= dt.datetime(2024, 9, 19, 10, 0, tzinfo=KST)


def test_a_real_instance_has_no_clock_to_move(
    settings: Settings, clock: SteppedClock, login_as: LoginAs
) -> None:
    app = create_app(dataclasses.replace(settings, mode="production"), clock=clock)
    client = login_as(Role.OPERATOR)
    cookie = client.get_cookie("session")
    assert cookie is not None
    real = app.test_client()
    real.set_cookie("session", cookie.value)
    assert real.get("/staff").status_code == 200
    assert real.get("/staff/clock").status_code == 404
    assert "공모전 시계" not in real.get("/staff").get_data(as_text=True)
    app.extensions["contest"].database.engine.dispose()


def test_whoever_wanted_less_does_not_turn_the_clock_back(services: Services, clock: SteppedClock) -> None:
    now = clock.now()
    with services.database.write() as uow:
        for days in (9, 3):
            move_clock(uow, now + dt.timedelta(days=days), actor=SYSTEM, now=now, wall=now)
        with pytest.raises(Conflict, match="backwards"):
            move_clock(uow, now, actor=SYSTEM, now=now, wall=now)
    with services.database.read() as session:
        assert session.get_one(ContestClock, 1).offset_seconds == 9 * 86400


def test_the_head_of_an_empty_trail_is_its_genesis(app: Flask, services: Services) -> None:
    from contest.operations.audit import trail_head

    with services.database.read() as session:
        assert trail_head(session) == (0, GENESIS)
