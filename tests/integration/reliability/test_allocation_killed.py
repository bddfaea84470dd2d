"""상격 배정 pressed while the server is ended, and by two at once: all 25 prizes or none, never one more."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from factories.results import seal_judging
from processes import BROKEN, Server, Wire, in_threads
from sqlalchemy import func, select, text
from test_decisions_killed import account_id, staff

from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.edition import PrizeSlot
from judging.models.award import Allocation, Award, Reserve
from judging.operations.check import check_prizes

Serve = Callable[..., Server]
PRESS = "/staff/results/allocate"
POINTS = ("commit:before", "commit:after", "reply")
WHOLE = (1, 25, 3_000_000, 5)


@pytest.fixture
def instance_url(database_url: str) -> str:
    """On SQLite and on PostgreSQL."""
    return database_url


@pytest.fixture
def contest(services: Services, clock: SteppedClock, edition, set_clock) -> Services:
    seal_judging(services, edition)
    set_clock(clock.now())
    return services


def given(services: Services) -> tuple[int, int, int, int]:
    """(runs, prizes, their sum in won, reserves); each run has its act, and computing again gives the same."""
    assert list(check_prizes(services, hashes=False)) == []
    with services.database.read() as session:
        runs = session.scalar(select(func.count(Allocation.id))) or 0
        count, won = session.execute(
            select(func.count(), func.coalesce(func.sum(PrizeSlot.amount), 0))
            .select_from(Award)
            .join(PrizeSlot, PrizeSlot.ordinal == Award.slot_ordinal)
        ).one()
        return runs, count, won, session.scalar(select(func.count()).select_from(Reserve)) or 0


def take_away(services: Services) -> None:
    """As if nobody had pressed, for the next time."""
    with services.database.write() as uow:
        for table in ("award", "reserve", "allocation"):
            uow.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608  our own tables


@pytest.mark.parametrize("kills", [4, pytest.param(100, marks=pytest.mark.full)])
def test_killed_at_any_moment_it_is_whole_or_was_never_made(
    contest: Services, serve: Serve, kills: int
) -> None:
    server = serve()
    chance = random.Random(13)
    wire = staff(server, account_id(contest, "operator"))
    made = 0
    for number in range(len(POINTS) + kills):
        wire.patient = True
        wire.get("/staff/results")
        wire.patient = False
        killer = None
        if number < len(POINTS):
            server.arm(POINTS[number], f"^POST {PRESS}$")
        else:
            killer = server.kill_in(chance.uniform(0, 0.15))
        status = 0
        with suppress(*BROKEN):
            status = wire.post(PRESS, {"csrf_token": wire.token}).status_code
        if killer is not None:
            killer.join()
        server.wait()
        assert not server.is_armed
        found = given(contest)
        assert found in {(0, 0, 0, 0), WHOLE}
        if number < len(POINTS):
            assert found[0] == (POINTS[number] != "commit:before")
        if status == 303:
            assert found == WHOLE
        made += found[0]
        with contest.database.read() as session:
            acts = session.scalar(select(func.count()).where(AuditRow.action == "allocation.provisional"))
        assert acts == made
        take_away(contest)


@pytest.mark.parametrize("times", [2, pytest.param(200, marks=pytest.mark.full)])
def test_two_staff_press_at_once(contest: Services, serve: Serve, times: int) -> None:
    server = serve(workers=2, app="wsgi:app")
    wires = [staff(server, account_id(contest, login)) for login in ("operator", "approver")]
    for wire in wires:
        wire.get("/staff/results")  # two first pages at once would each begin a token of their own
    for _ in range(times):
        statuses: list[int] = []

        def press(wire: Wire, statuses: list[int] = statuses) -> None:
            wire.get("/staff/results")
            statuses.append(wire.post(PRESS, {"csrf_token": wire.token}).status_code)

        in_threads(*[lambda wire=wire: press(wire) for wire in wires * 2])
        assert statuses == [303] * 4
        assert given(contest) == WHOLE
        take_away(contest)
