"""How much a demonstration holds that a new beginning would remove."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.models.audit import AuditRow
from contest.models.entry import Entry
from contest.models.photo import Photo
from contest.models.submission import Submission


@dataclass(frozen=True)
class Played:
    """Rows that were played in or typed since the first morning."""

    submissions: int
    works: int
    photographs: int
    acts: int


def count_played(session: Session) -> Played:
    """Count them."""
    return Played(
        *(
            session.scalar(select(func.count()).select_from(kind)) or 0
            for kind in (Submission, Entry, Photo, AuditRow)
        )
    )
