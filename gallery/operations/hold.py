"""발표 보류: one person stops the announcement before its minute; going on needs an approver."""

from __future__ import annotations

import datetime as dt

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.operations.notify import void_messages
from contest.queries.editions import get_edition
from gallery.domain.release import check_hold, check_reason, resumed_minute
from gallery.models.publication import Hold
from gallery.operations.announce import write_messages
from gallery.queries.announcement import live_hold, live_publication, release_of


def hold(
    uow: UnitOfWork, edition_id: str, reason: str, notice: str = "", *, actor: Actor, now: dt.datetime
) -> Hold:
    """Stop the announcement, alone, at any time before its minute; its messages are void meanwhile.

    reason: for the office; notice: what the public reads until it goes on, may be empty.
    Raises Denied; Invalid `publication.reason`; Conflict `publication.held`, `publication.public`.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    plain = check_reason(reason)
    lock_edition(uow.session, edition_id)
    edition = get_edition(uow.session, edition_id)
    check_hold(release_of(uow.session, edition), now)
    row = Hold(
        id=uow.ids.token(), edition_id=edition_id, reason=plain, notice=notice.strip() or None,
        placed_by=actor.id, placed_at=now,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    publication = live_publication(uow.session, edition_id)
    voided = void_messages(uow, f"publication:{publication.id}", now=now) if publication else 0
    uow.note(
        "publication.held", ("hold", row.id), actor=actor, now=now, edition_id=edition_id,
        reason=fact_digest(row.id, plain), has_notice=bool(row.notice), messages=voided,
    )  # fmt: skip
    return row


def resume(
    uow: UnitOfWork,
    edition_id: str,
    *,
    publish_at: dt.datetime | None = None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Lift the hold. What is approved becomes public at publish_at, else at its minute, or now if that passed.

    Raises Denied; Conflict `publication.not_held`; Invalid `publication.minute_early`.
    """
    actor.require(Role.APPROVER)
    lock_edition(uow.session, edition_id)
    edition = get_edition(uow.session, edition_id)
    row = live_hold(uow.session, edition_id)
    if row is None:
        raise Conflict("publication.not_held")
    minute = resumed_minute(release_of(uow.session, edition), publish_at, now)
    row.lifted_by, row.lifted_at = actor.id, now
    publication = live_publication(uow.session, edition_id)
    if publication is not None and minute is not None:
        publication.publish_at = minute
        uow.session.flush()
        write_messages(uow, edition, publication, now=now)
        if minute <= now:
            uow.ring("check_publication", publication_id=publication.id)
    uow.note(
        "publication.resumed", ("hold", row.id), actor=actor, now=now, edition_id=edition_id,
        publish_at=minute.astimezone(dt.UTC).isoformat() if minute else None,
    )  # fmt: skip
