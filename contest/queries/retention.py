"""Every class of data as staff and the auditor see it: its period, its end, what was destroyed, what is overdue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.domain.data_classes import OF_EDITION, DataClass, Start
from contest.domain.ruleset import Period
from contest.domain.schedule import later
from contest.domain.stages import Stage
from contest.infra.registry import Registry
from contest.models.edition import Edition
from contest.models.outbox import Destruction
from contest.queries.editions import rules_of

#: Erasures run each hour; what was due this long ago and is still there, nobody destroys.
LATE = dt.timedelta(days=1)
#: So many editions, the newest first, of which the page tells the day.
EDITIONS = 3


@dataclass(frozen=True)
class Ending:
    """When a class ends for one edition: is_planned while its clock has not begun; `on` None while no day is set."""

    edition: str
    on: dt.datetime | None
    is_planned: bool


@dataclass(frozen=True)
class ClassLine:
    """One class. period is None where no edition says it. overdue: of those due, what was due a day ago."""

    code: str
    start: Start
    period: Period | None
    endings: tuple[Ending, ...]
    due: int
    overdue: int
    destroyed: int
    last_at: dt.datetime | None


def class_lines(session: Session, registry: Registry, now: dt.datetime) -> tuple[ClassLine, ...]:
    """Every class in the order the packages list them."""
    ledger = {
        row.kind: (row.total, row.last)
        for row in session.execute(
            select(
                Destruction.kind,
                func.sum(Destruction.count).label("total"),
                func.max(Destruction.done_at).label("last"),
            ).group_by(Destruction.kind)
        )
    }
    runs = {erasure.kind: erasure.due for erasure in registry.erasures}
    due = {kind: count(session, now) for kind, count in runs.items()}
    late = {kind: count(session, now - LATE) if due[kind] else 0 for kind, count in runs.items()}
    editions = session.scalars(
        select(Edition)
        .where(Edition.stage != Stage.DRAFT)
        .order_by(Edition.year.desc(), Edition.number.desc())
        .limit(EDITIONS)
    ).all()
    lines = []
    for one in registry.data_classes:
        told = [ledger[kind] for kind in one.kinds if kind in ledger]
        lines.append(
            ClassLine(
                one.code,
                one.start,
                rules_of(editions[0]).retention.get(one.period) if editions and one.period else None,
                tuple(_ending(session, registry, one, edition, now) for edition in editions)
                if one.start in OF_EDITION
                else (),
                sum(due[kind] for kind in one.erasures),
                min(sum(late[kind] for kind in one.erasures), sum(due[kind] for kind in one.erasures)),
                sum(total for total, _ in told),
                max((last for _, last in told), default=None),
            )
        )
    return tuple(lines)


def _ending(
    session: Session, registry: Registry, one: DataClass, edition: Edition, now: dt.datetime
) -> Ending:
    name = f"{edition.year}년 제{edition.number}회"
    if one.start is Start.ENTRY_CLOSES:
        start, has_begun = (
            edition.entry_closes,
            edition.entry_closes is not None and edition.entry_closes <= now,
        )
    else:
        minutes = [announced(session, edition.id) for announced in registry.announced]
        known = [minute for minute in minutes if minute is not None]
        has_begun = bool(minutes) and len(known) == len(minutes) and max(known) <= now
        start = max(known) if has_begun else edition.publish_at
    if start is None:
        return Ending(name, None, is_planned=True)
    period = rules_of(edition).retention[one.period]
    return Ending(name, later(start, period.months, period.days), is_planned=not has_begun)
