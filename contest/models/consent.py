"""Who agreed to what, in which words, when."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row


class Consent(Row):
    """One box ticked by one person (or by the guardian)."""

    __tablename__ = "consent"
    id: Mapped[Id]
    submission_id: Mapped[Ref] = mapped_column(ForeignKey("submission.id"))
    kind: Mapped[str] = mapped_column(String(32))
    text_digest: Mapped[str] = mapped_column(ForeignKey("consent_text.digest"))
    given_by: Mapped[str] = mapped_column(String(10), default="self")  # self | guardian | staff
    given_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]
    __table_args__ = (Index("ix_consent_submission_id", "submission_id"),)
