"""How long a number may be kept to tell its owner of the next contest."""

from __future__ import annotations

import datetime as dt

from contest.domain.persons import Phone
from contest.domain.ruleset import Period
from contest.domain.schedule import later


def kept_until(
    given_at: dt.datetime | None, phone: Phone | None, period: Period, *, stands: bool, now: dt.datetime
) -> dt.datetime | None:
    """When a number is forgotten, None where it may not be kept now.

    given_at: of the consent that was not taken back; None without one. stands: the entry was handed in and
    neither withdrawn nor asked to be. A number that takes no text message is not what the consent names.
    """
    if given_at is None or phone is None or not phone.is_mobile or not stands:
        return None
    ends_at = later(given_at, period.months, period.days)
    return ends_at if now < ends_at else None
