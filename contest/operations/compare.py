"""Comparing one photograph with all others: shortlisted, verified in the imaging process, judged, kept as pairs.

A photograph is compared once its traits are committed, so of two that arrive together the later to commit sees the
other: order does not matter, and a pair found twice is one row. Repeating it does no harm.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.alignments import Alignment, turned_back
from contest.domain.features import Features
from contest.domain.fingerprints import Fingerprint as Prints
from contest.domain.pair_rule import Shot, judge_pair
from contest.domain.photo_facts import PhotoFacts
from contest.infra.database import lock_pairs
from contest.infra.imaging.client import ImagingUnavailable
from contest.infra.imaging.results import Traits
from contest.infra.storage import StorageError
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.entry import Entry, EntryState
from contest.models.photo import Fingerprint, LocalFeatures, Pair, Photo, PhotoState, Rendition
from contest.models.submission import Submission
from contest.operations.findings import refresh_related

SHORTLISTED = 10
ATTEMPTS = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Known:
    """One photograph as the comparison needs it."""

    photo_id: str
    stored_at: dt.datetime
    shot: Shot
    features: Features | None
    is_of_library: bool

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
        others = _load(session, _candidates(services, session, mine))
        if mine.is_of_library:
            others = [other for other in others if not other.is_of_library]
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
        _write(uow, mine, others, alignments, now=services.clock.now())


def _catch_up(services: Services, session: Session) -> None:
    stored = set(session.scalars(select(LocalFeatures.photo_id)))

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


def _candidates(services: Services, session: Session, mine: _Known) -> list[str]:
    """Photographs that may be alike: the same file, near by any hash, sharing features."""
    same = session.scalars(select(Photo.id).where(Photo.sha256 == mine.shot.sha256)).all()
    prints = mine.shot.fingerprint
    hashes = (*(prints.pdq if prints else ()), *(() if mine.shot.trimmed is None else (mine.shot.trimmed,)))
    near = [key for key, _ in services.known.hashes.search(hashes)]
    states = mine.features.states() if mine.features else ()
    parts = services.known.features.search(states, most=SHORTLISTED + 1)
    return sorted({*same, *near, *parts} - {mine.photo_id})


def _load(session: Session, photo_ids: list[str]) -> list[_Known]:
    rows = session.execute(
        select(Photo, Fingerprint.packed, LocalFeatures, Submission)
        .outerjoin(Fingerprint, Fingerprint.photo_id == Photo.id)
        .outerjoin(LocalFeatures, LocalFeatures.photo_id == Photo.id)
        .outerjoin(Submission, Submission.id == Photo.submission_id)
        .where(Photo.id.in_(photo_ids))
        .order_by(Photo.id)
    )
    return [_known(*row) for row in rows]


def _known(
    photo: Photo, packed: bytes | None, local: LocalFeatures | None, submission: Submission | None
) -> _Known:
    exif = PhotoFacts.from_document(photo.facts).exif
    shot = Shot(
        sha256=photo.sha256,
        fingerprint=Prints.unpack(packed) if packed else None,
        trimmed=int.from_bytes(local.trimmed) if local and local.trimmed else None,
        device=exif.device,
        taken=exif.captured.at if exif.captured else None,
        person=submission.person if submission else None,
    )
    features = Features.unpack(local.packed) if local else None
    return _Known(photo.id, photo.stored_at, shot, features, photo.edition_id is None)


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
    told = {mine.photo_id}
    there = set(uow.session.scalars(select(Photo.id).where(Photo.id.in_([one.photo_id for one in others]))))
    for other in others:
        verdict = judge_pair(mine.shot, other.shot, alignments.get(other.photo_id))
        if verdict is None or other.photo_id not in there:
            continue
        if mine.is_of_library:
            told.add(other.photo_id)
        is_first = mine.rank < other.rank
        first, second = (mine, other) if is_first else (other, mine)
        if uow.session.get(Pair, (first.photo_id, second.photo_id)) is not None:
            continue
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
    refresh_related(uow, list(entries), now=now)


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
