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

from sqlalchemy import ColumnElement, Row, and_, case, false, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from contest.domain.alignments import Alignment, turned_back
from contest.domain.copy_findings import MOST_ALIKE
from contest.domain.features import Features
from contest.domain.fingerprints import Fingerprint as Prints
from contest.domain.fingerprints import Likeness, Photograph, decide
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

SHORTLISTED = 10  # photographs that may share a part with one
ATTEMPTS = 3

_Row = Row[str, str, dt.datetime, str | None, bytes, str]
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
        # Asked first: what was handed in before this is stored by now, and what is handed in later sees this one.
        was_handed_in = _is_handed_in(session, photo_id)
        forgotten = _catch_up(services, session)
        found = _load(session, [photo_id])
        if not found:
            return
        mine = found[0]
        chosen = (
            _alike(services, session, mine, forgotten) if was_handed_in else _of_one_draft(session, photo_id)
        )
        others = _load(session, chosen - _paired(session, photo_id))
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
        lock_pairs(uow.session)
        row = uow.session.get(LocalFeatures, photo_id, with_for_update=True)
        if row is None or row.compared_at is not None:
            return
        # Asked while the row is held: until then it could still be handed in, and others be taken back.
        is_handed_in = _is_handed_in(uow.session, photo_id)
        if is_handed_in and not was_handed_in:
            return  # its bell rings again
        if is_handed_in and chosen - {one.id for one in _comparable(uow.session, mine, chosen)}:
            row.attempts = 0
            uow.ring("compare", photo_id=photo_id)  # others were left out for what is gone
            return
        _write(uow, row, mine, others, alignments, now=services.clock.now())


def compare_anew(uow: UnitOfWork, photo_ids: Iterable[str]) -> None:
    """Compare these photographs, as far as they are described, as if they had come just now."""
    photo_ids = list(photo_ids)
    # One that is being examined is waited for: its features would come unseen, and be compared as a draft's.
    uow.session.execute(
        select(Photo.id).where(Photo.id.in_(photo_ids)).order_by(Photo.id).with_for_update(key_share=True)
    )
    again = update(LocalFeatures).where(LocalFeatures.photo_id.in_(photo_ids))
    for photo_id in uow.session.scalars(
        again.values(compared_at=None, attempts=0).returning(LocalFeatures.photo_id)
    ):
        uow.ring("compare", photo_id=photo_id)


def compare_thinned(uow: UnitOfWork, lost: Collection[str]) -> None:
    """Compare anew the works that lose look-alikes with these photographs and have fewer than half as many as are kept.

    Others may have been left out for them. Half, so that taking a thousand back costs what handing them in did.
    """
    sides = sides_of(uow.session.scalars(select(sides_of(lost).c.other)).all())
    theirs, photo = aliased(Entry), aliased(Photo)
    is_lost = sides.c.other.in_(lost)
    is_here = func.coalesce(photo.edition_id == Entry.edition_id, false())
    is_left = ~is_lost & or_(~is_here, theirs.state.in_(STANDING))
    is_part = sides.c.kind.in_((Likeness.PART.value, Likeness.SCENE.value))

    def are_few(of_kind: ColumnElement[bool], most: int) -> ColumnElement[bool]:
        gone, left = (func.count(case((of_kind & which, 1))) for which in (is_lost, is_left))
        return and_(gone > 0, left < most / 2)

    thinned = uow.session.scalars(
        select(sides.c.mine)
        .join(Entry, Entry.photo_id == sides.c.mine)
        .join(photo, photo.id == sides.c.other)
        .outerjoin(theirs, theirs.photo_id == photo.id)
        .where(Entry.state.in_(STANDING))
        .group_by(sides.c.mine)
        .having(or_(are_few(~is_part, MOST_ALIKE), are_few(is_part, SHORTLISTED)))
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


def _catch_up(services: Services, session: Session) -> set[str]:
    """Learn what was handed in; gives what is known and not stored any more."""
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

    return services.known.catch_up(stored, load)


def _of_one_draft(session: Session, photo_id: str) -> set[str]:
    own = select(Photo.submission_id).where(Photo.id == photo_id).scalar_subquery()
    works = select(Entry.photo_id).where(Entry.submission_id == own, Entry.state != EntryState.WITHDRAWN)
    return {one for one in session.scalars(works) if one is not None and one != photo_id}


def _alike(services: Services, session: Session, mine: _Known, forgotten: set[str]) -> set[str]:
    """Photographs that may be alike: the same file, near by any hash, sharing features.

    Where more are near than are kept, half are the first of them (`_place`): who floods the contest with a picture
    cannot come before the one it was taken from. The other half are those stored next to it, for were all linked to
    the first alone, each of those that goes would leave every other with one less.
    """
    same = session.scalars(select(Photo.id).where(Photo.sha256 == mine.shot.sha256)).all()
    prints = mine.shot.fingerprint
    hashes = (*(prints.pdq if prints else ()), *(() if mine.shot.trimmed is None else (mine.shot.trimmed,)))
    near = {*(key for key, _ in services.known.hashes.search(hashes)), *same, mine.photo_id}
    alike = sorted((_place(mine, row), row) for row in _comparable(session, mine, near - {mine.photo_id}))
    if not mine.is_of_library:
        first, rest = alike[: MOST_ALIKE // 2], alike[MOST_ALIKE // 2 :]
        rest.sort(key=lambda one: (one[0][:2], abs(one[1].stored_at - mine.stored_at), one[1].id))
        alike = first + rest[: MOST_ALIKE // 2]
    # Features vote for the nearest only: a picture's own copies, and what is gone, would take every vote.
    parts = services.known.features.search(
        mine.features.states() if mine.features else (),
        most=SHORTLISTED,
        leave_out={*near, *forgotten, *_untold(session, mine)},
    )
    return {row.id for row in (*(row for _, row in alike), *_comparable(session, mine, parts))}


def _place(mine: _Known, row: _Row) -> tuple[bool, int, bool, bool, dt.datetime, str]:
    """Whole pictures before likely ones; of these what is of earlier contests, other persons' works, the earliest.

    The same file is no surer than the same picture: who sends one file again and again would come before its author.
    Last comes what was erased, of which nobody is told; pictures of mist and night hash alike without being alike.
    """
    is_here = row.edition_id == mine.edition_id
    is_own = row.person is not None and row.person == mine.shot.person
    prints = Prints.unpack(row.packed) if row.packed else None
    verdict = decide(Photograph(mine.shot.sha256, mine.shot.fingerprint), Photograph(row.sha256, prints))
    doubt = 2 if verdict is None else verdict.likeness not in (Likeness.IDENTICAL, Likeness.NEAR_IDENTICAL)
    return is_here and row.person is None, int(doubt), is_own, is_here, row.stored_at, row.id


def _untold(session: Session, mine: _Known) -> Iterable[str]:
    """Photographs it is never told of: of its edition's withdrawn works; of the library, for one of it."""
    if mine.is_of_library:
        return session.scalars(select(Photo.id).where(Photo.edition_id.is_(None)))
    return session.scalars(
        select(Photo.id)
        .join(Entry, Entry.photo_id == Photo.id)
        .where(Photo.edition_id == mine.edition_id, Entry.state == EntryState.WITHDRAWN)
    )


def _comparable(session: Session, mine: _Known, photo_ids: Collection[str]) -> Sequence[_Row]:
    """Of these photographs the works handed in, and what is of no work any more; of one's own edition what stands."""
    asked = (
        select(
            Photo.id,
            Photo.sha256,
            Photo.stored_at,
            Photo.edition_id,
            Fingerprint.packed,
            _PERSON.label("person"),
        )
        .outerjoin(Entry, Entry.photo_id == Photo.id)
        .outerjoin(Submission, Submission.id == Photo.submission_id)
        .outerjoin(Fingerprint, Fingerprint.photo_id == Photo.id)
    )
    is_theirs = or_(
        Entry.state.in_(STANDING),
        (Entry.state == EntryState.WITHDRAWN) & (Photo.edition_id != mine.edition_id),
    )
    if mine.is_of_library:
        asked = asked.where(Photo.edition_id.is_not(None))
    return session.execute(
        asked.where(Photo.id.in_(photo_ids), or_(Photo.submission_id.is_(None), is_theirs))
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
    row: LocalFeatures,
    mine: _Known,
    others: list[_Known],
    alignments: dict[str, Alignment | None],
    *,
    now: dt.datetime,
) -> None:
    """Keep the pairs; one that is there already stays as it was decided."""
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
        uow.session.get(Photo, photo_id, with_for_update=True)  # as at its examination
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
