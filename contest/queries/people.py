"""Submissions for staff: lists with masked personal data, exact search by keys, one submission's page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from contest.domain.errors import Missing
from contest.domain.persons import mask_email, mask_name, parse_phone
from contest.infra.crypto import Crypto
from contest.models.account import Account
from contest.models.consent import Consent
from contest.models.entry import Entry, EntryState
from contest.models.submission import Submission, SubmissionState
from contest.queries.entries import HeldPaper, papers_of

PER_PAGE = 30
#: What can be asked for exactly, and the column it is compared with.
KEYS = {"receipt": "receipt_number", "name": "name_key", "phone": "phone_key"}
LISTED = (SubmissionState.SUBMITTED, SubmissionState.AWAITING_GUARDIAN, SubmissionState.WITHDRAWN)


@dataclass(frozen=True)
class Personal:
    """Personal data as it may be shown; masked unless somebody gave a reason."""

    name: str
    phone: str
    email: str
    guardian_name: str
    guardian_phone: str


@dataclass(frozen=True)
class ListedSubmission:
    """One line of the list."""

    id: str
    receipt_number: str | None
    name: str
    phone: str
    works: int
    state: str
    submitted_at: dt.datetime | None
    is_withdrawal_asked: bool
    is_entered_by_staff: bool


@dataclass(frozen=True)
class People:
    """A page of the list."""

    items: tuple[ListedSubmission, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Kin:
    """Another submission of the same person, name or telephone."""

    id: str
    receipt_number: str | None
    works: int
    is_same_person: bool
    is_same_phone: bool
    is_same_name: bool


@dataclass(frozen=True)
class SubmissionPage:
    """One submission as staff see it."""

    id: str
    edition_id: str
    receipt_number: str | None
    state: str
    age_band: str
    locale: str
    personal: Personal
    is_masked: bool
    created_at: dt.datetime
    submitted_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    withdrawal_asked_at: dt.datetime | None
    guardian_consented_at: dt.datetime | None
    entered_by: str | None
    is_joined: bool
    works: tuple[tuple[str, str | None, str | None, str], ...]
    consents: tuple[tuple[str, str, dt.datetime, dt.datetime | None], ...]
    kin: tuple[Kin, ...]
    members: tuple[str, ...]
    papers: tuple[HeldPaper, ...]

    @property
    def works_of_person(self) -> int:
        """How many works this person has with all submissions taken for theirs."""
        return len(self.works) + sum(one.works for one in self.kin if one.is_same_person)


def load_people(
    session: Session,
    crypto: Crypto,
    edition_id: str,
    *,
    state: str = "",
    key: tuple[str, str] | None = None,
    page: int = 1,
) -> People:
    """Submissions of an edition in the order of their numbers. key: (kind of KEYS, exact value or digest)."""
    wanted: list[ColumnElement[bool]] = [Submission.edition_id == edition_id]
    if state == "asked":
        wanted += [Submission.withdrawal_asked_at.is_not(None), Submission.state == SubmissionState.SUBMITTED]
    elif state in {one.value for one in LISTED}:
        wanted.append(Submission.state == SubmissionState(state))
    else:
        wanted.append(Submission.state.in_(LISTED))
    if key is not None:
        wanted.append(getattr(Submission, KEYS[key[0]]) == key[1])
    total = session.scalar(select(func.count()).select_from(Submission).where(*wanted)) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    rows = session.execute(
        select(Submission, func.count(Entry.id))
        .outerjoin(Entry, and_(Entry.submission_id == Submission.id, Entry.state != EntryState.WITHDRAWN))
        .where(*wanted)
        .group_by(Submission.id)
        .order_by(Submission.receipt_number, Submission.created_at)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    items = []
    for row, works in rows:
        personal = personal_of(crypto, row, masked=True)
        items.append(
            ListedSubmission(
                row.id, row.receipt_number, personal.name, personal.phone, works, row.state.value,
                row.submitted_at, row.withdrawal_asked_at is not None, row.entered_by is not None,
            )
        )  # fmt: skip
    return People(tuple(items), total, page, pages)


def load_submission_page(
    session: Session, crypto: Crypto, submission_id: str, *, masked: bool = True
) -> SubmissionPage:
    """One submission; its personal data in full only where the reason has been noted. Raises Missing."""
    found = session.execute(
        select(Submission, Account.name)
        .outerjoin(Account, Account.id == Submission.entered_by)
        .where(Submission.id == submission_id, Submission.state != SubmissionState.ERASED)
    ).one_or_none()
    if found is None:
        raise Missing("missing")
    row, entered_by = found
    works = session.execute(
        select(Entry.id, Entry.entry_number, Entry.title, Entry.state)
        .where(Entry.submission_id == submission_id)
        .order_by(Entry.ordinal)
    ).all()
    consents = session.execute(
        select(Consent.kind, Consent.given_by, Consent.given_at, Consent.withdrawn_at)
        .where(Consent.submission_id == submission_id)
        .order_by(Consent.given_at, Consent.kind)
    ).all()
    return SubmissionPage(
        id=row.id,
        edition_id=row.edition_id,
        receipt_number=row.receipt_number,
        state=row.state.value,
        age_band=row.age_band,
        locale=row.locale,
        personal=personal_of(crypto, row, masked=masked),
        is_masked=masked,
        created_at=row.created_at,
        submitted_at=row.submitted_at,
        withdrawn_at=row.withdrawn_at,
        withdrawal_asked_at=row.withdrawal_asked_at,
        guardian_consented_at=row.guardian_consented_at,
        entered_by=entered_by,
        is_joined=row.joined_person_key is not None,
        works=tuple((work.id, work.entry_number, work.title, work.state.value) for work in works),
        consents=tuple((one.kind, one.given_by, one.given_at, one.withdrawn_at) for one in consents),
        kin=_kin(session, row),
        members=_members(crypto, row, masked=masked),
        papers=papers_of(session, row.id),
    )


def _members(crypto: Crypto, row: Submission, *, masked: bool) -> tuple[str, ...]:
    sealed = row.members_sealed
    names = crypto.open(sealed, f"submission.members:{row.id}").splitlines() if sealed else []
    return tuple(mask_name(name) if masked else name for name in names)


def _kin(session: Session, row: Submission) -> tuple[Kin, ...]:
    if row.person_key is None:
        return ()
    other = aliased(Submission)
    rows = session.execute(
        select(other, func.count(Entry.id))
        .outerjoin(Entry, and_(Entry.submission_id == other.id, Entry.state != EntryState.WITHDRAWN))
        .where(
            other.edition_id == row.edition_id,
            other.id != row.id,
            other.state == SubmissionState.SUBMITTED,
            (other.person == row.person)
            | (other.person_key == row.person_key)
            | (other.phone_key == row.phone_key),
        )
        .group_by(other.id)
        .order_by(other.receipt_number)
    )
    return tuple(
        Kin(
            one.id,
            one.receipt_number,
            works,
            one.person == row.person,
            one.phone_key == row.phone_key,
            one.name_key == row.name_key,
        )
        for one, works in rows
    )


def personal_of(crypto: Crypto, row: Submission, *, masked: bool) -> Personal:
    """The personal data of a row, opened; empty where there is none."""

    def opened(column: str) -> str:
        sealed: bytes | None = getattr(row, f"{column}_sealed")
        return crypto.open(sealed, f"submission.{column}:{row.id}") if sealed else ""

    def phone(column: str) -> str:
        number = opened(column)
        if not number:
            return ""
        parsed = parse_phone(number)
        return parsed.masked if masked else parsed.display

    def name(column: str) -> str:
        return mask_name(opened(column)) if masked else opened(column)

    email = opened("email")
    if masked and email:
        email = mask_email(email)
    return Personal(name("name"), phone("phone"), email, name("guardian_name"), phone("guardian_phone"))
