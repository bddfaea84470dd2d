"""A submission as its owner sees it: one frozen value with its works, whatever stage it is in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.consents import ConsentKind
from contest.domain.entry_steps import DraftState, WorkState
from contest.domain.errors import Missing
from contest.domain.papers import PaperKind, papers_needed
from contest.domain.persons import parse_phone
from contest.domain.photo_facts import PhotoFacts
from contest.domain.ruleset import EditionRules
from contest.domain.schedule import Schedule
from contest.domain.screening import Finding, FindingKind, Grade, shown_to_entrant
from contest.infra.crypto import Crypto
from contest.models.consent import Consent
from contest.models.edition import Spot
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.paper import Paper
from contest.models.photo import Photo, Rendition
from contest.models.submission import Submission, SubmissionState
from contest.queries.editions import get_edition, rules_of, schedule_of

_SEALED = ("name", "phone", "email", "guardian_name", "guardian_phone", "members")


@dataclass(frozen=True)
class Picture:
    """A rendition as a page needs it."""

    id: str
    kind: str
    width: int
    height: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Work:
    """One work as its entrant sees it. findings: only those that may be shown to them."""

    entry_id: str
    photo_id: str | None
    ordinal: int
    entry_number: str | None
    state: str
    photo_state: str
    bytes: int
    sha256: str
    width: int | None
    height: int | None
    refusal: str | None
    refusal_facts: Mapping[str, Any]
    facts: PhotoFacts
    findings: tuple[Finding, ...]
    pictures: Mapping[str, Picture]
    title: str | None
    description: str | None
    latitude: float | None
    longitude: float | None
    dong: str | None
    spot_id: str | None
    spot_name: str | None
    place_words: str | None
    place_source: str | None
    taken_on: dt.date | None
    portrait: str | None
    unfit_reason: str | None
    unfit_note: str | None
    reply_until: dt.datetime | None
    reply: str | None
    replied_at: dt.datetime | None

    @property
    def place(self) -> str:
        """The place in words: the spot, else the entrant's own words, with the dong."""
        parts = [self.dong, self.spot_name or self.place_words]
        return " ".join(part for part in parts if part)

    @property
    def day(self) -> dt.date | None:
        """The day of capture: as the file says, else as declared."""
        return self.facts.taken_on or self.taken_on

    @property
    def is_unfit(self) -> bool:
        """Whether the photograph cannot be handed in as it is."""
        return self.photo_state == "refused" or any(f.grade is Grade.UNFIT for f in self.findings)

    @property
    def is_looked_at(self) -> bool:
        """Whether something asks for a person's eye."""
        return any(finding.grade is Grade.DOUBTFUL for finding in self.findings)

    def as_state(self) -> WorkState:
        """What the rules of completeness ask."""
        return WorkState(
            ordinal=self.ordinal,
            photo=self.photo_state,
            title=self.title,
            has_place=self.place_source is not None,
            has_date=self.day is not None or self.photo_state != "checked",
            portrait=self.portrait,
            is_unfit=self.is_unfit,
        )


@dataclass(frozen=True)
class HeldPaper:
    """A paper handed in with an entry: its kind, its format, and when it came and was looked at."""

    id: str
    kind: PaperKind
    format: str
    bytes: int
    sha256: str
    stored_at: dt.datetime
    confirmed_at: dt.datetime | None


def papers_of(session: Session, submission_id: str) -> tuple[HeldPaper, ...]:
    """The papers of a submission, the oldest first."""
    rows = session.scalars(
        select(Paper).where(Paper.submission_id == submission_id).order_by(Paper.stored_at, Paper.id)
    )
    return tuple(
        HeldPaper(
            row.id, PaperKind(row.kind), row.format, row.bytes, row.sha256, row.stored_at, row.confirmed_at
        )
        for row in rows
    )


@dataclass(frozen=True)
class Submitted:
    """A submission with its personal data open: for its owner's pages only."""

    id: str
    edition_id: str
    state: str
    age_band: str
    locale: str
    epoch: int
    name: str | None
    phone: str | None
    email: str | None
    guardian_name: str | None
    guardian_phone: str | None
    members: tuple[str, ...]
    receipt_number: str | None
    submit_key: str | None
    created_at: dt.datetime
    submitted_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    withdrawal_asked_at: dt.datetime | None
    guardian_consented_at: dt.datetime | None
    works: tuple[Work, ...]
    consents: Mapping[ConsentKind, dt.datetime]
    rules: EditionRules
    schedule: Schedule
    stage: str
    edition_number: int
    withdrawn_works: tuple[Work, ...] = field(default=())
    papers: tuple[HeldPaper, ...] = field(default=())

    @property
    def is_child(self) -> bool:
        """Whether the entrant is under 14."""
        return self.age_band == "child"

    def work(self, ordinal: int) -> Work:
        """The work at a place. Raises Missing."""
        for work in self.works:
            if work.ordinal == ordinal:
                return work
        raise Missing("missing")

    def as_state(self) -> DraftState:
        """What the rules of completeness ask."""
        return DraftState(
            works=tuple(work.as_state() for work in self.works),
            cap=self.rules.entry.works_per_person,
            place_required=self.rules.entry.place_required,
            has_person=self.name is not None and self.phone is not None,
            is_child=self.is_child,
            has_guardian=self.guardian_name is not None,
            consents=frozenset(self.consents),
            papers_lacking=tuple(kind.value for kind in PaperKind if kind in self._papers_lacking()),
        )

    def _papers_lacking(self) -> frozenset[PaperKind]:
        needed = papers_needed(
            self.rules.entry,
            portraits=[work.portrait for work in self.works],
            devices=[work.facts.exif.device for work in self.works],
        )
        return needed - {paper.kind for paper in self.papers}


def unfinished_of(session: Session, submission_ids: list[str]) -> list[str]:
    """Those of these submissions that were begun and never handed in."""
    return list(
        session.scalars(
            select(Submission.id).where(
                Submission.id.in_(submission_ids), Submission.state == SubmissionState.DRAFT
            )
        )
    )


def load_submission(session: Session, crypto: Crypto, submission_id: str) -> Submitted:
    """A submission by id. Raises Missing; an erased one is missing."""
    row = session.get(Submission, submission_id)
    if row is None or row.state is SubmissionState.ERASED:
        raise Missing("missing")
    edition = get_edition(session, row.edition_id)
    opened = {name: _open(crypto, row, name) for name in _SEALED}
    works = _works(session, submission_id)
    consents = session.scalars(
        select(Consent).where(Consent.submission_id == submission_id, Consent.withdrawn_at.is_(None))
    )
    return Submitted(
        id=row.id,
        edition_id=row.edition_id,
        state=row.state.value,
        age_band=row.age_band,
        locale=row.locale,
        epoch=row.link_epoch,
        name=opened["name"],
        phone=_display(opened["phone"]),
        email=opened["email"],
        guardian_name=opened["guardian_name"],
        guardian_phone=_display(opened["guardian_phone"]),
        members=tuple((opened["members"] or "").splitlines()),
        papers=papers_of(session, submission_id),
        receipt_number=row.receipt_number,
        submit_key=row.submit_key,
        created_at=row.created_at,
        submitted_at=row.submitted_at,
        withdrawn_at=row.withdrawn_at,
        withdrawal_asked_at=row.withdrawal_asked_at,
        guardian_consented_at=row.guardian_consented_at,
        works=tuple(work for work in works if work.state != EntryState.WITHDRAWN.value),
        withdrawn_works=tuple(work for work in works if work.state == EntryState.WITHDRAWN.value),
        consents={ConsentKind(consent.kind): consent.given_at for consent in consents},
        rules=rules_of(edition),
        schedule=schedule_of(edition),
        stage=edition.stage.value,
        edition_number=edition.number,
    )


def _open(crypto: Crypto, row: Submission, name: str) -> str | None:
    sealed: bytes | None = getattr(row, f"{name}_sealed")
    return crypto.open(sealed, f"submission.{name}:{row.id}") if sealed is not None else None


def _display(phone: str | None) -> str | None:
    return parse_phone(phone).display if phone else None


def _works(session: Session, submission_id: str) -> list[Work]:
    rows = session.execute(
        select(Entry, Photo, Spot.name)
        .outerjoin(Photo, Photo.id == Entry.photo_id)
        .outerjoin(Spot, Spot.id == Entry.spot_id)
        .where(Entry.submission_id == submission_id)
        .order_by(Entry.ordinal)
    ).all()
    entry_ids = [entry.id for entry, _, _ in rows]
    findings: dict[str, list[Finding]] = {}
    for row in session.scalars(
        select(FindingRow).where(FindingRow.entry_id.in_(entry_ids)).order_by(FindingRow.kind)
    ):
        findings.setdefault(row.entry_id, []).append(
            Finding(FindingKind(row.kind), Grade(row.grade), row.facts)
        )
    pictures: dict[str, dict[str, Picture]] = {}
    for one in session.scalars(
        select(Rendition).where(Rendition.photo_id.in_([entry.photo_id for entry, _, _ in rows]))
    ):
        pictures.setdefault(one.photo_id, {})[one.kind] = Picture(
            one.id, one.kind, one.width, one.height, one.bytes, one.sha256
        )
    return [
        _work(entry, photo, spot, findings.get(entry.id, []), pictures.get(entry.photo_id or "", {}))
        for entry, photo, spot in rows
    ]


def _work(
    entry: Entry, photo: Photo | None, spot: str | None, findings: list[Finding], pictures: dict[str, Picture]
) -> Work:
    facts: dict[str, Any] = dict(photo.facts) if photo else {}
    return Work(
        entry_id=entry.id,
        photo_id=entry.photo_id,
        ordinal=entry.ordinal,
        entry_number=entry.entry_number,
        state=entry.state.value,
        photo_state=photo.state.value if photo else "erased",
        bytes=photo.bytes if photo else 0,
        sha256=photo.sha256 if photo else "",
        width=photo.width if photo else None,
        height=photo.height if photo else None,
        refusal=photo.refusal if photo else None,
        refusal_facts=facts.get("refusal") or {},
        facts=PhotoFacts.from_document(facts),
        findings=shown_to_entrant(findings),
        pictures=pictures,
        title=entry.title,
        description=entry.description,
        latitude=entry.latitude,
        longitude=entry.longitude,
        dong=entry.dong,
        spot_id=entry.spot_id,
        spot_name=spot,
        place_words=entry.place_words,
        place_source=entry.place_source,
        taken_on=entry.taken_on,
        portrait=entry.portrait,
        unfit_reason=entry.unfit_reason,
        unfit_note=entry.unfit_note,
        reply_until=entry.reply_until,
        reply=entry.reply,
        replied_at=entry.replied_at,
    )


@dataclass(frozen=True)
class SpotChoice:
    """A photo spot to choose from."""

    id: str
    name: str
    dong: str | None
    latitude: float
    longitude: float


def spot_choices(session: Session, locale: str) -> tuple[SpotChoice, ...]:
    """The published photo spots in the register's order, named in a locale."""
    rows = session.scalars(select(Spot).where(Spot.published).order_by(Spot.position, Spot.name))
    return tuple(
        SpotChoice(
            row.id,
            {"en": row.name_en, "zh": row.name_zh}.get(locale) or row.name,
            row.dong,
            row.latitude,
            row.longitude,
        )
        for row in rows
    )
