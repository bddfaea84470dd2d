"""Which edition is meant, and what it says in a language."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.errors import Missing
from contest.domain.schedule import Schedule
from contest.domain.stages import Stage
from contest.models.edition import Edition


def current_edition(session: Session) -> Edition | None:
    """The newest edition that has been opened; what the public pages speak of."""
    return session.scalars(
        select(Edition)
        .where(Edition.stage != Stage.DRAFT)
        .order_by(Edition.year.desc(), Edition.number.desc())
        .limit(1)
    ).first()


def get_edition(session: Session, edition_id: str) -> Edition:
    """An edition by id. Raises Missing."""
    edition = session.get(Edition, edition_id)
    if edition is None:
        raise Missing("missing")
    return edition


def schedule_of(edition: Edition) -> Schedule:
    """The schedule as the rules see it."""
    return Schedule(
        entry_opens=edition.entry_opens,
        entry_closes=edition.entry_closes,
        screening_closes=edition.screening_closes,
        judging_opens=edition.judging_opens,
        judging_closes=edition.judging_closes,
        verification_opens=edition.verification_opens,
        verification_closes=edition.verification_closes,
        decides_by=edition.decides_by,
        publish_at=edition.publish_at,
    )
