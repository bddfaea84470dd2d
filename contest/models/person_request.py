"""What one member of staff wants taken for one person, or for two, once scores exist: another confirms it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row


class PersonRequest(Row):
    """One open at a time for a submission. The reason is forgotten with either submission."""

    __tablename__ = "person_request"
    id: Mapped[Id]
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    submission_id: Mapped[Ref] = mapped_column(ForeignKey("submission.id"))
    other_id: Mapped[Ref] = mapped_column(ForeignKey("submission.id"))
    is_join: Mapped[bool]  # one person from now on; else two
    reason: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[Ref] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[dt.datetime]
    settled_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    settled_at: Mapped[dt.datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(9))  # confirmed | dropped
    __table_args__ = (
        Index("ix_person_request_other_id", "other_id"),
        Index(
            "uq_person_request_open",
            "submission_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        CheckConstraint(
            "(settled_at IS NULL) = (outcome IS NULL) AND (settled_at IS NULL) = (settled_by IS NULL)",
            name="person_request_settled_whole",
        ),
        CheckConstraint(
            "outcome IS NULL OR outcome <> 'confirmed' OR settled_by <> asked_by",
            name="person_request_two_persons",
        ),
    )
