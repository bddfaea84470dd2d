"""The deliberation of a round: its first seal, its time, what judges said to one another, and their signatures."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row


class Deliberation(Row):
    """Made when a round that deliberates is sealed for the first time; opened and closed by staff."""

    __tablename__ = "deliberation"
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id"), primary_key=True)
    sealed_at: Mapped[dt.datetime]
    seal: Mapped[str] = mapped_column(String(64))  # of the scores as they were given alone
    commitment: Mapped[str] = mapped_column(String(64))  # public at once
    commitment_salt: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[dt.datetime | None]
    opened_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    ends_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    __table_args__ = (
        CheckConstraint(
            "(opened_at IS NULL) = (opened_by IS NULL) AND (opened_at IS NULL) = (ends_at IS NULL)",
            name="deliberation_opened_has_end",
        ),
        CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL OR opened_at IS NOT NULL)",
            name="deliberation_closed_was_open",
        ),
    )


class Remark(Row):
    """What a judge said about a work during the deliberation. words: None once the jury is forgotten."""

    __tablename__ = "deliberation_remark"
    id: Mapped[Id]
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id"))
    judge_id: Mapped[Ref] = mapped_column(ForeignKey("judge.id"))
    entry_id: Mapped[Ref] = mapped_column(ForeignKey("entry.id"))
    words: Mapped[str | None] = mapped_column(Text)
    at: Mapped[dt.datetime]
    __table_args__ = (Index("ix_deliberation_remark_round_id_entry_id", "round_id", "entry_id"),)


class DeliberationSignature(Row):
    """심의 마침: signed by typing one's name; no revision is taken after it."""

    __tablename__ = "deliberation_signature"
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id"), primary_key=True)
    judge_id: Mapped[Ref] = mapped_column(ForeignKey("judge.id"), primary_key=True)
    signed_name: Mapped[str] = mapped_column(String(60))
    signed_at: Mapped[dt.datetime]
    events: Mapped[int]
    chain_head: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    text_digest: Mapped[str] = mapped_column(String(64))
