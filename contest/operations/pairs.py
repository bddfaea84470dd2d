"""Two photographs that may be one: a person says whether they are, once; nobody is asked again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import or_, select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Invalid, Missing
from contest.domain.library import Label
from contest.domain.screening import FindingKind
from contest.infra.unit_of_work import UnitOfWork
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.library import LibraryCollection, LibraryPicture
from contest.models.photo import Pair
from contest.operations.findings import refresh_findings

DECISIONS = ("same", "distinct")
#: Findings that a pair leaves on its works.
_OF_PAIRS = tuple(
    kind.value
    for kind in (
        FindingKind.SAME_FILE_SAME_PERSON,
        FindingKind.SAME_FILE_OTHER,
        FindingKind.NEAR_COPY_OTHER,
        FindingKind.NEAR_COPY_SAME_PERSON,
        FindingKind.EARLIER_EDITION_COPY,
        FindingKind.LIBRARY_MATCH,
        FindingKind.PART_OF_OTHER,
        FindingKind.SAME_SCENE,
    )
)


def decide_pair(
    uow: UnitOfWork, one_photo_id: str, other_photo_id: str, decision: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Say whether two photographs are one (`same`) or not (`distinct`); photographs in either order.

    `distinct` settles the findings that the pair left on both works. A later decision replaces an earlier one.
    Raises Invalid pair.decision, Missing.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    if decision not in DECISIONS:
        raise Invalid("pair.decision", field="decision")
    pair = uow.session.scalars(
        select(Pair)
        .where(
            or_(
                (Pair.first_photo_id == one_photo_id) & (Pair.second_photo_id == other_photo_id),
                (Pair.first_photo_id == other_photo_id) & (Pair.second_photo_id == one_photo_id),
            )
        )
        .with_for_update()
    ).one_or_none()
    if pair is None:
        raise Missing("missing")
    before = pair.decision
    pair.decision, pair.decided_by, pair.decided_at = decision, actor.id, now
    won = uow.session.execute(
        select(LibraryPicture.number, LibraryCollection)
        .join(LibraryCollection, LibraryCollection.id == LibraryPicture.collection_id)
        .where(LibraryPicture.photo_id == pair.first_photo_id)
    ).all()
    elsewhere = {Label(shelf.title, shelf.year).of(number) for number, shelf in won}
    works = uow.session.scalars(
        select(Entry).where(
            Entry.photo_id.in_((pair.first_photo_id, pair.second_photo_id)),
            Entry.state != EntryState.WITHDRAWN,
        )
    ).all()
    for work in works:
        others = {other.entry_number for other in works if other.photo_id != work.photo_id} | elsewhere
        if decision == "distinct":
            _settle(uow, work, others, actor=actor, now=now)
    refresh_findings(uow, works, now=now)
    uow.note(
        "pair.decided",
        ("photo", pair.second_photo_id),
        actor=actor,
        now=now,
        edition_id=works[0].edition_id if works else None,
        other=pair.first_photo_id,
        decision=decision,
        **({"before": before} if before else {}),
    )


def _settle(uow: UnitOfWork, work: Entry, others: set[str | None], *, actor: Actor, now: dt.datetime) -> None:
    rows = uow.session.scalars(
        select(FindingRow).where(
            FindingRow.entry_id == work.id,
            FindingRow.kind.in_(_OF_PAIRS),
            FindingRow.settled_at.is_(None),
        )
    )
    for row in rows:
        if row.facts.get("entry") in others:
            row.settled_by, row.settled_at = actor.id, now
