"""Comparing one photograph with all others: shortlisted, verified in the imaging process, judged, kept as pairs.

A draft's photograph is compared with those of its own draft, and with all others once it is handed in: what nobody
hands in costs little and crowds out nothing. Both its traits and its being handed in are committed by then, so of two
that arrive together the later to commit sees the other: order does not matter, and a pair found twice is one row.
Repeating it does no harm. One picture sent in a thousand times costs each of them the same.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, case, func, or_, select, true, update
from sqlalchemy.orm import Session

from contest.domain.alignments import Alignment, turned_back
from contest.domain.copy_findings import MOST_ALIKE
from contest.domain.features import Features
from contest.domain.fingerprints import NEAR_BITS
from contest.domain.fingerprints import Fingerprint as Prints
from contest.domain.pair_rule import Shot, judge_pair
from contest.domain.photo_facts import PhotoFacts
from contest.infra.database import lock_pairs
from contest.infra.imaging.client import ImagingUnavailable
from contest.infra.imaging.results import Traits
from contest.infra.storage import StorageError
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.entry import STANDING, Entry, EntryState
from contest.models.photo import Fingerprint, LocalFeatures, Pair, Photo, PhotoState, Rendition
from contest.models.submission import Submission
from contest.operations.findings import refresh_findings
from contest.queries.pairs import sides_of

#: Photographs that may share a part with one, and how many are asked for, as some of them stand no more.
SHORTLISTED, ASKED = 10, 50
ATTEMPTS = 3

#: Whose a photograph is; one's own draft is one's own before it says whose.
_PERSON = func.coalesce(Submission.person, Submission.id)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Known:
    """One photograph as the comparison needs it."""

    photo_id: str
    stored_at: dt.datetime
    shot: Shot
    features: Features | None
    edition_id: str | None  # none: of the library

    @property
    def is_of_library(self) -> bool:
        """Whether it won elsewhere and is of nobody here."""
        return self.edition_id is None

    @property
    def rank(self) -> tuple[bool, dt.datetime, str]:
        """The earlier first; whatever won elsewhere was there before any work."""
        return not self.is_of_library, self.stored_at, self.photo_id


def remember(uow: UnitOfWork, photo_id: str, prints: Prints, traits: Traits) -> None:
    """Keep what tells a photograph, and ring for its comparison."""
    uow.session.add(
        Fingerprint(
            photo_id=photo_id, pdq=prints.pdq[0].to_bytes(32), pdq_quality=prints.quality,
            phash=prints.phash256[0].to_bytes(32), packed=prints.pack(),
        )
    )  # fmt: skip
    _keep(uow, photo_id, traits)


def _keep(uow: UnitOfWork, photo_id: str, traits: Traits) -> None:
    trimmed = traits.trimmed.to_bytes(32) if traits.trimmed is not None else None
    uow.session.add(LocalFeatures(photo_id=photo_id, packed=traits.features.pack(), trimmed=trimmed))
    uow.ring("compare", photo_id=photo_id)


def compare_photo(services: Services, photo_id: str) -> None:
    """Compare a photograph that was not yet compared with every other one."""
    with services.database.write() as uow:
        row = uow.session.get(LocalFeatures, photo_id, with_for_update=True)
        if row is None or row.compared_at is not None:
            return
        row.attempts += 1
        is_last = row.attempts >= ATTEMPTS
    with services.database.read() as session:
        _catch_up(services, session)
        found = _load(session, [photo_id])
        if not found:
            return
        mine = found[0]
        was_handed_in = _is_handed_in(session, photo_id)
        chosen = _alike(services, session, mine) if was_handed_in else _of_one_draft(session, photo_id)
        others = _load(session, set(chosen) - _paired(session, photo_id))
    described = {other.photo_id: other.features for other in others if other.features}
    alignments: dict[str, Alignment | None] = {}
    if mine.features is not None and described:
        try:
            aligned = services.imaging.align(mine.features, list(described.values()))
        except ImagingUnavailable:
            log.exception("photograph %s could not be compared", photo_id)
            if not is_last:
                return
            aligned = [None] * len(described)
        alignments = dict(zip(described, aligned, strict=True))
    with services.database.write() as uow:
        if _is_handed_in(uow.session, photo_id) and not was_handed_in:
            return  # meanwhile: its bell rings again
        _write(uow, mine, others, alignments, now=services.clock.now())


def compare_anew(uow: UnitOfWork, photo_ids: Iterable[str]) -> None:
    """Compare these photographs, as far as they are described, as if they had come just now."""
    again = update(LocalFeatures).where(LocalFeatures.photo_id.in_(photo_ids))
    for photo_id in uow.session.scalars(
        again.values(compared_at=None, attempts=0).returning(LocalFeatures.photo_id)
    ):
        uow.ring("compare", photo_id=photo_id)


def compare_thinned(uow: UnitOfWork, withdrawn: Collection[str]) -> None:
    """Compare anew what had as many look-alikes as are kept, and has lost half of them with these photographs.

    Others may have been left out then. Half, so that taking a thousand back costs no more than handing them in did.
    """
    partners = uow.session.scalars(select(sides_of(withdrawn).c.other)).all()
    sides = sides_of(partners)
    left = func.count(case((func.coalesce(Entry.state != EntryState.WITHDRAWN, true()), 1)))
    thinned = uow.session.scalars(
        select(sides.c.mine)
        .outerjoin(Entry, Entry.photo_id == sides.c.other)
        .group_by(sides.c.mine)
        .having(func.count() >= MOST_ALIKE, left < MOST_ALIKE / 2)
    )
    compare_anew(uow, thinned.all())


def _is_handed_in(session: Session, photo_id: str) -> bool:
    """Whether a photograph is compared with all others: its work stands, or it is of no work any more."""
    return bool(
        session.scalar(
            select(Photo.id)
            .outerjoin(Entry, Entry.photo_id == Photo.id)
            .where(Photo.id == photo_id, or_(Photo.submission_id.is_(None), Entry.state.in_(STANDING)))
            .limit(1)
        )
    )


def _catch_up(services: Services, session: Session) -> None:
    stored = set(
        session.scalars(
            select(LocalFeatures.photo_id)
            .join(Photo, Photo.id == LocalFeatures.photo_id)
            .outerjoin(Entry, Entry.photo_id == Photo.id)
            .where(or_(Photo.submission_id.is_(None), Entry.state != EntryState.DRAFT))
        )
    )

    def load(ids: list[str]) -> Iterable[tuple[str, tuple[int, ...], bytes]]:
        rows = session.execute(
            select(Fingerprint.photo_id, Fingerprint.pdq, LocalFeatures.trimmed, LocalFeatures.packed)
            .join(LocalFeatures, LocalFeatures.photo_id == Fingerprint.photo_id)
            .where(Fingerprint.photo_id.in_(ids))
        )
        for row in rows:
            hashes = tuple(int.from_bytes(one) for one in (row.pdq, row.trimmed) if one)
            yield row.photo_id, hashes, Features.unpack(row.packed).descriptors

    services.known.catch_up(stored, load)


def _of_one_draft(session: Session, photo_id: str) -> Iterable[str]:
    own = select(Photo.submission_id).where(Photo.id == photo_id).scalar_subquery()
    return session.scalars(
        select(Entry.photo_id)
        .where(
            Entry.submission_id == own, Entry.photo_id != photo_id, Entry.state != EntryState.WITHDRAWN
        )
        .limit(MOST_ALIKE)
    )  # fmt: skip


def _alike(services: Services, session: Session, mine: _Known) -> list[str]:
    """Photographs that may be alike: the same file, near by any hash, sharing features.

    Where more are near than are kept, those of other persons and the earliest come first: who floods the contest
    with a picture cannot come before the one it was taken from.
    """
    same = session.scalars(select(Photo.id).where(Photo.sha256 == mine.shot.sha256)).all()
    prints = mine.shot.fingerprint
    hashes = (*(prints.pdq if prints else ()), *(() if mine.shot.trimmed is None else (mine.shot.trimmed,)))
    near = dict(services.known.hashes.search(hashes)) | dict.fromkeys(same, 0)
    states = mine.features.states() if mine.features else ()
    parts = [key for key in services.known.features.search(states, most=ASKED) if key not in near]
    rows = {row.id: row for row in _comparable(session, mine, {*near, *parts} - {mine.photo_id})}

    def place(key: str) -> tuple[bool, bool, bool, dt.datetime, str]:
        row = rows[key]
        is_own = row.person is not None and row.person == mine.shot.person
        return is_own, row.edition_id == mine.edition_id, near[key] > NEAR_BITS, row.stored_at, key

    alike = sorted((key for key in near if key in rows), key=place)
    if not mine.is_of_library:
        alike = alike[:MOST_ALIKE]
    return [*alike, *[key for key in parts if key in rows][:SHORTLISTED]]


def _comparable(
    session: Session, mine: _Known, photo_ids: Collection[str]
) -> Sequence[Row[str, dt.datetime, str | None, str]]:
    """Of these photographs the works handed in, and what is of no work any more; of one's own edition what stands."""
    asked = select(Photo.id, Photo.stored_at, Photo.edition_id, _PERSON.label("person"))
    is_theirs = or_(
        Entry.state.in_(STANDING),
        (Entry.state == EntryState.WITHDRAWN) & (Photo.edition_id != mine.edition_id),
    )
    if mine.is_of_library:
        asked = asked.where(Photo.edition_id.is_not(None))
    return session.execute(
        asked.outerjoin(Entry, Entry.photo_id == Photo.id)
        .outerjoin(Submission, Submission.id == Photo.submission_id)
        .where(Photo.id.in_(photo_ids), or_(Photo.submission_id.is_(None), is_theirs))
    ).all()


def _paired(session: Session, photo_id: str) -> set[str]:
    return set(session.scalars(select(sides_of([photo_id]).c.other)))


def _load(session: Session, photo_ids: Collection[str]) -> list[_Known]:
    rows = session.execute(
        select(Photo, Fingerprint.packed, LocalFeatures.packed, LocalFeatures.trimmed, _PERSON)
        .outerjoin(Fingerprint, Fingerprint.photo_id == Photo.id)
        .outerjoin(LocalFeatures, LocalFeatures.photo_id == Photo.id)
        .outerjoin(Submission, Submission.id == Photo.submission_id)
        .where(Photo.id.in_(photo_ids))
        .order_by(Photo.id)
    )
    return [_known(*row) for row in rows]


def _known(
    photo: Photo, prints: bytes | None, features: bytes | None, trimmed: bytes | None, person: str | None
) -> _Known:
    exif = PhotoFacts.from_document(photo.facts).exif
    shot = Shot(
        sha256=photo.sha256,
        fingerprint=Prints.unpack(prints) if prints else None,
        trimmed=int.from_bytes(trimmed) if trimmed else None,
        device=exif.device,
        taken=exif.captured.at if exif.captured else None,
        person=person,
    )
    return _Known(
        photo.id, photo.stored_at, shot, Features.unpack(features) if features else None, photo.edition_id
    )


def _write(
    uow: UnitOfWork,
    mine: _Known,
    others: list[_Known],
    alignments: dict[str, Alignment | None],
    *,
    now: dt.datetime,
) -> None:
    """Keep the pairs; one that is there already stays as it was decided."""
    lock_pairs(uow.session)
    row = uow.session.get(LocalFeatures, mine.photo_id, with_for_update=True)
    if row is None or row.compared_at is not None:
        return
    there = set(uow.session.scalars(select(Photo.id).where(Photo.id.in_([one.photo_id for one in others]))))
    there -= _paired(uow.session, mine.photo_id)
    told = {mine.photo_id}
    for other in others:
        verdict = judge_pair(mine.shot, other.shot, alignments.get(other.photo_id))
        if verdict is None or other.photo_id not in there:
            continue
        told.add(other.photo_id)
        is_first = mine.rank < other.rank
        first, second = (mine, other) if is_first else (other, mine)
        alignment, orientation = verdict.alignment, verdict.orientation
        if not is_first:
            alignment, orientation = alignment and alignment.turned_round(), turned_back(orientation)
        uow.session.add(
            Pair(
                first_photo_id=first.photo_id, second_photo_id=second.photo_id, kind=verdict.likeness.value,
                pdq_distance=verdict.pdq, phash_distance=verdict.phash, orientation=orientation,
                alignment=alignment.to_document() if alignment else None, found_at=now,
            )
        )  # fmt: skip
    row.compared_at = now
    uow.session.flush()
    entries = uow.session.scalars(
        select(Entry).where(Entry.photo_id.in_(told), Entry.state != EntryState.WITHDRAWN)
    ).all()
    refresh_findings(uow, entries, now=now)


def describe_photo(services: Services, photo_id: str) -> None:
    """Describe a photograph examined before traits were kept, from its preview; then it is compared."""
    with services.database.read() as session:
        preview = session.scalar(
            select(Rendition.id).where(Rendition.photo_id == photo_id, Rendition.kind == "preview")
        )
    if preview is None:
        return
    try:
        traits = services.imaging.describe(services.storage.get(f"renditions/{preview}"))
    except (ImagingUnavailable, StorageError, OSError):
        log.exception("photograph %s could not be described", photo_id)
        return
    with services.database.write() as uow:
        there, has_hash = uow.session.get(LocalFeatures, photo_id), uow.session.get(Fingerprint, photo_id)
        if there is None and has_hash is not None:
            _keep(uow, photo_id, traits or Traits(Features(1, 1, b"", b""), None))


def sweep_comparisons(services: Services, now: dt.datetime) -> None:
    """Ring again for photographs that wait to be compared, and for old ones without traits."""
    del now
    with services.database.read() as session:
        waiting = session.scalars(
            select(LocalFeatures.photo_id).where(LocalFeatures.compared_at.is_(None)).limit(100)
        ).all()
        undescribed = session.scalars(
            select(Photo.id)
            .join(Fingerprint, Fingerprint.photo_id == Photo.id)
            .outerjoin(LocalFeatures, LocalFeatures.photo_id == Photo.id)
            .join(Rendition, (Rendition.photo_id == Photo.id) & (Rendition.kind == "preview"))
            .where(Photo.state == PhotoState.CHECKED, LocalFeatures.photo_id.is_(None))
            .limit(50)
        ).all()
    for photo_id in waiting:
        services.jobs.ring("compare", photo_id=photo_id)
    for photo_id in undescribed:
        services.jobs.ring("describe", photo_id=photo_id)
