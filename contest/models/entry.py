"""One work (출품작) of a submission, the findings on it, and what screening decided."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.database import Id, Ref, Row, enum_type


class EntryState(enum.StrEnum):
    """Where a work stands. FIT works go on to judging."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # handed in, not screened
    FIT = "fit"
    UNFIT = "unfit"
    WITHDRAWN = "withdrawn"


#: Works handed in and not taken back.
STANDING = (EntryState.SUBMITTED, EntryState.FIT, EntryState.UNFIT)


class Entry(Row):
    """One work. The `screened_*` texts are what judges and the public read."""

    __tablename__ = "entry"
    id: Mapped[Id]
    edition_id: Mapped[Ref] = mapped_column(ForeignKey("edition.id"))
    submission_id: Mapped[Ref] = mapped_column(ForeignKey("submission.id"))
    photo_id: Mapped[str | None] = mapped_column(ForeignKey("photo.id"))
    ordinal: Mapped[int]
    entry_number: Mapped[str | None] = mapped_column(String(24))
    state: Mapped[EntryState] = mapped_column(enum_type(EntryState, "entry_state"))
    title: Mapped[str | None] = mapped_column(String(60))
    description: Mapped[str | None] = mapped_column(Text)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    dong: Mapped[str | None] = mapped_column(String(10))
    spot_id: Mapped[str | None] = mapped_column(ForeignKey("spot.id"))
    place_words: Mapped[str | None] = mapped_column(String(80))
    place_source: Mapped[str | None] = mapped_column(String(10))  # map | dong | spot | words | exif
    taken_on: Mapped[dt.date | None] = mapped_column(Date)  # declared, where EXIF says nothing
    portrait: Mapped[str | None] = mapped_column(String(12))  # none | consented | unsure
    screened_title: Mapped[str | None] = mapped_column(String(60))
    screened_description: Mapped[str | None] = mapped_column(Text)
    screened_place: Mapped[str | None] = mapped_column(String(80))
    alternative_text: Mapped[str | None] = mapped_column(String(200))
    verdict: Mapped[str | None] = mapped_column(String(10))  # of the findings: fit | doubtful | unfit
    unfit_reason: Mapped[str | None] = mapped_column(String(40))
    unfit_note: Mapped[str | None] = mapped_column(Text)
    proposed_reason: Mapped[str | None] = mapped_column(
        String(40)
    )  # asked for, until an approver confirms it
    unfit_proposed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    unfit_proposed_at: Mapped[dt.datetime | None]
    screened_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    screened_at: Mapped[dt.datetime | None]
    reply_until: Mapped[dt.datetime | None]  # the entrant may answer an unfit decision until then
    reply: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    __table_args__ = (
        UniqueConstraint("edition_id", "id"),  # awards point at both
        UniqueConstraint("edition_id", "entry_number"),
        UniqueConstraint("submission_id", "ordinal"),
        Index("ix_entry_edition_id_state", "edition_id", "state"),
        Index("ix_entry_photo_id", "photo_id"),
        CheckConstraint("(state = 'unfit') = (unfit_reason IS NOT NULL)", name="entry_rejected_has_reason"),
        CheckConstraint(
            "state NOT IN ('fit', 'unfit') OR screened_at IS NOT NULL", name="entry_screened_has_time"
        ),
        CheckConstraint(
            "(unfit_proposed_by IS NULL) = (proposed_reason IS NULL)", name="entry_proposal_has_reason"
        ),
        CheckConstraint(
            "state <> 'unfit' OR screened_by IS NULL OR unfit_proposed_by IS NULL"
            " OR screened_by <> unfit_proposed_by",
            name="entry_unfit_two_persons",
        ),
    )


class FindingRow(Row):
    """A 확인 사항 on a work, with the facts a person needs to decide."""

    __tablename__ = "finding"
    id: Mapped[Id]
    entry_id: Mapped[Ref] = mapped_column(ForeignKey("entry.id"))
    kind: Mapped[str] = mapped_column(String(40))
    grade: Mapped[str] = mapped_column(String(10))
    facts: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    found_at: Mapped[dt.datetime]
    settled_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    settled_at: Mapped[dt.datetime | None]
    __table_args__ = (Index("ix_finding_entry_id", "entry_id"),)


class PastResult(Row):
    """What the checks said of a work until they were run again; verdict_after is empty while that goes on."""

    __tablename__ = "past_result"
    id: Mapped[Id]
    entry_id: Mapped[Ref] = mapped_column(ForeignKey("entry.id"))
    errand_id: Mapped[Ref] = mapped_column(ForeignKey("errand.id"))  # which re-check replaced it
    version: Mapped[int]
    verdict: Mapped[str | None] = mapped_column(String(10))
    verdict_after: Mapped[str | None] = mapped_column(String(10))
    findings: Mapped[list[dict[str, object]]] = mapped_column(JSON)  # [{kind, grade, facts, is_settled}]
    is_unread: Mapped[bool]  # the newer program could not read the file: the result before it still stands
    replaced_at: Mapped[dt.datetime]
    __table_args__ = (
        Index("ix_past_result_entry_id", "entry_id"),
        Index("ix_past_result_errand_id", "errand_id"),
    )
