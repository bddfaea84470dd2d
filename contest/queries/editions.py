"""Which edition is meant, and what it says in a language."""

from __future__ import annotations

import datetime as dt
import functools
import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.errors import Missing
from contest.domain.rules import EditionRules, Problem, preview, problems
from contest.domain.schedule import Schedule
from contest.domain.stages import Stage
from contest.models.edition import Edition, Holiday


def current_edition(session: Session) -> Edition | None:
    """The newest edition that has been opened; what the public pages speak of."""
    return session.scalars(
        select(Edition)
        .where(Edition.stage != Stage.DRAFT)
        .order_by(Edition.year.desc(), Edition.number.desc())
        .limit(1)
    ).first()


def may_still_enter(session: Session, now: dt.datetime) -> bool:
    """Whether the current edition takes entries now or later: the menu's 응모하기 leads somewhere."""
    newest = (
        select(Edition.entry_closes)
        .where(Edition.stage != Stage.DRAFT)
        .order_by(Edition.year.desc(), Edition.number.desc())
        .limit(1)
    )
    closes = session.scalar(newest)
    return closes is None or now < closes


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


@functools.lru_cache(maxsize=32)
def _parsed(edition_id: str, version: int, document: str) -> EditionRules:
    del edition_id, version  # they make the key short to compare; the text decides
    return preview(json.loads(document))


def rules_of(edition: Edition) -> EditionRules:
    """The edition's rules; of a draft, as far as they can be read."""
    return _parsed(edition.id, edition.version, json.dumps(edition.document, sort_keys=True))


def holidays(session: Session) -> frozenset[dt.date]:
    """Every public holiday the office knows of."""
    return frozenset(session.scalars(select(Holiday.day)))


def problems_of(session: Session, edition: Edition, now: dt.datetime) -> list[Problem]:
    """Every cross-check that an edition fails, errors and warnings."""
    return problems(edition.document, schedule_of(edition), holidays(session), now)
