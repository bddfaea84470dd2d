"""Migrations of a filled database keep every row, CHECK, partial index and trigger, or change nothing."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from servers import fresh_database
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Connection,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from contest.infra import migrations
from contest.infra.database import Row, make_engine
from contest.infra.migrations import APPEND_ONLY, differences, is_current, missing_guards, upgrade

AT = dt.datetime(2024, 8, 20, 1, 2, 3, 456789, tzinfo=dt.UTC)
REBUILD = """
from alembic import op
from contest.infra.database import Row
revision, down_revision, branch_labels, depends_on = "{revision}", "{down}", None, None

def upgrade():
    for name in ("edition", "submission", "entry", "award", "audit", "score_event"):
        with op.batch_alter_table(name, copy_from=Row.metadata.tables[name], recreate="always" if op.get_bind().dialect.name == "sqlite" else "never") as batch:
            batch.alter_column("{{}}".format("id" if "id" in Row.metadata.tables[name].columns else "digest"), nullable=False)
    {ending}
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'data.sqlite3'}")
        yield engine
        engine.dispose()
        return
    with fresh_database(request.getfixturevalue("postgres_server")) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def revisions() -> list[str]:
    """Every revision, oldest first."""
    found = ScriptDirectory.from_config(migrations._config()).walk_revisions()
    return [script.revision for script in reversed(list(found))]


def allowed(connection: Connection, table: str) -> dict[str, str]:
    """Column -> the first value its CHECK allows."""
    found = {}
    for check in inspect(connection).get_check_constraints(table):
        for column, value in re.findall(
            r"(\w+)\W*(?:::\w+(?: varying)?)?\W*(?:IN \(|= ANY \(+ARRAY\[)'(\w+)'",
            str(check["sqltext"]).replace("character ", ""),
        ):
            found.setdefault(column, value)
    return found


def fill(connection: Connection) -> int:
    """Two rows in every table as the database has it now; how many in all."""
    metadata = MetaData()
    metadata.reflect(connection)
    rows: dict[str, list[dict[str, Any]]] = {}
    for table in metadata.sorted_tables:
        if table.name == "alembic_version" or table.name.startswith("huey"):
            continue
        checked = " ".join(str(c["sqltext"]) for c in inspect(connection).get_check_constraints(table.name))
        values = allowed(connection, table.name)
        for number in (1, 2):
            row = make_row(table, number, rows, values, checked)
            try:
                with connection.begin_nested():
                    connection.execute(insert(table).values(row))
            except IntegrityError:
                if number == 1:
                    raise
                continue  # a table of one row
            rows.setdefault(table.name, []).append(row)
    return sum(map(len, rows.values()))


def make_row(
    table: Table, number: int, rows: dict[str, list[dict[str, Any]]], values: dict[str, str], checked: str
) -> dict[str, Any]:
    """A row that satisfies its table: parents are those of the same number, facts nobody needs are left out."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.nullable and (column.foreign_keys or re.search(rf"\b{column.name}\b", checked)):
            continue
        row[column.name] = values.get(column.name) or plain_value(table, column, number)
    seen: set[str] = set()
    for key in sorted(table.foreign_key_constraints, key=lambda one: one.column_keys):
        parent = key.referred_table.name
        if parent == table.name or any(table.columns[name].nullable for name in key.column_keys):
            continue
        other = 3 - number if parent in seen and len(key.column_keys) == 1 else number
        seen.add(parent)
        for mine, theirs in zip(key.column_keys, key.elements, strict=True):
            row[mine] = rows[parent][min(other, len(rows[parent])) - 1][theirs.column.name]
    return row


def plain_value(table: Table, column: Any, number: int) -> Any:
    kinds: list[tuple[type, Any]] = [
        (Boolean, False), (Float, float(number)), (Integer, number), (JSON, {"row": number}),
        (LargeBinary, bytes([0, number, 255])), (DateTime, AT), (Date, AT.date()),
    ]  # fmt: skip
    for kind, value in kinds:
        if isinstance(column.type, kind):
            return value
    return f"{number}-{table.name}.{column.name} 한글"[: column.type.length or 200]


def contents(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours."""
    metadata = MetaData()
    metadata.reflect(connection)
    return {
        table.name: sorted((dict(row) for row in connection.execute(select(table)).mappings()), key=repr)
        for table in metadata.sorted_tables
        if table.name != "alembic_version"
    }


def assert_kept(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> None:
    """Every row of every table that still exists is there, in every column that still exists."""
    for name in before.keys() & after.keys():
        columns = set(before[name][0]) & set(after[name][0]) if before[name] and after[name] else set()
        assert [{c: row[c] for c in sorted(columns)} for row in after[name]] == [
            {c: row[c] for c in sorted(columns)} for row in before[name]
        ]


def assert_as_declared(engine: Engine) -> None:
    """Tables, columns, CHECKs, partial indexes and triggers are those the program declares."""
    assert differences(engine) == []
    assert is_current(engine)
    with engine.connect() as connection:
        there = inspect(connection)
        for table in Row.metadata.sorted_tables:
            declared = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
            assert {c["name"] for c in there.get_check_constraints(table.name)} == declared, table.name
            dialect = engine.dialect.name
            partial = {i.name for i in table.indexes if i.dialect_options[dialect].get("where") is not None}
            found = {
                i["name"]
                for i in there.get_indexes(table.name)
                if f"{dialect}_where" in i.get("dialect_options", {})
            }
            assert found == partial, table.name
        assert missing_guards(connection) == []


def assert_foreign_keys(engine: Engine) -> None:
    """No connection goes on without them."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def assert_guarded(engine: Engine) -> None:
    """Append-only tables refuse."""
    with engine.connect() as connection:
        assert missing_guards(connection) == []
        # SQLite's triggers speak of rows: a table younger than the first revision has none yet.
        filled = [name for name in APPEND_ONLY if connection.scalar(text(f"SELECT count(*) FROM {name}"))]  # noqa: S608  our own tables
    assert len(filled) > 1
    for table in filled:
        for change in (f"UPDATE {table} SET digest = ''", f"DELETE FROM {table}"):  # noqa: S608  our own tables
            with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
                connection.execute(text(change))


def filled_at(engine: Engine, revision: str) -> dict[str, list[dict[str, Any]]]:
    upgrade(engine, revision)
    with engine.connect() as connection:
        assert fill(connection) > 40
        connection.commit()
    with engine.connect() as connection:
        return contents(connection)


def test_every_migration_since_the_first_keeps_what_is_there(engine: Engine) -> None:
    before = filled_at(engine, revisions()[0])
    upgrade(engine)
    with engine.connect() as connection:
        assert_kept(before, contents(connection))
    assert_as_declared(engine)
    assert_guarded(engine)
    assert_foreign_keys(engine)


def test_features_of_pictures_that_are_there_are_made_anew_and_of_others_kept(engine: Engine) -> None:
    upgrade(engine, "9d04c7e1b35a")
    with engine.begin() as connection:
        fill(connection)
        there, gone = connection.scalars(text("SELECT id FROM photo ORDER BY id")).all()
        connection.execute(text("UPDATE rendition SET kind = 'preview'"))
        for photo, state in ((there, "checked"), (gone, "erased")):
            connection.execute(
                text("UPDATE photo SET state = :state WHERE id = :id"), {"state": state, "id": photo}
            )
        connection.commit()
    upgrade(engine, "b7e2409c6f18")
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT photo_id FROM local_features")).all() == [gone]


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """later(ending): the program one migration further, one that rebuilds tables others refer to."""

    def add(ending: str) -> None:
        shutil.copytree(
            migrations.FOLDER, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__")
        )
        down = migrations.head()
        script = REBUILD.format(revision="later0000000", down=down, ending=ending)
        (tmp_path / "migrations" / "versions" / "29991231_0000_later.py").write_text(script)
        monkeypatch.setattr(migrations, "FOLDER", tmp_path / "migrations")

    return add


def test_a_rebuild_of_tables_keeps_what_refers_to_them(engine: Engine, later: Any) -> None:
    before = filled_at(engine, "head")
    later("return")
    assert not is_current(engine)
    upgrade(engine)
    with engine.connect() as connection:
        assert contents(connection) == before
    assert_as_declared(engine)
    assert_guarded(engine)
    assert_foreign_keys(engine)


def test_a_migration_that_breaks_off_changes_nothing(engine: Engine, later: Any) -> None:
    before = filled_at(engine, "head")
    later("raise RuntimeError('half way')")
    with pytest.raises(RuntimeError, match="half way"):
        upgrade(engine)
    with engine.connect() as connection:
        assert contents(connection) == before
        assert missing_guards(connection) == []
    assert differences(engine) == []
    assert not is_current(engine)
    assert_foreign_keys(engine)
