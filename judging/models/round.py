"""A round of judging, its works, scores as events, and its sealed result."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row, enum_type


class RoundState(enum.StrEnum):
    """A round waits, is open, and is sealed when judging closes; where it deliberates, that lies between two seals."""

    WAITING = "waiting"
    OPEN = "open"
    DELIBERATING = "deliberating"
    SEALED = "sealed"


class Round(Row):
    """One round (예심, 본심). `rule` is frozen from the edition's document when the round opens."""

    __tablename__ = "round"
    id: Mapped[Id]
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    ordinal: Mapped[int]
    state: Mapped[RoundState] = mapped_column(enum_type(RoundState, "round_state"))
    rule: Mapped[dict[str, object]] = mapped_column(JSON)
    lot_seed: Mapped[str | None] = mapped_column(String(64))  # drawn at the opening; secret until the seal
    trim: Mapped[bool | None]  # decided once, from the panel's size
    opened_at: Mapped[dt.datetime | None]
    sealed_at: Mapped[dt.datetime | None]
    opens_at: Mapped[dt.datetime | None]  # the round's own time inside the edition's; None: all of that
    closes_at: Mapped[dt.datetime | None]
    seal: Mapped[str | None] = mapped_column(String(64))  # digest over every score in the round
    commitment: Mapped[str | None] = mapped_column(
        String(64)
    )  # public from the seal on; see domain/commitment.py
    commitment_salt: Mapped[str | None] = mapped_column(String(64))
    pseudonyms: Mapped[dict[str, int] | None] = mapped_column(JSON)  # judge id -> n of "위원 n"
    result_read_at: Mapped[dt.datetime | None]  # when somebody first saw what the sealed scores came to
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # of a round of votes; queries/outcome.py
    __table_args__ = (
        UniqueConstraint("edition_id", "ordinal"),
        CheckConstraint("(state = 'sealed') = (sealed_at IS NOT NULL)", name="round_sealed_iff_sealed_at"),
        CheckConstraint("(sealed_at IS NULL) = (seal IS NULL)", name="round_sealed_has_seal"),
        CheckConstraint("(commitment IS NULL) = (commitment_salt IS NULL)", name="round_commitment_has_salt"),
    )


class RoundEntry(Row):
    """A work in a round; when the round is sealed it gets the jury's common 심사번호, and a number for the public.

    The two are unrelated: the 심사번호 never leaves the jury.
    """

    __tablename__ = "round_entry"
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id"), primary_key=True)
    entry_id: Mapped[Ref] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    common_number: Mapped[str | None] = mapped_column(String(12))
    public_number: Mapped[str | None] = mapped_column(String(12))
    withdrawn_at: Mapped[dt.datetime | None]
    __table_args__ = (
        UniqueConstraint("round_id", "common_number"),
        UniqueConstraint("round_id", "public_number"),
        Index("ix_round_entry_entry_id", "entry_id"),
    )


class JudgeWork(Row):
    """A work as one judge meets it: an own random id, code and place in the order."""

    __tablename__ = "judge_work"
    id: Mapped[Id]
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id"))
    judge_id: Mapped[Ref] = mapped_column(ForeignKey("judge.id"))
    entry_id: Mapped[Ref] = mapped_column(ForeignKey("entry.id"))
    code: Mapped[str] = mapped_column(String(12))
    position: Mapped[int]
    image_token: Mapped[str] = mapped_column(
        String(32), unique=True
    )  # names this judge's copy of the picture
    zoom_token: Mapped[str] = mapped_column(String(32), unique=True)
    note: Mapped[str | None] = mapped_column(Text)
    flagged: Mapped[bool] = mapped_column(default=False)
    note_at: Mapped[dt.datetime | None]
    taken_back_at: Mapped[dt.datetime | None]  # from a judge who owed it, when the quorum was lowered
    is_repeat: Mapped[bool] = mapped_column(default=False)  # met for the second time; domain/repeats.py
    __table_args__ = (
        UniqueConstraint("round_id", "judge_id", "entry_id", "is_repeat"),
        UniqueConstraint("round_id", "judge_id", "code"),
        UniqueConstraint("round_id", "judge_id", "position"),
    )


class ScoreEvent(Row):
    """One press of a level; the scorecard is the fold of a judge's events. Never changed, never removed."""

    __tablename__ = "score_event"
    judge_id: Mapped[Ref] = mapped_column(ForeignKey("judge.id"), primary_key=True)
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    work_id: Mapped[Ref] = mapped_column(ForeignKey("judge_work.id"))
    criterion: Mapped[str] = mapped_column(String(32))
    level: Mapped[int | None]  # None: cleared
    at: Mapped[dt.datetime]
    client_key: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(
        Text
    )  # why it was revised in the deliberation; None: given alone
    __table_args__ = (
        UniqueConstraint("judge_id", "client_key"),
        Index("ix_score_event_work_id", "work_id"),
        CheckConstraint("level IS NULL OR (level >= 1 AND level <= 60)", name="score_event_level_range"),
        CheckConstraint("reason IS NULL OR level IS NOT NULL", name="score_event_revision_has_level"),
    )


class Completion(Row):
    """심사 완료: signed by typing one's name; no score is taken after it."""

    __tablename__ = "completion"
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id"), primary_key=True)
    judge_id: Mapped[Ref] = mapped_column(ForeignKey("judge.id"), primary_key=True)
    signed_name: Mapped[str] = mapped_column(String(60))
    signed_at: Mapped[dt.datetime]
    events: Mapped[int]  # how many score events it covers
    chain_head: Mapped[str] = mapped_column(String(64))
    text: Mapped[str | None] = mapped_column(Text)  # the words signed; None: signed before they were kept
    text_digest: Mapped[str | None] = mapped_column(String(64))


class ChairVote(Row):
    """The chair's re-vote (위원장 재심사) of works that remain tied: entries best first."""

    __tablename__ = "chair_vote"
    id: Mapped[Id]
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id"))
    judge_id: Mapped[Ref] = mapped_column(ForeignKey("judge.id"))
    order: Mapped[list[str]] = mapped_column(JSON)  # entry ids
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]


class StandingRow(Row):
    """A work's place in a sealed round. Exact numbers as fractions 'n/d'; `detail` as domain/ranking gives it."""

    __tablename__ = "standing"
    round_id: Mapped[Ref] = mapped_column(ForeignKey("round.id"), primary_key=True)
    entry_id: Mapped[Ref] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    rank: Mapped[int]
    mean: Mapped[str] = mapped_column(String(60))
    printed: Mapped[str] = mapped_column(String(12))
    detail: Mapped[dict[str, object]] = mapped_column(JSON)
    __table_args__ = (Index("ix_standing_round_id_rank", "round_id", "rank"),)
