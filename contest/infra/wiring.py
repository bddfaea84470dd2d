"""The services of one instance, built once from its settings; building them does no I/O."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from contest.infra.clock import Clock
from contest.infra.crypto import Crypto, load_secrets
from contest.infra.database import make_engine
from contest.infra.fingerprint_index import KnownPhotographs
from contest.infra.ids import Ids, RandomIds
from contest.infra.imaging.client import Imaging
from contest.infra.jobs import Jobs
from contest.infra.mailer import Mailer, mailer_for
from contest.infra.passwords import Passwords
from contest.infra.registry import Registry
from contest.infra.settings import Settings
from contest.infra.storage import Storage
from contest.infra.texter import Texter, texter_for
from contest.infra.unit_of_work import Database, PendingAct, Tools


@dataclass(frozen=True)
class Services:
    """Everything a page, job or command works with; lives at app.extensions["contest"]."""

    settings: Settings
    clock: Clock
    ids: Ids
    crypto: Crypto
    passwords: Passwords
    database: Database
    storage: Storage
    imaging: Imaging
    jobs: Jobs
    mailer: Mailer
    texter: Texter | None
    registry: Registry
    known: KnownPhotographs


def build(
    settings: Settings,
    write_trail: Callable[[Session, list[PendingAct]], None],
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
) -> Services:
    """The services of an instance. Files, connections and child processes are opened when first used."""
    engine = make_engine(settings.database_url)
    clock = clock or Clock(_demonstration_offset(engine) if settings.demonstration else None)
    ids = ids or RandomIds()
    crypto = Crypto(lambda: load_secrets(settings.secrets_file))
    passwords = Passwords(quick=settings.testing)
    jobs = Jobs(settings.jobs_url, lambda: crypto.session_key.hex())  # noqa: PLW0108  read when first used
    database = Database(engine, Tools(ids, crypto, passwords, jobs.ring), write_trail)
    storage = Storage(
        settings.storage_url, access_key=settings.s3_access_key, secret_key=settings.s3_secret_key
    )
    mailer = mailer_for(settings.mail_url, settings.mail_from, settings.gateway_token)
    texter = texter_for(settings.text_url, settings.text_from, settings.gateway_token)
    return Services(
        settings,
        clock,
        ids,
        crypto,
        passwords,
        database,
        storage,
        Imaging(),
        jobs,
        mailer,
        texter,
        Registry(),
        KnownPhotographs(),
    )


def _demonstration_offset(engine: Engine) -> Callable[[], dt.timedelta]:
    def read() -> dt.timedelta:
        try:
            with engine.connect() as connection:
                seconds = connection.scalar(text("SELECT offset_seconds FROM contest_clock WHERE id = 1"))
        except DBAPIError:  # before the first migration there is no such table
            seconds = None
        return dt.timedelta(seconds=seconds or 0)

    return read
