"""What an entrant may take away: everything kept about them, and the photographs they sent in."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.schedule import KST
from contest.infra.storage import Storage
from contest.infra.wiring import Services
from contest.infra.zip_stream import Pack
from contest.models.entry import Entry
from contest.models.photo import Photo, PhotoState
from contest.models.submission import Submission as SubmissionRow
from contest.operations.hand_marks import marks_kept
from contest.queries.entries import Submitted, load_submission

DATA = "data.json"
_SUFFIXES = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "HEIC": ".heic"}


def own_data(services: Services, submission_id: str) -> dict[str, Any]:
    """A submission's data as its owner may take them away; times in Seoul."""
    with services.database.read() as session:
        return _load(services, session, submission_id)


def own_bundle(services: Services, submission_id: str, *, stamp: dt.datetime) -> Pack:
    """The data and every original that is still kept, named by work. stamp: local time of its files."""
    with services.database.read() as session:
        document = _load(services, session, submission_id)
        originals = _originals(session, submission_id)
    data = json.dumps(document, ensure_ascii=False, indent=2).encode()
    kept = [one for one in originals if services.storage.exists(f"originals/{one[1]}")]
    photographs = [(name, size, _reader(services.storage, photo_id)) for name, photo_id, size in kept]
    return Pack(((DATA, len(data), lambda: [data]), *photographs), stamp)


def _originals(session: Session, submission_id: str) -> list[tuple[str, str, int]]:
    """(file name, photograph, bytes) of each work; the name is made of numbers, nothing anybody typed."""
    rows = session.execute(
        select(Entry.ordinal, Entry.entry_number, Photo.id, Photo.format, Photo.bytes)
        .join(Photo, Photo.id == Entry.photo_id)
        .where(Entry.submission_id == submission_id, Photo.state != PhotoState.ERASED)
        .order_by(Entry.ordinal)
    )
    return [
        (
            f"{row.entry_number or f'work-{row.ordinal}'}{_SUFFIXES.get(row.format or '', '.bin')}",
            row.id,
            row.bytes,
        )
        for row in rows
    ]


def _reader(storage: Storage, photo_id: str) -> Callable[[], Iterable[bytes]]:
    return lambda: storage.stream(f"originals/{photo_id}")


def _load(services: Services, session: Session, submission_id: str) -> dict[str, Any]:
    kept = marks_kept(session, submission_id)
    row = session.get_one(SubmissionRow, submission_id)
    network = ["network"] if row.network_sealed is not None else []
    document = _document(load_submission(session, services.crypto, submission_id))
    return document | {"kept_unreadable": kept + network}


def _document(submission: Submitted) -> dict[str, Any]:

    def at(instant: Any) -> str | None:
        return instant.astimezone(KST).isoformat(timespec="seconds") if instant else None

    return {
        "receipt_number": submission.receipt_number,
        "state": submission.state,
        "age_band": submission.age_band,
        "name": submission.name,
        "phone": submission.phone,
        "email": submission.email,
        "guardian_name": submission.guardian_name,
        "guardian_phone": submission.guardian_phone,
        "members": list(submission.members),
        "papers": [
            {"kind": paper.kind.value, "format": paper.format, "bytes": paper.bytes, "sha256": paper.sha256}
            for paper in submission.papers
        ],
        "created_at": at(submission.created_at),
        "submitted_at": at(submission.submitted_at),
        "consents": {kind.value: at(given) for kind, given in submission.consents.items()},
        "works": [
            {
                "entry_number": work.entry_number,
                "state": work.state,
                "title": work.title,
                "description": work.description,
                "place": work.place,
                "latitude": work.latitude,
                "longitude": work.longitude,
                "taken_on": work.day.isoformat() if work.day else None,
                "people": work.portrait,
                "bytes": work.bytes,
                "sha256": work.sha256,
                "width": work.width,
                "height": work.height,
                "device": work.facts.exif.device,
                "reply": work.reply,
            }
            for work in (*submission.works, *submission.withdrawn_works)
        ],
    }
