"""Cases as staff list them, as their page shows them, as the objector and the entrant may see them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from contest.domain.persons import mask_name
from contest.infra.crypto import Crypto
from contest.models.account import Account
from contest.models.entry import Entry
from judging.models.objection import Objection, ObjectionFile, ObjectionState, Ruling, Statement


@dataclass(frozen=True)
class CaseRow:
    """A case in a list; nothing of what was written, nothing of who wrote it."""

    id: str
    case_number: str
    entry_number: str
    title: str
    category: str
    state: str
    is_tip: bool
    received_at: dt.datetime
    handler: str | None
    is_proposed: bool
    statement_due: dt.datetime | None
    is_answered: bool


def case_rows(session: Session, edition_id: str) -> tuple[CaseRow, ...]:
    """Every case of an edition, undecided first, then by number. Two queries."""
    handler = aliased(Account)
    rows = session.execute(
        select(Objection, Entry.entry_number, Entry.screened_title, handler.name, Ruling.objection_id)
        .join(Entry, Entry.id == Objection.entry_id)
        .outerjoin(handler, handler.id == Objection.handler_id)
        .outerjoin(Ruling, (Ruling.objection_id == Objection.id) & Ruling.confirmed_at.is_(None))
        .where(Objection.edition_id == edition_id)
        .order_by(Objection.case_number)
    ).all()
    newest: dict[str, Statement] = {}
    for statement in session.scalars(
        select(Statement)
        .join(Objection, Objection.id == Statement.objection_id)
        .where(Objection.edition_id == edition_id)
        .order_by(Statement.asked_at)
    ):
        newest[statement.objection_id] = statement
    listed = [
        CaseRow(
            id=row.id,
            case_number=row.case_number,
            entry_number=number or "",
            title=title or "",
            category=row.category,
            state="proposed" if proposed else row.state.value,
            is_tip=row.is_tip,
            received_at=row.received_at,
            handler=name,
            is_proposed=proposed is not None,
            statement_due=newest[row.id].due_at if row.id in newest else None,
            is_answered=row.id in newest and newest[row.id].answered_at is not None,
        )
        for row, number, title, name, proposed in rows
    ]
    return tuple(sorted(listed, key=lambda case: (case.state == "decided", case.case_number)))


@dataclass(frozen=True)
class FileRow:
    """A file of evidence."""

    id: str
    name: str
    bytes: int


@dataclass(frozen=True)
class StatementRow:
    """A statement asked for, and its answer if it came."""

    id: str
    question: str
    asked_at: dt.datetime
    due_at: dt.datetime
    answer: str | None
    answered_at: dt.datetime | None


@dataclass(frozen=True)
class RulingView:
    """A ruling proposed or confirmed."""

    outcome: str
    reason: str
    proposed_by: str
    proposed_by_id: str
    proposed_at: dt.datetime
    confirmed_by: str | None
    confirmed_at: dt.datetime | None


@dataclass(frozen=True)
class CasePage:
    """All of a case that staff may see without asking for the objector's identity."""

    row: CaseRow
    edition_id: str
    entry_id: str
    handler_id: str | None
    masked_name: str
    facts: str
    evidence: str
    files: tuple[FileRow, ...]
    statements: tuple[StatementRow, ...]
    ruling: RulingView | None


def case_page(session: Session, crypto: Crypto, case_id: str) -> CasePage | None:
    """One case, or None."""
    case = session.get(Objection, case_id)
    if case is None:
        return None
    row = next(row for row in case_rows(session, case.edition_id) if row.id == case_id)

    def opened(sealed: bytes | None, context: str) -> str:
        return crypto.open(sealed, context) if sealed else ""

    files = session.scalars(
        select(ObjectionFile).where(ObjectionFile.objection_id == case_id).order_by(ObjectionFile.id)
    )
    statements = session.scalars(
        select(Statement).where(Statement.objection_id == case_id).order_by(Statement.asked_at)
    )
    return CasePage(
        row=row,
        edition_id=case.edition_id,
        entry_id=case.entry_id,
        handler_id=case.handler_id,
        masked_name=mask_name(opened(case.name_sealed, f"objection.name:{case_id}")),
        facts=opened(case.facts_sealed, f"objection.facts:{case_id}"),
        evidence=opened(case.evidence_sealed, f"objection.evidence:{case_id}"),
        files=tuple(
            FileRow(file.id, opened(file.name_sealed, f"objection_file.name:{file.id}"), file.bytes)
            for file in files
        ),
        statements=tuple(
            StatementRow(
                one.id, one.question, one.asked_at, one.due_at,
                opened(one.text_sealed, f"statement.text:{one.id}") if one.text_sealed else None,
                one.answered_at,
            )
            for one in statements
        ),
        ruling=_ruling(session, case_id),
    )  # fmt: skip


def _ruling(session: Session, case_id: str) -> RulingView | None:
    proposer, confirmer = aliased(Account), aliased(Account)
    found = session.execute(
        select(Ruling, proposer.name, confirmer.name)
        .join(proposer, proposer.id == Ruling.proposed_by)
        .outerjoin(confirmer, confirmer.id == Ruling.confirmed_by)
        .where(Ruling.objection_id == case_id)
    ).one_or_none()
    if found is None:
        return None
    row, by, confirmed = found
    return RulingView(
        row.outcome, row.reason, by, row.proposed_by, row.proposed_at, confirmed, row.confirmed_at
    )


def evidence_file(session: Session, crypto: Crypto, case_id: str, file_id: str) -> FileRow | None:
    """A file of a case, or None."""
    file = session.get(ObjectionFile, file_id)
    if file is None or file.objection_id != case_id:
        return None
    return FileRow(file.id, crypto.open(file.name_sealed, f"objection_file.name:{file.id}"), file.bytes)


@dataclass(frozen=True)
class CaseStatus:
    """A case as the objector sees it: no name of staff, no word of the entrant's."""

    id: str
    case_number: str
    entry_number: str
    submit_key: str
    state: str
    is_tip: bool
    received_at: dt.datetime
    outcome: str | None
    reason: str | None
    decided_at: dt.datetime | None


def case_status(session: Session, case_id: str) -> CaseStatus | None:
    """The status page of a case, or None. One query."""
    found = session.execute(
        select(Objection, Entry.entry_number, Ruling)
        .join(Entry, Entry.id == Objection.entry_id)
        .outerjoin(Ruling, (Ruling.objection_id == Objection.id) & Ruling.confirmed_at.is_not(None))
        .where(Objection.id == case_id)
    ).one_or_none()
    if found is None:
        return None
    case, number, ruling = found
    decided: Ruling | None = ruling
    return CaseStatus(
        case.id, case.case_number, number or "", case.submit_key, case.state.value, case.is_tip, case.received_at,
        decided.outcome if decided else None, decided.reason if decided else None,
        decided.confirmed_at if decided else None,
    )  # fmt: skip


def case_by_number(session: Session, case_number: str) -> tuple[str, str] | None:
    """(id, digest of the secret) of the newest case of that number, or None."""
    row = session.scalars(
        select(Objection).where(Objection.case_number == case_number).order_by(Objection.received_at.desc())
    ).first()
    return None if row is None else (row.id, row.secret_digest)


@dataclass(frozen=True)
class AskedStatement:
    """A statement as the entrant sees it: never who objected, nor what they wrote."""

    id: str
    entry_number: str
    title: str
    question: str
    due_at: dt.datetime
    is_answered: bool
    is_open: bool
    outcome: str | None  # of the case it was asked in, once two persons decided it


def _asked(
    row: Statement, case: Objection, entry: Entry, ruling: Ruling | None, now: dt.datetime
) -> AskedStatement:
    is_answered = row.answered_at is not None
    is_open = not is_answered and case.state is ObjectionState.STATEMENT_REQUESTED and now < row.due_at
    return AskedStatement(
        row.id,
        entry.entry_number or "",
        entry.screened_title or "",
        row.question,
        row.due_at,
        is_answered,
        is_open,
        ruling.outcome if ruling else None,
    )


_STATEMENTS = (
    select(Statement, Objection, Entry, Ruling)
    .join(Objection, Objection.id == Statement.objection_id)
    .join(Entry, Entry.id == Objection.entry_id)
    .outerjoin(Ruling, (Ruling.objection_id == Objection.id) & Ruling.confirmed_at.is_not(None))
)


def asked_statement(session: Session, statement_id: str, now: dt.datetime) -> AskedStatement | None:
    """One statement for its entrant, or None. One query."""
    found = session.execute(_STATEMENTS.where(Statement.id == statement_id)).one_or_none()
    return None if found is None else _asked(*found, now)


def statements_of(session: Session, submission_id: str, now: dt.datetime) -> tuple[AskedStatement, ...]:
    """Every statement asked of a submission, newest first. One query."""
    rows = session.execute(
        _STATEMENTS.where(Entry.submission_id == submission_id).order_by(Statement.asked_at.desc())
    )
    return tuple(_asked(*row, now) for row in rows)


def newest_statement(session: Session, submission_id: str) -> str | None:
    """The id of the statement asked last of a submission, or None."""
    return session.scalar(
        select(Statement.id)
        .join(Objection, Objection.id == Statement.objection_id)
        .join(Entry, Entry.id == Objection.entry_id)
        .where(Entry.submission_id == submission_id)
        .order_by(Statement.asked_at.desc())
        .limit(1)
    )
