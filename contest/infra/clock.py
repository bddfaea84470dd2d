"""Two clocks: contest time, which a demonstration may move forward, and wall time, which nobody moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextvars import ContextVar
from zoneinfo import ZoneInfo

KST = ZoneInfo("Asia/Seoul")

#: Contest time is read once per request or job, so that one page never straddles a deadline.
_frozen: ContextVar[dt.datetime | None] = ContextVar("contest_now", default=None)


def wall() -> dt.datetime:
    """The machine's clock, aware UTC: for sessions, tokens, throttles, leases."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251  the one place that asks


class Clock:
    """Contest time: wall time plus an offset that only a demonstration has."""

    def __init__(self, read_offset: Callable[[], dt.timedelta] | None = None) -> None:
        self._read_offset = read_offset

    def now(self) -> dt.datetime:
        """Contest time, aware UTC; the same instant throughout one request or job."""
        frozen = _frozen.get()
        return frozen if frozen is not None else self.fresh()

    def fresh(self) -> dt.datetime:
        """Contest time at this very moment, whatever the request began with."""
        offset = self._read_offset() if self._read_offset else dt.timedelta()
        return wall() + offset

    def wall(self) -> dt.datetime:
        """The machine's clock, aware UTC."""
        return wall()

    def hold(self) -> dt.datetime | None:
        """Freeze contest time for this request or job; returns what `release` goes back to."""
        before = _frozen.get()
        _frozen.set(self.fresh())
        return before

    def release(self, before: dt.datetime | None = None) -> None:
        """Let contest time run again, or be what it was held at before (a job inside a request)."""
        _frozen.set(before)


class SteppedClock(Clock):
    """A clock moved by hand: for tests and the rehearsal. Forward only."""

    def __init__(self, start: dt.datetime) -> None:
        super().__init__()
        self._at = start

    def fresh(self) -> dt.datetime:
        """The instant it was last set to."""
        return self._at

    def wall(self) -> dt.datetime:
        """Wall time follows, so that sessions and tokens live in the same story."""
        return self._at

    def move_to(self, instant: dt.datetime) -> None:
        """Set it to a later instant; an earlier one is a programming error."""
        if instant < self._at:
            raise ValueError("contest time moves forward only")
        self._at = instant

    def advance(self, **delta: float) -> None:
        """Move it forward by a timedelta's arguments."""
        self._at += dt.timedelta(**delta)
