"""Whether prizes as given still fit who is taken for one person: staff may find out later."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.submission import Submission
from contest.queries.editions import rules_of
from judging.domain.one_prize import held_twice, is_stale
from judging.models.award import Award
from judging.queries.allocation import is_allocated, runs, walked
from judging.queries.numbers import entry_numbers


def prizes_of_one_person(session: Session, edition: Edition) -> list[tuple[str, ...]]:
    """Entry numbers of prize-winning works that are one person's now, by person; empty where that is allowed."""
    if not rules_of(edition).one_prize_per_person:
        return []
    awarded = session.scalars(
        select(Award.entry_id).where(Award.edition_id == edition.id, Award.revoked_at.is_(None))
    ).all()
    groups = held_twice(awarded, _persons(session, awarded))
    numbers = entry_numbers(session, [entry for group in groups for entry in group])
    return sorted(tuple(sorted(numbers[entry] for entry in group)) for group in groups)


def has_other_persons(session: Session, edition: Edition) -> bool:
    """Whether persons were joined or parted since the allocation, so that its walk might go otherwise."""
    first, _ = runs(session, edition.id)
    if first is None or not rules_of(edition).one_prize_per_person or not is_allocated(session, edition.id):
        return False
    inputs: dict[str, list[list[str]]] = first.inputs  # type: ignore[assignment]  # as the allocator wrote it
    ranking = [(entry, person) for entry, _, person in inputs["ranking"]]
    met = walked(first)
    return is_stale(ranking, met, _persons(session, met))


def _persons(session: Session, entries: Iterable[str]) -> dict[str, str]:
    """Entry -> the person it is taken to be of now."""
    rows = session.execute(
        select(Entry.id, func.coalesce(Submission.person, Submission.id))
        .join(Submission, Submission.id == Entry.submission_id)
        .where(Entry.id.in_(list(entries)))
    )
    return dict(rows.all())
