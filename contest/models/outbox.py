"""Messages: written with the decision, sent when due, void if the decision is taken back."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Row


class Message(Row):
    """One event, one person, one channel. Recipient and texts are sealed under `message.<column>:<id>`."""

    __tablename__ = "message"
    id: Mapped[Id]
    edition_id: Mapped[str | None] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(4))  # A1, W1, … of the message table
    event_key: Mapped[str] = mapped_column(String(120), unique=True)  # event + person + channel
    channel: Mapped[str] = mapped_column(String(6))  # sms | mail
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[str] = mapped_column(String(32))
    locale: Mapped[str] = mapped_column(String(5), default="ko")
    to_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    title_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[dt.datetime]
    not_before: Mapped[dt.datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[dt.datetime | None]
    sent_by: Mapped[str | None] = mapped_column(String(32))  # smtp | file | an account that marked it
    failed: Mapped[str | None] = mapped_column(String(200))
    voided_at: Mapped[dt.datetime | None]
    lease_until: Mapped[dt.datetime | None]  # wall time: being sent, or waiting for another attempt
    batch: Mapped[str | None] = mapped_column(String(32))  # the download that a text message went out with
    batched_at: Mapped[dt.datetime | None]
    __table_args__ = (
        Index("ix_message_due", "sent_at", "voided_at", "not_before"),
        Index("ix_message_subject_id", "subject_id"),
        CheckConstraint("sent_at IS NULL OR voided_at IS NULL", name="message_sent_or_void"),
    )


class Errand(Row):
    """Long work whose progress people watch: rehearsal, export, re-check, erasure."""

    __tablename__ = "errand"
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(32))
    asked_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[dt.datetime]
    facts: Mapped[bytes | None] = mapped_column(LargeBinary)  # canonical JSON
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    line: Mapped[str] = mapped_column(String(200), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[dt.datetime | None]  # wall time
    finished_at: Mapped[dt.datetime | None]
    failed: Mapped[str | None] = mapped_column(String(200))
    result_key: Mapped[str | None] = mapped_column(String(100))


class Destruction(Row):
    """The 파기대장: what was destroyed, how many, when, by which rule; never whose."""

    __tablename__ = "destruction"
    id: Mapped[Id]
    edition_id: Mapped[str | None] = mapped_column(ForeignKey("edition.id"))
    kind: Mapped[str] = mapped_column(String(32))  # draft | entrant_data | losing_photo | …
    count: Mapped[int]
    rule: Mapped[str] = mapped_column(String(80))
    done_at: Mapped[dt.datetime]
    done_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
