"""A day and an hour before the minute those who must act are told whether the announcement is approved."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from contest.domain.stages import Stage
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.queries.editions import get_edition
from gallery.domain.release import REMINDERS, Release, Standing, reminder_due
from gallery.operations.read_back import tell_staff
from gallery.queries.announcement import release_of
from judging.models.award import Award

#: A minute that passed longer ago than this reminds nobody.
_STALE = dt.timedelta(days=30)


def remind_of_announcement(services: Services, now: dt.datetime) -> None:
    """Sweep: write the reminder that is due, once for each moment and each standing."""
    with services.database.read() as session:
        editions = session.scalars(
            select(Edition).where(
                Edition.stage.in_((Stage.VERIFICATION, Stage.DECIDED)),
                Edition.publish_at <= now + REMINDERS[0][1],
                Edition.publish_at > now - _STALE,
            )
        ).all()
        due = [
            edition.id
            for edition in editions
            if (release := release_of(session, edition)) and not release.is_public(now)
        ]
    for edition_id in due:
        with services.database.write() as uow:
            edition = get_edition(uow.session, edition_id)
            release = release_of(uow.session, edition)
            event = reminder_event(edition_id, release, now)
            if event is None or release.minute is None:
                continue
            count = uow.session.scalar(
                select(func.count())
                .select_from(Award)
                .where(Award.edition_id == edition_id, Award.revoked_at.is_(None))
            )
            tell_staff(
                uow, edition_id, release.standing(now).value, event=event, minute=release.minute,
                count=count or 0, now=now,
            )  # fmt: skip


def reminder_event(edition_id: str, release: Release, now: dt.datetime) -> str | None:
    """The event of the reminder due now: one for each edition, minute and moment; None where none is due.

    At the minute itself only what keeps the announcement back is told.
    """
    moment = reminder_due(release.minute, now)
    standing = release.standing(now)
    if moment is None or release.minute is None or standing is Standing.PUBLISHED:
        return None
    minute = release.minute.astimezone(dt.UTC).strftime("%Y%m%dT%H%M")
    return f"reminder:{edition_id}:{minute}:{moment}"
