"""Writing the trail: chained under its own lock, last in the transaction; reading it back whole."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.audit import GENESIS, Act, chain, first_break
from contest.infra.clock import wall
from contest.infra.database import lock_audit
from contest.infra.unit_of_work import PendingAct
from contest.models.audit import AuditRow


def write_trail(session: Session, acts: list[PendingAct]) -> None:
    """Append the acts of one transaction to the chain."""
    lock_audit(session)
    seq, previous = trail_head(session)
    stamp = wall()
    for pending in acts:
        seq += 1
        row = AuditRow(
            seq=seq,
            at=pending.at,
            wall=stamp,
            actor_kind=pending.actor.kind,
            actor_id=pending.actor.id,
            action=pending.action,
            subject_kind=pending.subject_kind,
            subject_id=pending.subject_id,
            edition_id=pending.edition_id,
            facts=pending.facts,
            previous=previous,
        )
        row.digest = previous = chain(previous, as_act(row))
        session.add(row)
    session.flush()


def as_act(row: AuditRow) -> Act:
    """The hashed form of a row; the same from memory and from either database."""
    return Act(
        row.seq, _iso(row.at), _iso(row.wall), row.actor_kind, row.actor_id, row.action,
        row.subject_kind, row.subject_id, row.edition_id, row.facts,
    )  # fmt: skip


def _iso(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).isoformat(timespec="microseconds")


def broken_link(session: Session) -> int | None:
    """The seq of the first row that does not follow its predecessor, or None if the chain is whole."""
    rows = session.scalars(select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=1000))
    try:
        return first_break((as_act(row), row.previous, row.digest) for row in rows)
    finally:
        rows.close()


def trail_head(session: Session) -> tuple[int, str]:
    """The number of the last act and its digest; (0, GENESIS) before the first."""
    row = session.execute(
        select(AuditRow.seq, AuditRow.digest).order_by(AuditRow.seq.desc()).limit(1)
    ).one_or_none()
    return (row.seq, row.digest) if row else (0, GENESIS)
