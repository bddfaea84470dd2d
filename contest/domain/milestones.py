"""The instants people speak of: what they are called, what a demonstration jumps to, what the office does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from contest.domain.actors import Role
from contest.domain.schedule import Schedule
from contest.domain.stages import Stage, has_reached

MINUTE = timedelta(minutes=1)
#: Those before which a minute counts: a demonstration can stop just short of them.
JUST_BEFORE = frozenset({"entry_closes", "verification_closes", "publish_at"})


@dataclass(frozen=True)
class Jump:
    """A place to which a demonstration's clock may go: `milestone.<code>` names it."""

    code: str
    at: datetime


@dataclass(frozen=True)
class Phase:
    """A part of the contest on its timeline: `phase.<code>` names it; state: done | current | next."""

    code: str
    begins: datetime | None
    ends: datetime | None
    state: str


@dataclass(frozen=True)
class Duty:
    """What the office has to do by an instant of the schedule: `duty.<milestone>` says it."""

    milestone: str
    due: datetime
    who: frozenset[Role]


_PHASES = (
    ("entry", Stage.OPEN, "entry_opens", "entry_closes"),
    ("screening", Stage.SCREENING, "entry_closes", "screening_closes"),
    ("judging", Stage.JUDGING, "judging_opens", "judging_closes"),
    ("verification", Stage.VERIFICATION, "verification_opens", "verification_closes"),
    ("announcement", Stage.DECIDED, "publish_at", ""),
)

#: milestone, the last stage in which the duty is still open, who must act
_DUTIES = (
    ("entry_closes", Stage.OPEN, {Role.OPERATOR}),
    ("screening_closes", Stage.SCREENING, {Role.OPERATOR}),
    ("judging_opens", Stage.SCREENING, {Role.OPERATOR}),
    ("judging_closes", Stage.JUDGING, {Role.OPERATOR, Role.APPROVER}),
    ("verification_closes", Stage.VERIFICATION, {Role.OPERATOR, Role.APPROVER}),
    ("decides_by", Stage.VERIFICATION, {Role.OPERATOR, Role.APPROVER}),
    ("publish_at", Stage.DECIDED, {Role.APPROVER}),
)


def jumps(schedule: Schedule, now: datetime) -> tuple[Jump, ...]:
    """Every boundary still to come, and the minute before those that close; soonest first."""
    found = []
    for name, at in schedule.ahead(now):
        if name in JUST_BEFORE and at - MINUTE > now:
            found.append(Jump(f"before_{name}", at - MINUTE))
        found.append(Jump(name, at))
    return tuple(found)


def phases(schedule: Schedule, stage: Stage) -> tuple[Phase, ...]:
    """The timeline of an edition. The stored stage decides, not the calendar."""
    return tuple(
        Phase(
            code,
            getattr(schedule, begins),
            getattr(schedule, ends) if ends else None,
            "current" if stage is own else "done" if has_reached(stage, own) else "next",
        )
        for code, own, begins, ends in _PHASES
    )


def duties(schedule: Schedule, stage: Stage, now: datetime) -> tuple[Duty, ...]:
    """What is still to be done, soonest first; overdue while its stage lasts, gone with the stage.

    The announcement happens by itself: once its minute has passed nothing is left to do.
    """
    found = []
    for milestone, last, who in _DUTIES:
        due = getattr(schedule, milestone)
        is_over = (stage is not last and has_reached(stage, last)) or (
            milestone == "publish_at" and due is not None and due <= now
        )
        if due is not None and not is_over:
            found.append(Duty(milestone, due, frozenset(who)))
    return tuple(sorted(found, key=lambda duty: duty.due))


def standing(schedule: Schedule, stage: Stage, now: datetime) -> tuple[str, datetime | None]:
    """(code, instant) of the one sentence on where the contest stands: `standing.<code>` says it."""
    if stage is Stage.DRAFT:
        return "draft", schedule.entry_opens
    if stage is Stage.OPEN:
        if schedule.entry_opens and now < schedule.entry_opens:
            return "opens_soon", schedule.entry_opens
        is_open = schedule.is_entry_open(now)
        return ("entry_open" if is_open else "entry_closed"), schedule.entry_closes
    if stage is Stage.SCREENING:
        return "screening", schedule.screening_closes
    if stage is Stage.JUDGING:
        return "judging", schedule.judging_closes
    if stage is Stage.VERIFICATION:
        is_over = schedule.verification_closes is not None and now >= schedule.verification_closes
        return (
            ("deciding", schedule.decides_by) if is_over else ("verification", schedule.verification_closes)
        )
    return ("announced" if schedule.is_publication_due(now) else "decided"), schedule.publish_at
