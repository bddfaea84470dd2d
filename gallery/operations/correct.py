"""After the announcement: a work taken down at once by one person, or corrected by an approver as a new version."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy import inspect as mapped
from sqlalchemy.orm import Session

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.persons import mask_name
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.queries.editions import get_edition
from gallery.domain.captions import parse_alternative_text
from gallery.domain.credits import is_masked
from gallery.domain.release import check_reason
from gallery.models.publication import Exhibit, Publication
from gallery.queries.announcement import live_publication, release_of

#: What a correction may change; a tier or an amount changes by a decision on the award, never here.
CORRECTABLE = ("title", "place", "description", "alternative_text")
_NEEDED = {"title": 60, "alternative_text": 200}


def retract(uow: UnitOfWork, exhibit_id: str, reason: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take a published work off every public page; its address says that it was taken down.

    Raises Denied, Missing; Invalid `publication.reason`; Conflict `publication.not_public`,
    `publication.retracted`.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    plain = check_reason(reason)
    exhibit, _ = _public_exhibit(uow, exhibit_id, now)
    exhibit.retracted_at, exhibit.retraction = now, plain
    uow.note(
        "exhibit.retracted", ("exhibit", exhibit_id), actor=actor, now=now, edition_id=exhibit.edition_id,
        reason=fact_digest(exhibit_id, plain),
    )  # fmt: skip


def correct(
    uow: UnitOfWork,
    exhibit_id: str,
    changes: Mapping[str, str],
    reason: str,
    *,
    mask: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> Publication:
    """Publish a new version in which one work reads otherwise; the version before stays stored whole.

    changes: of CORRECTABLE; mask: the name is masked from now on (consent taken back). The address stays.
    Raises Denied, Missing; Invalid `publication.reason`, `publication.text_missing`; Conflict
    `publication.not_public`, `publication.retracted`, `publication.nothing_changed`.
    """
    actor.require(Role.APPROVER)
    plain = check_reason(reason)
    exhibit, publication = _public_exhibit(uow, exhibit_id, now)
    wanted = _wanted(exhibit, changes, mask=mask)
    changed = sorted(name for name, value in wanted.items() if getattr(exhibit, name) != value)
    if not changed:
        raise Conflict("publication.nothing_changed")
    newer = _next_version(uow, publication, plain, actor, now)
    for name in changed:
        setattr(exhibit, name, wanted[name])
    uow.session.flush()
    newer.digest = exhibits_digest(uow.session, newer)
    uow.note(
        "publication.corrected", ("publication", newer.id), actor=actor, now=now,
        edition_id=publication.edition_id, exhibit=exhibit_id, fields=changed, version=newer.version,
        reason=fact_digest(newer.id, plain),
    )  # fmt: skip
    return newer


def _public_exhibit(uow: UnitOfWork, exhibit_id: str, now: dt.datetime) -> tuple[Exhibit, Publication]:
    exhibit = uow.session.get(Exhibit, exhibit_id)
    if exhibit is None:
        raise Missing("missing")
    lock_edition(uow.session, exhibit.edition_id)
    uow.session.refresh(exhibit)
    edition = get_edition(uow.session, exhibit.edition_id)
    publication = live_publication(uow.session, exhibit.edition_id)
    if publication is None or exhibit.publication_id != publication.id:
        raise Missing("missing")
    if not release_of(uow.session, edition).is_public(now):
        raise Conflict("publication.not_public")
    if exhibit.retracted_at is not None:
        raise Conflict("publication.retracted")
    return exhibit, publication


def _wanted(exhibit: Exhibit, changes: Mapping[str, str], *, mask: bool) -> dict[str, str | None]:
    wanted: dict[str, str | None] = {}
    for name in CORRECTABLE:
        if name not in changes:
            continue
        text = changes[name].strip()
        value = parse_alternative_text(text) if name == "alternative_text" else text or None
        if name in _NEEDED and (value is None or len(value) > _NEEDED[name]):
            raise Invalid("publication.text_missing", field=name, most=_NEEDED[name])
        wanted[name] = value
    if mask and not is_masked(exhibit.name):
        wanted["name"] = mask_name(exhibit.name)
    return wanted


def _next_version(
    uow: UnitOfWork, publication: Publication, reason: str, actor: Actor, now: dt.datetime
) -> Publication:
    """A new version that takes over the exhibits with their addresses; copies stay with the old one."""
    session = uow.session
    last = session.scalar(
        select(func.max(Publication.version)).where(Publication.edition_id == publication.edition_id)
    )
    publication.withdrawn_at = now
    session.flush()
    newer = Publication(
        id=uow.ids.token(), edition_id=publication.edition_id, version=(last or 0) + 1,
        publish_at=publication.publish_at, digest=publication.digest, approved_by=actor.id, approved_at=now,
        correction=reason,
    )  # fmt: skip
    session.add(newer)
    session.flush()
    exhibits = session.scalars(select(Exhibit).where(Exhibit.publication_id == publication.id)).all()
    columns = [column.key for column in mapped(Exhibit).column_attrs]
    kept = [{name: getattr(exhibit, name) for name in columns} for exhibit in exhibits]
    for exhibit in exhibits:
        exhibit.publication_id = newer.id
    session.flush()
    session.add_all(Exhibit(**(values | {"id": uow.ids.token()})) for values in kept)
    session.flush()
    return newer


def exhibits_digest(session: Session, publication: Publication) -> str:
    """SHA-256 (hex) over what a version publishes and its minute, whatever the addresses are."""
    exhibits = session.scalars(
        select(Exhibit).where(Exhibit.publication_id == publication.id).order_by(Exhibit.slot_ordinal)
    )
    columns = [c.key for c in mapped(Exhibit).column_attrs if c.key not in {"id", "publication_id"}]
    document = [{name: str(getattr(exhibit, name)) for name in columns} for exhibit in exhibits]
    canonical = json.dumps(
        {"publish_at": publication.publish_at.astimezone(dt.UTC).isoformat(), "works": document},
        sort_keys=True, ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(canonical.encode()).hexdigest()
