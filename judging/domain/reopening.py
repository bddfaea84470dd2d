"""When a sealed round may be opened again: before a later round or the result has begun, and never in silence."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from contest.domain.errors import Invalid


@dataclass(frozen=True)
class SealedRound:
    """What reopening depends on. has_later: a later round has begun; is_read: somebody saw what the scores came to."""

    is_sealed: bool
    has_later: bool
    is_judging: bool  # the contest stands in the stage of judging
    is_read: bool
    judging_closes: dt.datetime | None
    deliberates: bool = False  # the panel has seen, or may see, what each of it gave


def why_not(held: SealedRound, now: dt.datetime) -> str:
    """The code of why the round stays closed, or empty."""
    if held.has_later:
        return "reopening.later_round"
    if held.deliberates:
        return "reopening.deliberation"
    if not held.is_sealed:
        return "reopening.not_sealed"
    if not held.is_judging:
        return "reopening.stage_over"
    if held.is_read:
        return "reopening.result_read"
    if held.judging_closes is not None and now >= held.judging_closes:
        return "reopening.time_over"
    return ""


def check_terms(
    held: SealedRound, judges: Collection[str], signed: Collection[str], ends: dt.datetime, now: dt.datetime
) -> None:
    """Who may change scores again, and until when.

    Raises Invalid `reopening.nobody` for no judge or one who had not signed, `reopening.end_past`,
    `reopening.end_late` (closes) after the announced end of judging.
    """
    if not judges or not set(judges) <= set(signed):
        raise Invalid("reopening.nobody", field="judges")
    if ends <= now:
        raise Invalid("reopening.end_past", field="ends")
    if held.judging_closes is not None and ends > held.judging_closes:
        raise Invalid("reopening.end_late", field="ends", closes=held.judging_closes)


def digest_of(seal: str, judges: Collection[str], ends: dt.datetime) -> str:
    """What the second person says was read: this seal, these judges, this end."""
    read = [seal, sorted(judges), ends.astimezone(dt.UTC).isoformat()]
    return hashlib.sha256(json.dumps(read).encode()).hexdigest()
