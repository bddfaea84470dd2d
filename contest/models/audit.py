"""The trail: who did what to which thing, chained by hashes; ids, field names and digests only."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Digest, Row, UtcDateTime


class AuditRow(Row):
    """One act. `digest` covers the row and its predecessor's digest; rows are never changed or removed."""

    __tablename__ = "audit"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)  # contest time
    wall: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    actor_kind: Mapped[str] = mapped_column(String(16))  # account | citizen | judge | system
    actor_id: Mapped[str | None] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(64))  # subject.verb
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str | None] = mapped_column(String(64))
    edition_id: Mapped[str | None] = mapped_column(String(32))
    facts: Mapped[dict[str, object]] = mapped_column(JSON)
    previous: Mapped[Digest]
    digest: Mapped[Digest]
    __table_args__ = (
        Index("ix_audit_edition_id_seq", "edition_id", "seq"),
        Index("ix_audit_subject_id", "subject_id"),
    )
