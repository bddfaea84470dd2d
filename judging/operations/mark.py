"""The marked pictures of public verification, made before it opens; a row says that one is there."""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from contest.infra.storage import NotThere
from contest.infra.wiring import Services
from contest.models.entry import Entry
from contest.models.photo import Rendition
from judging.queries.candidates import MARKED, listed

SOURCE = "preview"


def unmarked(session: Session, edition_id: str) -> list[tuple[str, str]]:
    """(photo id, id of the rendition to mark) of every listed work that still lacks its marked picture."""
    marked = aliased(Rendition)
    rows = session.scalars(
        select(Rendition)
        .join(Entry, Entry.photo_id == Rendition.photo_id)
        .outerjoin(marked, (marked.photo_id == Rendition.photo_id) & (marked.kind == MARKED))
        .where(Rendition.kind == SOURCE, marked.id.is_(None), listed(edition_id))
    )
    return [(row.photo_id, row.id) for row in rows]


def mark_candidates(services: Services, edition_id: str) -> int:
    """Make every marked picture that is missing; how many were made. Again is harmless."""
    with services.database.read() as session:
        waiting = unmarked(session, edition_id)
    return sum(_mark(services, photo_id, rendition_id) for photo_id, rendition_id in waiting)


def _mark(services: Services, photo_id: str, rendition_id: str) -> int:
    try:
        source = services.storage.get(f"renditions/{rendition_id}")
    except NotThere:
        return 0
    made = services.imaging.render_marked(source)
    if made is None:
        return 0
    new_id = services.ids.token()
    services.storage.put(f"renditions/{new_id}", made.data)
    with services.database.write() as uow:
        known = uow.session.scalars(
            select(Rendition.id).where(Rendition.photo_id == photo_id, Rendition.kind == MARKED)
        ).first()
        if known is None:
            uow.session.add(
                Rendition(
                    id=new_id,
                    photo_id=photo_id,
                    kind=MARKED,
                    sha256=hashlib.sha256(made.data).hexdigest(),
                    bytes=len(made.data),
                    width=made.width,
                    height=made.height,
                )
            )
    if known is not None:  # another worker was first
        services.storage.delete(f"renditions/{new_id}")
    return int(known is None)
