"""The announcement: approval, hold, what is shown, and the machine's own look at it afterwards."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row


class Publication(Row):
    """An approval to publish at the edition's minute. Public once `publish_at` has come and nothing holds it."""

    __tablename__ = "publication"
    id: Mapped[Id]
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    version: Mapped[int]
    publish_at: Mapped[dt.datetime]  # the edition's minute at approval; a correction has its own
    digest: Mapped[str] = mapped_column(String(64))  # over the exhibits and amounts approved
    approved_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]
    correction: Mapped[str | None] = mapped_column(Text)  # why a later version replaced this one
    __table_args__ = (
        UniqueConstraint("edition_id", "version"),
        Index(
            "uq_publication_live", "edition_id", unique=True,
            sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )  # fmt: skip


class Hold(Row):
    """발표 보류: placed by one person at any time before the minute; lifted only with an approver."""

    __tablename__ = "hold"
    id: Mapped[Id]
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    reason: Mapped[str] = mapped_column(Text)
    notice: Mapped[str | None] = mapped_column(Text)  # what the public reads meanwhile
    placed_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    placed_at: Mapped[dt.datetime]
    lifted_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[dt.datetime | None]
    __table_args__ = (
        Index(
            "uq_hold_live", "edition_id", unique=True,
            sqlite_where=text("lifted_at IS NULL"), postgresql_where=text("lifted_at IS NULL"),
        ),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="hold_lifted_has_person"),
    )  # fmt: skip


class Exhibit(Row):
    """One published work as the public sees it; texts and the consented name are fixed at approval."""

    __tablename__ = "exhibit"
    id: Mapped[Id]  # random: the address of its page and picture, not derivable before the minute
    publication_id: Mapped[Ref] = mapped_column(ForeignKey("publication.id"))
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    entry_id: Mapped[Ref] = mapped_column(ForeignKey("entry.id"))
    award_id: Mapped[Ref] = mapped_column(ForeignKey("award.id"))
    slot_ordinal: Mapped[int]
    tier_code: Mapped[str] = mapped_column(String(32))
    amount: Mapped[int]
    entry_number: Mapped[str] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(60))  # masked, or in full where consented
    place: Mapped[str | None] = mapped_column(String(80))
    dong: Mapped[str | None] = mapped_column(String(10))
    spot_id: Mapped[str | None] = mapped_column(ForeignKey("spot.id"))
    description: Mapped[str | None] = mapped_column(Text)
    alternative_text: Mapped[str] = mapped_column(String(200))
    taken_on: Mapped[dt.date | None] = mapped_column(Date)
    photo_id: Mapped[Ref] = mapped_column(ForeignKey("photo.id"))
    retracted_at: Mapped[dt.datetime | None]
    retraction: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        UniqueConstraint("publication_id", "entry_id"),
        Index("ix_exhibit_edition_id", "edition_id"),
        CheckConstraint("(retracted_at IS NULL) = (retraction IS NULL)", name="exhibit_retracted_has_reason"),
    )


class Licence(Row):
    """이용허락: what the office may do with a winning work, from when until when."""

    __tablename__ = "licence"
    id: Mapped[Id]
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    entry_id: Mapped[Ref] = mapped_column(ForeignKey("entry.id"), unique=True)
    scope: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[dt.date] = mapped_column(Date)
    ends_on: Mapped[dt.date] = mapped_column(Date)
    open_licence: Mapped[str | None] = mapped_column(String(20))  # 공공누리 type, where consented


class PublicationCheck(Row):
    """What the system saw when it read its own page as a stranger after the minute."""

    __tablename__ = "publication_check"
    id: Mapped[Id]
    publication_id: Mapped[Ref] = mapped_column(ForeignKey("publication.id"), unique=True)
    at: Mapped[dt.datetime]
    ok: Mapped[bool]
    facts: Mapped[dict[str, object]] = mapped_column(JSON)
