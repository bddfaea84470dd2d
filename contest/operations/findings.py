"""The findings on a work, made anew from what is stored whenever that changes; what staff settled stays."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import Session, aliased

from contest.domain.audit import canonical
from contest.domain.copy_findings import MOST_ALIKE, Match, find_copies
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
from contest.models.entry import STANDING, Entry, EntryState, FindingRow
from contest.models.library import LibraryCollection, LibraryPicture
from contest.models.photo import LocalFeatures, Photo, PhotoState
from contest.models.submission import Submission, SubmissionState
from contest.operations.identify import open_name
from contest.queries.editions import get_edition, rules_of
from contest.queries.pairs import sides_of

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


def refresh_findings(uow: UnitOfWork, entries: Sequence[Entry], *, now: dt.datetime) -> None:
    """Bring these works' findings and verdicts to what their rows say now.

    As many statements for many works as for one. Rows of findings that are still found stay as they are,
    settled ones with who settled them.
    """
    uow.session.flush()
    known = _load(uow.session, entries)
    for entry in known.entries:
        _refresh(uow, entry, known, now=now)
    uow.session.flush()


def refresh_related(
    uow: UnitOfWork, entries: Sequence[Entry], *, now: dt.datetime, lost: Collection[str] = ()
) -> None:
    """Bring these works and every work paired with them, or of the same telephone, to what is known now.

    lost: photographs that these works held until now.
    """
    sides = sides_of([*lost, *(entry.photo_id for entry in entries if entry.photo_id)])
    paired = uow.session.scalars(
        select(Entry).join(sides, sides.c.other == Entry.photo_id).where(Entry.state != EntryState.WITHDRAWN)
    )
    sharing = _sharing(uow.session, {entry.submission_id for entry in entries})
    same_phone = uow.session.scalars(
        select(Entry).where(
            Entry.submission_id.in_([row.id for rows in sharing.values() for row in rows]),
            Entry.state != EntryState.WITHDRAWN,
        )
    )
    refresh_findings(uow, (*entries, *paired, *same_phone), now=now)


@dataclass(frozen=True)
class _Known:
    """What the findings on some works are made from, each work once."""

    entries: tuple[Entry, ...]
    photos: Mapping[str, Photo]
    waiting: frozenset[str]  # photographs not compared with others: nothing is known for sure
    submissions: Mapping[str, Submission]
    sharing: Mapping[tuple[str, str], Sequence[Submission]]  # by edition and telephone
    matches: Mapping[str, Sequence[Match]]  # by work
    rows: Mapping[str, Sequence[FindingRow]]  # by work


def _load(session: Session, entries: Sequence[Entry]) -> _Known:
    by_id = {entry.id: entry for entry in entries}
    photo_ids = [entry.photo_id for entry in by_id.values() if entry.photo_id]
    submission_ids = {entry.submission_id for entry in by_id.values()}
    rows: dict[str, list[FindingRow]] = defaultdict(list)
    for row in session.scalars(select(FindingRow).where(FindingRow.entry_id.in_(by_id))):
        rows[row.entry_id].append(row)
    waiting = session.scalars(
        select(LocalFeatures.photo_id).where(
            LocalFeatures.photo_id.in_(photo_ids), LocalFeatures.compared_at.is_(None)
        )
    )
    photos = session.scalars(select(Photo).where(Photo.id.in_(photo_ids)))
    submissions = session.scalars(select(Submission).where(Submission.id.in_(submission_ids)))
    return _Known(
        entries=tuple(by_id.values()),
        photos={photo.id: photo for photo in photos},
        waiting=frozenset(waiting),
        submissions={submission.id: submission for submission in submissions},
        sharing=_sharing(session, submission_ids),
        matches=_matches(session, tuple(by_id.values())),
        rows=rows,
    )


def _refresh(uow: UnitOfWork, entry: Entry, known: _Known, *, now: dt.datetime) -> None:
    found = _find_all(uow, entry, known)
    kept: set[tuple[str, bytes]] = set()
    wanted = {(finding.kind.value, canonical(dict(finding.facts))): finding for finding in found}
    for row in known.rows.get(entry.id, ()):
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
    photo = known.photos.get(entry.photo_id or "")
    is_examined = photo is not None and (
        photo.state is PhotoState.REFUSED
        or (photo.state is PhotoState.CHECKED and photo.id not in known.waiting)
    )
    entry.verdict = verdict(found).value if is_examined else None


def _find_all(uow: UnitOfWork, entry: Entry, known: _Known) -> tuple[Finding, ...]:
    """Every finding on a work under its edition's grades, those switched off among them."""
    rules = rules_of(get_edition(uow.session, entry.edition_id))
    photo = known.photos.get(entry.photo_id or "")
    submission = known.submissions[entry.submission_id]
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
        found += find_copies(known.matches.get(entry.id, ()), rules.grades)
    found += _of_words(uow, entry, submission, rules.grades)
    found += _of_telephone(submission, known.sharing, rules.grades)
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


def _of_telephone(
    submission: Submission, sharing: Mapping[tuple[str, str], Sequence[Submission]], grades: Grades
) -> Iterator[Finding]:
    others = sharing.get((submission.edition_id, submission.phone_key or ""), ())
    for other in [other for other in others if other.id != submission.id][:MOST_ALIKE]:
        if other.person_key != submission.person_key and other.person != submission.person:
            yield find(FindingKind.SAME_PHONE_OTHER_NAME, grades, receipt=other.receipt_number or "")


def _sharing(session: Session, submission_ids: Collection[str]) -> dict[tuple[str, str], list[Submission]]:
    """Submissions handed in from the telephones of these, the earliest of each: as many as are told of one.

    One more than those, because nobody is told of himself; whoever comes later changes nothing for them.
    """
    asked = (
        select(Submission.edition_id, Submission.phone_key)
        .where(Submission.id.in_(submission_ids), Submission.phone_key.is_not(None))
        .distinct()
        .subquery()
    )
    place = func.row_number().over(
        partition_by=(Submission.edition_id, Submission.phone_key), order_by=Submission.receipt_number
    )
    ranked = (
        select(Submission.id, place.label("place"))
        .join(
            asked,
            (asked.c.edition_id == Submission.edition_id) & (asked.c.phone_key == Submission.phone_key),
        )
        .where(Submission.state == SubmissionState.SUBMITTED)
        .subquery()
    )
    found: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    for row in session.scalars(
        select(Submission)
        .join(ranked, ranked.c.id == Submission.id)
        .where(ranked.c.place <= MOST_ALIKE + 1)
        .order_by(ranked.c.place)
    ):
        found[row.edition_id, row.phone_key or ""].append(row)
    return found


def _matches(session: Session, entries: Sequence[Entry]) -> dict[str, list[Match]]:
    """By work, the photographs like its own that it can be told of, the surest and earliest found.

    In its own edition those are works that stand, and those of one's own draft; a draft is told of its own
    alone, for it must not be a way to ask who else has entered.
    """
    mine, submission = aliased(Entry), aliased(Submission)
    photo, theirs, owner = aliased(Photo), aliased(Entry), aliased(Submission)
    is_own = func.coalesce(theirs.submission_id == mine.submission_id, false())
    is_same_edition = func.coalesce(photo.edition_id == mine.edition_id, false())
    sides = sides_of([entry.photo_id for entry in entries if entry.photo_id])
    is_mine = or_(is_own, func.coalesce(owner.person == submission.person, false()))
    is_again = sides.c.kind.in_((Likeness.PART.value, Likeness.SCENE.value))
    place = func.row_number().over(
        partition_by=mine.id, order_by=(sides.c.sureness, sides.c.found_at, sides.c.other)
    )
    ranked = (
        select(
            mine.id,
            place.label("place"),
            sides.c.kind,
            sides.c.pdq_distance,
            sides.c.points,
            sides.c.is_earlier,
            is_mine.label("is_mine"),
            is_same_edition.label("is_same_edition"),
            theirs.entry_number,
            theirs.ordinal,
            Edition.number,
            LibraryCollection.title,
            LibraryCollection.year,
            LibraryPicture.number.label("picture"),
        )
        .join(submission, submission.id == mine.submission_id)
        .join(sides, sides.c.mine == mine.photo_id)
        .join(photo, photo.id == sides.c.other)
        .outerjoin(theirs, theirs.photo_id == photo.id)
        .outerjoin(owner, owner.id == theirs.submission_id)
        .outerjoin(Edition, Edition.id == photo.edition_id)
        .outerjoin(LibraryPicture, LibraryPicture.photo_id == photo.id)
        .outerjoin(LibraryCollection, LibraryCollection.id == LibraryPicture.collection_id)
        .where(
            mine.id.in_([entry.id for entry in entries]),
            sides.c.kind != Likeness.WEAK.value,
            or_(sides.c.decision.is_(None), sides.c.decision != "distinct"),
            or_(~is_same_edition, theirs.state.in_(STANDING), is_own & (theirs.state == EntryState.DRAFT)),
            or_(mine.state != EntryState.DRAFT, is_own),
            # What find_copies says nothing of takes no place from the others.
            or_(sides.c.is_earlier, is_same_edition & or_(~is_mine, is_again)),
        )
        .subquery()
    )
    found: dict[str, list[Match]] = defaultdict(list)
    for row in session.execute(
        select(ranked).where(ranked.c.place <= MOST_ALIKE).order_by(ranked.c.id, ranked.c.place)
    ):
        library = Label(row.title, row.year).of(row.picture) if row.title is not None else None
        found[row.id].append(
            Match(
                likeness=Likeness(row.kind),
                distance=row.pdq_distance,
                is_same_person=row.is_mine,
                is_same_edition=row.is_same_edition,
                is_earlier=row.is_earlier,
                entry=library or _name(row.entry_number, row.ordinal),
                edition=f"제{row.number}회" if row.number else "",
                points=row.points or 0,
                is_of_library=library is not None,
            )
        )
    return found


def _name(entry_number: str | None, ordinal: int | None) -> str:
    if ordinal is None:
        return "기록이 파기된 작품"
    return entry_number or f"{ordinal}번 작품"
