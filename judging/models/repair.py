"""What staff changed about a round under way: asked for by one, confirmed by another, kept for everybody to read."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row, enum_type
from judging.domain.repair import Way

_OPEN = text("confirmed_at IS NULL AND dropped_at IS NULL")


class Repair(Row):
    """One repair of a round. facts: counts and ids, never a score; successor: who is to take a seat, until decided."""

    __tablename__ = "repair"
    id: Mapped[Id]
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id"))
    way: Mapped[Way] = mapped_column(enum_type(Way, "repair_way"))
    judge_id: Mapped[str | None] = mapped_column(ForeignKey("judge.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    successor: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(String(64))  # digest of the plan that was read when it was asked for
    proposed_by: Mapped[Ref] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[dt.datetime]
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[dt.datetime | None]
    dropped_at: Mapped[dt.datetime | None]
    __table_args__ = (
        Index("uq_repair_open", "round_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="repair_confirmed_has_approver"
        ),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="repair_by_two"),
        CheckConstraint("confirmed_at IS NULL OR dropped_at IS NULL", name="repair_decided_once"),
        CheckConstraint(
            "successor IS NULL OR (confirmed_at IS NULL AND dropped_at IS NULL)",
            name="repair_forgets_successor",
        ),
    )
