"""The 파기대장: what was destroyed, how many, when and by which rule; and what is due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.infra.registry import Registry
from contest.models.edition import Edition
from contest.models.outbox import Destruction

MOST = 500


@dataclass(frozen=True)
class DestroyedRow:
    """One line of the ledger; edition is empty where it concerns none."""

    done_at: dt.datetime
    edition: str
    kind: str
    count: int
    rule: str


@dataclass(frozen=True)
class DueRow:
    """What a retention rule would destroy now."""

    kind: str
    count: int


def destroyed(session: Session) -> tuple[DestroyedRow, ...]:
    """The newest lines of the ledger, newest first. One query."""
    rows = session.execute(
        select(Destruction, Edition.year, Edition.number)
        .outerjoin(Edition, Edition.id == Destruction.edition_id)
        .order_by(Destruction.done_at.desc(), Destruction.id)
        .limit(MOST)
    )
    return tuple(
        DestroyedRow(row.done_at, f"{year}년 제{number}회" if year else "", row.kind, row.count, row.rule)
        for row, year, number in rows
    )


def due_now(session: Session, registry: Registry, now: dt.datetime) -> tuple[DueRow, ...]:
    """What is due of each kind, nothing where nothing is."""
    found = (DueRow(erasure.kind, erasure.due(session, now)) for erasure in registry.erasures)
    return tuple(row for row in found if row.count and row.kind != "attempts")
