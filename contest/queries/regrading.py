"""What a change of finding grades would move: works handed in, their findings, and what keeps grades as they are."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from contest.domain.dotted import put
from contest.domain.errors import Conflict
from contest.domain.regrading import (
    Examined,
    Move,
    Regraded,
    changes_of,
    digest_of,
    moves,
    require_undecided,
)
from contest.domain.rules import Problem, problems
from contest.domain.screening import FindingKind, Grade
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.photo import Photo, PhotoState
from contest.models.submission import Submission, SubmissionState
from contest.queries.editions import rules_of, schedule_of
from contest.queries.recheck import count_outdated


@dataclass(frozen=True)
class MovedWork:
    """A work that would move, as a list shows it."""

    entry_id: str
    entry_number: str
    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """The changes, the works they move, and the digest by which they are confirmed."""

    changes: tuple[Regraded, ...]
    works: tuple[MovedWork, ...]
    compared: int
    digest: str


@dataclass(frozen=True)
class GradesPage:
    """The grades of the current edition and what a change of them would move.

    refused: the code of why they stand as they are; changes are empty where nothing is asked for.
    """

    edition_id: str
    grades: Mapping[FindingKind, Grade]
    refused: str | None
    unexamined: int
    outdated: int
    preview: Preview | None
    warnings: tuple[Problem, ...]


def grades_page(
    session: Session, edition: Edition, wanted: Mapping[str, str], now: dt.datetime
) -> GradesPage:
    """The page; wanted: kind -> grade as asked for. Raises Invalid grades.unknown, grades.announced."""
    grades = rules_of(edition).grades
    refused = None
    try:
        require_undecided(edition.stage, count_decided(session, edition.id))
    except Conflict as error:
        refused = error.code
    changes = () if refused else changes_of(grades, wanted)
    shown: Preview | None = None
    warnings: tuple[Problem, ...] = ()
    if changes:
        shown = preview(session, edition, changes)
        document = with_grades(edition.document, changes)
        paths = {f"findings.{change.kind.value}" for change in changes}
        found = problems(document, schedule_of(edition), frozenset(), now)
        warnings = tuple(problem for problem in found if problem.field in paths)
    return GradesPage(
        edition.id, grades, refused, count_unexamined(session, edition.id), count_outdated(session, edition.id),
        shown, warnings,
    )  # fmt: skip


def with_grades(document: Mapping[str, Any], changes: Iterable[Regraded]) -> dict[str, Any]:
    """An edition's document after the changes."""
    after = copy.deepcopy(dict(document))
    for change in changes:
        put(after, f"findings.{change.kind.value}", change.after.value)
    return after


def count_decided(session: Session, edition_id: str) -> int:
    """How many works are decided on, or proposed to be."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Entry)
            .where(
                Entry.edition_id == edition_id,
                or_(
                    Entry.state.in_((EntryState.FIT, EntryState.UNFIT)), Entry.unfit_proposed_by.is_not(None)
                ),
            )
        )
        or 0
    )


def count_unexamined(session: Session, edition_id: str) -> int:
    """How many works handed in are still being looked at or compared; one given up on waits for a person."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Entry)
            .join(Submission, Submission.id == Entry.submission_id)
            .join(Photo, Photo.id == Entry.photo_id)
            .where(*_undecided(edition_id), Entry.verdict.is_(None), Photo.state != PhotoState.PARKED)
        )
        or 0
    )


def _undecided(edition_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Entry.edition_id == edition_id,
        Entry.state == EntryState.SUBMITTED,
        Submission.state == SubmissionState.SUBMITTED,
    )


def preview(session: Session, edition: Edition, changes: tuple[Regraded, ...]) -> Preview:
    """What the changes would move, in two queries."""
    rows = session.execute(
        select(Entry.id, Entry.entry_number, Entry.title)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(*_undecided(edition.id), Entry.verdict.is_not(None))
        .order_by(Entry.entry_number)
    ).all()
    kinds = found_kinds(session, edition.id)
    examined = [Examined(row.id, kinds.get(row.id, frozenset())) for row in rows]
    moved = moves(examined, rules_of(edition).grades, changes)
    named = {row.id: (row.entry_number or "", row.title or "") for row in rows}
    works = tuple(_work(move, *named[move.entry]) for move in moved)
    return Preview(changes, works, len(rows), digest_of(changes, moved))


def _work(move: Move, number: str, title: str) -> MovedWork:
    return MovedWork(move.entry, number, title, move.before.value, move.after.value)


def found_kinds(session: Session, edition_id: str) -> dict[str, frozenset[FindingKind]]:
    """Entry id -> the kinds of everything found on it, of works not decided on."""
    found: dict[str, set[FindingKind]] = {}
    for entry_id, kind in session.execute(
        select(FindingRow.entry_id, FindingRow.kind)
        .join(Entry, Entry.id == FindingRow.entry_id)
        .where(Entry.edition_id == edition_id, Entry.state.in_((EntryState.DRAFT, EntryState.SUBMITTED)))
        .distinct()
    ):
        found.setdefault(entry_id, set()).add(FindingKind(kind))
    return {entry_id: frozenset(kinds) for entry_id, kinds in found.items()}
