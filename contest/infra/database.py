"""The database: engine, sessions, column kinds. SQLite in WAL with explicit BEGIN, or PostgreSQL."""

from __future__ import annotations

import datetime as dt
import enum
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


def make_engine(url: str) -> Engine:
    """An engine whose transactions mean what they say on both databases; its errors tell no values to a log."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url, connect_args={"timeout": 30, "check_same_thread": False}, hide_parameters=True
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
        "busy_timeout=30000",
        "foreign_keys=ON",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A read that later writes fails at once under plain BEGIN; writers say so from the start.
    mode = connection.get_execution_options().get("sqlite_begin", "")
    connection.exec_driver_sql(f"BEGIN {mode}".strip())


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
