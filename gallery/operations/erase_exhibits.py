"""What was published of winners: the whole name for as long as they agreed to, their words as long as their data."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.infra.registry import Erasure, Registry
from contest.infra.wiring import Services
from contest.operations.destruction import Ledger
from contest.operations.retention import editions_past
from gallery.domain.credits import is_masked, masked_afterwards
from gallery.models.publication import Exhibit

_WORDS = ("place", "dong", "description", "taken_on")


def erasures(registry: Registry) -> list[Erasure]:
    """The retention rules of what was published."""
    return [
        Erasure(
            "published_name", lambda session, now: len(_named(registry, session, now)), mask_published_names
        ),
        Erasure(
            "published_text", lambda session, now: len(_worded(registry, session, now)), erase_published_words
        ),
    ]


def mask_published_names(services: Services, now: dt.datetime) -> int:
    """Whole names published by consent become masked ones; returns how many."""
    with services.database.write() as uow:
        found = _named(services.registry, uow.session, now)
        ledger = Ledger(uow.ids)
        for publication_id in sorted({exhibit.publication_id for exhibit in found}):
            together = uow.session.scalars(
                select(Exhibit).where(Exhibit.publication_id == publication_id)
            ).all()
            shown = masked_afterwards({exhibit.entry_number: exhibit.name for exhibit in together})
            for exhibit in together:
                exhibit.name = shown[exhibit.entry_number]
        for exhibit in found:
            ledger.note(uow, "published_name", exhibit.edition_id, count=1, rule="retention.names", now=now)
    return len(found)


def erase_published_words(services: Services, now: dt.datetime) -> int:
    """What a winner wrote and the masked name go with their data; title and prize stay. Returns how many works."""
    with services.database.write() as uow:
        found = _worded(services.registry, uow.session, now)
        ledger = Ledger(uow.ids)
        for exhibit in found:
            exhibit.name = exhibit.alternative_text = ""
            for column in _WORDS:
                setattr(exhibit, column, None)
            ledger.note(uow, "published_text", exhibit.edition_id, count=1, rule="retention.winners", now=now)
    return len(found)


def _named(registry: Registry, session: Session, now: dt.datetime) -> list[Exhibit]:
    past = editions_past(registry, session, "names", now)
    exhibits = session.scalars(select(Exhibit).where(Exhibit.edition_id.in_(past)).order_by(Exhibit.id))
    return [exhibit for exhibit in exhibits if exhibit.name and not is_masked(exhibit.name)]


def _worded(registry: Registry, session: Session, now: dt.datetime) -> list[Exhibit]:
    past = editions_past(registry, session, "winners", now)
    exhibits = session.scalars(select(Exhibit).where(Exhibit.edition_id.in_(past)).order_by(Exhibit.id))
    return [
        exhibit
        for exhibit in exhibits
        if exhibit.name or exhibit.alternative_text or any(getattr(exhibit, name) for name in _WORDS)
    ]
