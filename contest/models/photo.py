"""Stored photographs, what was read from them, their renditions and fingerprints."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row, enum_type


class PhotoState(enum.StrEnum):
    """The state of a photograph's examination (the row is the truth, the job only a doorbell)."""

    WAITING = "waiting"
    CHECKED = "checked"
    REFUSED = "refused"
    PARKED = "parked"  # failed three times; a person looks
    ERASED = "erased"  # the bytes are not kept, fingerprints are: destroyed by retention, or of the library


class Photo(Row):
    """One original, byte for byte under `originals/<id>`; facts are what the examination read."""

    __tablename__ = "photo"
    id: Mapped[Id]
    edition_id: Mapped[str | None] = mapped_column(ForeignKey("edition.id"))  # none: of the library
    submission_id: Mapped[str | None] = mapped_column(ForeignKey("submission.id"))  # unlinked at erasure
    state: Mapped[PhotoState] = mapped_column(enum_type(PhotoState, "photo_state"))
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(BigInteger)
    suffix: Mapped[str] = mapped_column(String(10))
    stored_at: Mapped[dt.datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    refusal: Mapped[str | None] = mapped_column(String(64))
    format: Mapped[str | None] = mapped_column(String(8))
    width: Mapped[int | None]
    height: Mapped[int | None]
    facts: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)  # exif, place, marks
    examined_at: Mapped[dt.datetime | None]
    checked_with: Mapped[int] = mapped_column(default=0)  # CHECK_VERSION of the program that looked at it
    __table_args__ = (
        Index("ix_photo_sha256", "sha256"),
        Index("ix_photo_state", "state"),
        Index("ix_photo_submission_id", "submission_id"),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="photo_refused_iff_refusal"),
        CheckConstraint(
            "edition_id IS NOT NULL OR submission_id IS NULL", name="photo_of_library_is_of_nobody"
        ),
    )


class Rendition(Row):
    """A clean picture made from a photograph: preview, judge, thumb, zoom. Served under its own random id."""

    __tablename__ = "rendition"
    id: Mapped[Id]
    photo_id: Mapped[Ref] = mapped_column(ForeignKey("photo.id"))
    kind: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    __table_args__ = (Index("uq_rendition_photo_id_kind", "photo_id", "kind", unique=True),)


class Fingerprint(Row):
    """Perceptual hashes of a photograph; kept when its bytes are gone, unlinked from persons."""

    __tablename__ = "fingerprint"
    photo_id: Mapped[str] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    pdq: Mapped[bytes] = mapped_column(LargeBinary)  # 32 bytes, upright
    pdq_quality: Mapped[int]
    phash: Mapped[bytes] = mapped_column(LargeBinary)  # imagehash phash, 256 bits
    packed: Mapped[bytes] = mapped_column(LargeBinary)  # all eight orientations: Fingerprint.unpack


class HandMark(Row):
    """A mark of whose camera took a photograph (domain/hand_marks), as a sealed keyed digest.

    Equal marks are different bytes here: nobody compares them in the database.
    """

    __tablename__ = "hand_mark"
    photo_id: Mapped[str] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(10), primary_key=True)  # Mark
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class LocalFeatures(Row):
    """What tells a part of a photograph; kept like the fingerprint when its bytes are gone."""

    __tablename__ = "local_features"
    photo_id: Mapped[str] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)  # Features.unpack; 50 kB
    trimmed: Mapped[bytes | None] = mapped_column(LargeBinary)  # 32 bytes: PDQ within an even border
    attempts: Mapped[int] = mapped_column(default=0)
    compared_at: Mapped[dt.datetime | None]  # null: to be compared with all others; the job only a doorbell
    __table_args__ = (Index("ix_local_features_compared_at", "compared_at"),)


class Pair(Row):
    """Two photographs that may be one; `first_photo_id` was stored earlier. A dismissal is final."""

    __tablename__ = "pair"
    first_photo_id: Mapped[str] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    second_photo_id: Mapped[str] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # Likeness
    pdq_distance: Mapped[int | None]
    phash_distance: Mapped[int | None]
    orientation: Mapped[int] = mapped_column(default=0)  # which of the 8 orientations matched
    alignment: Mapped[dict[str, object] | None] = mapped_column(JSON)  # how the first lies in the second
    found_at: Mapped[dt.datetime]
    decision: Mapped[str | None] = mapped_column(String(10))  # same | distinct
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime | None]
    __table_args__ = (
        Index("ix_pair_second_photo_id", "second_photo_id"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="pair_decided_iff_decided_at"),
        CheckConstraint("first_photo_id <> second_photo_id", name="pair_of_two"),
    )
