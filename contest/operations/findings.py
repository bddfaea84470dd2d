"""The findings on a work, made anew from what is stored whenever that changes; what staff settled stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from contest.domain.alignments import Alignment
from contest.domain.audit import canonical
from contest.domain.copy_findings import Match, find_copies
from contest.domain.eligibility import EntryFacts, judge_entry
from contest.domain.exif import KST
from contest.domain.fingerprints import Likeness
from contest.domain.formats import Refusal
from contest.domain.library import Label
from contest.domain.looks import find_in_looks
from contest.domain.names_in_text import find_names
from contest.domain.photo_facts import PhotoFacts
from contest.domain.photo_findings import CaptureWindow, find_in_photograph
from contest.domain.ruleset import EditionRules, EntryRules
from contest.domain.screening import FACTS, Finding, FindingKind, Grade, find, verdict
from contest.infra.unit_of_work import UnitOfWork
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.library import LibraryCollection, LibraryPicture
from contest.models.photo import LocalFeatures, Pair, Photo, PhotoState
from contest.models.submission import Submission, SubmissionState
from contest.operations.identify import open_name
from contest.queries.editions import get_edition, rules_of

Grades = Mapping[FindingKind, Grade]

#: What a refused file amounts to, where a work was handed in before its photograph could be examined.
REFUSALS = {
    Refusal.EMPTY: FindingKind.NOT_IMAGE,
    Refusal.NOT_IMAGE: FindingKind.NOT_IMAGE,
    Refusal.FORMAT: FindingKind.FORMAT,
    Refusal.HEIC: FindingKind.FORMAT,
    Refusal.TOO_MANY_PIXELS: FindingKind.TOO_MANY_PIXELS,
    Refusal.SIDE_TOO_LONG: FindingKind.UNREADABLE,
    Refusal.TOO_FEW_PIXELS: FindingKind.NOT_IMAGE,
    Refusal.DAMAGED: FindingKind.DAMAGED,
    Refusal.UNREADABLE: FindingKind.UNREADABLE,
}
#: Works that others are compared with: handed in and not taken back.
_STANDING = (EntryState.SUBMITTED, EntryState.FIT, EntryState.UNFIT)


def refresh_findings(uow: UnitOfWork, entry: Entry, *, now: dt.datetime) -> tuple[Finding, ...]:
    """Bring a work's findings and verdict to what its rows say now; returns the findings.

    Rows of findings that are still found stay as they are, settled ones with who settled them.
    """
    uow.session.flush()
    found = find_all(uow, entry)
    rows = uow.session.scalars(select(FindingRow).where(FindingRow.entry_id == entry.id)).all()
    kept: set[tuple[str, bytes]] = set()
    wanted = {(finding.kind.value, canonical(dict(finding.facts))): finding for finding in found}
    for row in rows:
        key = (row.kind, canonical(row.facts))
        if key in wanted and key not in kept:
            row.grade = wanted[key].grade.value
            kept.add(key)
        elif row.settled_at is None:
            uow.session.delete(row)
    uow.session.add_all(
        FindingRow(
            id=uow.ids.token(), entry_id=entry.id, kind=finding.kind.value, grade=finding.grade.value,
            facts=dict(finding.facts), found_at=now,
        )
        for key, finding in wanted.items()
        if key not in kept
    )  # fmt: skip
    entry.verdict = verdict(found).value if _is_examined(uow.session, entry) else None
    uow.session.flush()
    return found


def refresh_related(uow: UnitOfWork, entries: list[Entry], *, now: dt.datetime) -> None:
    """Bring these works and every work paired with them, or of the same telephone, to what is known now."""
    seen = {entry.id for entry in entries}
    photo_ids = [entry.photo_id for entry in entries if entry.photo_id]
    others = uow.session.scalars(
        select(Entry)
        .join(Pair, or_(Pair.first_photo_id == Entry.photo_id, Pair.second_photo_id == Entry.photo_id))
        .where(or_(Pair.first_photo_id.in_(photo_ids), Pair.second_photo_id.in_(photo_ids)))
    ).unique().all() if photo_ids else []  # fmt: skip
    phones = uow.session.scalars(
        select(Submission.phone_key).where(Submission.id.in_({entry.submission_id for entry in entries}))
    ).all()
    same_phone = uow.session.scalars(
        select(Entry)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(
            Submission.phone_key.in_([key for key in phones if key]),
            Submission.edition_id.in_({entry.edition_id for entry in entries}),
            Submission.state == SubmissionState.SUBMITTED,
        )
    ).all()
    for entry in entries:
        refresh_findings(uow, entry, now=now)
    for entry in (*others, *same_phone):
        if entry.id not in seen:
            seen.add(entry.id)
            refresh_findings(uow, entry, now=now)


def _is_examined(session: Session, entry: Entry) -> bool:
    photo = session.get(Photo, entry.photo_id) if entry.photo_id else None
    if photo is None or photo.state not in {PhotoState.CHECKED, PhotoState.REFUSED}:
        return False
    local = session.get(LocalFeatures, photo.id)  # not yet compared with others: nothing is known for sure
    return local is None or local.compared_at is not None


def find_all(uow: UnitOfWork, entry: Entry) -> tuple[Finding, ...]:
    """Every finding on a work under its edition's grades, those switched off among them."""
    rules = rules_of(get_edition(uow.session, entry.edition_id))
    photo = uow.session.get(Photo, entry.photo_id) if entry.photo_id else None
    submission = uow.session.get_one(Submission, entry.submission_id)
    found: list[Finding] = []
    if photo is not None and photo.state is PhotoState.REFUSED:
        found += _of_refusal(photo, rules)
    elif photo is not None and photo.state is PhotoState.CHECKED:
        facts = PhotoFacts.from_document(photo.facts)
        found += find_in_photograph(
            facts.exif,
            facts.provenance,
            facts.placing if rules.entry.in_district else None,
            window=capture_window(rules.entry),
            grades=rules.grades,
        )
        found += find_in_looks(facts.looks, rules.grades)
        found += _of_file(entry, photo, facts, rules)
        found += find_copies(_matches(uow.session, entry, photo, submission), rules.grades)
    found += _of_words(uow, entry, submission, rules.grades)
    found += _of_telephone(uow.session, submission, rules.grades)
    unique = {(finding.kind, canonical(dict(finding.facts))): finding for finding in found}
    return tuple(unique.values())


def capture_window(rules: EntryRules) -> CaptureWindow | None:
    """The days of capture as instants; None where the edition asks for none."""
    if rules.taken_from is None or rules.taken_until is None:
        return None
    opens = dt.datetime.combine(rules.taken_from, dt.time(), KST)
    return CaptureWindow(opens, dt.datetime.combine(rules.taken_until, dt.time(), KST) + dt.timedelta(days=1))


def _of_refusal(photo: Photo, rules: EditionRules) -> Iterator[Finding]:
    kind = REFUSALS[Refusal(photo.refusal or Refusal.UNREADABLE)]
    given: dict[str, Any] = dict(photo.facts.get("refusal") or {})  # type: ignore[call-overload]  # JSON
    given.setdefault("found", "HEIC")
    given["allowed"] = rules.entry.format_names
    yield find(kind, rules.grades, **{name: given.get(name, "") for name in FACTS[kind]})


def _of_file(entry: Entry, photo: Photo, facts: PhotoFacts, rules: EditionRules) -> Iterator[Finding]:
    yield from judge_entry(
        EntryFacts(
            format=photo.format or "",
            width=photo.width or 0,
            height=photo.height or 0,
            bytes=photo.bytes,
            taken_on=entry.taken_on if facts.exif.captured is None else None,
            # A place still to be asked for is a gap of the draft, not a finding on the work.
            has_place=entry.place_source is not None or entry.state is EntryState.DRAFT,
        ),
        rules.entry,
        rules.grades,
    )
    if not facts.suffix_agrees:
        yield find(
            FindingKind.EXTENSION_MISMATCH, rules.grades, found=photo.format or "", extension=photo.suffix
        )


def _of_words(uow: UnitOfWork, entry: Entry, submission: Submission, grades: Grades) -> Iterator[Finding]:
    names = find_names((entry.title, entry.description), open_name(uow.crypto, submission))
    if names:
        yield find(FindingKind.NAMES_IN_TEXT, grades, found=", ".join(names))
    if entry.portrait == "unsure":
        yield find(FindingKind.PORTRAIT_UNCONSENTED, grades)


def _of_telephone(session: Session, submission: Submission, grades: Grades) -> Iterator[Finding]:
    if submission.phone_key is None:
        return
    others = session.scalars(
        select(Submission)
        .where(
            Submission.edition_id == submission.edition_id,
            Submission.phone_key == submission.phone_key,
            Submission.id != submission.id,
            Submission.state == SubmissionState.SUBMITTED,
        )
        .order_by(Submission.receipt_number)
    )
    for other in others:
        if other.person_key != submission.person_key and other.person != submission.person:
            yield find(FindingKind.SAME_PHONE_OTHER_NAME, grades, receipt=other.receipt_number or "")


@dataclass(frozen=True)
class _Other:
    """The other side of a pair."""

    pair: Pair
    photo: Photo
    entry: Entry | None
    submission: Submission | None
    edition: Edition | None
    library: str | None  # its name, if it is a winner of another contest


def _matches(session: Session, entry: Entry, photo: Photo, submission: Submission) -> Iterator[Match]:
    for other in _others(session, photo.id):
        if other.pair.decision == "distinct":
            continue
        mine = other.submission is not None and (
            other.submission.id == submission.id
            or (submission.person is not None and other.submission.person == submission.person)
        )
        own = other.submission is not None and other.submission.id == submission.id
        same_edition = other.photo.edition_id == entry.edition_id
        standing = other.entry is not None and other.entry.state in _STANDING
        if same_edition and not (standing or (own and other.entry is not None)):
            continue
        if entry.state is EntryState.DRAFT and not own:
            continue  # a draft must not be a way to ask who else has entered
        yield Match(
            likeness=Likeness(other.pair.kind),
            distance=other.pair.pdq_distance,
            is_same_person=mine,
            is_same_edition=same_edition,
            is_earlier=other.pair.first_photo_id == other.photo.id,
            entry=_label(other),
            edition=f"제{other.edition.number}회" if other.edition else "",
            points=_points(other.pair),
            is_of_library=other.library is not None,
        )


def _points(pair: Pair) -> int:
    return Alignment.from_document(pair.alignment).inliers if pair.alignment else 0


def _others(session: Session, photo_id: str) -> list[_Other]:
    other = aliased(Photo)
    rows = session.execute(
        select(Pair, other, Entry, Submission, Edition, LibraryPicture.number, LibraryCollection)
        .join(
            other,
            or_(
                (Pair.first_photo_id == photo_id) & (other.id == Pair.second_photo_id),
                (Pair.second_photo_id == photo_id) & (other.id == Pair.first_photo_id),
            ),
        )
        .outerjoin(Edition, Edition.id == other.edition_id)
        .outerjoin(LibraryPicture, LibraryPicture.photo_id == other.id)
        .outerjoin(LibraryCollection, LibraryCollection.id == LibraryPicture.collection_id)
        .outerjoin(Entry, Entry.photo_id == other.id)
        .outerjoin(Submission, Submission.id == Entry.submission_id)
        .where(or_(Pair.first_photo_id == photo_id, Pair.second_photo_id == photo_id))
        .order_by(other.id)
    )
    return [
        _Other(
            pair,
            photo,
            entry,
            submission,
            edition,
            Label(shelf.title, shelf.year).of(number) if shelf else None,
        )
        for pair, photo, entry, submission, edition, number, shelf in rows
    ]


def _label(other: _Other) -> str:
    if other.library is not None:
        return other.library
    if other.entry is None:
        return "기록이 파기된 작품"
    return other.entry.entry_number or f"{other.entry.ordinal}번 작품"
