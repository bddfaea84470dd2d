"""Objections of the public verification (이의신청), the entrant's statement, and the ruling."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row, enum_type


class ObjectionState(enum.StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    INCOMPLETE = "incomplete"
    INVESTIGATING = "investigating"
    STATEMENT_REQUESTED = "statement_requested"
    PROPOSED = "proposed"
    DECIDED = "decided"


class Objection(Row):
    """One case. What the objector wrote and who they are is sealed under `objection.<column>:<id>`."""

    __tablename__ = "objection"
    id: Mapped[Id]
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    case_number: Mapped[str] = mapped_column(String(24))
    entry_id: Mapped[Ref] = mapped_column(ForeignKey("entry.id"))
    category: Mapped[str] = mapped_column(String(24))
    state: Mapped[ObjectionState] = mapped_column(enum_type(ObjectionState, "objection_state"))
    is_tip: Mapped[bool] = mapped_column(default=False)  # 제보: came after the window, kept all the same
    submit_key: Mapped[str] = mapped_column(String(36), unique=True)
    secret_digest: Mapped[str] = mapped_column(String(64))
    facts_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    evidence_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # links, kept as text
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    contact_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[dt.datetime]
    entered_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    handler_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    __table_args__ = (
        UniqueConstraint("edition_id", "case_number"),
        Index("ix_objection_entry_id", "entry_id"),
        Index("ix_objection_edition_id_state", "edition_id", "state"),
    )


class ObjectionFile(Row):
    """A file of evidence, stored as it came under `evidence/<id>`; only ever downloaded, never shown."""

    __tablename__ = "objection_file"
    id: Mapped[Id]
    objection_id: Mapped[Ref] = mapped_column(ForeignKey("objection.id"))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    __table_args__ = (Index("ix_objection_file_objection_id", "objection_id"),)


class Statement(Row):
    """A 소명 asked of the entrant, who never learns who objected."""

    __tablename__ = "statement"
    id: Mapped[Id]
    objection_id: Mapped[Ref] = mapped_column(ForeignKey("objection.id"))
    question: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_at: Mapped[dt.datetime | None]
    __table_args__ = (
        Index("ix_statement_objection_id", "objection_id"),
        CheckConstraint("(text_sealed IS NULL) = (answered_at IS NULL)", name="statement_answered_has_text"),
    )


class Ruling(Row):
    """The decision on a case: proposed by one person, confirmed by another."""

    __tablename__ = "ruling"
    objection_id: Mapped[Ref] = mapped_column(ForeignKey("objection.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(12))  # dismiss | exclude
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[dt.datetime]
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[dt.datetime | None]
    __table_args__ = (
        CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="ruling_confirmed_has_person"
        ),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="ruling_two_persons"),
    )
