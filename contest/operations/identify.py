"""Keys by which persons are compared without being read: keyed digests of name, number, and both."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from contest.domain.persons import Phone, name_key, parse_phone, person_material
from contest.infra.crypto import Crypto
from contest.infra.unit_of_work import UnitOfWork
from contest.models.entry import STANDING, Entry
from contest.models.submission import Submission, SubmissionState


@dataclass(frozen=True)
class PersonKeys:
    """43-character digests: of the name, of the number, of the person (name and number)."""

    name: str
    phone: str
    person: str


def person_keys(crypto: Crypto, name: str, phone: Phone) -> PersonKeys:
    """The keys of a parsed name and number; the same for every way of writing them."""
    return PersonKeys(
        name=name_digest(crypto, name),
        phone=phone_digest(crypto, phone),
        person=crypto.digest("person", person_material(name, phone)),
    )


def name_digest(crypto: Crypto, name: str) -> str:
    """The key of a name, for exact search."""
    return crypto.digest("name", name_key(name))


def phone_digest(crypto: Crypto, phone: Phone) -> str:
    """The key of a number, for exact search."""
    return crypto.digest("phone", phone.e164)


def open_name(crypto: Crypto, submission: Submission) -> str | None:
    """The entrant's name, or None while there is none."""
    if submission.name_sealed is None:
        return None
    return crypto.open(submission.name_sealed, f"submission.name:{submission.id}")


def open_phone(crypto: Crypto, submission: Submission) -> Phone | None:
    """The entrant's number, or None while there is none."""
    if submission.phone_sealed is None:
        return None
    return parse_phone(crypto.open(submission.phone_sealed, f"submission.phone:{submission.id}"))


def open_email(crypto: Crypto, submission: Submission) -> str | None:
    """The entrant's mail address, if one was given."""
    if submission.email_sealed is None:
        return None
    return crypto.open(submission.email_sealed, f"submission.email:{submission.id}")


def open_guardian(crypto: Crypto, submission: Submission) -> tuple[str, Phone] | None:
    """The guardian's name and number, or None where there is none."""
    if submission.guardian_name_sealed is None or submission.guardian_phone_sealed is None:
        return None
    return (
        crypto.open(submission.guardian_name_sealed, f"submission.guardian_name:{submission.id}"),
        parse_phone(
            crypto.open(submission.guardian_phone_sealed, f"submission.guardian_phone:{submission.id}")
        ),
    )


def count_works(uow: UnitOfWork, submission: Submission) -> int:
    """How many works the same person has in other submissions of the edition."""
    person = submission.person
    if person is None:
        return 0
    return (
        uow.session.scalar(
            select(func.count())
            .select_from(Entry)
            .join(Submission, Submission.id == Entry.submission_id)
            .where(
                Submission.edition_id == submission.edition_id,
                Submission.id != submission.id,
                Submission.person == person,
                Submission.state == SubmissionState.SUBMITTED,
                Entry.state.in_(STANDING),
            )
        )
        or 0
    )
