"""What one person hands in, with the personal data sealed."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    func,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row, enum_type


class SubmissionState(enum.StrEnum):
    """Where a submission (응모) stands."""

    DRAFT = "draft"
    AWAITING_GUARDIAN = "awaiting_guardian"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class Submission(Row):
    """One person's 응모. Names and contacts are AEAD-sealed under `submission.<column>:<id>`."""

    __tablename__ = "submission"
    id: Mapped[Id]
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    state: Mapped[SubmissionState] = mapped_column(enum_type(SubmissionState, "submission_state"))
    receipt_number: Mapped[str | None] = mapped_column(String(20))
    secret_digest: Mapped[str | None] = mapped_column(String(64))  # keyed digest of the 10-character secret
    link_epoch: Mapped[int] = mapped_column(default=1)  # raised to kill older links
    submit_key: Mapped[str | None] = mapped_column(
        String(36)
    )  # the form's own id: a double click is one entry
    locale: Mapped[str] = mapped_column(String(5), default="ko")
    age_band: Mapped[str] = mapped_column(String(10))  # adult | teen | child
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    guardian_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    guardian_phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    members_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # of a team, one name a line
    network_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # of the 제출, as a keyed digest
    guardian_consented_at: Mapped[dt.datetime | None]
    name_key: Mapped[str | None] = mapped_column(String(64))
    phone_key: Mapped[str | None] = mapped_column(String(64))
    person_key: Mapped[str | None] = mapped_column(String(64))  # HMAC(name + phone): cap and one-prize rule
    joined_person_key: Mapped[str | None] = mapped_column(String(64))  # staff joined or parted persons
    entered_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))  # 대리접수
    step: Mapped[str] = mapped_column(String(20), default="photos")
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    submitted_at: Mapped[dt.datetime | None]
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawal_asked_at: Mapped[dt.datetime | None]
    erased_at: Mapped[dt.datetime | None]
    __table_args__ = (
        UniqueConstraint("edition_id", "receipt_number"),
        Index("uq_submission_submit_key", "submit_key", unique=True),
        Index("ix_submission_edition_id_person_key", "edition_id", "person_key"),
        Index("ix_submission_edition_id_phone_key", "edition_id", "phone_key"),
        Index("ix_submission_name_key", "name_key"),
        CheckConstraint(
            "state <> 'submitted' OR (receipt_number IS NOT NULL AND submitted_at IS NOT NULL)",
            name="submission_submitted_has_receipt",
        ),
        CheckConstraint(
            "(state = 'erased') = (erased_at IS NOT NULL)", name="submission_erased_iff_erased_at"
        ),
    )

    @hybrid_property
    def person(self) -> str | None:
        """The key that the cap and the one-prize rule go by: as staff joined or parted persons, else as entered."""
        return self.joined_person_key or self.person_key

    @person.inplace.expression
    @classmethod
    def _person(cls) -> ColumnElement[str | None]:
        return func.coalesce(cls.joined_person_key, cls.person_key)


class Upload(Row):
    """A resumable upload: its slices are create-only objects `uploads/<id>/<offset>`."""

    __tablename__ = "upload"
    id: Mapped[Id]
    submission_id: Mapped[Ref] = mapped_column(ForeignKey("submission.id"))
    size: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    suffix: Mapped[str] = mapped_column(String(10))  # of the given name, lower case; the name is not kept
    client_sha256: Mapped[str | None] = mapped_column(String(64))
    replaces_entry_id: Mapped[str | None] = mapped_column(String(32))
    photo_id: Mapped[str | None] = mapped_column(String(32))
    begun_at: Mapped[dt.datetime]  # contest time: the grace rule asks
    expires_at: Mapped[dt.datetime]  # wall time
    __table_args__ = (
        Index("ix_upload_submission_id", "submission_id"),
        CheckConstraint("received >= 0 AND received <= size", name="upload_received_within_size"),
    )
