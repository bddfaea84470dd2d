"""Objects that no row names: left where a process was ended between storing bytes and naming them, or the reverse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from contest.domain.strays import SAFE_AGE, Verdict, judge_strays
from contest.infra.database import inserting
from contest.infra.registry import Folder
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.paper import Paper
from contest.models.photo import Photo, PhotoState, Rendition
from contest.models.stray import Stray
from contest.models.submission import Upload
from contest.models.supplement import SupplementFile
from contest.operations.destruction import note_destruction

#: Objects destroyed between two looks at whether somebody owns them after all.
_AT_ONCE = 100


def _originals(session: Session) -> set[str]:
    """Of photographs whose bytes are kept, and of uploads that may still become one."""
    kept = session.scalars(select(Photo.id).where(Photo.state != PhotoState.ERASED))
    coming = session.scalars(select(Upload.photo_id).where(Upload.photo_id.is_not(None)))
    return {*kept, *(photo_id for photo_id in coming if photo_id)}


FOLDERS = (
    Folder("originals", _originals),
    Folder("renditions", lambda session: set(session.scalars(select(Rendition.id)))),
    Folder("uploads", lambda session: set(session.scalars(select(Upload.id)))),
    Folder("entry-papers", lambda session: set(session.scalars(select(Paper.id)))),
    Folder("papers", lambda session: set(session.scalars(select(SupplementFile.id)))),
    Folder("probe", lambda _session: set()),  # of /readyz, which takes them away at once
)


def look_for_strays(services: Services) -> Verdict:
    """What a sweep would do now; changes nothing."""
    folders = services.registry.folders
    # Listed first, then asked about: a row that comes in between saves its object.
    stored = {key: at for folder in folders for key, at in services.storage.dated(folder.name)}
    with services.database.read() as session:
        watched = {row.key: row.seen_at for row in session.scalars(select(Stray))}
        is_owned = _owners(session, folders)
        return judge_strays(stored, watched, is_owned, services.clock.wall())


def _owners(session: Session, folders: list[Folder]) -> Callable[[str], bool]:
    named = {folder.name: folder.named(session) for folder in folders}

    def is_owned(key: str) -> bool:
        folder, _, rest = key.partition("/")
        return folder not in named or rest.partition("/")[0] in named[folder]

    return is_owned


def sweep_strays(services: Services, now: dt.datetime) -> int:
    """Destroy what belonged to nobody for as long as `domain/strays.py` says; returns how many objects.

    Begins to watch what it finds. Ended at any moment it does the rest the next time, and what it destroyed
    is counted once.
    """
    verdict = look_for_strays(services)
    with services.database.write() as uow:
        _watch(uow, verdict.found, services.clock.wall())
        uow.session.execute(delete(Stray).where(Stray.key.in_(verdict.settled)))
    done = 0
    for at in range(0, len(verdict.due), _AT_ONCE):
        done += _destroy(services, verdict.due[at : at + _AT_ONCE], now)
    return done + _destroy_half_written(services, now)


def _watch(uow: UnitOfWork, keys: tuple[str, ...], wall: dt.datetime) -> None:
    """Another worker may have begun to watch the same."""
    if not keys:
        return
    rows = [{"key": key, "seen_at": wall} for key in keys]
    uow.session.execute(inserting(uow.session, Stray).on_conflict_do_nothing(index_elements=["key"]), rows)


def _destroy(services: Services, keys: tuple[str, ...], now: dt.datetime) -> int:
    with services.database.read() as session:
        is_owned = _owners(session, services.registry.folders)
        keys = tuple(key for key in keys if not is_owned(key))
    for key in keys:
        services.storage.delete(key)
    with services.database.write() as uow:
        # Whoever takes the watch away counts the object: another worker may be at the same.
        gone = uow.session.scalars(delete(Stray).where(Stray.key.in_(keys)).returning(Stray.key)).all()
        if gone:
            note_destruction(uow, "stray", None, count=len(gone), rule="strays", now=now)
    return len(gone)


def _destroy_half_written(services: Services, now: dt.datetime) -> int:
    """Files that a kill left without a name; noted before they go, because afterwards nothing tells of them."""
    before = services.clock.wall() - SAFE_AGE
    count = services.storage.count_partial(before)
    if count:
        with services.database.write() as uow:
            note_destruction(uow, "half_written", None, count=count, rule="strays", now=now)
        services.storage.sweep_partial(before)
    return count
