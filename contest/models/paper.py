"""Papers handed in with an entry: signed forms, permits."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row


class Paper(Row):
    """One file under `entry-papers/<id>`, never opened by this program; staff take it out with a reason."""

    __tablename__ = "paper"
    id: Mapped[Id]
    submission_id: Mapped[Ref] = mapped_column(ForeignKey("submission.id"))
    kind: Mapped[str] = mapped_column(String(12))  # guardian | drone | portrait
    format: Mapped[str] = mapped_column(String(8))  # PDF | JPEG | PNG
    bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[dt.datetime]
    confirmed_at: Mapped[dt.datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    __table_args__ = (
        Index("ix_paper_submission_id", "submission_id"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="paper_confirmed_by_somebody"
        ),
    )
