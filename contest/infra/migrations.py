"""Migrations run by the program itself: forward only, on a connection of their own."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from contest.infra.database import Row

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("version_locations", str(FOLDER / "versions"))
    config.set_main_option("path_separator", "os")
    config.set_main_option(
        "file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s"
    )
    return config


def head() -> str | None:
    """The newest revision among the files."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_current(engine: Engine) -> bool:
    """Whether the database stands at the newest revision."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head()


def upgrade(engine: Engine, target: str = "head") -> None:
    """Bring the database to the newest revision (or to a named one), or leave it as it was.

    On SQLite foreign keys are off while tables are rebuilt (a rebuild with them on empties child
    tables), and checked before the commit.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            _upgrade(connection, target)
            return
        connection.exec_driver_sql("ROLLBACK")  # leave the transaction that the driver hook began
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            _upgrade(connection, target)
        finally:
            # Inside a transaction the pragma does nothing, and the next begins by itself: this connection
            # would go on without foreign keys. Nobody else gets it.
            connection.invalidate()


def _upgrade(connection: Connection, target: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, target)
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a migration left rows without their parents; nothing was changed")
    install_guards(connection)
    connection.commit()


def write_revision(engine: Engine, slug: str) -> None:
    """Write a new revision file from the difference between rows and database."""
    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.revision(config, slug.replace("_", " "), autogenerate=True)


def differences(engine: Engine) -> list[object]:
    """What the rows declare and the database lacks, or the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": include_object, "compare_type": True}
        )
        return list(compare_metadata(context, Row.metadata))


def include_object(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Leave out tables that are not ours (the job queue's)."""
    return not (kind == "table" and (name or "").startswith("huey"))


#: Tables whose rows are never changed or removed, whoever asks.
APPEND_ONLY = ("audit", "score_event", "runoff_ballot")


def install_guards(connection: Connection) -> None:
    """Triggers that refuse UPDATE and DELETE on append-only tables; made again after every migration."""
    there = set(inspect(connection).get_table_names())  # fewer where a database stops at an earlier revision
    for table in [name for name in APPEND_ONLY if name in there]:
        if connection.dialect.name == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                connection.execute(
                    text(
                        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                    )
                )
        else:
            connection.execute(
                text(
                    f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger AS $$ "
                    f"BEGIN RAISE EXCEPTION '{table} is append-only'; END $$ LANGUAGE plpgsql"
                )
            )
            connection.execute(
                text(
                    f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
                )
            )


def missing_guards(connection: Connection) -> list[str]:
    """The append-only tables whose refusing triggers are not all there."""
    if connection.dialect.name == "sqlite":
        asked = "SELECT tbl_name, count(*) FROM sqlite_schema WHERE type = 'trigger' GROUP BY tbl_name"
        wanted = 2
    else:
        asked = (
            "SELECT c.relname, count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' GROUP BY c.relname"
        )
        wanted = 1
    found = {str(row[0]): int(row[1]) for row in connection.execute(text(asked))}
    return [table for table in APPEND_ONLY if found.get(table, 0) < wanted]
