"""One work on the screening desk: its evidence, its pairs, its neighbours, as frozen values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from contest.domain.alignments import TURNED, Alignment, Matrix, turned_back
from contest.domain.boundary_sketch import Sketch, sketch
from contest.domain.capture_chain import Chain, chain_of, differing
from contest.domain.copy_findings import MOST_ALIKE
from contest.domain.errors import Missing
from contest.domain.exif import Coordinate
from contest.domain.library import Label
from contest.domain.names_in_text import find_names
from contest.domain.photo_facts import PhotoFacts
from contest.infra.boundaries import load_district
from contest.infra.crypto import Crypto
from contest.models.account import Account
from contest.models.edition import Edition, Spot
from contest.models.entry import STANDING, Entry, EntryState
from contest.models.library import LibraryCollection, LibraryPicture
from contest.models.photo import Pair, Photo, PhotoState
from contest.models.submission import Submission
from contest.queries.pairs import SURENESS
from contest.queries.photographs import Picture, pictures_of
from contest.queries.screening import PER_PAGE, FindingView, findings_of
from contest.queries.screening_sieve import Progress, Sieve, progress, within


@dataclass(frozen=True)
class PairView:
    """A suspected pair from one work's side."""

    photo_id: str
    picture: Picture | None
    entry_id: str | None
    entry_number: str | None
    title: str | None
    edition: str
    is_same_edition: bool
    is_same_person: bool
    chain: Chain
    differing: frozenset[str]
    is_erased: bool
    kind: str
    distance: int | None
    decision: str | None
    decided_by: str | None
    is_first: bool
    library: str | None = None  # its name, if it is a winner of another contest
    source: str | None = None
    #: corners of one picture in the other, as an SVG polygon over a box of 100 by 100; None where unknown
    other_in_this: str | None = None
    this_in_other: str | None = None
    overlap: str | None = None
    #: how the other is laid over this one: nine numbers row by row, from shares of its sides to shares of this one's
    laid: str | None = None
    #: whether features found the place; else the whole is laid on the whole, as the hashes say it was turned
    is_placed: bool = False

    @property
    def name(self) -> str:
        """What staff read above the other picture."""
        number = self.entry_number or "기록이 파기된 작품"
        return self.library or (number if self.is_same_edition else f"{self.edition} {number}")


@dataclass(frozen=True)
class WorkPage:
    """Everything a person needs to decide on one work. Nothing names the entrant; receipt leads to them."""

    entry_id: str
    edition_id: str
    submission_id: str
    entry_number: str
    receipt_number: str
    state: str
    verdict: str | None
    title: str
    description: str | None
    dong: str | None
    spot: str | None
    place_words: str | None
    place_source: str | None
    taken_on: dt.date | None
    portrait: str | None
    age_band: str
    screened_title: str | None
    screened_description: str | None
    screened_place: str | None
    alternative_text: str | None
    names: tuple[str, ...]
    names_left: tuple[str, ...]
    proposed_reason: str | None
    unfit_reason: str | None
    unfit_note: str | None
    proposed_by: str | None
    proposed_by_id: str | None
    proposed_at: dt.datetime | None
    screened_by: str | None
    screened_at: dt.datetime | None
    reply_until: dt.datetime | None
    reply: str | None
    replied_at: dt.datetime | None
    is_withdrawal_asked: bool
    photo_id: str | None
    photo_state: str | None
    format: str | None
    width: int | None
    height: int | None
    bytes: int
    facts: PhotoFacts
    chain: Chain
    preview: Picture | None
    findings: tuple[FindingView, ...]
    pairs: tuple[PairView, ...]
    pairs_left: int
    map: Sketch | None
    others: tuple[tuple[str, str, str], ...]
    previous_id: str | None
    next_id: str | None
    position: int
    total: int
    progress: Progress

    @property
    def queue_page(self) -> int:
        """The page of the list that holds it."""
        return max(0, self.position - 1) // PER_PAGE + 1

    @property
    def shown_place(self) -> str:
        """The place as it may be shown: dong and spot, else the entrant's words."""
        return " ".join(part for part in (self.dong, self.spot) if part) or self.place_words or ""

    @property
    def is_undecided(self) -> bool:
        """Whether somebody has still to decide."""
        return self.state == EntryState.SUBMITTED

    @property
    def is_proposed(self) -> bool:
        """Whether a second person is waited for."""
        return self.is_undecided and self.proposed_reason is not None


def load_work(session: Session, crypto: Crypto, entry_id: str, sieve: Sieve, now: dt.datetime) -> WorkPage:
    """One work with its evidence and its neighbours in the view. Raises Missing."""
    proposer, screener = aliased(Account), aliased(Account)
    row = session.execute(
        select(Entry, Submission, Photo, Spot, proposer.name, screener.name)
        .join(Submission, Submission.id == Entry.submission_id)
        .outerjoin(Photo, Photo.id == Entry.photo_id)
        .outerjoin(Spot, Spot.id == Entry.spot_id)
        .outerjoin(proposer, proposer.id == Entry.unfit_proposed_by)
        .outerjoin(screener, screener.id == Entry.screened_by)
        .where(
            Entry.id == entry_id,
            Entry.state.in_(STANDING),
        )
    ).one_or_none()
    if row is None:
        raise Missing("missing")
    entry, submission, photo, spot, proposed_by, screened_by = row
    ids = session.scalars(
        select(Entry.id)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(within(session, entry.edition_id, sieve))
        .order_by(Entry.entry_number)
    ).all()
    at = ids.index(entry_id) if entry_id in ids else -1
    others = session.execute(
        select(Entry.id, Entry.entry_number, Entry.state)
        .where(
            Entry.submission_id == submission.id,
            Entry.id != entry.id,
            Entry.state != EntryState.WITHDRAWN,
        )
        .order_by(Entry.ordinal)
    ).all()
    name = (
        crypto.open(submission.name_sealed, f"submission.name:{submission.id}")
        if submission.name_sealed
        else None
    )
    facts = PhotoFacts.from_document(photo.facts if photo else {})
    chain = _chain(photo) if photo else Chain()
    pairs, pairs_in_all = _pairs(session, entry, submission, chain)
    shown = {photo.id} if photo else set()
    pictures = pictures_of(session, shown | {pair.photo_id for pair in pairs}, "preview", "thumb")
    return WorkPage(
        entry_id=entry.id,
        edition_id=entry.edition_id,
        submission_id=submission.id,
        entry_number=entry.entry_number or "",
        receipt_number=submission.receipt_number or "",
        state=entry.state.value,
        verdict=entry.verdict,
        title=entry.title or "",
        description=entry.description,
        dong=entry.dong,
        spot=spot.name if spot else None,
        place_words=entry.place_words,
        place_source=entry.place_source,
        taken_on=entry.taken_on,
        portrait=entry.portrait,
        age_band=submission.age_band,
        screened_title=entry.screened_title,
        screened_description=entry.screened_description,
        screened_place=entry.screened_place,
        alternative_text=entry.alternative_text,
        names=find_names((entry.title, entry.description, entry.place_words), name),
        names_left=find_names(
            (
                entry.screened_title,
                entry.screened_description,
                entry.screened_place,
                entry.alternative_text,
            ),
            name,
        ),
        proposed_reason=entry.proposed_reason,
        unfit_reason=entry.unfit_reason,
        unfit_note=entry.unfit_note,
        proposed_by=proposed_by,
        proposed_by_id=entry.unfit_proposed_by,
        proposed_at=entry.unfit_proposed_at,
        screened_by=screened_by,
        screened_at=entry.screened_at,
        reply_until=entry.reply_until,
        reply=entry.reply,
        replied_at=entry.replied_at,
        is_withdrawal_asked=submission.withdrawal_asked_at is not None,
        photo_id=photo.id if photo else None,
        photo_state=photo.state.value if photo else None,
        format=photo.format if photo else None,
        width=photo.width if photo else None,
        height=photo.height if photo else None,
        bytes=photo.bytes if photo else 0,
        facts=facts,
        chain=chain,
        preview=pictures.get((photo.id, "preview")) if photo else None,
        findings=findings_of(session, [entry.id]).get(entry.id, ()),
        pairs=tuple(
            replace(
                pair,
                # Of others' winners only the small picture is kept.
                picture=pictures.get((pair.photo_id, "thumb" if pair.library else "preview")),
            )
            for pair in pairs
        ),
        pairs_left=pairs_in_all - len(pairs),
        map=_map(facts.exif.gps, entry),
        others=tuple((row.id, row.entry_number or "", row.state.value) for row in others),
        previous_id=ids[at - 1] if at > 0 else None,
        next_id=ids[at + 1] if 0 <= at < len(ids) - 1 else None,
        position=at + 1,
        total=len(ids),
        progress=progress(session, entry.edition_id, sieve.me, now),
    )


def _map(gps: Coordinate | None, entry: Entry) -> Sketch | None:
    declared = (
        Coordinate(entry.latitude, entry.longitude)
        if entry.latitude is not None and entry.longitude is not None
        else None
    )
    points = [(kind, at) for kind, at in (("declared", declared), ("exif", gps)) if at is not None]
    return sketch(load_district().land, points) if points else None


def _pairs(
    session: Session, entry: Entry, submission: Submission, chain: Chain
) -> tuple[list[PairView], int]:
    """As many as a person looks at in one go, the undecided and the surest first; and how many there are."""
    if entry.photo_id is None:
        return [], 0
    other = aliased(Photo)
    # Taken back or erased here: shown, but after what stands.
    is_gone = and_(
        func.coalesce(other.edition_id == entry.edition_id, false()),
        func.coalesce(Entry.state == EntryState.WITHDRAWN, true()),
    )
    rows = session.execute(
        select(
            Pair,
            other,
            Entry,
            Submission,
            Edition,
            Account.name,
            LibraryPicture.number,
            LibraryCollection,
            func.count().over(),
        )
        .join(
            other,
            or_(
                and_(Pair.first_photo_id == entry.photo_id, other.id == Pair.second_photo_id),
                and_(Pair.second_photo_id == entry.photo_id, other.id == Pair.first_photo_id),
            ),
        )
        .outerjoin(Edition, Edition.id == other.edition_id)
        .outerjoin(LibraryPicture, LibraryPicture.photo_id == other.id)
        .outerjoin(LibraryCollection, LibraryCollection.id == LibraryPicture.collection_id)
        .outerjoin(Entry, and_(Entry.photo_id == other.id, Entry.state != EntryState.DRAFT))
        .outerjoin(Submission, Submission.id == Entry.submission_id)
        .outerjoin(Account, Account.id == Pair.decided_by)
        .where(or_(Pair.first_photo_id == entry.photo_id, Pair.second_photo_id == entry.photo_id))
        .order_by(Pair.decided_at.is_not(None), is_gone, SURENESS, Pair.found_at, other.id)
        .limit(MOST_ALIKE)
    ).all()
    views = [
        PairView(
            photo_id=photo.id,
            picture=None,
            entry_id=work.id if work else None,
            entry_number=work.entry_number if work else None,
            title=work.title if work else None,
            edition=f"제{edition.number}회" if edition else "",
            is_same_edition=photo.edition_id == entry.edition_id,
            is_same_person=owner is not None
            and submission.person is not None
            and owner.person == submission.person,
            chain=theirs,
            differing=differing(chain, theirs),
            is_erased=photo.state is PhotoState.ERASED,
            kind=pair.kind,
            distance=pair.pdq_distance,
            decision=pair.decision,
            decided_by=decided_by,
            is_first=pair.first_photo_id == photo.id,
            library=Label(shelf.title, shelf.year).of(number) if shelf else None,
            source=shelf.source if shelf else None,
            **_overlap(pair, photo.id),
        )
        for pair, photo, work, owner, edition, decided_by, number, shelf, _ in rows
        for theirs in (_chain(photo),)
    ]
    return views, rows[0][-1] if rows else 0


def _overlap(pair: Pair, other_id: str) -> dict[str, Any]:
    other_is_first = pair.first_photo_id == other_id
    if pair.alignment is None:
        turn = pair.orientation if other_is_first else turned_back(pair.orientation)
        return {"laid": _numbers(TURNED[turn])}
    first_in_second = Alignment.from_document(pair.alignment)
    second_in_first = first_in_second.turned_round()
    there, back = (first_in_second, second_in_first) if other_is_first else (second_in_first, first_in_second)
    words = [
        "좌우가 뒤집힘" if back.is_mirrored else "",
        f"{back.degrees}도 돌아감" if abs(back.degrees) > 1 else "",
        f"맞는 점 {back.inliers}곳",
    ]
    return {
        "other_in_this": _polygon(there),
        "this_in_other": _polygon(back),
        "overlap": ", ".join(word for word in words if word),
        "laid": _numbers(there.shares()),
        "is_placed": True,
    }


def _numbers(matrix: Matrix) -> str:
    return " ".join(f"{cell:.7g}" for cell in matrix)


def _polygon(alignment: Alignment) -> str:
    return " ".join(f"{100 * x:.2f},{100 * y:.2f}" for x, y in alignment.outline())


def _chain(photo: Photo) -> Chain:
    return chain_of(
        PhotoFacts.from_document(photo.facts), photo.width, photo.height, photo.bytes,
        is_read=photo.state is PhotoState.CHECKED,
    )  # fmt: skip
