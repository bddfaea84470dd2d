"""What every test may ask for: an application on a migrated database, its clock in the test's hand."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, NullPool, create_engine, inspect, text
from werkzeug.routing import Rule

from contest.domain.actors import Actor, Role
from contest.infra import wiring
from contest.infra.catalogues import compile_stale
from contest.infra.clock import KST, SteppedClock
from contest.infra.database import make_engine
from contest.infra.imaging.client import Imaging
from contest.infra.migrations import upgrade
from contest.infra.seed import load_seed
from contest.infra.settings import Settings
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition
from contest.operations.editions import seed_edition, seed_register
from contest.operations.sessions import begin_session
from wsgi import create_app

pytest_plugins = ["servers"]

# How long an example takes depends on the machine; what it must show does not.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")

#: Which databases tests that ask for `app` run on; both by default.
DATABASES = os.environ.get("TEST_DATABASES", "sqlite,postgres").split(",")
#: So many answers of the imaging process are kept, a megabyte each.
REMEMBERED = 64
START = dt.datetime(2024, 8, 20, 10, 0, tzinfo=KST)


def compile_routes_once() -> None:
    """Let every application of a run share what werkzeug compiles of a route: most of what making one costs."""
    compile_builder = Rule._compile_builder

    @functools.cache
    def compiled(append_unknown: bool, trace: Any, defaults: Any, arguments: Any, rule: Remembered) -> Any:
        return compile_builder(rule.rule, append_unknown)

    def remembering(self: Rule, append_unknown: bool = True) -> Any:
        defaults = tuple(sorted((self.defaults or {}).items()))
        return compiled(
            append_unknown, tuple(self._trace), defaults, frozenset(self.arguments), Remembered(self)
        )

    Rule._compile_builder = remembering


@dataclass(frozen=True)
class Remembered:
    """A rule that is no part of what it is remembered by."""

    rule: Rule = field(compare=False)


class CompiledTemplates(BytecodeCache):
    """What all applications of a run share of their templates: compiling them anew took a fifth of its time."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled of the same source."""
        bucket.code = self.held.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next application."""
        self.held[bucket.key, bucket.checksum] = bucket.code


class SharedImaging(Imaging):
    """The imaging process of all applications of a run, which sees each of the few photographs of tests once.

    What it answers depends on nothing but the question; tests of imaging itself have a process of their own.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, Any] = {}

    def _converse(self, request: dict[str, Any], data: bytes, bounds: Any) -> Any:
        question = hashlib.sha256(json.dumps(request, sort_keys=True).encode() + data).hexdigest()
        answer = self.answers.pop(question, None) or super()._converse(request, data, bounds)
        if answer is not None and "cause" not in answer[0]:
            self.answers[question] = answer  # the last is the one asked for last
            if len(self.answers) > REMEMBERED:
                del self.answers[next(iter(self.answers))]
        return answer

    def close(self) -> None:
        """It goes on for the next application."""


def engine_of_the_run(url: str) -> Engine:
    """An engine that knows every statement which any engine of the run has compiled before."""
    engine = make_engine(url)
    kind = engine.dialect.name
    if kind not in _first_engines:
        with engine.connect():
            """Its dialect learns what server it talks to."""
        engine.pool.dispose()
        _first_engines[kind] = engine
    first = _first_engines[kind]
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return engine


_first_engines: dict[str, Engine] = {}


def pytest_configure() -> None:
    """Pages in English and Chinese are tested with their sentences: compiled once, before any test."""
    compile_stale()
    compile_routes_once()
    Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}
    wiring.make_engine = engine_of_the_run
    imaging = SharedImaging()
    wiring.Imaging = lambda: imaging  # type: ignore[misc,assignment]  # warming one up costs a second


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever touches the database runs on each; pure, browser and PostgreSQL-only tests run once."""
    if "database_kind" in metafunc.fixturenames:
        kinds = DATABASES if not metafunc.definition.get_closest_marker("browser") else ["sqlite"]
        if metafunc.definition.get_closest_marker("postgres_only"):
            kinds = [kind for kind in kinds if kind == "postgres"]
        marks = {"postgres": [pytest.mark.postgres]}
        if metafunc.definition.get_closest_marker("any_database"):
            marks["postgres"].append(pytest.mark.full)
        metafunc.parametrize(
            "database_kind",
            [pytest.param(kind, marks=marks.get(kind, [])) for kind in kinds],
            scope="session",
        )


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "data.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: Any) -> Iterator[str]:
    """A migrated, empty PostgreSQL database of this worker's, emptied after each test: making one takes 0.3 s."""
    name = f"worker_{uuid.uuid4().hex[:12]}"
    admin = create_engine(postgres_server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = postgres_server.get_uri(database=name, driver="psycopg")
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def empty_postgres(url: str) -> None:
    """End whoever is still connected, put guards back, and take every row away.

    No migration leaves a row but its own number.
    """
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        lifted = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'"
        for table in connection.exec_driver_sql(lifted).scalars().all():
            connection.exec_driver_sql(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
        # Neither the order of references nor the triggers that forbid it matter here.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in inspect(connection).get_table_names():
            if table != "alembic_version":
                connection.exec_driver_sql(f'DELETE FROM "{table}"')  # noqa: S608  tables of our own
        for sequence in inspect(connection).get_sequence_names():
            connection.exec_driver_sql(f'ALTER SEQUENCE "{sequence}" RESTART')


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of this test's own."""
    if database_kind == "sqlite":
        path = tmp_path / "data.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    url = request.getfixturevalue("migrated_postgres")
    yield url
    empty_postgres(url)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a demonstration instance with everything of its own."""
    return Settings(
        data=tmp_path,
        database_url=database_url,
        jobs_url="inline:",
        storage_url="memory:",
        mail_url="memory:",
        public_url="http://localhost",
        secrets_file=tmp_path / "secrets.json",
        testing=True,
    )


@pytest.fixture
def clock() -> SteppedClock:
    """Contest and wall time, moved by the test; begins on 2024-08-20 10:00 in Seoul."""
    return SteppedClock(START.astimezone(dt.UTC))


@pytest.fixture
def app(settings: Settings, clock: SteppedClock) -> Iterator[Flask]:
    """The application on an empty, migrated database."""
    app = create_app(settings, clock=clock)
    yield app
    services: Services = app.extensions["contest"]
    services.imaging.close()
    services.database.engine.dispose()


@pytest.fixture
def services(app: Flask) -> Services:
    """The application's services."""
    held: Services = app.extensions["contest"]
    return held


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


MakeAccount = Callable[..., Actor]


@pytest.fixture
def make_account(services: Services) -> MakeAccount:
    """make_account(role, name=..., login=...) -> the actor of a new account."""

    def make(role: Role, name: str = "", login: str = "") -> Actor:
        with services.database.write() as uow:
            account = Account(
                id=services.ids.token(), login=login or f"{role}-{services.ids.token()[:6]}@example.kr",
                name=name or f"{role.value} 담당", role=role, recovery_digests=[],
                created_at=services.clock.now(), activated_at=services.clock.now(),
            )  # fmt: skip
            uow.session.add(account)
        return Actor("judge" if role is Role.JUDGE else "account", account.id, role)

    return make


@pytest.fixture
def login_as(app: Flask, services: Services, make_account: MakeAccount) -> Callable[..., FlaskClient]:
    """login_as(role or actor) -> the browser of a signed-in account."""

    def login(who: Role | Actor) -> FlaskClient:
        actor = make_account(who) if isinstance(who, Role) else who
        with services.database.write() as uow:
            account = uow.session.get_one(Account, actor.id)
            token, _ = begin_session(
                uow,
                account,
                actor=actor,
                now=services.clock.now(),
                wall=services.clock.wall(),
                second_factor=True,
            )
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return browser

    return login


@pytest.fixture
def edition(services: Services) -> Edition:
    """The opened edition of 2024, with spots and the holidays known on 20 August."""
    now = services.clock.now()
    with services.database.write() as uow:
        seed_register(uow, load_seed("spots"), load_seed("holidays"), now.date())
        return seed_edition(uow, services.registry, load_seed("edition-2024"), now=now)
