"""The library of others' winners: its collections, and the names of its pictures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.orm import Session

from contest.domain.actors import STAFF, Role
from contest.domain.errors import Missing
from contest.domain.library import Label
from contest.models.account import Account
from contest.models.library import LibraryCollection, LibraryPicture
from contest.models.photo import LocalFeatures, Pair


@dataclass(frozen=True)
class Collection:
    """A collection. compared: pictures already compared with every work; pairs: what that found."""

    id: str
    title: str
    year: int
    source: str | None
    added_at: dt.datetime
    added_by: str | None
    pictures: int
    compared: int
    pairs: int
    decided: int

    @property
    def is_compared(self) -> bool:
        """Whether nothing of it waits."""
        return self.compared == self.pictures


def collections(session: Session) -> tuple[Collection, ...]:
    """Every collection, the newest contest first. One query."""
    rows = session.execute(
        _collections().order_by(LibraryCollection.year.desc(), LibraryCollection.title, LibraryCollection.id)
    )
    return tuple(_read(row) for row in rows)


def collection(session: Session, collection_id: str) -> Collection:
    """One collection. Raises Missing."""
    row = session.execute(_collections().where(LibraryCollection.id == collection_id)).one_or_none()
    if row is None:
        raise Missing("missing")
    return _read(row)


def _collections() -> Select[LibraryCollection, str | None, int, int, int, int]:
    found = (
        select(
            LibraryPicture.collection_id,
            func.count().label("pairs"),
            func.count(Pair.decided_at).label("decided"),
        )
        .join(Pair, Pair.first_photo_id == LibraryPicture.photo_id)  # they come before every work
        .group_by(LibraryPicture.collection_id)
        .subquery()
    )
    held = (
        select(
            LibraryPicture.collection_id,
            func.count().label("pictures"),
            func.count(case((LocalFeatures.compared_at.is_not(None), 1))).label("compared"),
        )
        .outerjoin(LocalFeatures, LocalFeatures.photo_id == LibraryPicture.photo_id)
        .group_by(LibraryPicture.collection_id)
        .subquery()
    )
    return (
        select(
            LibraryCollection,
            Account.name,
            func.coalesce(held.c.pictures, 0),
            func.coalesce(held.c.compared, 0),
            func.coalesce(found.c.pairs, 0),
            func.coalesce(found.c.decided, 0),
        )
        .outerjoin(Account, Account.id == LibraryCollection.added_by)
        .outerjoin(held, held.c.collection_id == LibraryCollection.id)
        .outerjoin(found, found.c.collection_id == LibraryCollection.id)
    )


def _read(row: Row[LibraryCollection, str | None, int, int, int, int]) -> Collection:
    shelf, added_by, pictures, compared, pairs, decided = row
    return Collection(
        shelf.id,
        shelf.title,
        shelf.year,
        shelf.source,
        shelf.added_at,
        added_by,
        pictures,
        compared,
        pairs,
        decided,
    )


def names_in_library(session: Session, photo_ids: Iterable[str]) -> dict[str, str]:
    """How staff read those of these photographs that are pictures of the library. One query."""
    rows = session.execute(
        select(LibraryPicture.photo_id, LibraryPicture.number, LibraryCollection)
        .join(LibraryCollection, LibraryCollection.id == LibraryPicture.collection_id)
        .where(LibraryPicture.photo_id.in_(list(photo_ids)))
    )
    return {photo_id: Label(shelf.title, shelf.year).of(number) for photo_id, number, shelf in rows}


def keeper(session: Session, login: str) -> tuple[str, Role]:
    """The id and role of a staff account by its login. Raises Missing account.missing."""
    found = session.execute(
        select(Account.id, Account.role).where(
            Account.login == login.strip().casefold(), Account.role.in_(STAFF), Account.disabled_at.is_(None)
        )
    ).one_or_none()
    if found is None:
        raise Missing("account.missing")
    return found.id, found.role
