"""What stands in the way of opening public verification, and of deciding the results: all of it at once."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from contest.domain.gates import Blocker
from contest.domain.schedule import days_inclusive
from contest.domain.stages import Stage
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.photo import Rendition
from contest.queries.editions import get_edition, rules_of
from contest.queries.person_requests import waiting_in
from judging.models.award import Exclusion
from judging.models.objection import Objection, ObjectionState
from judging.queries.allocation import (
    allocation_differences,
    holding,
    is_allocated,
    verified_entries,
)
from judging.queries.candidates import MARKED, listed
from judging.queries.numbers import entry_numbers
from judging.queries.one_prize import has_other_persons, prizes_of_one_person

RESULTS = "results.overview"
CASES = "cases.listing"
EXCLUSIONS = "exclusions.listing"
PEOPLE = "people.index"


def verification_gate(session: Session, edition_id: str, target: Stage, now: dt.datetime) -> list[Blocker]:
    """Verification opens over sealed judging, prizes that compute again, and a window that is still ahead."""
    if target is not Stage.VERIFICATION:
        return []
    edition = get_edition(session, edition_id)
    found = _window(edition, now)
    if not is_allocated(session, edition_id):
        return [*found, Blocker("verification.not_allocated", link=RESULTS)]
    found += _agreement(session, edition)
    found += _pending_exclusions(session, edition_id)
    if has_other_persons(session, edition):
        found.append(Blocker("verification.persons_changed", link=RESULTS))
    found += _persons(session, edition)
    vacant = len(holding(session, edition).vacant)
    if vacant:
        found.append(Blocker("verification.slots_empty", {"empty": vacant}, is_warning=True))
    missing = _without_picture(session, edition_id)
    if missing:
        found.append(Blocker("verification.images_missing", {"works": missing}, is_warning=True))
    return found


def decision_gate(session: Session, edition_id: str, target: Stage, now: dt.datetime) -> list[Blocker]:
    """Results are decided when the window is over, every case is answered, and every prize has its holder."""
    if target is not Stage.DECIDED:
        return []
    edition = get_edition(session, edition_id)
    found = [
        Blocker("publication.objection_open", {"case": case}, link=CASES)
        for case in open_objections(session, edition_id)
    ]
    closes = edition.verification_closes
    if closes is not None and now < closes:
        found.append(Blocker("publication.verification_running", {"closes": closes}))
    found += _agreement(session, edition)
    found += _pending_exclusions(session, edition_id)
    found += _persons(session, edition)
    rules = rules_of(edition)
    held = holding(session, edition)
    if held.vacant and not rules.may_leave_empty:
        facts = {"unfilled": len(held.vacant), "winners": rules.prizes.winners}
        found.append(Blocker("publication.slots_unfilled", facts, link=RESULTS))
    elif held.vacant:
        found.append(Blocker("verification.slots_empty", {"empty": len(held.vacant)}, is_warning=True))
    due = rules.prizes.budget - sum(slot.amount for slot in held.vacant)
    if held.sum != due:
        found.append(Blocker("publication.sum_differs", {"spent": held.sum, "due": due}, link=RESULTS))
    unseen = {award.entry for award in held.awards} - verified_entries(session, edition_id)
    if unseen:
        numbers = tuple(sorted(entry_numbers(session, unseen).values()))
        found.append(Blocker("publication.never_verified", {"entries": numbers}, link=RESULTS))
    return found


def open_objections(session: Session, edition_id: str) -> tuple[str, ...]:
    """Case numbers of the objections in time that nobody has decided; tips hold nothing up."""
    return tuple(
        session.scalars(
            select(Objection.case_number)
            .where(
                Objection.edition_id == edition_id,
                Objection.is_tip.is_(False),
                Objection.state != ObjectionState.DECIDED,
            )
            .order_by(Objection.case_number)
        )
    )


def _window(edition: Edition, now: dt.datetime) -> list[Blocker]:
    opens, closes = edition.verification_opens, edition.verification_closes
    if opens is None or closes is None:
        return [Blocker("verification.window_missing")]
    if now >= closes:
        return [Blocker("verification.window_past")]
    days, required = days_inclusive(max(now, opens), closes), rules_of(edition).verification_days
    if days < required:
        return [Blocker("verification.days_short", {"days": days, "required": required}, is_warning=True)]
    return []


def _agreement(session: Session, edition: Edition) -> list[Blocker]:
    differs = allocation_differences(session, edition)
    return [Blocker("publication.allocation_differs", link=RESULTS)] if differs else []


def _persons(session: Session, edition: Edition) -> list[Blocker]:
    """Requests about persons that nobody answered, and persons who would get two prizes."""
    waiting = [
        Blocker("publication.persons_asked", {"receipts": (one.receipt, one.other_receipt)}, link=PEOPLE)
        for one in waiting_in(session, edition.id)
    ]
    twice = [
        Blocker("publication.person_twice", {"entries": numbers}, link=EXCLUSIONS)
        for numbers in prizes_of_one_person(session, edition)
    ]
    return waiting + twice


def _pending_exclusions(session: Session, edition_id: str) -> list[Blocker]:
    numbers = session.scalars(
        select(Entry.entry_number)
        .join(Exclusion, Exclusion.entry_id == Entry.id)
        .where(
            Exclusion.edition_id == edition_id,
            Exclusion.confirmed_at.is_(None),
            Exclusion.rejected_at.is_(None),
        )
        .order_by(Entry.entry_number)
    )
    return [
        Blocker("verification.exclusion_pending", {"entry": number}, link=EXCLUSIONS) for number in numbers
    ]


def _without_picture(session: Session, edition_id: str) -> int:
    marked = aliased(Rendition)
    return (
        session.scalar(
            select(func.count())
            .select_from(Entry)
            .outerjoin(marked, (marked.photo_id == Entry.photo_id) & (marked.kind == MARKED))
            .where(listed(edition_id), marked.id.is_(None))
        )
        or 0
    )
