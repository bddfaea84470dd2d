"""The 파기대장 and its acts: written in the transaction that forgets, so that neither says what did not happen."""

from __future__ import annotations

import datetime as dt

from contest.domain.actors import SYSTEM
from contest.infra.ids import Ids
from contest.infra.unit_of_work import UnitOfWork
from contest.models.outbox import Destruction


class Ledger:
    """The lines of one run: what goes batch by batch stands in one line for each kind, edition and rule."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._lines: dict[tuple[str, str | None, str], str] = {}

    def note(
        self, uow: UnitOfWork, kind: str, edition_id: str | None, *, count: int, rule: str, now: dt.datetime
    ) -> None:
        """Add to a line, and put the act in the trail: what, how many, by which rule; never whose."""
        if not count:
            return
        line = self._lines.setdefault((kind, edition_id, rule), self._ids.token())
        row = uow.session.get(Destruction, line, with_for_update=True)
        if row is None:
            uow.session.add(
                Destruction(id=line, edition_id=edition_id, kind=kind, count=count, rule=rule, done_at=now)
            )
        else:
            row.count += count
        uow.session.flush()
        uow.note(
            "data.destroyed",
            ("edition", edition_id),
            actor=SYSTEM,
            now=now,
            edition_id=edition_id,
            kind=kind,
            count=count,
        )


def note_destruction(
    uow: UnitOfWork, kind: str, edition_id: str | None, *, count: int, rule: str, now: dt.datetime
) -> None:
    """One line of its own."""
    Ledger(uow.ids).note(uow, kind, edition_id, count=count, rule=rule, now=now)
