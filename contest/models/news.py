"""Numbers whose owners agreed to hear of the next contest, after the entry they agreed with was erased."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Row


class NewsContact(Row):
    """One mobile number, linked to no entry. The number is sealed under `news_contact.phone:<id>`."""

    __tablename__ = "news_contact"
    id: Mapped[Id]
    phone_key: Mapped[str] = mapped_column(String(64), unique=True)  # keyed digest: one number, one message
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    locale: Mapped[str] = mapped_column(String(5))
    ends_at: Mapped[dt.datetime]  # the period counted from the consent
    __table_args__ = (Index("ix_news_contact_ends_at", "ends_at"),)
