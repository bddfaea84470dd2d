"""Objections whose period is over: who reported and what they wrote is destroyed; number and ruling stay."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from contest.domain.actors import SYSTEM
from contest.domain.schedule import later
from contest.infra.registry import Erasure, Folder
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.outbox import Message
from contest.operations.destruction import Ledger
from contest.queries.editions import rules_of
from judging.models.objection import Objection, ObjectionFile, Ruling, Statement

#: The files that cases hold.
EVIDENCE = Folder("evidence", lambda session: set(session.scalars(select(ObjectionFile.id))))


def erasures() -> list[Erasure]:
    """The retention rules of judging."""
    return [Erasure("objection", due_objections, erase_objections)]


def due_objections(session: Session, now: dt.datetime) -> int:
    """How many cases are past their period."""
    return sum(len(found) for _, found in _due(session, now))


def erase_objections(services: Services, now: dt.datetime) -> int:
    """Destroy evidence, then what was written and by whom, of every case past its period; returns how many."""
    with services.database.read() as session:
        due = _due(session, now)
    for edition_id, cases in due:
        ledger = Ledger(services.ids)
        for case_id in cases:
            with services.database.read() as session:
                files = session.scalars(
                    select(ObjectionFile.id).where(ObjectionFile.objection_id == case_id)
                ).all()
            for file_id in files:
                services.storage.delete(f"evidence/{file_id}")
            with services.database.write() as uow:
                _forget(uow, case_id, now)
                ledger.note(uow, "objection", edition_id, count=1, rule="retention.objections", now=now)
    return sum(len(found) for _, found in due)


def _forget(uow: UnitOfWork, case_id: str, now: dt.datetime) -> None:
    case = uow.session.get_one(Objection, case_id, with_for_update=True)
    case.name_sealed = case.contact_sealed = case.facts_sealed = case.evidence_sealed = None
    uow.session.execute(delete(ObjectionFile).where(ObjectionFile.objection_id == case_id))
    for statement in uow.session.scalars(select(Statement).where(Statement.objection_id == case_id)):
        statement.question = ""
        if statement.text_sealed is not None:  # that an answer came stays, what it said does not
            statement.text_sealed = uow.crypto.seal("", f"statement.text:{statement.id}")
    theirs = (Message.subject_kind == "objection", Message.subject_id == case_id)
    uow.session.execute(
        update(Message)
        .where(*theirs, Message.sent_at.is_(None), Message.voided_at.is_(None))
        .values(voided_at=now)
    )
    uow.session.execute(
        update(Message).where(*theirs).values(to_sealed=None, title_sealed=None, body_sealed=None)
    )
    uow.note("objection.erased", ("objection", case_id), actor=SYSTEM, now=now, edition_id=case.edition_id)


def _due(session: Session, now: dt.datetime) -> list[tuple[str, list[str]]]:
    """Cases by edition: decided ones count from their decision, tips that nobody decided from their arrival."""
    found: dict[str, list[str]] = {}
    periods = {}
    rows = session.execute(
        select(Objection, Ruling.confirmed_at)
        .outerjoin(Ruling, Ruling.objection_id == Objection.id)
        .where(Objection.name_sealed.is_not(None), Objection.received_at <= now)
        .order_by(Objection.case_number)
    ).all()
    for case, confirmed_at in rows:
        since = confirmed_at or (case.received_at if case.is_tip else None)
        if since is None:
            continue
        if case.edition_id not in periods:
            edition = session.get_one(Edition, case.edition_id)
            periods[case.edition_id] = rules_of(edition).retention["objections"]
        period = periods[case.edition_id]
        if now >= later(since, period.months, period.days):
            found.setdefault(case.edition_id, []).append(case.id)
    return list(found.items())
