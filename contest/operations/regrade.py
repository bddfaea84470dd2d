"""Finding grades changed for every work at once, as the preview showed it: one act, before anything is decided."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select, update

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Invalid
from contest.domain.regrading import Examined, changes_of, moves, require_undecided
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState, FindingRow
from contest.queries.editions import get_edition, rules_of
from contest.queries.regrading import count_decided, count_unexamined, found_kinds, preview, with_grades

SHORTEST_REASON = 5
#: A draft's findings follow its edition as well; only what is handed in is shown and counted.
_OPEN = (EntryState.DRAFT, EntryState.SUBMITTED)
_AT_ONCE = 500


def change_grades(
    uow: UnitOfWork,
    edition_id: str,
    wanted: Mapping[str, str],
    reason: str,
    *,
    shown: str,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Grade findings as wanted (kind -> grade), and every undecided work by it; how many works moved.

    shown: the digest of the preview. Raises Conflict grades.over, grades.begun, grades.examining, grades.moved;
    Invalid grades.announced, grades.unknown, grades.nothing, grades.reason.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    lock_edition(uow.session, edition_id)
    # Whoever hands in a work raises the edition's counter: they wait, and are measured by what is decided here.
    edition = uow.session.scalars(
        select(Edition)
        .where(Edition.id == edition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none() or get_edition(uow.session, edition_id)
    require_undecided(edition.stage, count_decided(uow.session, edition_id))
    changes = changes_of(rules_of(edition).grades, wanted)
    if not changes:
        raise Invalid("grades.nothing")
    if len(" ".join(reason.split())) < SHORTEST_REASON:
        raise Invalid("grades.reason", field="reason")
    if waiting := count_unexamined(uow.session, edition_id):
        raise Conflict("grades.examining", count=waiting)
    found = preview(uow.session, edition, changes)
    if found.digest != shown:
        raise Conflict("grades.moved")
    old = rules_of(edition).grades
    for change in changes:
        _grade_rows(uow, edition_id, change.kind.value, change.after.value)
    kinds = found_kinds(uow.session, edition_id)
    verdicts = defaultdict[str, list[str]](list)
    for move in moves((Examined(entry, of) for entry, of in kinds.items()), old, changes):
        verdicts[move.after.value].append(move.entry)
    for amounts, entries in verdicts.items():
        _move(uow, entries, amounts)
    edition.document = with_grades(edition.document, changes)
    edition.version += 1
    uow.note(
        "grades.changed",
        ("edition", edition_id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        fields=[f"findings.{change.kind.value}" for change in changes],
        before=[change.before.value for change in changes],
        after=[change.after.value for change in changes],
        works=len(found.works),
        digest=found.digest,
        version=edition.version,
        reason=fact_digest(edition_id, reason),
    )
    return len(found.works)


def _grade_rows(uow: UnitOfWork, edition_id: str, kind: str, grade: str) -> None:
    undecided = select(Entry.id).where(Entry.edition_id == edition_id, Entry.state.in_(_OPEN))
    uow.session.execute(
        update(FindingRow)
        .where(FindingRow.kind == kind, FindingRow.entry_id.in_(undecided))
        .values(grade=grade)
    )


def _move(uow: UnitOfWork, entries: list[str], amounts: str) -> None:
    for at in range(0, len(entries), _AT_ONCE):
        uow.session.execute(
            update(Entry)
            .where(Entry.id.in_(entries[at : at + _AT_ONCE]), Entry.verdict.is_not(None))
            .values(verdict=amounts)
        )
