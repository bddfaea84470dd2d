"""Allocations, awards on prize slots, reserves, exclusions. The constraints make a 26th award impossible."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row


class Allocation(Row):
    """One run of the allocator: its inputs, result and digest, so that anyone can run it again."""

    __tablename__ = "allocation"
    id: Mapped[Id]
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    version: Mapped[int]
    cause: Mapped[str] = mapped_column(String(20))  # provisional | succession | final
    inputs: Mapped[dict[str, object]] = mapped_column(JSON)
    result: Mapped[dict[str, object]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[dt.datetime]
    made_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    __table_args__ = (UniqueConstraint("edition_id", "version"),)


class Dossier(Row):
    """How firmly one allocation stands, computed once from sealed scores; see domain/dossier.py."""

    __tablename__ = "dossier"
    allocation_id: Mapped[Ref] = mapped_column(ForeignKey("allocation.id"), primary_key=True)
    document: Mapped[dict[str, object]] = mapped_column(JSON)
    made_at: Mapped[dt.datetime]


def _live(name: str, *columns: str) -> Index:
    condition = text("revoked_at IS NULL")
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


class Award(Row):
    """One work on one slot. Live while `revoked_at` is empty, final once `decided_at` is set."""

    __tablename__ = "award"
    id: Mapped[Id]
    edition_id: Mapped[Ref]
    slot_ordinal: Mapped[int]
    entry_id: Mapped[Ref]
    person_key: Mapped[str] = mapped_column(String(64))
    allocation_id: Mapped[Ref] = mapped_column(ForeignKey("allocation.id"))
    state: Mapped[str] = mapped_column(String(12), default="provisional")  # provisional | final
    created_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
    revoked_for: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = (
        ForeignKeyConstraint(["edition_id", "slot_ordinal"], ["prize_slot.edition_id", "prize_slot.ordinal"]),
        ForeignKeyConstraint(["edition_id", "entry_id"], ["entry.edition_id", "entry.id"]),
        _live("uq_award_slot", "edition_id", "slot_ordinal"),
        _live("uq_award_entry", "edition_id", "entry_id"),
        _live("uq_award_person", "edition_id", "person_key"),
        CheckConstraint("state IN ('provisional', 'final')", name="award_state"),
        CheckConstraint("(state = 'final') = (decided_at IS NOT NULL)", name="award_final_iff_decided_at"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_for IS NULL)", name="award_revoked_has_reason"),
    )


class Reserve(Row):
    """A 예비순위 work, verified together with the winners; `used_at` when it moved up."""

    __tablename__ = "reserve"
    edition_id: Mapped[Ref] = mapped_column(primary_key=True)
    entry_id: Mapped[Ref] = mapped_column(primary_key=True)
    ordinal: Mapped[int]
    person_key: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[dt.datetime | None]
    dropped_at: Mapped[dt.datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["edition_id", "entry_id"], ["entry.edition_id", "entry.id"]),
        CheckConstraint("used_at IS NULL OR dropped_at IS NULL", name="reserve_used_or_dropped"),
    )


class Exclusion(Row):
    """A work taken out of the running after judging closed: one decision of two persons, with its reason."""

    __tablename__ = "exclusion"
    id: Mapped[Id]
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    entry_id: Mapped[Ref] = mapped_column(ForeignKey("entry.id"))
    ground: Mapped[str] = mapped_column(String(16))  # objection | ex_officio | withdrawn | declined
    reason: Mapped[str] = mapped_column(Text)
    objection_id: Mapped[str | None] = mapped_column(ForeignKey("objection.id"))
    proposed_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[dt.datetime]
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[dt.datetime | None]
    rejected_at: Mapped[dt.datetime | None]
    diff: Mapped[dict[str, object] | None] = mapped_column(JSON)  # before and after, as shown and confirmed
    __table_args__ = (
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="exclusion_confirmed_has_person"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="exclusion_two_persons"),
        Index(
            "uq_exclusion_entry", "edition_id", "entry_id", unique=True,
            sqlite_where=text("rejected_at IS NULL"), postgresql_where=text("rejected_at IS NULL"),
        ),
    )  # fmt: skip
