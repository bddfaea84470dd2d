"""Messages that the clock asks for, not a person: when each is due, and what becomes of those that are not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contest.domain.messages import WINDOW_CLOSES, WINDOW_OPENS, Fact, send_window
from contest.domain.schedule import KST

#: How long before the end of entry a draft is reminded: three days, one day, three hours.
BEFORE_DEADLINE = (dt.timedelta(days=3), dt.timedelta(days=1), dt.timedelta(hours=3))
#: How long before its end an entrant is reminded of a period to answer.
BEFORE_REPLY_ENDS = dt.timedelta(days=1)
#: On the last day of entry the office hears of it each hour.
LAST_DAY = dt.timedelta(days=1)
_EVENING = dt.time(19, 0)


@dataclass(frozen=True)
class Due:
    """A message that is due: told once to one person for one event.

    kind and id name the recipient as messages do; event holds everything that makes this telling another one.
    """

    code: str
    event: str
    kind: str
    id: str
    facts: Mapping[str, Fact] = field(hash=False, default_factory=dict)

    @property
    def key(self) -> str:
        """The beginning of the event key of its rows, which ends with the channel."""
        return f"{self.code}:{self.event}:{self.id}:"


@dataclass(frozen=True)
class Standing:
    """A row of the outbox: its event key, and whether it can still be taken back."""

    id: str
    event_key: str
    is_open: bool


def decide(due: Iterable[Due], rows: Iterable[Standing]) -> tuple[list[Due], list[str]]:
    """(what is to be written, the ids of rows to be voided).

    rows: those of the same codes that were not voided. A message with a row is never written again; a row
    that has not left and whose message is no longer due is taken back.
    """
    wanted = {one.key: one for one in due}
    told: set[str] = set()
    stale = []
    for row in rows:
        key = row.event_key.rpartition(":")[0] + ":"
        told.add(key)
        if row.is_open and key not in wanted:
            stale.append(row.id)
    return [one for key, one in wanted.items() if key not in told], stale


def into_window(at: dt.datetime) -> dt.datetime:
    """`at`, or the last evening hour before it where telephones must be left alone: a reminder is never late."""
    local = at.astimezone(KST)
    if WINDOW_OPENS <= local.time() < WINDOW_CLOSES:
        return at
    day = local.date() if local.time() >= WINDOW_CLOSES else local.date() - dt.timedelta(days=1)
    return dt.datetime.combine(day, _EVENING, KST).astimezone(dt.UTC)


def moment_before(
    ends: dt.datetime, distances: Iterable[dt.timedelta], *, begun: dt.datetime, now: dt.datetime
) -> dt.datetime | None:
    """The latest reminder that is due now of something that ends at `ends` and began at `begun`.

    None where none is due yet, where it began after the reminder's time (nobody is reminded of what was just
    done), or where the message could not leave any more before the end.
    """
    if send_window(now, "A2") >= ends:
        return None
    passed = [at for at in (into_window(ends - distance) for distance in distances) if at <= now]
    return max(passed) if passed and begun < max(passed) else None


def report_hour(opens: dt.datetime, closes: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """The latest hour at which the office is told how entry stands: daily at nine, hourly on the last day.

    None outside of entry, and before its first report.
    """
    if not opens <= now < closes:
        return None
    local = now.astimezone(KST)
    hour = local.replace(minute=0, second=0, microsecond=0)
    morning = dt.datetime.combine(local.date(), WINDOW_OPENS, KST)
    if not WINDOW_OPENS <= local.time() < WINDOW_CLOSES:
        return None
    chosen = hour if closes - hour <= LAST_DAY else morning
    return chosen.astimezone(dt.UTC) if chosen >= opens else None


def stamp(at: dt.datetime) -> str:
    """An instant as a part of an event: a moved deadline is another event."""
    return f"{at.astimezone(dt.UTC):%Y%m%d%H%M}"
