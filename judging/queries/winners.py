"""Which works hold a prize."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models.award import Award


def prize_holders(session: Session, edition_id: str) -> frozenset[str]:
    """Ids of the works that hold a live award."""
    return frozenset(
        session.scalars(
            select(Award.entry_id).where(Award.edition_id == edition_id, Award.revoked_at.is_(None))
        )
    )
