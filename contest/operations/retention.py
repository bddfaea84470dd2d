"""What ends after the announcement: losing photographs, then personal data, winners' last of all.

Who won is known to outer packages; until one of them says so, nothing ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from contest.domain.actors import SYSTEM
from contest.domain.schedule import later
from contest.domain.stages import Stage
from contest.infra.registry import Erasure, Registry
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.photo import Photo, PhotoState
from contest.models.submission import Submission, SubmissionState
from contest.operations.destroy import destroy_bytes, unlink_photo
from contest.operations.destruction import Ledger
from contest.operations.erase import (
    destroy_bytes_of,
    erase_person,
    note_erased,
)
from contest.operations.erase_accounts import due_accounts, erase_accounts
from contest.operations.expire import (
    due_attempts,
    due_messages,
    due_sign_ins,
    erase_attempts,
    erase_messages,
    erase_sign_ins,
)
from contest.operations.leftovers import destroy_orphans, due_drafts, due_orphans, erase_drafts
from contest.operations.news import due_contacts, erase_contacts, keep_for_news
from contest.queries.editions import rules_of

AT_ONCE = 20


def erasures(services: Services) -> list[Erasure]:
    """The retention rules of this package, in the order they run."""
    registry, clock = services.registry, services.clock

    def as_wall(at: dt.datetime) -> dt.datetime:
        return clock.wall() + (at - clock.now())

    return [
        Erasure("draft", due_drafts, erase_drafts),
        Erasure("replaced_photo", due_orphans, destroy_orphans),
        Erasure(
            "losing_photo",
            lambda session, now: sum(len(found) for _, found in _losing(registry, session, now)),
            destroy_losing_photos,
        ),
        Erasure(
            "entrant_data",
            lambda session, now: sum(len(found) for _, found in _others(registry, session, now)),
            erase_others,
        ),
        Erasure(
            "winner_data",
            lambda session, now: sum(len(found) for _, found in _winning(registry, session, now)),
            erase_winners,
        ),
        Erasure("news", due_contacts, erase_contacts),
        Erasure("message", due_messages, erase_messages),
        Erasure("account", due_accounts, erase_accounts),
        Erasure("sign_in", lambda session, at: due_sign_ins(session, as_wall(at)), erase_sign_ins),
        Erasure("attempts", lambda session, at: due_attempts(session, as_wall(at)), erase_attempts),
    ]


def run_erasures(services: Services, now: dt.datetime) -> dict[str, int]:
    """Run every registered retention rule; how many of each kind were destroyed."""
    return {erasure.kind: erasure.run(services, now) for erasure in services.registry.erasures}


def destroy_losing_photos(services: Services, now: dt.datetime) -> int:
    """Destroy the photographs of works that won nothing, their period over; fingerprints stay, unlinked."""
    with services.database.read() as session:
        due = _losing(services.registry, session, now)
    for edition_id, photo_ids in due:
        ledger = Ledger(services.ids)
        for some in batched(photo_ids):
            for photo_id in some:
                destroy_bytes(services, photo_id)
            with services.database.write() as uow:
                for photo_id in some:
                    uow.session.execute(update(Entry).where(Entry.photo_id == photo_id).values(photo_id=None))
                    unlink_photo(uow, uow.session.get_one(Photo, photo_id))
                ledger.note(
                    uow, "losing_photo", edition_id, count=len(some), rule="retention.losing_images", now=now
                )
    return sum(len(found) for _, found in due)


def erase_others(services: Services, now: dt.datetime) -> int:
    """Erase the personal data of those who won nothing, their period over; photographs and papers go with it."""
    with services.database.read() as session:
        due = _others(services.registry, session, now)
    return _erase(services, due, "entrant", "retention.entrants", now)


def erase_winners(services: Services, now: dt.datetime) -> int:
    """Erase winners, their longer period over."""
    with services.database.read() as session:
        due = _winning(services.registry, session, now)
    return _erase(services, due, "winner", "retention.winners", now)


def _erase(
    services: Services, due: list[tuple[str, list[str]]], whose: str, rule: str, now: dt.datetime
) -> int:
    for edition_id, submission_ids in due:
        ledger = Ledger(services.ids)
        for some in batched(submission_ids):
            for submission_id in some:
                destroy_bytes_of(services, submission_id)
            with services.database.write() as uow:
                keep_for_news(uow, some, now=now)
                for submission_id in some:
                    erased = erase_person(uow, submission_id, actor=SYSTEM, now=now)
                    note_erased(uow, ledger, edition_id, erased, rule=rule, now=now, whose=whose)
                ledger.note(uow, f"{whose}_data", edition_id, count=len(some), rule=rule, now=now)
    return sum(len(found) for _, found in due)


def batched(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many at a time that the transaction which forgets them is short and the trail gets few acts."""
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))


def _ended(registry: Registry, session: Session, now: dt.datetime) -> list[tuple[Edition, dt.datetime]]:
    """Editions whose results have become public, and the minute from which their periods run.

    An announcement that is held or was never approved ends nothing, whatever minute was planned.
    """
    found = []
    for edition in session.scalars(
        select(Edition).where(Edition.stage == Stage.DECIDED, Edition.publish_at <= now)
    ):
        minutes = [announced(session, edition.id) for announced in registry.announced] or [edition.publish_at]
        known = [minute for minute in minutes if minute is not None]
        if len(known) == len(minutes) and max(known) <= now:
            found.append((edition, max(known)))
    return found


def _winners(registry: Registry, session: Session, edition_id: str) -> frozenset[str] | None:
    """The ids of works that hold a prize; None where nobody can tell."""
    if not registry.winners:
        return None
    return frozenset().union(*(winners(session, edition_id) for winners in registry.winners))


def _is_over(edition: Edition, announced_at: dt.datetime, period_name: str, now: dt.datetime) -> bool:
    period = rules_of(edition).retention[period_name]
    return now >= later(announced_at, period.months, period.days)


def _losing(registry: Registry, session: Session, now: dt.datetime) -> list[tuple[str, list[str]]]:
    due = []
    for edition, announced_at in _ended(registry, session, now):
        winners = _winners(registry, session, edition.id)
        if winners is None or not _is_over(edition, announced_at, "losing_images", now):
            continue
        rows = session.execute(
            select(Entry.id, Entry.photo_id)
            .join(Photo, Photo.id == Entry.photo_id)
            .where(Entry.edition_id == edition.id, Photo.state != PhotoState.ERASED)
        )
        found = [row.photo_id for row in rows if row.id not in winners]
        if found:
            due.append((edition.id, found))
    return due


def editions_past(registry: Registry, session: Session, period: str, now: dt.datetime) -> list[str]:
    """The editions of which a period of the retention, counted from the announcement, is over."""
    return [
        edition.id
        for edition, announced_at in _ended(registry, session, now)
        if _is_over(edition, announced_at, period, now)
    ]


def _others(registry: Registry, session: Session, now: dt.datetime) -> list[tuple[str, list[str]]]:
    return _persons(registry, session, "entrants", now, winning=False)


def _winning(registry: Registry, session: Session, now: dt.datetime) -> list[tuple[str, list[str]]]:
    return _persons(registry, session, "winners", now, winning=True)


def _persons(
    registry: Registry, session: Session, period: str, now: dt.datetime, *, winning: bool
) -> list[tuple[str, list[str]]]:
    due = []
    for edition_id in editions_past(registry, session, period, now):
        winners = _winners(registry, session, edition_id)
        if winners is None:
            continue
        of_winners = set(session.scalars(select(Entry.submission_id).where(Entry.id.in_(winners))))
        submissions = session.scalars(
            select(Submission.id).where(
                Submission.edition_id == edition_id,
                Submission.state.in_((SubmissionState.SUBMITTED, SubmissionState.WITHDRAWN)),
            )
        )
        found = [one for one in submissions if (one in of_winners) is winning]
        if found:
            due.append((edition_id, found))
    return due
