"""Which round of an edition is meant when somebody says the round."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models.round import Round


def last_round(session: Session, edition_id: str) -> Round | None:
    """The newest round of an edition, opened or sealed; None before judging."""
    return session.scalars(
        select(Round).where(Round.edition_id == edition_id).order_by(Round.ordinal.desc()).limit(1)
    ).first()
