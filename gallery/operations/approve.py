"""Approving the announcement: what is published is fixed, its messages are written, nothing else need happen."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, func, select

from contest.domain.actors import SYSTEM, Actor, Role
from contest.domain.errors import Conflict
from contest.domain.schedule import korean_day
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.operations.notify import void_messages
from contest.queries.editions import get_edition, rules_of
from gallery.domain.release import check_approver, check_reason, check_withdrawal
from gallery.models.publication import Exhibit, Licence, Publication
from gallery.operations.announce import write_messages
from gallery.queries.announcement import live_hold, live_publication, prepared_by, release_of
from gallery.queries.draft import Draft, DraftWork, draft_of
from judging.domain.readiness import may_go_on


def approve(uow: UnitOfWork, edition_id: str, digest: str, *, actor: Actor, now: dt.datetime) -> Publication:
    """Fix what the edition's minute makes public. `digest` is that of the draft the approver read.

    Raises Denied (not an approver, or `publication.own_work`); Conflict `publication.approved_already`,
    `publication.held`, `publication.blocked` (count, codes), `publication.changed`.
    """
    actor.require(Role.APPROVER)
    edition = _locked(uow, edition_id)
    check_approver(actor.id, prepared_by(uow.session, edition_id))
    if live_publication(uow.session, edition_id) is not None:
        raise Conflict("publication.approved_already")
    if live_hold(uow.session, edition_id) is not None:
        raise Conflict("publication.held")
    draft = draft_of(uow.session, uow.crypto, edition, now)
    found = [blocker for blocker in draft.blockers if not blocker.is_warning]
    if not may_go_on(list(draft.blockers)):
        raise Conflict("publication.blocked", count=len(found), codes=[blocker.code for blocker in found])
    if draft.digest != digest:
        raise Conflict("publication.changed")
    publication = _store(uow, edition, draft, actor, now)
    write_messages(uow, edition, publication, now=now)
    uow.note(
        "publication.approved", ("publication", publication.id), actor=actor, now=now, edition_id=edition_id,
        version=publication.version, digest=draft.digest, works=len(draft.works), sum=draft.spent,
    )  # fmt: skip
    return publication


def withdraw_approval(
    uow: UnitOfWork, edition_id: str, reason: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Take an approval back before the minute; its messages are void.

    Raises Denied; Invalid `publication.reason`; Conflict `publication.not_approved`, `publication.public`.
    """
    actor.require(Role.APPROVER)
    _withdraw(uow, _locked(uow, edition_id), check_reason(reason), actor=actor, now=now)


def withdraw_outdated_approvals(services: Services, now: dt.datetime) -> None:
    """Sweep: an approval given for an earlier minute than an amendment has since announced stands no longer."""
    with services.database.read() as session:
        due = session.scalars(
            select(Publication.edition_id)
            .join(Edition, Edition.id == Publication.edition_id)
            .where(Publication.withdrawn_at.is_(None), Edition.publish_at > Publication.publish_at)
        ).all()
    for edition_id in due:
        with services.database.write() as uow:
            withdraw_if_postponed(uow, edition_id, frozenset(), SYSTEM, now)


def withdraw_if_postponed(
    uow: UnitOfWork, edition_id: str, paths: frozenset[str], actor: Actor, now: dt.datetime
) -> None:
    """With an amendment: take the approval back where the edition now announces a later minute that has not come."""
    del paths
    edition = _locked(uow, edition_id)
    release = release_of(uow.session, edition)
    if release.is_outdated and not release.is_public(now):
        _withdraw(uow, edition, "publish_at amended", actor=actor, now=now)


def _withdraw(uow: UnitOfWork, edition: Edition, reason: str, *, actor: Actor, now: dt.datetime) -> None:
    check_withdrawal(release_of(uow.session, edition), now)
    publication = live_publication(uow.session, edition.id)
    assert publication is not None
    publication.withdrawn_at = now
    uow.session.execute(delete(Licence).where(Licence.edition_id == edition.id))
    voided = void_messages(uow, f"publication:{publication.id}", now=now)
    uow.note(
        "publication.approval_withdrawn", ("publication", publication.id), actor=actor, now=now,
        edition_id=edition.id, reason=fact_digest(publication.id, reason), messages=voided,
    )  # fmt: skip


def _locked(uow: UnitOfWork, edition_id: str) -> Edition:
    lock_edition(uow.session, edition_id)
    edition = get_edition(uow.session, edition_id)
    uow.session.flush()  # a hook runs among changes that refreshing would lose
    uow.session.refresh(edition)
    return edition


def _store(uow: UnitOfWork, edition: Edition, draft: Draft, actor: Actor, now: dt.datetime) -> Publication:
    last = uow.session.scalar(
        select(func.max(Publication.version)).where(Publication.edition_id == edition.id)
    )
    assert draft.publish_at is not None, "without a minute there is a blocker"
    publication = Publication(
        id=uow.ids.token(), edition_id=edition.id, version=(last or 0) + 1, publish_at=draft.publish_at,
        digest=draft.digest, approved_by=actor.id, approved_at=now,
    )  # fmt: skip
    uow.session.add(publication)
    uow.session.flush()
    uow.session.add_all(_exhibit(uow, publication, work) for work in draft.works)
    uow.session.add_all(_licence(uow, edition, draft, work) for work in draft.works)
    uow.session.flush()
    return publication


def _exhibit(uow: UnitOfWork, publication: Publication, work: DraftWork) -> Exhibit:
    return Exhibit(
        id=uow.ids.token(), publication_id=publication.id, edition_id=publication.edition_id,
        entry_id=work.entry_id, award_id=work.award_id, slot_ordinal=work.slot_ordinal,
        tier_code=work.tier_code, amount=work.amount, entry_number=work.entry_number, title=work.title,
        name=work.name, place=work.place, dong=work.dong, spot_id=work.spot_id, description=work.description,
        alternative_text=work.alternative_text, taken_on=work.taken_on, photo_id=work.photo_id,
    )  # fmt: skip


def _licence(uow: UnitOfWork, edition: Edition, draft: Draft, work: DraftWork) -> Licence:
    rules = rules_of(edition)
    assert draft.publish_at is not None
    starts = korean_day(draft.publish_at)
    return Licence(
        id=uow.ids.token(), edition_id=edition.id, entry_id=work.entry_id,
        scope=rules.texts.get("ko", "copyright"), starts_on=starts,
        ends_on=_years_later(starts, rules.licence_years), open_licence=work.open_licence,
    )  # fmt: skip


def _years_later(day: dt.date, years: int) -> dt.date:
    """The last day of a term of years that begins on a day."""
    try:
        return day.replace(year=day.year + years) - dt.timedelta(days=1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
