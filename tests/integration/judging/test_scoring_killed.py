"""kill -9 while a judge scores: what was acknowledged is there once, nothing is half written."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from factories.panels import Jury, works_of
from sqlalchemy import select

from contest.infra.settings import Settings
from contest.infra.wiring import Services
from judging.models.round import ScoreEvent
from judging.queries.readiness import chain_breaks

ROOT = Path(__file__).resolve().parents[3]
CHILD = """
import sys
from contest.domain.actors import Actor, Role
from contest.infra.settings import from_environment
from wsgi import create_app
from judging.operations.score import save_score
import datetime as dt
services = create_app(from_environment()).extensions["contest"]
judge, work, turn = sys.argv[1:]
now = dt.datetime(2024, 9, 5, 3, 0, tzinfo=dt.UTC)
for number in range(10_000):
    with services.database.write() as uow:
        save_score(
            uow, work, "theme", 1 + number % 5, f"{turn}-{number}", actor=Actor("judge", judge, Role.JUDGE), now=now
        )
    print(f"{turn}-{number}", flush=True)
"""


def score_and_die(services: Services, settings: Settings, jury: Jury, kills: int) -> None:
    chance = random.Random(5)
    judge = jury.judges[0]
    environment = os.environ | {
        "CHALKAK_DATA": str(settings.data),
        "DATABASE_URL": settings.database_url,
        "STORAGE_URL": "memory:",
        "JOBS_URL": "inline:",
        "CHALKAK_SECRETS": str(settings.secrets_file),
        "PYTHONPATH": str(ROOT),
    }
    acknowledged: list[str] = []
    for turn in range(kills):
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(judge.id), works_of(services, judge)[0], str(turn)],
            stdout=subprocess.PIPE, env=environment, text=True, cwd=ROOT,
        ) as child:  # fmt: skip
            assert child.stdout is not None
            acknowledged.append(child.stdout.readline().strip())
            time.sleep(chance.random() * 0.2)
            child.send_signal(signal.SIGKILL)
            acknowledged += [line.strip() for line in child.stdout if line.endswith("\n")]
        assert acknowledged[-1], "the child scored nothing"
        with services.database.read() as session:
            stored = session.scalars(select(ScoreEvent.client_key)).all()
            assert len(stored) == len(set(stored))
            assert set(acknowledged) <= set(stored)
            assert set(chain_breaks(session, jury.round_id).values()) == {None}


def test_a_kill_while_scoring_loses_nothing_acknowledged(
    services: Services, settings: Settings, jury: Jury
) -> None:
    score_and_die(services, settings, jury, 2)


@pytest.mark.full
def test_fifty_kills_while_scoring_lose_nothing_acknowledged(
    services: Services, settings: Settings, jury: Jury
) -> None:
    score_and_die(services, settings, jury, 50)
