"""A 변경 공고 as staff read it before and after it is decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from contest.domain.errors import Missing
from contest.models.account import Account
from contest.models.edition import Amendment
from contest.queries.call import AmendedValue, amended_values


@dataclass(frozen=True)
class AmendmentFile:
    """One 변경 공고 with who proposed and who decided it."""

    ordinal: int
    reason: str
    values: tuple[AmendedValue, ...]
    proposed_by: str
    proposer: str
    proposed_at: dt.datetime
    approver: str
    approved_at: dt.datetime | None
    rejected_at: dt.datetime | None

    @property
    def is_pending(self) -> bool:
        """Whether it waits for its approval."""
        return self.approved_at is None and self.rejected_at is None


def amendment_file(session: Session, edition_id: str, ordinal: int) -> AmendmentFile:
    """One 변경 공고 of an edition. Raises Missing."""
    proposer, approver = aliased(Account), aliased(Account)
    found = session.execute(
        select(Amendment, proposer.name, approver.name)
        .join(proposer, proposer.id == Amendment.proposed_by)
        .outerjoin(approver, approver.id == Amendment.approved_by)
        .where(Amendment.edition_id == edition_id, Amendment.ordinal == ordinal)
    ).one_or_none()
    if found is None:
        raise Missing("missing")
    row, proposed_by, approved_by = found
    return AmendmentFile(
        row.ordinal, row.reason, amended_values(row.changes), row.proposed_by, proposed_by, row.proposed_at,
        approved_by or "", row.approved_at, row.rejected_at,
    )  # fmt: skip
