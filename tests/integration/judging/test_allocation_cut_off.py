"""kill -9 in the middle of an allocation: all of it or none of it, and afterwards it can be made."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from factories.results import seal_judging
from sqlalchemy import func, select

from contest.domain.actors import Role
from contest.infra.settings import Settings
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from contest.operations.audit import broken_link
from contest.queries.editions import get_edition
from judging.models.award import Allocation, Award, Reserve
from judging.queries.allocation import allocation_differences

ROOT = Path(__file__).resolve().parents[3]
CHILD = """
import sys
from contest.domain.actors import Actor, Role
from contest.infra.settings import from_environment
from wsgi import create_app
from judging.operations.allocate import allocate_prizes
services = create_app(from_environment()).extensions["contest"]
with services.database.engine.connect():
    pass
print("ready", flush=True)
sys.stdin.readline()
with services.database.write() as uow:
    allocate_prizes(uow, sys.argv[1], actor=Actor("account", sys.argv[2], Role.OPERATOR), now=services.clock.now())
print("done", flush=True)
"""


def state(services: Services, edition_id: str) -> tuple[int, int, int, int]:
    """(runs, awards, reserves, acts of allocating), and the chain whole."""
    with services.database.read() as session:
        assert broken_link(session) is None
        counts = [
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Allocation, Award, Reserve)
        ]
        acts = session.scalar(
            select(func.count()).select_from(AuditRow).where(AuditRow.action == "allocation.provisional")
        )
        if counts[0]:
            assert allocation_differences(session, get_edition(session, edition_id)) == []
    return (*counts, acts or 0)  # type: ignore[return-value]  # three counts and one


def clear(services: Services) -> None:
    """Take the allocation away as if nobody had made it, for the next kill."""
    with services.database.write() as uow:
        for table in (Award, Reserve, Allocation):
            uow.session.query(table).delete()


def kill_some(services: Services, settings: Settings, edition: Edition, actor_id: str, kills: int) -> None:
    chance = random.Random(20240913)
    environment = os.environ | {
        "CHALKAK_DATA": str(settings.data),
        "DATABASE_URL": settings.database_url,
        "STORAGE_URL": "memory:",
        "JOBS_URL": "inline:",
        "CHALKAK_SECRETS": str(settings.secrets_file),
        "PYTHONPATH": str(ROOT),
    }
    allocations = 0
    for _ in range(kills):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, edition.id, actor_id],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        with child.stdin, child.stdout:
            assert child.stdout.readline() == "ready\n"
            child.stdin.write("go\n")
            child.stdin.flush()
            time.sleep(chance.uniform(0, 0.12))
            child.send_signal(signal.SIGKILL)
            child.wait()
            is_acknowledged = "done" in child.stdout.read()
        runs, awards, reserves, acts = state(services, edition.id)
        assert (runs, awards, reserves) in {(0, 0, 0), (1, 25, 5)}
        allocations += runs
        assert acts == allocations
        assert runs or not is_acknowledged
        clear(services)


@pytest.mark.parametrize("kills", [10, pytest.param(100, marks=pytest.mark.full)])
def test_killed_at_any_moment_an_allocation_is_whole_or_was_never_made(
    services: Services, settings: Settings, edition: Edition, make_account: Any, *, kills: int
) -> None:
    seal_judging(services, edition)
    operator = make_account(Role.OPERATOR)
    kill_some(services, settings, edition, operator.id, kills)
