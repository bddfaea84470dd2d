"""An instance on real files, looked at by the test and served by processes that may be killed."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from processes import Server

from contest.infra.clock import SteppedClock, wall
from contest.infra.crypto import load_secrets
from contest.infra.settings import Settings, from_environment
from contest.infra.wiring import Services
from contest.models.edition import ContestClock
from contest.operations.demonstration import seed_accounts
from wsgi import create_app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def instance_url(folder: Path, migrated_sqlite: Path) -> str:
    """Where its rows are: a file of its folder. Tests that run on each database put `database_url` in its place."""
    shutil.copy(migrated_sqlite, folder / "data.sqlite3")
    return f"sqlite:///{folder / 'data.sqlite3'}"


@pytest.fixture
def instance(folder: Path, instance_url: str, clock: SteppedClock) -> Iterator[Flask]:
    """The application of the test on the same files and rows as the served one; its clock stands still."""
    environment = {"CHALKAK_DATA": str(folder), "DATABASE_URL": instance_url}
    settings: Settings = replace(from_environment(environment), testing=True)
    load_secrets(settings.secrets_file)
    app = create_app(settings, clock=clock)
    held: Services = app.extensions["contest"]
    held.jobs.init()
    with held.database.write() as uow:
        seed_accounts(uow, now=clock.now())
    yield app
    held.imaging.close()
    held.database.engine.dispose()


@pytest.fixture
def services(instance: Flask) -> Services:
    """What the test itself looks with."""
    held: Services = instance.extensions["contest"]
    return held


@pytest.fixture
def set_clock(services: Services) -> Callable[[dt.datetime], None]:
    """Set the contest time of the served application, running from now on."""

    def set_to(at: dt.datetime) -> None:
        with services.database.write() as uow:
            uow.session.merge(ContestClock(id=1, offset_seconds=(at - wall()).total_seconds()))

    return set_to


@pytest.fixture
def serve(folder: Path, instance_url: str) -> Iterator[Callable[..., Server]]:
    """serve(workers=…, app=…, NAME=value) -> a running server; all are ended with the test."""
    servers: list[Server] = []

    def start(**options: object) -> Server:
        limits = options.pop("preexec_fn", None)
        options.setdefault("DATABASE_URL", instance_url)
        server = Server(folder, **options)  # type: ignore[arg-type]  # as Server names them
        servers.append(server)
        return server.start(preexec_fn=limits)

    yield start
    for server in servers:
        server.kill()
