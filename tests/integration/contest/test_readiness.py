"""/readyz is red while something is wrong that monitoring must hear of, and tells nothing of anybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, text

from contest.domain.errors import Invalid
from contest.infra.clock import SteppedClock, wall
from contest.infra.floors import check_floors
from contest.infra.wiring import Services


@pytest.fixture
def ready(client: FlaskClient, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A ready instance: right clock, room on its disk."""
    monkeypatch.setattr(clock, "wall", wall)
    room(monkeypatch, 20 * 10**9)
    return client


def room(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    usage = type("Usage", (), {"free": free, "total": 100 * 10**9})
    monkeypatch.setattr("contest.web.health.shutil.disk_usage", lambda _path: usage)


def red(client: FlaskClient) -> set[str]:
    answer = client.get("/readyz")
    told: dict[str, Any] = answer.get_json()
    assert set(told) == {"ok", "checks", "imaging"}
    wrong = {name for name, fine in told["checks"].items() if not fine}
    assert (answer.status_code, told["ok"]) == ((503, False) if wrong else (200, True))
    return wrong


def test_each_trouble_turns_it_red(
    ready: FlaskClient, services: Services, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert red(ready) == set()
    room(monkeypatch, 9 * 10**9)
    assert red(ready) == {"disk"}
    room(monkeypatch, 20 * 10**9)
    with services.database.write() as uow:
        uow.session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    assert red(ready) == {"migrations"}
    monkeypatch.setattr(clock, "wall", lambda: wall() + dt.timedelta(seconds=30))
    assert red(ready) == {"clock", "migrations"}


def test_rows_that_cannot_be_written_turn_it_red(ready: FlaskClient, services: Services) -> None:
    engine = services.database.engine
    said = {"sqlite": "PRAGMA query_only=ON", "postgresql": "SET default_transaction_read_only=on"}
    engine.dispose()

    def read_only(connection: Any, _record: object) -> None:
        connection.cursor().execute(said[engine.dialect.name])
        connection.commit()  # a setting of a transaction that is rolled back is none

    event.listen(engine, "connect", read_only)
    assert "database" in red(ready)


def test_an_old_library_is_not_run_with() -> None:
    check_floors()
    with pytest.raises(Invalid) as refused:
        check_floors(lambda name: "12.2.0" if name == "pillow" else "99.0")
    assert refused.value.facts["name"] == "pillow"
