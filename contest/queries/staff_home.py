"""What the staff home says: standing, next things, days left, messages that did not go out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.domain.actors import Role
from contest.domain.milestones import Phase, duties, phases, standing
from contest.domain.schedule import korean_day, working_days_between
from contest.infra.registry import NextStep, Registry
from contest.models.account import RoleGrant
from contest.models.outbox import Message
from contest.queries.editions import current_edition, holidays, rules_of, schedule_of

SHOWN_STEPS = 3


@dataclass(frozen=True)
class Step:
    """One of the next things: its own title, or the code of a base duty."""

    due: dt.datetime
    title: str
    duty: str
    who: tuple[Role, ...]
    endpoint: str
    arguments: dict[str, str]
    is_late: bool


@dataclass(frozen=True)
class StaffHome:
    """Everything on the page but the cards of other packages."""

    edition_id: str | None
    title: str
    standing: str
    standing_at: dt.datetime | None
    phases: tuple[Phase, ...]
    steps: tuple[Step, ...]
    publish_at: dt.datetime | None
    working_days: int | None
    undelivered: int
    grants: int


def staff_home(session: Session, registry: Registry, now: dt.datetime) -> StaffHome:
    """The page of the current edition; before the first one, what there is without it."""
    undelivered = session.scalar(
        select(func.count())
        .select_from(Message)
        .where(Message.sent_at.is_(None), Message.voided_at.is_(None), Message.not_before <= now)
    )
    grants = session.scalar(
        select(func.count())
        .select_from(RoleGrant)
        .where(RoleGrant.granted_at.is_(None), RoleGrant.refused_at.is_(None))
    )
    edition = current_edition(session)
    if edition is None:
        return StaffHome(None, "", "none", None, (), (), None, None, undelivered or 0, grants or 0)
    schedule, stage = schedule_of(edition), edition.stage
    code, at = standing(schedule, stage, now)
    registered = [step for load in registry.next_steps for step in load(session, edition.id, now)]
    taken = {name for step in registered for name in step.milestones}
    base = [
        Step(
            duty.due,
            "",
            duty.milestone,
            _ordered(duty.who),
            registry.duty_pages.get(duty.milestone, ""),
            {},
            duty.due < now,
        )
        for duty in duties(schedule, stage, now)
        if duty.milestone not in taken
    ]
    steps = sorted([*(_step(step, now) for step in registered), *base], key=lambda step: step.due)
    is_ahead = schedule.publish_at is not None and schedule.publish_at > now
    days = (
        working_days_between(korean_day(now), korean_day(schedule.publish_at), holidays(session))
        if schedule.publish_at is not None and is_ahead
        else None
    )
    title = rules_of(edition).texts.get("ko", "title")
    return StaffHome(
        edition.id, title, code, at, phases(schedule, stage), tuple(steps[:SHOWN_STEPS]),
        schedule.publish_at, days, undelivered or 0, grants or 0,
    )  # fmt: skip


def _step(step: NextStep, now: dt.datetime) -> Step:
    who = _ordered(step.who)
    return Step(step.due, step.title, "", who, step.endpoint, step.arguments, step.due < now)


def _ordered(who: frozenset[Role]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in who)
