"""Changing an open edition: one person proposes dates, contact or texts, another approves, all are told."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.domain.actors import Actor, Role
from contest.domain.amending import passed_dates, passed_days, stale
from contest.domain.dotted import drop, put
from contest.domain.edition_values import Content
from contest.domain.errors import Conflict, Denied, Invalid, Missing
from contest.domain.korean import day_text, instant_text
from contest.domain.policies import Change, diff_editions, is_round_day, refused
from contest.domain.rules import Problem, errors, problems
from contest.domain.schedule import Schedule, parse_day, parse_instant
from contest.domain.stages import Stage
from contest.infra.database import lock_edition
from contest.infra.registry import AmendmentCheck, AmendmentHook
from contest.infra.texts.edition_fields import label_of
from contest.infra.unit_of_work import UnitOfWork
from contest.models.edition import Amendment, Edition
from contest.models.submission import Submission, SubmissionState
from contest.operations.notify import notify, submission_recipient
from contest.queries.editions import get_edition, holidays, schedule_of

_SHORT = 60


def amendment_errors(
    document: dict[str, Any],
    was: Schedule,
    schedule: Schedule,
    *,
    changes: Sequence[Change],
    stage: Stage,
    days: frozenset[dt.date],
    now: dt.datetime,
) -> list[Problem]:
    """Everything that keeps these values from being announced, but for what other packages know."""
    return [
        *errors(problems(document, schedule, days, now)),
        *passed_dates(was, schedule, stage, now),
        *passed_days(changes, stage, now),
    ]


def known_against(
    session: Session,
    edition_id: str,
    changes: Sequence[Change],
    checks: Sequence[AmendmentCheck],
    now: dt.datetime,
) -> list[Problem]:
    """What other packages know against these changes."""
    paths = frozenset(change.path for change in changes)
    return [problem for check in checks for problem in check(session, edition_id, paths, now)]


def propose_amendment(
    uow: UnitOfWork,
    edition_id: str,
    content: Content,
    reason: str,
    *,
    version: int,
    actor: Actor,
    now: dt.datetime,
    checks: Sequence[AmendmentCheck] = (),
) -> Amendment:
    """Put a change before an approver; nothing changes yet. `version` is what the page was opened with.

    checks: what other packages know against it (registry.amendment_checks).

    Raises Conflict `amendment.not_open`, `edition.changed`, `amendment.pending`; Invalid
    `amendment.nothing`, `amendment.frozen`, `amendment.reason_missing`, or the first error of the result.
    """
    actor.require(Role.OPERATOR)
    lock_edition(uow.session, edition_id)
    edition = get_edition(uow.session, edition_id)
    if edition.stage is Stage.DRAFT:
        raise Conflict("amendment.not_open")
    if edition.version != version:
        raise Conflict("edition.changed")
    waiting = select(Amendment.id).where(
        Amendment.edition_id == edition_id,
        Amendment.approved_at.is_(None),
        Amendment.rejected_at.is_(None),
    )
    if uow.session.scalar(waiting):
        raise Conflict("amendment.pending")
    changes = diff_editions(edition.document, schedule_of(edition), content.document, content.schedule)
    _check(uow, edition, changes, content, now=now, checks=checks)
    if not reason.strip():
        raise Invalid("amendment.reason_missing", field="reason")
    last = uow.session.scalar(select(func.max(Amendment.ordinal)).where(Amendment.edition_id == edition_id))
    assert actor.id is not None
    amendment = Amendment(
        id=uow.ids.token(), edition_id=edition_id, ordinal=(last or 0) + 1, reason=reason.strip(),
        changes=[{"path": c.path, "before": c.before, "after": c.after} for c in changes],
        proposed_by=actor.id, proposed_at=now,
    )  # fmt: skip
    uow.session.add(amendment)
    uow.note(
        "amendment.proposed",
        ("amendment", amendment.id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        fields=[change.path for change in changes],
    )
    uow.session.flush()
    return amendment


def approve_amendment(
    uow: UnitOfWork,
    edition_id: str,
    ordinal: int,
    *,
    actor: Actor,
    now: dt.datetime,
    hooks: Sequence[AmendmentHook] = (),
    checks: Sequence[AmendmentCheck] = (),
) -> None:
    """Put a proposed change into force and tell everybody who entered.

    hooks: what other packages do in the same transaction (registry.on_amendment); checks: what they know against
    it (registry.amendment_checks).

    Raises Conflict `amendment.settled`, `amendment.stale`; Denied `amendment.same_person`; Invalid where
    time has passed over what was proposed.
    """
    actor.require(Role.APPROVER)
    lock_edition(uow.session, edition_id)
    amendment = _pending(uow, edition_id, ordinal)
    if amendment.proposed_by == actor.id:
        raise Denied("amendment.same_person")
    edition = get_edition(uow.session, edition_id)
    changes = _changes(amendment)
    content = applied(edition.document, schedule_of(edition), changes)
    current = diff_editions(edition.document, schedule_of(edition), content.document, content.schedule)
    if stale(changes, current):
        raise Conflict("amendment.stale")
    _check(uow, edition, changes, content, now=now, checks=checks)
    edition.document = content.document
    for name, instant in content.schedule.instants():
        setattr(edition, name, instant)
    edition.version += 1
    amendment.approved_by, amendment.approved_at = actor.id, now
    uow.note(
        "amendment.approved",
        ("amendment", amendment.id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        version=edition.version,
    )
    uow.session.flush()
    for hook in hooks:
        hook(uow, edition_id, frozenset(change.path for change in changes), actor, now)
    _tell_entrants(uow, amendment, changes, now)


def reject_amendment(
    uow: UnitOfWork, edition_id: str, ordinal: int, *, actor: Actor, now: dt.datetime
) -> None:
    """Refuse a proposed change, or take back one's own. Raises Conflict `amendment.settled`."""
    actor.require(Role.APPROVER, Role.OPERATOR)
    lock_edition(uow.session, edition_id)
    amendment = _pending(uow, edition_id, ordinal)
    amendment.rejected_at = now
    uow.note("amendment.rejected", ("amendment", amendment.id), actor=actor, now=now, edition_id=edition_id)


def applied(document: dict[str, Any], schedule: Schedule, changes: list[Change]) -> Content:
    """The content after these changes."""
    after = copy.deepcopy(document)
    dates = dict(schedule.instants())
    for change in changes:
        root, _, name = change.path.partition(".")
        if root == "schedule":
            dates[name] = parse_instant(change.after)
        elif change.after is None:
            drop(after, change.path)
        else:
            put(after, change.path, change.after)
    return Content(after, Schedule(**dates))


def _check(
    uow: UnitOfWork,
    edition: Edition,
    changes: list[Change],
    content: Content,
    *,
    now: dt.datetime,
    checks: Sequence[AmendmentCheck],
) -> None:
    if not changes:
        raise Invalid("amendment.nothing")
    frozen = refused(changes)
    if frozen:
        raise Invalid("amendment.frozen", fields=", ".join(label_of("ko", c.path) for c in frozen))
    was = schedule_of(edition)
    days = holidays(uow.session)
    for found in (
        *amendment_errors(
            content.document, was, content.schedule, changes=changes, stage=edition.stage, days=days, now=now
        ),
        *known_against(uow.session, edition.id, changes, checks, now),
    ):
        raise Invalid(found.code, field=found.field, **found.facts)


def _pending(uow: UnitOfWork, edition_id: str, ordinal: int) -> Amendment:
    amendment = uow.session.scalar(
        select(Amendment)
        .where(Amendment.edition_id == edition_id, Amendment.ordinal == ordinal)
        .execution_options(populate_existing=True)
    )
    if amendment is None:
        raise Missing("missing")
    if amendment.approved_at is not None or amendment.rejected_at is not None:
        raise Conflict("amendment.settled")
    return amendment


def _changes(amendment: Amendment) -> list[Change]:
    held: list[Any] = amendment.changes
    return [Change(one["path"], one["before"], one["after"]) for one in held]


def _tell_entrants(uow: UnitOfWork, amendment: Amendment, changes: list[Change], now: dt.datetime) -> None:
    """A9 to everybody whose submission stands or waits for a guardian."""
    told = uow.session.scalars(
        select(Submission)
        .where(
            Submission.edition_id == amendment.edition_id,
            Submission.state.in_((SubmissionState.SUBMITTED, SubmissionState.AWAITING_GUARDIAN)),
        )
        .order_by(Submission.id)
    )
    for submission in told:
        locale = submission.locale
        notify(
            uow,
            "A9",
            submission_recipient(uow, submission),
            edition_id=amendment.edition_id,
            event=f"amendment:{amendment.id}",
            facts={
                "before": _told(locale, [(c.path, c.before) for c in changes]),
                "after": _told(locale, [(c.path, c.after) for c in changes]),
                "reason": amendment.reason,
            },
            now=now,
        )


def _told(locale: str, values: list[tuple[str, Any]]) -> str:
    """Values as a message tells them: dates in full, long texts by their name alone."""
    parts = []
    for path, value in values:
        instant = parse_instant(value) if path.startswith("schedule.") else None
        day = parse_day(value) if is_round_day(path) else None
        said = instant_text(instant) if instant else day_text(day) if day else str(value or "-")
        label = label_of(locale, path)
        parts.append(label if len(said) > _SHORT else f"{label} {said}")
    return ", ".join(parts)
