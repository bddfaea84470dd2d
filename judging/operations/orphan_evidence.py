"""Evidence that no case names: left where a process was ended between storing a file and keeping its case."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from contest.infra.wiring import Services
from judging.models.objection import ObjectionFile

#: A file without a case for this long belongs to no report that is still being sent.
PATIENCE = dt.timedelta(hours=1)
_PREFIX = "evidence/"


class OrphanEvidence:
    """The sweep. It remembers when it first saw a file without a case: storage tells no times."""

    def __init__(self) -> None:
        self._first_seen: dict[str, dt.datetime] = {}
        self._looked_at: dt.datetime | None = None

    def __call__(self, services: Services, now: dt.datetime) -> None:
        """Look once in an hour; delete what had no case then and has none now."""
        del now
        wall = services.clock.wall()
        if self._looked_at is not None and wall - self._looked_at < PATIENCE:
            return
        self._looked_at = wall
        stored = list(services.storage.list("evidence"))
        with services.database.read() as session:
            named = {_PREFIX + file_id for file_id in session.scalars(select(ObjectionFile.id))}
        orphans = {key: self._first_seen.get(key, wall) for key in stored if key not in named}
        for key, since in orphans.items():
            if wall - since >= PATIENCE:
                services.storage.delete(key)
        self._first_seen = {key: since for key, since in orphans.items() if wall - since < PATIENCE}
