"""The panel's run-off of works that stayed equal: who votes under which pictures, the ballots, and their seal."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row


class Runoff(Row):
    """One run-off of a sealed round. entries: the tied works by id; a tie is run off once (tie: their digest)."""

    __tablename__ = "runoff"
    id: Mapped[Id]
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id"))
    ordinal: Mapped[int]
    entries: Mapped[list[str]] = mapped_column(JSON)
    tie: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[Ref] = mapped_column(ForeignKey("account.id"))
    ends_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    seal: Mapped[str | None] = mapped_column(String(64))  # over the end of every voter's chain
    commitment: Mapped[str | None] = mapped_column(String(64))  # public from the count on
    commitment_salt: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (
        UniqueConstraint("round_id", "ordinal"),
        UniqueConstraint("round_id", "tie"),
        CheckConstraint(
            "(closed_at IS NULL) = (seal IS NULL) AND (closed_at IS NULL) = (commitment IS NULL) "
            "AND (closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (commitment_salt IS NULL)",
            name="runoff_closed_is_sealed",
        ),
    )


class RunoffWork(Row):
    """A tied work as one voter meets it: in an own order, its picture under a name of the voter's own."""

    __tablename__ = "runoff_work"
    runoff_id: Mapped[Ref] = mapped_column(ForeignKey("runoff.id"), primary_key=True)
    judge_id: Mapped[Ref] = mapped_column(ForeignKey("judge.id"), primary_key=True)
    entry_id: Mapped[Ref] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    position: Mapped[int]
    image_token: Mapped[str] = mapped_column(String(32), unique=True)
    zoom_token: Mapped[str] = mapped_column(String(32), unique=True)
    __table_args__ = (UniqueConstraint("runoff_id", "judge_id", "position"),)


class RunoffBallot(Row):
    """One ballot, the last of a judge counts: entries best first, none where the judge abstains. Never changed.

    It goes on where the judge's scores of the round end: seq and previous follow the last score.
    """

    __tablename__ = "runoff_ballot"
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id"), primary_key=True)
    judge_id: Mapped[Ref] = mapped_column(ForeignKey("judge.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    runoff_id: Mapped[Ref] = mapped_column(ForeignKey("runoff.id"))
    order: Mapped[list[str]] = mapped_column(JSON)
    at: Mapped[dt.datetime]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    __table_args__ = (Index("ix_runoff_ballot_runoff_id", "runoff_id"),)
