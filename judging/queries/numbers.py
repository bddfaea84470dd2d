"""Entry numbers for entry ids: rules speak of ids, people of 출품번호."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.errors import ContestError, Missing
from contest.domain.numbers import parse_entry_number
from contest.models.entry import Entry


def entry_numbers(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Entry id -> 출품번호; an id without a number keeps itself."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.execute(select(Entry.id, Entry.entry_number).where(Entry.id.in_(wanted)))
    return {entry_id: number or entry_id for entry_id, number in rows}


def numbered_facts(session: Session, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a code with `entries` as entry numbers in order."""
    if "entries" not in facts:
        return facts
    numbers = entry_numbers(session, facts["entries"])
    return {**facts, "entries": tuple(sorted(numbers.get(entry, entry) for entry in facts["entries"]))}


@contextmanager
def in_numbers(session: Session) -> Iterator[None]:
    """Whatever is refused inside names works by their entry numbers."""
    try:
        yield
    except ContestError as error:
        error.facts = numbered_facts(session, error.facts)
        raise


def entry_of_number(session: Session, edition_id: str, number: str) -> str:
    """The id of the work of a 출품번호 as typed. Raises Invalid `number.entry`, Missing `missing`."""
    receipt, ordinal = parse_entry_number(number)
    found = session.scalar(
        select(Entry.id).where(Entry.edition_id == edition_id, Entry.entry_number == f"{receipt}-{ordinal}")
    )
    if found is None:
        raise Missing("missing")
    return found
