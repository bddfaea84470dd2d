"""An instance on real files, looked at from here and served by processes that may be killed."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from flask import Flask
from processes import ROOT, Server

from contest.infra.clock import KST, Clock, SteppedClock, wall
from contest.infra.crypto import load_secrets
from contest.infra.migrations import upgrade
from contest.infra.seed import load_seed
from contest.infra.settings import Settings, from_environment
from contest.infra.wiring import Services
from contest.models.edition import ContestClock, Edition
from contest.operations.demonstration import seed_accounts
from contest.operations.editions import seed_edition, seed_register
from wsgi import create_app

DEADLINE = dt.datetime(2024, 8, 30, 18, 0, tzinfo=KST)
START = dt.datetime(2024, 8, 20, 10, 0, tzinfo=KST).astimezone(dt.UTC)


class Ground:
    """The application on a data folder, its servers and its contest time.

    url: a migrated database; without one, a file of the folder is made.
    """

    def __init__(self, folder: Path, *, url: str = "", clock: Clock | None = None) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder, self.clock = folder, clock or SteppedClock(START)
        environment = {"CHALKAK_DATA": str(folder), "DATABASE_URL": url}
        settings: Settings = replace(from_environment(environment), testing=True)
        self.url = settings.database_url
        load_secrets(settings.secrets_file)
        self.app: Flask = create_app(settings, clock=self.clock)
        self.services: Services = self.app.extensions["contest"]
        if not url:
            upgrade(self.services.database.engine)
        self.services.jobs.init()
        with self.services.database.write() as uow:
            seed_accounts(uow, now=self.clock.now())
        self.running: list[Server] = []
        self.workers: list[subprocess.Popen[bytes]] = []

    def seed(self) -> Edition:
        """The opened edition of 2024."""
        now = self.clock.now()
        with self.services.database.write() as uow:
            seed_register(uow, load_seed("spots"), load_seed("holidays"), now.date())
            return seed_edition(uow, self.services.registry, load_seed("edition-2024"), now=now)

    def set_clock(self, at: dt.datetime) -> dt.timedelta:
        """Set the contest time of the served application, running from now on; contest time minus wall time."""
        offset = at - wall()
        with self.services.database.write() as uow:
            uow.session.merge(ContestClock(id=1, offset_seconds=offset.total_seconds()))
        return offset

    def serve(self, **options: object) -> Server:
        """serve(workers=…, app=…, NAME=value) -> a running server."""
        limits = options.pop("preexec_fn", None)
        options.setdefault("DATABASE_URL", self.url)
        server = Server(self.folder, **options)  # type: ignore[arg-type]  # as Server names them
        self.running.append(server)
        return server.start(preexec_fn=limits)

    def work(self) -> subprocess.Popen[bytes]:
        """The job worker beside the server, as `make run` starts it."""
        with (self.folder / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"],
                cwd=ROOT, env=os.environ | {"CHALKAK_DATA": str(self.folder), "DATABASE_URL": self.url}, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.workers.append(worker)
        return worker

    def close(self) -> None:
        """End everything that was started."""
        for server in self.running:
            server.kill()
        for worker in self.workers:
            with suppress(ProcessLookupError):
                os.killpg(worker.pid, 9)
            worker.wait()
        self.services.imaging.close()
        self.services.database.engine.dispose()


SetClock = Callable[[dt.datetime], dt.timedelta]
