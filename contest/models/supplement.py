"""Papers asked for after the deadline, and what came."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row


class Supplement(Row):
    """A 보완요청 about one work; one open at a time. The answer is sealed under `supplement.answer:<id>`."""

    __tablename__ = "supplement"
    id: Mapped[Id]
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    submission_id: Mapped[Ref] = mapped_column(ForeignKey("submission.id"))
    entry_id: Mapped[Ref] = mapped_column(ForeignKey("entry.id"))
    items: Mapped[list[str]] = mapped_column(JSON)
    note: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[Ref] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_at: Mapped[dt.datetime | None]
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[dt.datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))  # met | unmet | withdrawn
    __table_args__ = (
        Index("ix_supplement_entry_id", "entry_id"),
        Index("ix_supplement_submission_id", "submission_id"),
        Index(
            "uq_supplement_open",
            "entry_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="supplement_closed_has_outcome"),
    )


class SupplementFile(Row):
    """A paper, byte for byte under `papers/<id>`; its name is sealed under `supplement_file.name:<id>`."""

    __tablename__ = "supplement_file"
    id: Mapped[Id]
    supplement_id: Mapped[Ref] = mapped_column(ForeignKey("supplement.id"))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[dt.datetime]
    __table_args__ = (Index("ix_supplement_file_supplement_id", "supplement_id"),)
