"""Winners of other contests, kept so that works are compared with them: fingerprints and a small picture."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row


class LibraryCollection(Row):
    """The winners of one contest of one year; added_by is empty where it came by command."""

    __tablename__ = "library_collection"
    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(120))
    year: Mapped[int]
    source: Mapped[str | None] = mapped_column(String(200))
    added_at: Mapped[dt.datetime]
    added_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    __table_args__ = (UniqueConstraint("title", "year"),)


class LibraryPicture(Row):
    """One picture of a collection: an erased `Photo` of no edition. Its file's name is not kept: it may name people."""

    __tablename__ = "library_picture"
    photo_id: Mapped[str] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    collection_id: Mapped[Ref] = mapped_column(ForeignKey("library_collection.id"))
    number: Mapped[int]  # within the collection, from 1
    __table_args__ = (UniqueConstraint("collection_id", "number"),)
