"""보완요청: what may be asked for after the deadline, until when, how an answer stands. Photographs never change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contest.domain.errors import Invalid

#: How many working days after the day of asking are proposed for an answer.
WORKING_DAYS = 3
NOTE_LENGTH = 300
MOST_FILES = 5
MOST_BYTES = 10_000_000
#: Papers are read by their first bytes; they are only ever handed to staff as files.
PAPERS = frozenset({"PDF", "JPEG", "PNG", "HEIC"})


class SupplementItem(StrEnum):
    """What can be asked for; each is a sentence `supplement.item.<value>` that the entrant reads."""

    PORTRAIT = "portrait"
    GUARDIAN = "guardian"
    DRONE = "drone"
    PLACE = "place"
    CAPTURE = "capture"
    AUTHORSHIP = "authorship"
    SIGNED_FORM = "signed_form"
    OTHER = "other"


class Outcome(StrEnum):
    """How a request ended."""

    MET = "met"
    UNMET = "unmet"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """How a request stands now."""

    WAITING = "waiting"
    ANSWERED = "answered"
    OVERDUE = "overdue"
    CLOSED = "closed"


@dataclass(frozen=True)
class Wanted:
    """A request as parsed: items in the order of the list, and the words besides."""

    items: tuple[SupplementItem, ...]
    note: str | None


def parse_wanted(items: Iterable[str], note: str) -> Wanted:
    """What is asked for, as entered.

    Raises Invalid: supplement.items_missing, supplement.note_missing (`other` says nothing by itself),
    supplement.note_length.
    """
    given, plain = set(items), " ".join(note.split())
    chosen = tuple(item for item in SupplementItem if item in given)
    if not chosen:
        raise Invalid("supplement.items_missing", field="items")
    if SupplementItem.OTHER in chosen and not plain:
        raise Invalid("supplement.note_missing", field="ask_note")
    if len(plain) > NOTE_LENGTH:
        raise Invalid("supplement.note_length", field="ask_note", length=len(plain), most=NOTE_LENGTH)
    return Wanted(chosen, plain or None)


def require_due(due: datetime | None, judging_opens: datetime | None, now: datetime) -> datetime:
    """The deadline of an answer. Raises Invalid supplement.due unless it lies ahead and before judging."""
    if due is None or due <= now or (judging_opens is not None and due > max(judging_opens, now)):
        raise Invalid("supplement.due", field="due")
    return due


def stands(
    due: datetime, answered_at: datetime | None, closed_at: datetime | None, now: datetime
) -> Standing:
    """How a request stands; an answer in time is one even when staff read it later."""
    if closed_at is not None:
        return Standing.CLOSED
    if answered_at is not None:
        return Standing.ANSWERED
    return Standing.WAITING if now < due else Standing.OVERDUE
