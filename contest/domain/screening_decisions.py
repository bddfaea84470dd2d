"""Decisions of screening: when they may be made, the reasons for an unfit one, how long it may be answered."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from contest.domain.errors import Conflict, Invalid
from contest.domain.schedule import KST, is_working_day, korean_day
from contest.domain.stages import Stage

#: How many working days after the day of the notice are proposed for an answer.
REPLY_WORKING_DAYS = 2
OFFICE_CLOSES = time(18, 0)
NOTE_LENGTH = 500


class UnfitReason(StrEnum):
    """Why a work is not judged; each is a sentence `unfit_reason.<value>` that the entrant is told."""

    OUTSIDE_DISTRICT = "outside_district"
    OUTSIDE_WINDOW = "outside_window"
    FORMAT = "format"
    OVER_CAP = "over_cap"
    COPY = "copy"
    AI = "ai"
    EDITED = "edited"
    MARKED = "marked"
    PORTRAIT = "portrait"
    PRIZED = "prized"
    UNSUITABLE = "unsuitable"
    OTHER = "other"


def parse_reason(code: str, note: str) -> tuple[UnfitReason, str | None]:
    """A reason and the note to it, as entered.

    Raises Invalid: screening.reason_missing, screening.note_missing (the reason `other` says nothing
    by itself), screening.note_length.
    """
    if code not in set(UnfitReason):
        raise Invalid("screening.reason_missing", field="reason")
    reason, plain = UnfitReason(code), note.strip()
    if reason is UnfitReason.OTHER and not plain:
        raise Invalid("screening.note_missing", field="note")
    if len(plain) > NOTE_LENGTH:
        raise Invalid("screening.note_length", field="note", length=len(plain), most=NOTE_LENGTH)
    return reason, plain or None


def may_decide(stage: Stage, entry_closes: datetime | None, grace_minutes: int, now: datetime) -> bool:
    """Whether works may be decided on: no entrant can change them any more, no judge sees them yet."""
    return (
        stage in {Stage.OPEN, Stage.SCREENING}
        and entry_closes is not None
        and now >= entry_closes + timedelta(minutes=grace_minutes)
    )


def require_decidable(stage: Stage, entry_closes: datetime | None, grace_minutes: int, now: datetime) -> None:
    """Raise Conflict screening.over once judging has begun, screening.before_deadline while entry is open."""
    if may_decide(stage, entry_closes, grace_minutes, now):
        return
    is_over = stage not in {Stage.DRAFT, Stage.OPEN, Stage.SCREENING}
    raise Conflict("screening.over" if is_over else "screening.before_deadline")


def reply_deadline(
    now: datetime,
    judging_opens: datetime | None,
    holidays: frozenset[date],
    working_days: int = REPLY_WORKING_DAYS,
) -> datetime:
    """Until when an unfit decision may be answered: 18:00 of the nth working day after today, KST.

    Never past the beginning of judging, where that still lies ahead.
    """
    day, left = korean_day(now), working_days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, holidays)
    due = datetime.combine(day, OFFICE_CLOSES, KST)
    return min(due, judging_opens) if judging_opens is not None and judging_opens > now else due


def require_reply_period(reply_until: datetime, judging_opens: datetime | None, now: datetime) -> None:
    """Raise Invalid reply_until unless it lies ahead and ends when judging begins at the latest."""
    if reply_until <= now:
        raise Invalid("screening.reply_past", field="reply_until")
    if judging_opens is not None and reply_until > max(judging_opens, now):
        raise Invalid("screening.reply_late", field="reply_until")
