"""Objects in storage that no row names, watched before they are destroyed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Row


class Stray(Row):
    """An object without an owner, and since when (wall time) it is known to have none."""

    __tablename__ = "stray"
    key: Mapped[str] = mapped_column(String(512), primary_key=True)
    seen_at: Mapped[dt.datetime]
