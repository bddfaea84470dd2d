"""Objections filed: what came in, from whom, kept once however often it was sent; tips after the window."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, ContestError, Invalid, Missing
from contest.domain.messages import Fact
from contest.domain.numbers import parse_entry_number
from contest.domain.persons import parse_email, parse_phone
from contest.domain.stages import Stage, has_reached
from contest.infra.crypto import Crypto
from contest.infra.ids import CLEAR_ALPHABET
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.operations.notify import account_recipient, notify, objection_recipient
from contest.operations.throttles import admit, throttle_key
from judging.domain.objections import Category, Kind, case_number, kind_on_arrival, missing_items
from judging.models.objection import Objection, ObjectionFile, ObjectionState
from judging.operations.allocate import locked_edition
from judging.queries.candidates import was_listed

MOST_FILES = 5
MOST_BYTES = 10_000_000
SECRET_LENGTH = 10
#: Reports from one network that wait for nothing.
FREE_REPORTS = 5


@dataclass(frozen=True)
class Report:
    """What an objector wrote. evidence: links, one a line, kept as text; contact: telephone or mail."""

    number: str
    category: str
    facts: str
    evidence: str
    name: str
    contact: str


@dataclass(frozen=True)
class Evidence:
    """A file of evidence that is already stored under `evidence/<id>`."""

    id: str
    name: str
    bytes: int
    sha256: str


def receive_evidence(services: Services, files: Sequence[tuple[str, bytes]]) -> tuple[Evidence, ...]:
    """Store files as they came, outside any transaction; they are only ever downloaded again.

    Raises Invalid `objection.too_many_files` (most), `objection.file_too_big` (most, in MB),
    `objection.empty_file` before anything is stored.
    """
    if len(files) > MOST_FILES:
        raise Invalid("objection.too_many_files", field="files", most=MOST_FILES)
    for _, data in files:
        if len(data) > MOST_BYTES:
            raise Invalid("objection.file_too_big", field="files", most=MOST_BYTES // 1_000_000)
        if not data:
            raise Invalid("objection.empty_file", field="files")
    stored = []
    for name, data in files:
        file = Evidence(services.ids.token(), name[-120:], len(data), hashlib.sha256(data).hexdigest())
        services.storage.put(f"evidence/{file.id}", data)
        stored.append(file)
    return tuple(stored)


def forget_evidence(services: Services, files: Iterable[Evidence]) -> None:
    """Remove stored files that no case took."""
    for file in files:
        services.storage.delete(f"evidence/{file.id}")


def secret_of(crypto: Crypto, submit_key: str) -> str:
    """The 10 characters that open a case's status page; derived, so that a repeated form gets the same."""
    number = int.from_bytes(
        base64.urlsafe_b64decode(crypto.digest("objection.secret", submit_key) + "="), "big"
    )
    letters = []
    for _ in range(SECRET_LENGTH):
        number, at = divmod(number, len(CLEAR_ALPHABET))
        letters.append(CLEAR_ALPHABET[at])
    return "".join(letters)


def secret_digest(crypto: Crypto, objection_id: str, secret: str) -> str:
    """What stands in the row for a secret."""
    return crypto.digest("objection.secret_of", f"{objection_id}:{secret.strip().upper()}")


def clean_contact(text: str) -> str:
    """A telephone number in E.164 or a mail address. Raises Invalid `objection.contact`."""
    parse = parse_email if "@" in text else lambda value: parse_phone(value).e164
    try:
        return parse(text)
    except Invalid as error:
        raise Invalid("objection.contact", field="contact") from error


def listed_entry(uow: UnitOfWork, edition: Edition, number: str) -> Entry:
    """The work of that number that stands or stood in public verification. Raises Invalid `objection.entry`."""
    try:
        receipt, ordinal = parse_entry_number(number)
    except ContestError as error:
        raise Invalid("objection.entry", field="number") from error
    entry = uow.session.scalars(
        select(Entry).where(
            Entry.edition_id == edition.id,
            Entry.entry_number == f"{receipt}-{ordinal}",
            was_listed(edition.id),
        )
    ).one_or_none()
    if entry is None:
        raise Invalid("objection.entry", field="number")
    return entry


def file_objection(
    uow: UnitOfWork,
    edition_id: str,
    report: Report,
    files: Sequence[Evidence] = (),
    *,
    submit_key: str,
    actor: Actor,
    now: dt.datetime,
    wall: dt.datetime,
) -> Objection:
    """One case for one form, however often it is sent; after the window it is kept as a tip.

    A form that somebody else filled in anew (the key of a page left open on a shared computer) is a case of
    its own: nobody is shown another person's.

    A report by staff (received by telephone) may lack evidence: it is then incomplete.
    Raises Conflict `objection.not_open`; Invalid `objection.entry|category|name|contact|facts|evidence`;
    Throttled for a network that reports without end.
    """
    known = uow.session.scalars(select(Objection).where(Objection.submit_key == submit_key)).one_or_none()
    if known is not None:
        if _says_the_same(uow, known, report):
            return known
        submit_key = uow.ids.token()
    by_staff = actor.role is Role.OPERATOR
    if not by_staff:
        admit(uow, throttle_key(uow, "objection", actor.network or ""), wall=wall, free=FREE_REPORTS)
    edition = locked_edition(uow, edition_id)
    kind = _kind(edition, now)
    entry = listed_entry(uow, edition, report.number)
    has_evidence = bool(files) or bool(report.evidence.strip())
    _check(report, has_evidence=has_evidence or by_staff)
    contact = clean_contact(report.contact)
    running = (
        uow.session.scalar(
            select(func.count()).select_from(Objection).where(Objection.edition_id == edition_id)
        )
        or 0
    )
    case_id = uow.ids.token()
    seal = uow.crypto.seal
    objection = Objection(
        id=case_id,
        edition_id=edition_id,
        case_number=case_number(edition.year, edition.number, running + 1),
        entry_id=entry.id,
        category=report.category,
        state=ObjectionState.RECEIVED if has_evidence else ObjectionState.INCOMPLETE,
        is_tip=kind is Kind.TIP,
        submit_key=submit_key,
        secret_digest=secret_digest(uow.crypto, case_id, secret_of(uow.crypto, submit_key)),
        facts_sealed=seal(report.facts.strip(), f"objection.facts:{case_id}"),
        evidence_sealed=seal(report.evidence.strip(), f"objection.evidence:{case_id}"),
        name_sealed=seal(" ".join(report.name.split()), f"objection.name:{case_id}"),
        contact_sealed=seal(contact, f"objection.contact:{case_id}"),
        received_at=now,
        entered_by=actor.id if by_staff else None,
        handler_id=actor.id if by_staff else None,
    )
    uow.session.add(objection)
    uow.session.flush()
    uow.session.add_all(
        ObjectionFile(
            id=file.id,
            objection_id=case_id,
            name_sealed=seal(file.name, f"objection_file.name:{file.id}"),
            bytes=file.bytes,
            sha256=file.sha256,
        )
        for file in files
    )
    uow.session.flush()
    uow.note(
        "objection.received",
        ("objection", case_id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        case=objection.case_number,
        entry=entry.id,
        kind=kind.value,
        files=len(files),
    )
    _tell(uow, edition, objection, entry, name=report.name, contact=contact, now=now)
    return objection


def _says_the_same(uow: UnitOfWork, known: Objection, report: Report) -> bool:
    """Whether a report is word for word the one that is kept."""
    kept = (("facts", report.facts.strip()), ("name", " ".join(report.name.split())))
    for column, said in kept:
        sealed: bytes | None = getattr(known, f"{column}_sealed")
        if sealed is None or uow.crypto.open(sealed, f"objection.{column}:{known.id}") != said:
            return False
    return True


def _kind(edition: Edition, now: dt.datetime) -> Kind:
    opens, closes = edition.verification_opens, edition.verification_closes
    if opens is None or closes is None or not has_reached(edition.stage, Stage.VERIFICATION):
        raise Conflict("objection.not_open", opens=opens)
    return kind_on_arrival(now, opens, closes)


def _check(report: Report, *, has_evidence: bool) -> None:
    if report.category not in set(Category):
        raise Invalid("objection.category", field="category")
    missing = missing_items(
        name=report.name, contact=report.contact, facts=report.facts, evidence=int(has_evidence)
    )
    if missing:
        raise Invalid(f"objection.{missing[0]}", field=missing[0])


def _tell(
    uow: UnitOfWork,
    edition: Edition,
    objection: Objection,
    entry: Entry,
    *,
    name: str,
    contact: str,
    now: dt.datetime,
) -> None:
    due = (
        edition.decides_by if edition.decides_by and edition.decides_by > now else now + dt.timedelta(days=14)
    )
    facts: dict[str, Fact] = {
        "case": objection.case_number,
        "entry": entry.entry_number or "",
        "due": due,
    }
    notify(
        uow, "R1", objection_recipient(objection.id, name, contact),
        edition_id=edition.id, event="received", facts=facts, now=now,
    )  # fmt: skip
    operators = uow.session.scalars(
        select(Account).where(
            Account.role == Role.OPERATOR, Account.disabled_at.is_(None), Account.activated_at.is_not(None)
        )
    )
    for account in operators:
        notify(
            uow, "O4", account_recipient(account),
            edition_id=edition.id, event=f"objection:{objection.id}", facts=facts, now=now,
        )  # fmt: skip


def find_case(uow: UnitOfWork, objection_id: str) -> Objection:
    """A case by id, locked until the commit. Raises Missing."""
    found = uow.session.scalars(
        select(Objection).where(Objection.id == objection_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise Missing("missing")
    return found
