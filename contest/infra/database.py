"""The database: engine, sessions, column kinds. SQLite in WAL with explicit BEGIN, or PostgreSQL."""

from __future__ import annotations

import datetime as dt
import enum
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    Enum,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

#: The database cannot be reached, is locked beyond patience, or has no room: worth trying again later.
DatabaseUnavailable = OperationalError

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[dt.datetime]):
    """Aware UTC in and out; a naive value is a programming error. SQLite stores it as UTC text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """To UTC, on the way in."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Aware UTC, on the way out."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def enum_type(kind: type[enum.StrEnum], name: str) -> Enum:
    """A string column held to an enumeration's values by a named CHECK."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


Id = Annotated[str, mapped_column(String(32), primary_key=True)]
Ref = Annotated[str, mapped_column(String(32))]
Code = Annotated[str, mapped_column(String(64))]
Digest = Annotated[str, mapped_column(String(64))]
Sealed = Annotated[bytes, mapped_column(LargeBinary)]
Instant = Annotated[dt.datetime, mapped_column(UtcDateTime)]
LongText = Annotated[str, mapped_column(Text)]
Json = Annotated[dict[str, Any], mapped_column(JSON)]
JsonList = Annotated[list[Any], mapped_column(JSON)]


class Row(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {dt.datetime: UtcDateTime}  # noqa: RUF012  SQLAlchemy reads a plain class attribute


_WAIT_SECONDS = 30


def make_engine(url: str) -> Engine:
    """An engine whose transactions mean what they say on both databases; its errors tell no values to a log."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url, connect_args={"timeout": _WAIT_SECONDS, "check_same_thread": False}, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, pool_size=16, max_overflow=48, pool_pre_ping=True, hide_parameters=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a receipt once shown survives a power cut
        f"busy_timeout={_WAIT_SECONDS * 1000}",
        "foreign_keys=ON",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A read that later writes fails at once under plain BEGIN; writers say so from the start.
    mode = connection.get_execution_options().get("sqlite_begin", "")
    database = connection.engine.url.database
    turn = _writers_turn(Path(database).parent) if mode and database else nullcontext()
    with turn:
        connection.exec_driver_sql(f"BEGIN {mode}".strip())


@contextmanager
def _writers_turn(folder: Path) -> Iterator[None]:
    """Until one has begun to write, nobody else may begin: who waits is not passed by who has just written.

    SQLite lets those who have waited long look least often, every 100 ms; among eight that write without a pause
    one was refused after 30 seconds (docs/reliability.md, R7). Held on the folder: it takes no byte of a full disk,
    and ends with whoever holds it.
    """
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # Waits while the one before waits for SQLite, which is for its timeout at most.
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(held, fcntl.LOCK_UN)  # a process forked meanwhile would keep what only is closed
        os.close(held)


def inserting(session: Session, row: type[Row]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that may say ON CONFLICT, which each database has in its own words."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(row)


def lock_edition(session: Session, edition_id: str) -> None:
    """Serialise closing, allocating and approving of one edition until this transaction ends."""
    _advisory_lock(session, f"edition:{edition_id}")


def lock_pairs(session: Session) -> None:
    """Serialise what is written on pairs of photographs until this transaction ends."""
    _advisory_lock(session, "pairs")


def lock_audit(session: Session) -> None:
    """Serialise the audit chain; taken last, held until this transaction ends."""
    _advisory_lock(session, "audit")


def _advisory_lock(session: Session, name: str) -> None:
    # SQLite's BEGIN IMMEDIATE already admits one writer at a time.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
