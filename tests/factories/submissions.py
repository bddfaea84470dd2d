"""Submissions handed in, made as rows: sealed data, keys, consents, works with pictures, numbers, findings."""

from __future__ import annotations

import hashlib
import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image
from sqlalchemy import select

from contest.domain.consents import ConsentKind
from contest.domain.numbers import entry_number, receipt_number
from contest.domain.persons import name_key, parse_name, parse_phone, person_material
from contest.domain.screening import Finding, Verdict, verdict
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.consent import Consent
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.photo import Photo, PhotoState, Rendition
from contest.models.submission import Submission, SubmissionState
from contest.queries.editions import rules_of

RENDITIONS = ("preview", "judge", "thumb")
_running = itertools.count(1)


@dataclass(frozen=True)
class Made:
    """A submission's id and number, and its works' ids, numbers and photographs in their order."""

    id: str
    receipt_number: str | None
    entries: tuple[str, ...]
    numbers: tuple[str | None, ...]
    photos: tuple[str | None, ...]


@dataclass(frozen=True)
class _Stored:
    """A picture whose bytes are in the storage."""

    photo_id: str
    renditions: dict[str, str]
    data: bytes


def tiny_jpeg(number: int) -> bytes:
    """A small JPEG of one colour, its bytes its own."""
    buffer = io.BytesIO()
    colour = (number * 47 % 200 + 30, number * 89 % 200 + 30, number * 131 % 200 + 30)
    Image.new("RGB", (96, 64), colour).save(buffer, "JPEG", comment=str(number).encode())
    return buffer.getvalue()


def make_submission(
    services: Services,
    edition: Edition,
    *,
    name: str = "홍길동",
    phone: str = "010-1234-5678",
    email: str | None = None,
    entries: int = 1,
    state: SubmissionState = SubmissionState.SUBMITTED,
    entry_state: EntryState | None = None,
    photo: bool = True,
    photo_state: PhotoState = PhotoState.CHECKED,
    picture: bytes | None = None,
    findings: Sequence[Finding] = (),
    title: str = "안양천의 아침",
    description: str | None = "새벽에 본 물안개",
    age_band: str = "adult",
    consents: Sequence[ConsentKind] = (ConsentKind.PRIVACY, ConsentKind.LICENCE, ConsentKind.PLEDGE),
) -> Made:
    """One person's submission in a state, its works in the matching one (or `entry_state`).

    photo: whether the works have pictures; picture: the bytes of all of them, else small ones of their own;
    findings: put on every work, the verdict follows from them. A draft has no numbers.
    """
    stored = [_store(services, picture) if photo else None for _ in range(entries)]
    with services.database.write() as uow:
        held = uow.session.scalars(select(Edition).where(Edition.id == edition.id).with_for_update()).one()
        submission = _submission(
            uow,
            held,
            name=name,
            phone=phone,
            email=email,
            state=state,
            age_band=age_band,
            now=services.clock.now(),
        )
        uow.session.flush()
        for kind in consents:
            uow.session.add(
                Consent(
                    id=uow.ids.token(),
                    submission_id=submission.id,
                    kind=kind.value,
                    text_digest=rules_of(held).consent(kind, "ko").digest,
                    given_at=submission.created_at,
                )
            )
        rows = []
        for n, one in enumerate(stored, start=1):
            if one:
                _photo(uow, held, submission, one, photo_state)
            entry = _entry(submission, n, entry_state or _matching(state), services)
            entry.title, entry.description = title if entries == 1 else f"{title} {n}", description
            entry.photo_id = one.photo_id if one else None
            if photo_state in {PhotoState.CHECKED, PhotoState.REFUSED} and one:
                entry.verdict = verdict(findings).value
            uow.session.add(entry)
            uow.session.flush()
            for finding in findings:
                uow.session.add(
                    FindingRow(
                        id=uow.ids.token(),
                        entry_id=entry.id,
                        kind=finding.kind.value,
                        grade=finding.grade.value,
                        facts=dict(finding.facts),
                        found_at=entry.created_at,
                    )
                )
            rows.append(entry)
    return Made(
        submission.id,
        submission.receipt_number,
        tuple(row.id for row in rows),
        tuple(row.entry_number for row in rows),
        tuple(one.photo_id if one else None for one in stored),
    )


def _store(services: Services, picture: bytes | None) -> _Stored:
    data = picture or tiny_jpeg(next(_running))
    photo_id = services.ids.token()
    renditions = {kind: services.ids.token() for kind in RENDITIONS}
    services.storage.put(f"originals/{photo_id}", data)
    for rendition_id in renditions.values():
        services.storage.put(f"renditions/{rendition_id}", data)
    return _Stored(photo_id, renditions, data)


def _submission(uow, held, *, name, phone, email, state, age_band, now) -> Submission:
    submission = Submission(
        id=uow.ids.token(), edition_id=held.id, state=state, age_band=age_band, created_at=now, updated_at=now
    )
    if state in {SubmissionState.SUBMITTED, SubmissionState.WITHDRAWN}:
        submission.receipt_number = receipt_number(held.year, held.number, held.next_receipt)
        submission.submitted_at = now
        held.next_receipt += 1
    if state is SubmissionState.WITHDRAWN:
        submission.withdrawn_at = now
    if state is SubmissionState.ERASED:
        submission.erased_at = now
    else:
        parsed, number = parse_name(name), parse_phone(phone)
        for column, value in (("name", parsed), ("phone", number.e164), ("email", email)):
            if value is not None:
                sealed = uow.crypto.seal(value, f"submission.{column}:{submission.id}")
                setattr(submission, f"{column}_sealed", sealed)
        submission.name_key = uow.crypto.digest("name", name_key(parsed))
        submission.phone_key = uow.crypto.digest("phone", number.e164)
        submission.person_key = uow.crypto.digest("person", person_material(parsed, number))
    uow.session.add(submission)
    return submission


def _photo(uow: UnitOfWork, held: Edition, submission: Submission, one: _Stored, state: PhotoState) -> None:
    digest = hashlib.sha256(one.data).hexdigest()
    with Image.open(io.BytesIO(one.data)) as image:
        width, height = image.size
    checked = state is PhotoState.CHECKED
    photo = Photo(
        id=one.photo_id, edition_id=held.id, submission_id=submission.id, state=state, sha256=digest,
        bytes=len(one.data), suffix=".jpg", stored_at=submission.created_at, facts={},
        refusal="photo.damaged" if state is PhotoState.REFUSED else None,
    )  # fmt: skip
    if checked:
        photo.format, photo.width, photo.height = "JPEG", width, height
        photo.examined_at = submission.created_at
    uow.session.add(photo)
    uow.session.flush()
    for kind, rendition_id in one.renditions.items() if checked else ():
        uow.session.add(
            Rendition(
                id=rendition_id, photo_id=one.photo_id, kind=kind, sha256=digest, bytes=len(one.data),
                width=width, height=height,
            )
        )  # fmt: skip


def _entry(submission: Submission, ordinal: int, state: EntryState, services: Services) -> Entry:
    now = submission.created_at
    receipt = submission.receipt_number
    entry = Entry(
        id=services.ids.token(), edition_id=submission.edition_id, submission_id=submission.id, ordinal=ordinal,
        entry_number=entry_number(receipt, ordinal) if receipt else None, state=state, latitude=37.4569,
        longitude=126.8955, dong="시흥1동", place_words="안양천 산책로", place_source="map", portrait="none",
        created_at=now, updated_at=now,
    )  # fmt: skip
    if state in {EntryState.FIT, EntryState.UNFIT}:
        entry.screened_at = now
    if state is EntryState.FIT:
        entry.verdict = Verdict.FIT.value
        entry.screened_title, entry.screened_place = "안양천의 아침", "시흥1동"
    if state is EntryState.UNFIT:
        entry.unfit_reason = "outside_district"
    return entry


def _matching(state: SubmissionState) -> EntryState:
    return {
        SubmissionState.SUBMITTED: EntryState.SUBMITTED,
        SubmissionState.WITHDRAWN: EntryState.WITHDRAWN,
        SubmissionState.ERASED: EntryState.WITHDRAWN,
    }.get(state, EntryState.DRAFT)
