"""What judges and the public read of a work: title, description, place, alternative text, as screened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select, update

from contest.domain.actors import Actor, Role
from contest.domain.entry_texts import parse_description, parse_place_words, parse_title
from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.names_in_text import find_names
from contest.domain.screening import FindingKind
from contest.domain.stages import Stage
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork
from contest.models.entry import Entry, FindingRow
from contest.models.submission import Submission
from contest.operations.identify import open_name
from contest.queries.editions import get_edition

ALTERNATIVE_LENGTH = 200


@dataclass(frozen=True)
class ScreenedTexts:
    """The four texts as typed."""

    title: str
    description: str
    place: str
    alternative: str


def edit_screened_texts(
    uow: UnitOfWork, entry_id: str, texts: ScreenedTexts, *, actor: Actor, now: dt.datetime
) -> None:
    """Keep what is shown of a work; the entrant's own words stay beside it. Names gone, their finding is settled.

    Once judging has begun only the alternative text may change.
    Raises Invalid with the field, Conflict screening.texts_closed, Missing.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    edition_id = uow.session.scalar(select(Entry.edition_id).where(Entry.id == entry_id))
    if edition_id is None:
        raise Missing("missing")
    lock_edition(uow.session, edition_id)
    edition = get_edition(uow.session, edition_id)
    uow.session.refresh(edition)
    entry = uow.session.get_one(Entry, entry_id, with_for_update=True, populate_existing=True)
    title, description = parse_title(texts.title), parse_description(texts.description)
    place, alternative = parse_place_words(texts.place), " ".join(texts.alternative.split()) or None
    if alternative and len(alternative) > ALTERNATIVE_LENGTH:
        raise Invalid(
            "screening.text_length", field="alternative", length=len(alternative), most=ALTERNATIVE_LENGTH
        )
    before = (entry.screened_title, entry.screened_description, entry.screened_place)
    is_open = edition.stage in {Stage.OPEN, Stage.SCREENING}
    if not is_open and before != (title, description, place):
        raise Conflict("screening.texts_closed")
    fields = [
        name
        for name, old, new in zip(
            ("title", "description", "place", "alternative"),
            (*before, entry.alternative_text),
            (title, description, place, alternative),
            strict=True,
        )
        if old != new
    ]
    entry.screened_title, entry.screened_description, entry.screened_place = title, description, place
    entry.alternative_text, entry.updated_at = alternative, now
    submission = uow.session.get_one(Submission, entry.submission_id)
    if not find_names((title, description, place, alternative), open_name(uow.crypto, submission)):
        uow.session.execute(
            update(FindingRow)
            .where(
                FindingRow.entry_id == entry.id,
                FindingRow.kind == FindingKind.NAMES_IN_TEXT.value,
                FindingRow.settled_at.is_(None),
            )
            .values(settled_by=actor.id, settled_at=now)
        )
    uow.note(
        "entry.texts_screened",
        ("entry", entry.id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        fields=fields,
    )
