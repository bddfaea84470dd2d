"""Whether what is approved for publication is what was awarded."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from contest.infra.registry import Fault
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry
from gallery.models.publication import Exhibit, Publication
from judging.models.award import Award


def check_published(services: Services, hashes: bool) -> Iterator[Fault]:
    """Every live award has its exhibit, and every exhibit that stands has its award."""
    del hashes
    with services.database.read() as session:
        live = session.execute(
            select(Publication.id, Edition)
            .join(Edition, Edition.id == Publication.edition_id)
            .where(Publication.withdrawn_at.is_(None))
        ).all()
        for publication_id, edition in live:
            numbers = {
                row.id: row.entry_number
                for row in session.execute(
                    select(Entry.id, Entry.entry_number).where(Entry.edition_id == edition.id)
                )
            }
            awarded = set(
                session.scalars(
                    select(Award.entry_id).where(Award.edition_id == edition.id, Award.revoked_at.is_(None))
                )
            )
            exhibits = session.execute(
                select(Exhibit.entry_id, Exhibit.retracted_at).where(Exhibit.publication_id == publication_id)
            ).all()
            shown = {row.entry_id for row in exhibits}
            standing = {row.entry_id for row in exhibits if row.retracted_at is None}
            wrong = sorted(numbers[entry] or entry for entry in (awarded - shown) | (standing - awarded))
            if wrong:
                name = f"{edition.year}년 제{edition.number}회"
                yield Fault("check.exhibits", {"edition": name, "numbers": ", ".join(wrong)})
