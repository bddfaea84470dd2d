"""The jury (심사위원회): who sits on it, what they signed, which works they must not judge."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row


class Judge(Row):
    """One seat. Signs in by link and PIN through its account; a released judge's scores are left out."""

    __tablename__ = "judge"
    id: Mapped[Id]
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    account_id: Mapped[Ref] = mapped_column(ForeignKey("account.id"))
    affiliation: Mapped[str] = mapped_column(String(80), default="")
    is_external: Mapped[bool] = mapped_column(default=True)
    is_chair: Mapped[bool] = mapped_column(default=False)
    link_epoch: Mapped[int] = mapped_column(default=1)
    invited_at: Mapped[dt.datetime | None]
    first_seen_at: Mapped[dt.datetime | None]
    desk_keys: Mapped[dict[str, object] | None] = mapped_column(
        JSON
    )  # domain/desk_keys.py; None: the usual keys
    release_reason: Mapped[str | None] = mapped_column(Text)
    release_proposed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    released_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    released_at: Mapped[dt.datetime | None]
    __table_args__ = (
        UniqueConstraint("edition_id", "account_id"),
        Index(
            "uq_judge_chair", "edition_id", unique=True,
            sqlite_where=text("is_chair AND released_at IS NULL"),
            postgresql_where=text("is_chair AND released_at IS NULL"),
        ),
        CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name="judge_released_has_approver"),
        CheckConstraint(
            "released_by IS NULL OR (release_reason IS NOT NULL AND released_by <> release_proposed_by)",
            name="judge_released_by_two",
        ),
    )  # fmt: skip


class Pledge(Row):
    """A 서약 signed by typing one's name; the words signed are kept."""

    __tablename__ = "pledge"
    judge_id: Mapped[Ref] = mapped_column(ForeignKey("judge.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)  # integrity | secrecy
    text: Mapped[str] = mapped_column(Text)
    text_digest: Mapped[str] = mapped_column(String(64))
    signed_name: Mapped[str] = mapped_column(String(60))
    signed_at: Mapped[dt.datetime]


class Conflict(Row):
    """A judge's 이해관계 in a work: for that judge the work does not exist."""

    __tablename__ = "conflict"
    judge_id: Mapped[Ref] = mapped_column(ForeignKey("judge.id"), primary_key=True)
    entry_id: Mapped[Ref] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # recusal (회피) | exclusion (제척) | challenge (기피)
    reason: Mapped[str | None] = mapped_column(Text)
    declared_at: Mapped[dt.datetime]
    declared_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[dt.datetime | None]
    __table_args__ = (Index("ix_conflict_entry_id", "entry_id"),)
