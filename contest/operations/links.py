"""Private links of entrants: signed (submission id, epoch), derived when shown or sent, never stored.

The receipt's secret is derived likewise, so that raising the epoch ends link and secret together, and a
double click shows the same secret twice without its being kept anywhere.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.errors import Missing
from contest.infra.crypto import Crypto
from contest.infra.ids import CLEAR_ALPHABET
from contest.models.submission import Submission, SubmissionState

SECRET_LENGTH = 10


@dataclass(frozen=True)
class Opened:
    """What a valid link opens. state as the rows name it: draft, awaiting_guardian, submitted, withdrawn."""

    submission_id: str
    edition_id: str
    epoch: int
    state: str


def sign_link(crypto: Crypto, submission_id: str, epoch: int) -> str:
    """The last part of a submission's private address."""
    return crypto.sign("submission", [submission_id, epoch])


def sign_guardian_link(crypto: Crypto, submission_id: str, epoch: int) -> str:
    """The last part of the address at which a guardian consents."""
    return crypto.sign("guardian", [submission_id, epoch])


def open_link(session: Session, crypto: Crypto, signed: str, *, purpose: str = "submission") -> Opened:
    """What a link opens. Raises Missing: not ours, replaced by a newer one, or its subject erased."""
    value = crypto.unsign(purpose, signed)
    match value:
        case [str(submission_id), int(epoch)]:
            row = session.execute(
                select(Submission.edition_id, Submission.link_epoch, Submission.state).where(
                    Submission.id == submission_id
                )
            ).one_or_none()
            if row and row.link_epoch == epoch and row.state is not SubmissionState.ERASED:
                return Opened(submission_id, row.edition_id, epoch, row.state.value)
    raise Missing("missing")


def secret_of(crypto: Crypto, submission_id: str, epoch: int) -> str:
    """The ten clear letters and digits that open a submission together with its receipt number."""
    digest = crypto.digest("receipt.secret", f"{submission_id}:{epoch}")
    number = int.from_bytes(base64.urlsafe_b64decode(digest + "="))
    letters = []
    for _ in range(SECRET_LENGTH):
        number, at = divmod(number, len(CLEAR_ALPHABET))
        letters.append(CLEAR_ALPHABET[at])
    return "".join(letters)


def secret_digest(crypto: Crypto, receipt_number: str, secret: str) -> str:
    """What the row keeps of a secret, however it was typed."""
    plain = "".join(character for character in secret.upper() if character.isalnum())
    return crypto.digest("receipt.lookup", f"{receipt_number}:{plain}")


def find_by_receipt(session: Session, crypto: Crypto, receipt_number: str, secret: str) -> Opened | None:
    """The submission of a receipt number and secret; None for an unknown number as for a wrong secret."""
    rows = session.scalars(select(Submission).where(Submission.receipt_number == receipt_number)).all()
    given = secret_digest(crypto, receipt_number, secret)
    found = None
    for row in rows:
        if crypto.matches(row.secret_digest or "", given) and row.state is not SubmissionState.ERASED:
            found = Opened(row.id, row.edition_id, row.link_epoch, row.state.value)
    return found


def submission_path(services: Any, session: Session, submission_id: str) -> str | None:
    """The private address of a submission, as messages carry it; None once it is erased."""
    epoch = _epoch(session, submission_id)
    return f"/entry/{sign_link(services.crypto, submission_id, epoch)}" if epoch else None


def guardian_path(services: Any, session: Session, submission_id: str) -> str | None:
    """The address at which a guardian consents; None once the submission is erased."""
    epoch = _epoch(session, submission_id)
    return f"/guardian/{sign_guardian_link(services.crypto, submission_id, epoch)}" if epoch else None


def _epoch(session: Session, submission_id: str) -> int | None:
    return session.scalar(
        select(Submission.link_epoch).where(
            Submission.id == submission_id, Submission.state != SubmissionState.ERASED
        )
    )
