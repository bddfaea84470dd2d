"""Pictures of winners for staff, before and after the minute."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.models.entry import Entry
from contest.models.photo import Rendition
from gallery.queries.published import Picture
from judging.models.award import Award


def prepared_picture(session: Session, entry_id: str) -> Picture | None:
    """The small picture of a work that holds an award; None for any other work."""
    row = session.execute(
        select(Rendition.id, Rendition.bytes, Rendition.sha256)
        .join(Entry, Entry.photo_id == Rendition.photo_id)
        .join(Award, Award.entry_id == Entry.id)
        .where(Entry.id == entry_id, Award.revoked_at.is_(None), Rendition.kind == "thumb")
    ).first()
    return Picture(row.id, row.bytes, row.sha256) if row else None
