"""What a judge is told by the clock: judging began, works are left, it closes, papers wait, it is over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from contest.domain.messages import Fact
from contest.domain.timely import Due, moment_before, stamp

WORKS_LEFT = dt.timedelta(days=3)
CLOSING = dt.timedelta(days=1)
#: The office hears of a judge who has not scored half of the works so long before the end.
LATE = dt.timedelta(days=2)
PAPERS = "집계표와 심사의결서"


@dataclass(frozen=True)
class Seat:
    """How far one seated judge has come. Counts only: nobody's message knows a score."""

    judge_id: str
    account_id: str
    name: str
    has_pledged: bool
    works: int
    scored: int
    has_signed: bool
    recusals: int


@dataclass(frozen=True)
class Judging:
    """Where the judging of an edition stands. judging_open: its round takes scores."""

    opens: dt.datetime | None
    closes: dt.datetime | None
    verification_opens: dt.datetime | None
    judging_open: bool
    opened_at: dt.datetime | None
    sealed_at: dt.datetime | None
    is_over: bool  # public verification has begun


def duties(judging: Judging, seats: list[Seat], operators: list[str], now: dt.datetime) -> list[Due]:
    """Every message that is due now to the judges, and to the operators about them."""
    if judging.is_over:
        return [Due("J5", f"over:{_told(judging)}", "judge", seat.account_id) for seat in seats]
    if judging.sealed_at is not None:
        if judging.verification_opens is None or now >= judging.verification_opens:
            return []
        facts: dict[str, Fact] = {"document": PAPERS, "due": judging.verification_opens}
        return [Due("J4", f"papers:{_told(judging)}", "judge", seat.account_id, facts) for seat in seats]
    found = []
    for seat in seats:
        found += _of_judge(judging, seat, now)
        for event, matter in _troubles(judging, seat, now):
            facts = {"judge": seat.name, "matter": matter}
            found += [Due("O3", event, "account", operator, facts) for operator in operators]
    return found


def _told(judging: Judging) -> str:
    """A seal is another event than one made after judging was reopened."""
    return stamp(judging.sealed_at) if judging.sealed_at else "none"


def _of_judge(judging: Judging, seat: Seat, now: dt.datetime) -> list[Due]:
    if not judging.judging_open or judging.closes is None or judging.opened_at is None or seat.has_signed:
        return []
    moment, event = "begun", f"judging:{stamp(judging.opened_at)}:begun"
    at = moment_before(judging.closes, (WORKS_LEFT, CLOSING), begun=judging.opened_at, now=now)
    if at is not None:
        moment = "closing" if judging.closes - at <= CLOSING + dt.timedelta(hours=14) else "remaining"
        event = f"judging:{stamp(judging.closes)}:{moment}"
    if now >= judging.closes:
        return []
    facts: dict[str, Fact] = {
        "moment": moment, "assigned": seat.works, "done": seat.scored, "closes": judging.closes,
    }  # fmt: skip
    return [Due("J2", event, "judge", seat.account_id, facts)]


def _troubles(judging: Judging, seat: Seat, now: dt.datetime) -> list[tuple[str, str]]:
    found = []
    if not seat.has_pledged and judging.opens is not None and now >= judging.opens:
        found.append((f"pledge:{seat.judge_id}", "서약서 미제출"))
    is_late = (
        judging.judging_open
        and judging.closes is not None
        and now >= judging.closes - LATE
        and not seat.has_signed
        and 2 * seat.scored < seat.works
    )
    if is_late and judging.closes is not None:
        found.append((f"late:{seat.judge_id}:{stamp(judging.closes)}", "심사 지연"))
    if seat.recusals:
        found.append((f"recusal:{seat.judge_id}:{seat.recusals}", f"회피 {seat.recusals}점"))
    return found
