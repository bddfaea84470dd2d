"""Every row of a demonstration removed in one transaction, append-only tables included."""

from __future__ import annotations

from sqlalchemy import Connection, text

from contest.infra.database import Row
from contest.infra.migrations import APPEND_ONLY, install_guards


def empty_tables(connection: Connection, *, but: frozenset[str]) -> None:
    """Remove the rows of every table but those named, which must refer to none of the others.

    The guards of append-only tables are lifted for it and stand again before the caller's commit.
    """
    emptied = [table.name for table in Row.metadata.tables.values() if table.name not in but]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # until the commit: the order is free
        for table in APPEND_ONLY:
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        for name in emptied:
            connection.execute(Row.metadata.tables[name].delete())
    else:
        for table in APPEND_ONLY:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"))
        connection.execute(text(f"TRUNCATE {', '.join(emptied)}"))
    install_guards(connection)
