"""Where the announcement of an edition stands: approval, hold, what the machine saw afterwards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.models.account import Account
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from gallery.domain.release import Release, Standing
from gallery.models.publication import Exhibit, Hold, Publication, PublicationCheck

#: Acts of the trail by which somebody has a hand in what is published.
PREPARING = ("entry.described",)


@dataclass(frozen=True)
class Announcement:
    """The state of an announcement for staff. Persons by name; instants aware UTC."""

    release: Release
    publication_id: str | None
    version: int
    digest: str
    approved_by: str
    approved_at: dt.datetime | None
    hold_reason: str
    hold_notice: str
    held_by: str
    held_at: dt.datetime | None
    check_ok: bool | None
    check_at: dt.datetime | None
    check_facts: dict[str, Any]

    def standing(self, now: dt.datetime) -> Standing:
        """Where it stands at now."""
        return self.release.standing(now)


def live_publication(session: Session, edition_id: str) -> Publication | None:
    """The approval that has not been withdrawn."""
    return session.scalars(
        select(Publication).where(Publication.edition_id == edition_id, Publication.withdrawn_at.is_(None))
    ).one_or_none()


def live_hold(session: Session, edition_id: str) -> Hold | None:
    """The hold that has not been lifted."""
    return session.scalars(
        select(Hold).where(Hold.edition_id == edition_id, Hold.lifted_at.is_(None))
    ).one_or_none()


def release_of(session: Session, edition: Edition) -> Release:
    """What decides whether the edition's results are public. Two queries."""
    publication = live_publication(session, edition.id)
    return Release(
        edition_minute=edition.publish_at,
        approved_minute=publication.publish_at if publication else None,
        is_held=live_hold(session, edition.id) is not None,
    )


def announcement(session: Session, edition: Edition) -> Announcement:
    """Everything staff see about the announcement. Two queries."""
    publication = session.execute(
        select(Publication, Account.name, PublicationCheck)
        .join(Account, Account.id == Publication.approved_by)
        .outerjoin(PublicationCheck, PublicationCheck.publication_id == Publication.id)
        .where(Publication.edition_id == edition.id, Publication.withdrawn_at.is_(None))
    ).one_or_none()
    hold = session.execute(
        select(Hold, Account.name)
        .join(Account, Account.id == Hold.placed_by)
        .where(Hold.edition_id == edition.id, Hold.lifted_at.is_(None))
    ).one_or_none()
    approved, approver, check = publication or (None, "", None)
    held, holder = hold or (None, "")
    return Announcement(
        release=Release(edition.publish_at, approved.publish_at if approved else None, held is not None),
        publication_id=approved.id if approved else None,
        version=approved.version if approved else 0,
        digest=approved.digest if approved else "",
        approved_by=approver,
        approved_at=approved.approved_at if approved else None,
        hold_reason=held.reason if held else "",
        hold_notice=(held.notice or "") if held else "",
        held_by=holder,
        held_at=held.placed_at if held else None,
        check_ok=check.ok if check else None,
        check_at=check.at if check else None,
        check_facts=dict(check.facts) if check else {},
    )


def announced_at(session: Session, edition_id: str) -> dt.datetime | None:
    """The minute from which the results are public; None while nothing is approved or it is held."""
    publication = live_publication(session, edition_id)
    edition = session.get_one(Edition, edition_id)
    if publication is None or live_hold(session, edition_id) is not None:
        return None
    return release_of(session, edition).minute


def public_notice(session: Session, edition_id: str) -> str | None:
    """What the public reads while the announcement is held; None where it is not, or nothing was written."""
    return session.scalars(
        select(Hold.notice).where(Hold.edition_id == edition_id, Hold.lifted_at.is_(None))
    ).one_or_none()


def prepared_by(session: Session, edition_id: str) -> frozenset[str]:
    """Ids of the accounts that had a hand in what is approved, from the trail."""
    return frozenset(
        actor
        for actor in session.scalars(
            select(AuditRow.actor_id)
            .where(AuditRow.edition_id == edition_id, AuditRow.action.in_(PREPARING))
            .distinct()
        )
        if actor is not None
    )


def expected_amounts(session: Session, publication_id: str) -> dict[str, int]:
    """Exhibit id -> won, of what an approval publishes and nobody has retracted."""
    rows = session.execute(
        select(Exhibit.id, Exhibit.amount).where(
            Exhibit.publication_id == publication_id, Exhibit.retracted_at.is_(None)
        )
    )
    return {row.id: row.amount for row in rows}
