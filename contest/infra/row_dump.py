"""All rows of a database at one instant, as files, and back: SQLite as its own file, PostgreSQL table by table."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from sqlalchemy import Connection, MetaData, create_engine, make_url, text
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable

from contest.infra.disk import CHUNK, fsync_folder

if TYPE_CHECKING:
    from collections.abc import Callable

_SQLITE_FILE = "data.sqlite3"
_REVISION = "alembic_version"
_OWN_TABLES = """
    SELECT c.table_name, array_agg(c.column_name::text ORDER BY c.ordinal_position)
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
      AND left(c.table_name, 5) <> 'huey_'
    GROUP BY c.table_name ORDER BY c.table_name
"""


class RowsDoNotFitError(RuntimeError):
    """The rows cannot be put into this database; the message says why."""


def kind_of(database_url: str) -> str:
    """`sqlite` or `postgresql`."""
    return make_url(database_url).get_backend_name()


def dump_rows(database_url: str, folder: Path) -> dict[str, int]:
    """Write all rows as they stand at one instant into files of a folder; returns rows by table.

    Writers go on meanwhile: SQLite in WAL and a REPEATABLE READ snapshot both show one instant.
    """
    if kind_of(database_url) == "sqlite":
        return _dump_sqlite(_sqlite_path(database_url), folder / _SQLITE_FILE)
    return _dump_postgres(database_url, folder)


def is_empty(database_url: str) -> bool:
    """Whether there is no table of ours (the job queue's may be there)."""
    if kind_of(database_url) == "sqlite":
        path = _sqlite_path(database_url)
        if not path.exists():
            return True
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None
    with psycopg.connect(_conninfo(database_url)) as connection:
        return connection.execute(_OWN_TABLES.encode()).fetchone() is None


def load_rows(
    database_url: str, folder: Path, metadata: MetaData, after: Callable[[Connection], None] | None
) -> dict[str, int]:
    """Put dumped rows into an empty database, whole or not at all; returns rows by table as counted there.

    metadata: the tables of this program, for PostgreSQL, where after(connection) adds what metadata cannot
    say (triggers) in the same transaction. Raises RowsDoNotFitError if the dump has other columns.
    """
    if kind_of(database_url) == "sqlite":
        return _load_sqlite(_sqlite_path(database_url), folder / _SQLITE_FILE)
    return _load_postgres(database_url, folder, metadata, after)


def _sqlite_path(database_url: str) -> Path:
    database = make_url(database_url).database
    if not database or database == ":memory:":
        raise ValueError("a database in memory cannot be kept")
    return Path(database)


def _dump_sqlite(source: Path, target: Path) -> dict[str, int]:
    if not source.exists():
        raise FileNotFoundError(source)
    with closing(sqlite3.connect(source, timeout=60)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing, pages=-1)  # in one step: begun again and again under a busy writer otherwise
        writing.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        return _checked_counts(writing)


def _load_sqlite(target: Path, source: Path) -> dict[str, int]:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    arriving = target.with_name(target.name + ".arriving")
    arriving.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(arriving)) as writing:
        arriving.chmod(0o600)
        writing.execute("PRAGMA synchronous=FULL")
        reading.backup(writing, pages=-1)
        counts = _checked_counts(writing)
    with arriving.open("rb+") as file:
        os.fsync(file.fileno())
    arriving.replace(target)
    fsync_folder(target.parent)
    return counts


def _checked_counts(connection: sqlite3.Connection) -> dict[str, int]:
    found = connection.execute("PRAGMA integrity_check").fetchall()
    if found != [("ok",)] or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise RowsDoNotFitError(f"the SQLite file is damaged: {found[:3]}")
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    counts = {}
    for (name,) in names.fetchall():
        quoted = name.replace('"', '""')
        counts[name] = connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0]  # noqa: S608  quoted
    return counts


def _conninfo(database_url: str) -> str:
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def _dump_postgres(database_url: str, folder: Path) -> dict[str, int]:
    counts = {}
    with psycopg.connect(_conninfo(database_url)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        for table, columns in connection.execute(_OWN_TABLES.encode()).fetchall():
            # The first line of each file names its columns; COPY's text form never begins a file with "#".
            with (folder / f"{table}.copy").open("wb") as file, connection.cursor() as cursor:
                file.write(("#" + "\t".join(columns) + "\n").encode())
                with cursor.copy(_copy("COPY {} ({}) TO STDOUT", table, columns)) as out:
                    for piece in out:
                        file.write(piece)
                counts[table] = cursor.rowcount
    return counts


def _load_postgres(
    database_url: str, folder: Path, metadata: MetaData, after: Callable[[Connection], None] | None
) -> dict[str, int]:
    files = {path.stem: path for path in sorted(folder.glob("*.copy"))}
    ours = {table.name: {column.name for column in table.columns} for table in metadata.tables.values()}
    dumped = {name: set(_columns(path)) for name, path in files.items() if name != _REVISION}
    if dumped != {name: columns for name, columns in ours.items() if name != _REVISION}:
        wrong = sorted(name for name in dumped.keys() | ours.keys() if dumped.get(name) != ours.get(name))
        raise RowsDoNotFitError(
            f"made by another version of the program; tables that differ: {', '.join(wrong)}"
        )
    engine = create_engine(database_url)
    try:
        with engine.begin() as connection:
            tables = [table for table in metadata.tables.values() if table.name != _REVISION]
            for table in tables:
                connection.execute(CreateTable(table, include_foreign_key_constraints=[]))
            if _REVISION in files:
                connection.execute(text(f"CREATE TABLE {_REVISION} (version_num VARCHAR(32) PRIMARY KEY)"))
            for name, path in files.items():
                _copy_in(connection, name, path)
            for table in tables:  # after the rows: faster, and tables may refer to each other
                for index in table.indexes:
                    connection.execute(CreateIndex(index))
                for constraint in table.foreign_key_constraints:
                    connection.execute(AddConstraint(constraint, isolate_from_table=False))
                _advance_sequence(connection, table.name, [column.name for column in table.primary_key])
            if after is not None:
                after(connection)
            return {name: _count(connection, name) for name in files}
    finally:
        engine.dispose()


def _copy_in(connection: Connection, table: str, path: Path) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with path.open("rb") as file, driver.cursor() as cursor:
        columns = file.readline().decode()[1:].rstrip("\n").split("\t")
        with cursor.copy(_copy("COPY {} ({}) FROM STDIN", table, columns)) as into:
            while piece := file.read(CHUNK):
                into.write(piece)


def _advance_sequence(connection: Connection, table: str, key: list[str]) -> None:
    """A number the database gives next must be above those that arrived."""
    for column in key:
        owned = {"table": f'"{table}"', "column": column}
        name = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), owned).scalar_one()
        if name is not None:
            highest = f'SELECT setval(:name, coalesce(max("{column}"), 0) + 1, false) FROM "{table}"'  # noqa: S608  our tables
            connection.execute(text(highest), {"name": name})


def _count(connection: Connection, table: str) -> int:
    return int(connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one())  # noqa: S608  our tables


def _columns(path: Path) -> list[str]:
    with path.open("rb") as file:
        return file.readline().decode()[1:].rstrip("\n").split("\t")


def _copy(statement: str, table: str, columns: list[str]) -> sql.Composed:
    return sql.SQL(statement).format(
        sql.Identifier(table), sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    )
