"""An edition (회차): the schedule as columns for queries, everything else of the year as one document."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.domain.stages import Stage
from contest.infra.database import Id, Ref, Row, enum_type


class Edition(Row):
    """One year's contest. Schedule instants may be empty in a draft; `document` is parsed by domain/rules."""

    __tablename__ = "edition"
    id: Mapped[Id]
    year: Mapped[int]
    number: Mapped[int]
    stage: Mapped[Stage] = mapped_column(enum_type(Stage, "edition_stage"), default=Stage.DRAFT)
    entry_opens: Mapped[dt.datetime | None]
    entry_closes: Mapped[dt.datetime | None]
    screening_closes: Mapped[dt.datetime | None]
    judging_opens: Mapped[dt.datetime | None]
    judging_closes: Mapped[dt.datetime | None]
    verification_opens: Mapped[dt.datetime | None]
    verification_closes: Mapped[dt.datetime | None]
    decides_by: Mapped[dt.datetime | None]
    publish_at: Mapped[dt.datetime | None]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)  # raised by every save, checked by the next
    copied_from: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[dt.datetime]
    opened_at: Mapped[dt.datetime | None]
    next_receipt: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("(stage = 'draft') = (opened_at IS NULL)", name="edition_opened_iff_not_draft"),
    )


class Holiday(Row):
    """A public holiday; staff add the substitute and temporary ones."""

    __tablename__ = "holiday"
    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))


class Amendment(Row):
    """A 변경 공고: what changes after opening, approved by another person than its author."""

    __tablename__ = "amendment"
    id: Mapped[Id]
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    ordinal: Mapped[int]
    changes: Mapped[list[object]] = mapped_column(JSON)  # [{path, before, after}]
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[dt.datetime]
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[dt.datetime | None]
    rejected_at: Mapped[dt.datetime | None]
    __table_args__ = (
        UniqueConstraint("edition_id", "ordinal"),
        CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)", name="amendment_approved_has_approver"
        ),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="amendment_two_persons"),
    )


class PrizeSlot(Row):
    """A 시상 자리, made once from the frozen scheme at opening. Awards point at these rows."""

    __tablename__ = "prize_slot"
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    tier_code: Mapped[str] = mapped_column(String(32))
    amount: Mapped[int]
    __table_args__ = (CheckConstraint("amount >= 0", name="prize_slot_amount_not_negative"),)


class Spot(Row):
    """A photo spot (사진 명소) of the district's register."""

    __tablename__ = "spot"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str | None] = mapped_column(String(80))
    name_zh: Mapped[str | None] = mapped_column(String(80))
    latitude: Mapped[float]
    longitude: Mapped[float]
    dong: Mapped[str | None] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(String(200))
    published: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class ConsentText(Row):
    """A consent's wording, kept by its digest so that a consent always shows what was agreed to."""

    __tablename__ = "consent_text"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    kind: Mapped[str] = mapped_column(String(32))
    locale: Mapped[str] = mapped_column(String(5))
    text: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("ix_consent_text_edition_id", "edition_id"),)


class ContestClock(Row):
    """The demonstration's clock: how far contest time runs ahead of wall time. One row at the most."""

    __tablename__ = "contest_clock"
    id: Mapped[int] = mapped_column(primary_key=True)
    offset_seconds: Mapped[float]
    __table_args__ = (CheckConstraint("id = 1", name="contest_clock_one_row"),)
