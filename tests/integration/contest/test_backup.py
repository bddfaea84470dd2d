"""A backup made while the contest runs rebuilds an empty machine; what is damaged or not empty is refused."""

from __future__ import annotations

import hashlib
import sqlite3
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from servers import fresh_database
from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from contest.infra.backup import BackupError, Instance, Summary, backup, restore, verify
from contest.infra.guard import BytesInsideTransactionError, no_bytes_here
from contest.infra.storage import Storage

NOW = datetime(2024, 8, 20, 5, 3, tzinfo=UTC)

metadata = MetaData()
submission = Table(
    "submission",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", LargeBinary),
    Column("title", String),
    Column("at", DateTime(timezone=True)),
)
photo = Table(
    "photo",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", ForeignKey("submission.id"), nullable=False),
    Column("key", String, nullable=False),
    Column("sha256", String, nullable=False),
)
Index("uq_photo_key", photo.c.key, unique=True)
AWKWARD = ["탭\t줄\n끝\\", "\\N", "", None, "#머리", "뷁 🙂"]


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA foreign_keys=ON")

    try:
        yield engine
    finally:
        engine.dispose()


def enter(engine: Engine, storage: Storage, number: int) -> None:
    """One entry as the program makes it: bytes first, then both rows in one transaction."""
    body = f"photo {number}".encode() * 100
    key = f"originals/{number:06d}"
    storage.put(key, body)
    with engine.begin() as connection:
        title = AWKWARD[number % len(AWKWARD)]
        connection.execute(
            insert(submission).values(id=number, name=bytes([0, number % 256, 92]), title=title, at=NOW)
        )
        digest = hashlib.sha256(body).hexdigest()
        connection.execute(insert(photo).values(submission_id=number, key=key, sha256=digest))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/a/data.sqlite3", f"sqlite:///{tmp_path}/b/data.sqlite3"
    else:
        server = request.getfixturevalue("postgres_server")
        with fresh_database(server) as first, fresh_database(server) as second:
            yield first, second


@pytest.fixture
def filled(urls: tuple[str, str], tmp_path: Path) -> Instance:
    folder = tmp_path / "a"
    folder.mkdir()
    instance = Instance(urls[0], Storage(f"file:{folder}/media"), folder / "secrets.json", metadata)
    instance.secrets_file.write_text('{"key": "비밀"}')
    with engine_of(urls[0]) as engine:
        metadata.create_all(engine)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
            connection.execute(text("INSERT INTO alembic_version VALUES ('20240801_initial')"))
        for number in range(1, 13):
            enter(engine, instance.storage, number)
    return instance


@pytest.fixture
def empty(urls: tuple[str, str], tmp_path: Path) -> Instance:
    folder = tmp_path / "b"
    return Instance(urls[1], Storage(f"file:{folder}/media"), folder / "secrets.json", metadata)


def contents(instance: Instance) -> tuple[list[Any], list[Any], list[Any], dict[str, bytes]]:
    with engine_of(instance.database_url) as engine, engine.connect() as connection:
        return (
            [tuple(row) for row in connection.execute(select(submission).order_by(submission.c.id))],
            [tuple(row) for row in connection.execute(select(photo).order_by(photo.c.id))],
            [tuple(row) for row in connection.execute(text("SELECT version_num FROM alembic_version"))],
            {key: instance.storage.get(key) for key in instance.storage.list()},
        )


def test_an_empty_machine_becomes_the_same_contest(filled: Instance, empty: Instance, tmp_path: Path) -> None:
    out = tmp_path / "kept" / "backup.tar"
    steps: list[tuple[str, int, int]] = []
    made = backup(filled, out, now=NOW, progress=lambda *step: steps.append(step))
    assert made == verify(out)
    assert (made.objects, made.rows, made.gone, made.made_at) == (12, 25, 0, NOW.isoformat())
    assert ("objects", 12, 12) in steps
    assert ("verify", steps[-1][2], steps[-1][2]) == steps[-1]
    assert out.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in out.parent.iterdir()] == ["backup.tar"]

    assert restore(out, empty) == made
    assert contents(empty) == contents(filled)
    assert empty.secrets_file.read_bytes() == filled.secrets_file.read_bytes()
    assert empty.secrets_file.stat().st_mode & 0o777 == 0o600


def test_the_restored_database_holds_to_its_rules_and_goes_on(
    filled: Instance, empty: Instance, tmp_path: Path
) -> None:
    backup(filled, tmp_path / "x.tar", now=NOW)
    restore(tmp_path / "x.tar", empty)
    with engine_of(empty.database_url) as engine:
        enter(engine, empty.storage, 13)
        for wrong in ({"submission_id": 999, "key": "new"}, {"submission_id": 1, "key": "originals/000001"}):
            with pytest.raises(IntegrityError), engine.begin() as connection:
                connection.execute(insert(photo).values(sha256="", **wrong))
        with engine.connect() as connection:
            assert connection.scalar(select(func.count()).select_from(photo)) == 13


def test_made_while_entries_arrive_it_holds_one_instant(
    filled: Instance, empty: Instance, tmp_path: Path
) -> None:
    stop, entered = threading.Event(), [12]

    def arrive() -> None:
        with engine_of(filled.database_url) as engine:
            while not stop.is_set():
                enter(engine, filled.storage, entered[0] + 1)
                entered[0] += 1

    writer = threading.Thread(target=arrive)
    writer.start()
    made: list[tuple[int, Summary]] = []
    try:
        while entered[0] < 20:
            stop.wait(0.01)
        for number in range(3):
            before = entered[0]
            made.append((before, backup(filled, tmp_path / f"{number}.tar", now=NOW)))
    finally:
        stop.set()
        writer.join()
    before, summary = made[-1]
    restore(tmp_path / "2.tar", empty)
    submissions, photos, _, objects = contents(empty)
    assert len(submissions) == len(photos) >= before
    assert summary.rows == len(submissions) + len(photos) + 1
    assert entered[0] > 20
    for _, _, key, digest in photos:
        assert hashlib.sha256(objects[key]).hexdigest() == digest


def test_any_changed_byte_is_found(filled: Instance, empty: Instance, tmp_path: Path) -> None:
    out = tmp_path / "x.tar"
    backup(filled, out, now=NOW)
    with tarfile.open(out) as tar:
        members = tar.getmembers()
    whole = out.read_bytes()
    for member in members:
        position = member.offset_data + member.size // 2
        out.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        if member.name != "manifest.json":
            with pytest.raises(BackupError, match="damaged"):
                verify(out)
    for cut in (0, 100, len(whole) // 2, members[-1].offset_data):
        out.write_bytes(whole[:cut])
        with pytest.raises(BackupError, match="damaged"):
            restore(out, empty)
    assert list(empty.storage.list()) == []
    assert not empty.secrets_file.exists()


def test_nothing_is_written_over(filled: Instance, empty: Instance, tmp_path: Path) -> None:
    out = tmp_path / "x.tar"
    backup(filled, out, now=NOW)
    with pytest.raises(FileExistsError):
        backup(filled, out, now=NOW)
    for target, what in (
        (replace(empty, database_url=filled.database_url), "database"),
        (replace(empty, storage=filled.storage), "storage"),
        (replace(empty, secrets_file=filled.secrets_file), "secrets"),
    ):
        before = contents(filled)
        with pytest.raises(BackupError, match=f"not_empty: {what}"):
            restore(out, target)
        assert contents(filled) == before
    restore(out, empty)
    with pytest.raises(BackupError, match="not_empty"):
        restore(out, empty)


def test_a_database_of_another_kind_is_refused(filled: Instance, empty: Instance, tmp_path: Path) -> None:
    backup(filled, tmp_path / "x.tar", now=NOW)
    other = (
        "postgresql+psycopg://127.0.0.1:9/x"
        if filled.database_url.startswith("sqlite")
        else f"sqlite:///{tmp_path}/o"
    )
    with pytest.raises(BackupError, match="other_database"):
        restore(tmp_path / "x.tar", replace(empty, database_url=other))


@pytest.mark.postgres
def test_postgres_refuses_another_version_and_installs_triggers(postgres_server: Any, tmp_path: Path) -> None:
    with fresh_database(postgres_server) as first, fresh_database(postgres_server) as second:
        filled = Instance(first, Storage("memory:"), tmp_path / "none", metadata)
        with engine_of(first) as engine:
            metadata.create_all(engine)
            enter(engine, filled.storage, 1)
        backup(filled, tmp_path / "x.tar", now=NOW)
        newer = MetaData()
        for table in metadata.tables.values():
            table.to_metadata(newer)
        Table("added", newer, Column("id", Integer, primary_key=True))
        target = Instance(second, Storage("memory:"), tmp_path / "none", newer)
        with pytest.raises(BackupError, match="unfit.*added"):
            restore(tmp_path / "x.tar", target)

        def guard(connection: Connection) -> None:
            connection.execute(text("CREATE VIEW guarded AS SELECT count(*) AS n FROM photo"))

        restore(
            tmp_path / "x.tar",
            replace(target, storage=Storage("memory:"), metadata=metadata, after_rows=guard),
        )
        with engine_of(second) as engine, engine.connect() as connection:
            assert connection.scalar(text("SELECT n FROM guarded")) == 1


def test_a_damaged_sqlite_file_is_not_backed_up(tmp_path: Path) -> None:
    file = tmp_path / "data.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE child (parent_id INTEGER REFERENCES parent (id))")
        connection.execute("INSERT INTO child VALUES (7)")
        connection.commit()
    instance = Instance(f"sqlite:///{file}", Storage("memory:"), tmp_path / "none", metadata)
    with pytest.raises(BackupError, match="damaged"):
        backup(instance, tmp_path / "x.tar", now=NOW)
    assert not (tmp_path / "x.tar").exists()


def test_no_backup_inside_a_transaction(filled: Instance, tmp_path: Path) -> None:
    with no_bytes_here(), pytest.raises(BytesInsideTransactionError):
        backup(filled, tmp_path / "x.tar", now=NOW)
