"""When the results are public: approved, not held, and the minute has come. Nobody need act at the minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contest.domain.errors import Conflict, Denied, Invalid

#: How long before the minute those who must act are told whether it is approved.
REMINDERS: tuple[tuple[str, timedelta], ...] = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta()),
)
SHORTEST_REASON = 5


class Standing(StrEnum):
    """Where the announcement stands."""

    UNAPPROVED = "unapproved"
    SCHEDULED = "scheduled"
    HELD = "held"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Release:
    """What decides whether results are public.

    edition_minute: the edition's publish_at, which an amendment may have moved; approved_minute: the
    approval's own, None without a live approval; instants are aware UTC.
    """

    edition_minute: datetime | None
    approved_minute: datetime | None
    is_held: bool

    @property
    def minute(self) -> datetime | None:
        """The instant from which the results are public if nothing holds them; the later of the two."""
        if self.approved_minute is None or self.edition_minute is None:
            return self.approved_minute or self.edition_minute
        return max(self.approved_minute, self.edition_minute)

    @property
    def is_outdated(self) -> bool:
        """Whether the approval was given for an earlier minute than the edition now announces."""
        return (
            self.approved_minute is not None
            and self.edition_minute is not None
            and self.edition_minute > self.approved_minute
        )

    def standing(self, now: datetime) -> Standing:
        """Where it stands at now. The minute itself is public; a hold keeps everything back."""
        if self.is_held:
            return Standing.HELD
        if self.approved_minute is None:
            return Standing.UNAPPROVED
        minute = self.minute
        return Standing.PUBLISHED if minute is not None and minute <= now else Standing.SCHEDULED

    def is_public(self, now: datetime) -> bool:
        """Whether the results are public at now."""
        return self.standing(now) is Standing.PUBLISHED


def check_hold(release: Release, now: datetime) -> None:
    """Raises Conflict: `publication.held` if it is held already, `publication.public` once it is public."""
    if release.is_held:
        raise Conflict("publication.held")
    if release.is_public(now):
        raise Conflict("publication.public")


def check_withdrawal(release: Release, now: datetime) -> None:
    """Raises Conflict: `publication.not_approved`; `publication.public` once it is public."""
    if release.approved_minute is None:
        raise Conflict("publication.not_approved")
    if release.is_public(now):
        raise Conflict("publication.public")


def check_approver(approver_id: str | None, prepared_by: frozenset[str]) -> None:
    """Raises Denied `publication.own_work` where the approver had a hand in what is approved."""
    if approver_id in prepared_by:
        raise Denied("publication.own_work")


def resumed_minute(release: Release, wanted: datetime | None, now: datetime) -> datetime | None:
    """The minute after a hold is lifted: the one wanted, else the one approved, at the earliest now.

    None where nothing is approved. Raises Invalid `publication.minute_early` (field publish_at) for a
    wanted minute that has passed.
    """
    if wanted is not None and wanted < now:
        raise Invalid("publication.minute_early", field="publish_at")
    if release.approved_minute is None:
        return None
    return max(wanted or release.minute or now, now)


def reminder_due(minute: datetime | None, now: datetime) -> str | None:
    """The latest reminder whose time has come (day, hour, minute), None before the first."""
    if minute is None:
        return None
    due = [name for name, before in REMINDERS if minute - before <= now]
    return due[-1] if due else None


def check_reason(reason: str) -> str:
    """A reason with single spaces. Raises Invalid `publication.reason` (field reason) where it says nothing."""
    plain = " ".join(reason.split())
    if len(plain) < SHORTEST_REASON:
        raise Invalid("publication.reason", field="reason")
    return plain
