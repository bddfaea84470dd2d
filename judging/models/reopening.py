"""A sealed round opened again: who asked and who confirmed, and the seal that it put out of force, kept whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row

_OPEN = text("confirmed_at IS NULL AND dropped_at IS NULL")


class Reopening(Row):
    """One reopening. What follows `dropped_at` is of the seal put out of force; numbers and pseudonyms as then."""

    __tablename__ = "reopening"
    id: Mapped[Id]
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id"))
    judges: Mapped[list[str]] = mapped_column(JSON)  # ids of those who may change their scores
    ends_at: Mapped[dt.datetime]
    reason: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(String(64))
    proposed_by: Mapped[Ref] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[dt.datetime]
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[dt.datetime | None]
    dropped_at: Mapped[dt.datetime | None]
    sealed_at: Mapped[dt.datetime | None]
    seal: Mapped[str | None] = mapped_column(String(64))
    commitment: Mapped[str | None] = mapped_column(String(64))
    commitment_salt: Mapped[str | None] = mapped_column(String(64))
    numbers: Mapped[dict[str, str] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # entry id -> public number
    pseudonyms: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    signatures: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))  # taken back
    __table_args__ = (
        Index("uq_reopening_open", "round_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="reopening_confirmed_has_approver"
        ),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="reopening_by_two"),
        CheckConstraint("confirmed_at IS NULL OR dropped_at IS NULL", name="reopening_decided_once"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (commitment IS NULL) AND (confirmed_at IS NULL) = (seal IS NULL)",
            name="reopening_keeps_seal",
        ),
    )
