"""Preparing the announcement: what is read aloud for a picture, written by staff before approval."""

from __future__ import annotations

import datetime as dt

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Missing
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.models.entry import Entry
from contest.queries.editions import get_edition
from gallery.domain.captions import parse_alternative_text
from gallery.queries.announcement import live_publication


def describe_entry(uow: UnitOfWork, entry_id: str, text: str, *, actor: Actor, now: dt.datetime) -> None:
    """Write the alternative text of a work; an empty one takes the default again.

    Raises Missing; Conflict `publication.approved_already` while an approval stands.
    """
    actor.require(Role.OPERATOR)
    entry = uow.session.get(Entry, entry_id)
    if entry is None:
        raise Missing("missing")
    lock_edition(uow.session, entry.edition_id)
    if live_publication(uow.session, get_edition(uow.session, entry.edition_id).id) is not None:
        raise Conflict("publication.approved_already")
    written = parse_alternative_text(text)
    if written == entry.alternative_text:
        return
    entry.alternative_text = written
    entry.updated_at = now
    uow.note(
        "entry.described", ("entry", entry_id), actor=actor, now=now, edition_id=entry.edition_id,
        text=fact_digest(entry_id, written or ""),
    )  # fmt: skip
