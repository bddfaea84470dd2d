"""kill -9 while scores, prizes and the approval are stored: each whole and once, or not at all."""

from __future__ import annotations

import datetime as dt
import random
import re
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress

import pytest
from factories.panels import CRITERIA, make_panel, make_works, open_judging, sign_everything, works_of
from factories.winners import decide_contest
from processes import BROKEN, Answer, Server, Wire, in_threads
from sqlalchemy import func, select

from contest.domain.actors import Actor, Role
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.audit import AuditRow
from contest.models.outbox import Message
from contest.operations.audit import broken_link
from gallery.models.publication import Exhibit, Licence, Publication
from gallery.operations.approve import withdraw_approval
from judging.models.round import JudgeWork, ScoreEvent
from judging.operations.check import check_scores

Serve = Callable[..., Server]
EVE = dt.datetime(2024, 9, 30, 6, 0, tzinfo=dt.UTC)


@pytest.fixture
def instance_url(database_url: str) -> str:
    """On SQLite and on PostgreSQL."""
    return database_url


def seated(server: Server, judge: Actor) -> Wire:
    """A judge at the desk, entered by the demonstration's button."""
    wire = Wire(server, patient=True)
    answer = wire.press(f"/judge/demonstration/{judge.id}", on="/sign-in")
    assert answer.headers["Location"] == "/desk", answer.text
    wire.get("/desk")
    return wire


def put_score(wire: Wire, work: str, criterion: str, level: int, key: str) -> Answer:
    """One press as work.js sends it."""
    body = f'{{"criterion": "{criterion}", "level": {level}, "id": "{key}"}}'.encode()
    return wire.open(
        "PUT",
        f"/desk/work/{work}/score",
        body,
        **{"X-CSRFToken": wire.token, "Content-Type": "application/json"},
    )


def staff(server: Server, account: str) -> Wire:
    """Somebody of the office, entered by the demonstration's button."""
    wire = Wire(server, patient=True)
    answer = wire.press("/sign-in/demonstration", on="/sign-in", account=account)
    assert answer.status_code == 303, answer.text
    return wire


@pytest.mark.parametrize(
    ("panel", "works", "kills"), [(3, 6, 5), pytest.param(5, 100, 50, marks=pytest.mark.full)]
)
def test_every_acknowledged_score_is_there_once(
    services: Services,
    clock: SteppedClock,
    *,
    edition,
    make_account,
    set_clock,
    serve: Serve,
    panel: int,
    works: int,
    kills: int,
) -> None:
    operator = make_account(Role.OPERATOR)
    make_works(services, edition.id, works)
    judges = make_panel(services, edition.id, operator, panel)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    set_clock(clock.now())
    server = serve()
    acknowledged: dict[tuple[str, str, str], int] = {}
    presses: list[str] = []
    left = len(judges)
    done = threading.Event()

    def judge_all(judge: Actor) -> None:
        nonlocal left
        chance, wire = random.Random(judge.id), seated(server, judge)
        for work in works_of(services, judge):
            for criterion in CRITERIA:
                key, level = uuid.UUID(int=chance.getrandbits(128)).hex, chance.randint(1, 5)
                answer = put_score(wire, work, criterion, level, key)
                assert answer.status_code == 200, answer.text
                assert answer.get_json()["levels"][criterion] == level
                acknowledged[judge.id, work, criterion] = level
                presses.append(key)
        left -= 1
        if not left:
            done.set()

    def kill() -> None:
        chance = random.Random(5)
        for _ in range(kills):
            done.wait(chance.uniform(0.05, 0.4))
            server.kill_worker()

    in_threads(*[lambda judge=judge: judge_all(judge) for judge in judges], kill)
    with services.database.read() as session:
        rows = session.execute(
            select(
                Account.id, ScoreEvent.work_id, ScoreEvent.criterion, ScoreEvent.level, ScoreEvent.client_key
            )
            .join(JudgeWork, JudgeWork.id == ScoreEvent.work_id)
            .join_from(ScoreEvent, Account, Account.id == account_of())
        ).all()
        assert {(row[0], row[1], row[2]): row[3] for row in rows} == acknowledged
        assert sorted(row[4] for row in rows) == sorted(presses)
        assert broken_link(session) is None
    assert len(acknowledged) == len(judges) * works * len(CRITERIA)
    assert list(check_scores(services, hashes=False)) == []


def account_of():
    from judging.models.panel import Judge

    return select(Judge.account_id).where(Judge.id == ScoreEvent.judge_id).scalar_subquery()


@pytest.mark.parametrize("point", ["commit:before", "commit:after", "reply"])
def test_a_score_whose_answer_was_lost_is_one_score_when_sent_again(
    services: Services, clock: SteppedClock, *, edition, make_account, set_clock, serve: Serve, point: str
) -> None:
    operator = make_account(Role.OPERATOR)
    make_works(services, edition.id, 1)
    judges = make_panel(services, edition.id, operator, 1)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    set_clock(clock.now())
    server = serve()
    wire, (work,) = seated(server, judges[0]), works_of(services, judges[0])
    server.arm(point, "^PUT /desk/work/")
    first = put_score(wire, work, "theme", 4, "a key of this press")
    assert not server.is_armed
    again = put_score(wire, work, "theme", 4, "a key of this press")
    assert (first.status_code, first.get_json()) == (200, again.get_json())
    with services.database.read() as session:
        assert session.scalars(select(ScoreEvent.level)).all() == [4]


def announced(services: Services) -> tuple[int, int, int, int]:
    """(approvals that stand, exhibits, winners' messages to come, licences)."""
    with services.database.read() as session:
        assert broken_link(session) is None
        live = session.scalars(select(Publication).where(Publication.withdrawn_at.is_(None))).all()
        exhibits = session.scalar(
            select(func.count()).where(Exhibit.publication_id.in_([one.id for one in live]))
        )
        due = select(func.count()).where(
            Message.code == "W1", Message.voided_at.is_(None), Message.sent_at.is_(None)
        )
        acts = session.scalar(select(func.count()).where(AuditRow.action == "publication.approved"))
        versions = session.scalar(select(func.count(Publication.id)))
        assert acts == versions
        licences = session.scalar(select(func.count(Licence.id)))
        return len(live), exhibits or 0, session.scalar(due) or 0, licences or 0


@pytest.mark.parametrize("kills", [4, pytest.param(60, marks=pytest.mark.full)])
def test_an_approval_is_whole_or_was_never_given(
    services: Services, clock: SteppedClock, *, edition, make_account, set_clock, serve: Serve, kills: int
) -> None:
    clock.move_to(EVE)
    decide_contest(services, edition.id, make_account(Role.OPERATOR))
    set_clock(EVE)
    server = serve()
    chance = random.Random(10)
    points = ["commit:before", "commit:after", "reply"]
    for number in range(len(points) + kills):
        wire = staff(server, account_id(services, "approver"))
        page = wire.get("/staff/publication").text
        digest = re.search(r'name="digest"[^>]*value="([0-9a-f]{64})"', page)
        assert digest is not None, page
        fields = {"csrf_token": wire.token, "digest": digest[1], "seen": "y"}
        wire.patient = False
        killer = None
        if number < len(points):
            server.arm(points[number], "^POST /staff/publication/approve$")
        else:
            killer = server.kill_in(chance.uniform(0, 0.15))
        answer = None
        with suppress(*BROKEN):
            answer = wire.post("/staff/publication/approve", fields)
        if killer is not None:
            killer.join()
        server.wait()
        assert not server.is_armed
        found = announced(services)
        assert found in {(0, 0, 0, 0), (1, 25, 25, 25)}
        if number < len(points):
            assert found[0] == (points[number] != "commit:before")
        if answer is not None and answer.status_code == 303:
            assert found[0] == 1
        if found[0]:
            approver = Actor("account", account_id(services, "approver"), Role.APPROVER)
            with services.database.write() as uow:
                withdraw_approval(uow, edition.id, "연습을 다시 합니다", actor=approver, now=clock.now())


def account_id(services: Services, login: str) -> str:
    with services.database.read() as session:
        return session.scalars(select(Account.id).where(Account.login == login)).one()


def test_two_approvers_at_once_give_one_approval(
    services: Services, clock: SteppedClock, *, edition, make_account, set_clock, serve: Serve
) -> None:
    clock.move_to(EVE)
    decide_contest(services, edition.id, make_account(Role.OPERATOR))
    set_clock(EVE)
    server = serve(workers=2)
    wire = staff(server, account_id(services, "approver"))
    page = wire.get("/staff/publication").text
    digest = re.search(r'name="digest"[^>]*value="([0-9a-f]{64})"', page)
    assert digest is not None
    fields = {"csrf_token": wire.token, "digest": digest[1], "seen": "y"}
    statuses: list[int] = []

    def press() -> None:
        statuses.append(wire.post("/staff/publication/approve", fields).status_code)

    in_threads(*[press] * 6)
    assert sorted(statuses) == [303, 409, 409, 409, 409, 409]
    assert announced(services) == (1, 25, 25, 25)
