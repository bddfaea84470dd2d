"""The trail as the auditor reads it: newest first, filtered, a page at a time by number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from contest.domain.schedule import KST
from contest.models.account import Account
from contest.models.audit import AuditRow
from contest.models.edition import Edition

PAGE = 50


@dataclass(frozen=True)
class TrailFilter:
    """What is looked for; empty fields do not narrow. Days are Korean, both included."""

    edition_id: str = ""
    actor: str = ""  # an account's id, or a kind: citizen, judge, system
    subject: str = ""  # a subject's id or kind
    action: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True)
class TrailAct:
    """One act with its actor's name, where the actor is an account."""

    seq: int
    at: dt.datetime
    wall: dt.datetime
    actor_kind: str
    actor_name: str
    action: str
    subject_kind: str
    subject_id: str
    facts: dict[str, Any]
    digest: str


@dataclass(frozen=True)
class TrailPage:
    """A page of acts; `older` is the number before which the next page begins, or None."""

    acts: tuple[TrailAct, ...]
    older: int | None


@dataclass(frozen=True)
class TrailChoices:
    """What the filter offers: (id, label)."""

    editions: tuple[tuple[str, str], ...]
    accounts: tuple[tuple[str, str], ...]
    actions: tuple[str, ...]


def _matching(wanted: TrailFilter) -> Select[AuditRow, str]:
    query = select(AuditRow, Account.name).outerjoin(Account, Account.id == AuditRow.actor_id)
    if wanted.edition_id:
        query = query.where(AuditRow.edition_id == wanted.edition_id)
    if wanted.actor:
        query = query.where((AuditRow.actor_id == wanted.actor) | (AuditRow.actor_kind == wanted.actor))
    if wanted.subject:
        query = query.where(
            (AuditRow.subject_id == wanted.subject) | (AuditRow.subject_kind == wanted.subject)
        )
    if wanted.action:
        query = query.where(AuditRow.action == wanted.action)
    if wanted.since:
        query = query.where(AuditRow.at >= dt.datetime.combine(wanted.since, dt.time(), KST))
    if wanted.until:
        after = wanted.until + dt.timedelta(days=1)
        query = query.where(AuditRow.at < dt.datetime.combine(after, dt.time(), KST))
    return query


def _act(row: AuditRow, name: str | None) -> TrailAct:
    return TrailAct(
        row.seq, row.at, row.wall, row.actor_kind, name or "", row.action, row.subject_kind,
        row.subject_id or "", dict(row.facts), row.digest,
    )  # fmt: skip


def trail_page(session: Session, wanted: TrailFilter, before: int | None) -> TrailPage:
    """The newest acts that match, before a number where one is given."""
    query = _matching(wanted).order_by(AuditRow.seq.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(AuditRow.seq < before)
    acts = [_act(row, name) for row, name in session.execute(query)]
    return TrailPage(tuple(acts[:PAGE]), acts[PAGE - 1].seq if len(acts) > PAGE else None)


def trail_acts(session: Session, wanted: TrailFilter) -> Iterator[TrailAct]:
    """Every act that matches, in the order of the chain."""
    rows = session.execute(_matching(wanted).order_by(AuditRow.seq).execution_options(yield_per=1000))
    return (_act(row, name) for row, name in rows)


def count_acts(session: Session, wanted: TrailFilter) -> int:
    """How many acts match."""
    return session.scalar(select(func.count()).select_from(_matching(wanted).subquery("found"))) or 0


def trail_choices(session: Session) -> TrailChoices:
    """Editions, accounts and kinds of acts to choose from."""
    editions = session.execute(select(Edition.id, Edition.year, Edition.number).order_by(Edition.year.desc()))
    accounts = session.execute(select(Account.id, Account.name).order_by(Account.name))
    actions = session.scalars(select(AuditRow.action).distinct().order_by(AuditRow.action))
    return TrailChoices(
        tuple((row.id, f"{row.year}년 제{row.number}회") for row in editions),
        tuple((row.id, row.name) for row in accounts),
        tuple(actions),
    )
