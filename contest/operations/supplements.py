"""보완요청: staff ask for papers after the deadline, the entrant answers on the private link, staff close it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from contest.domain.actors import Actor, Role
from contest.domain.entry_texts import many_lines
from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.formats import sniff
from contest.domain.screening_decisions import require_decidable
from contest.domain.supplements import MOST_BYTES, MOST_FILES, PAPERS, Outcome, parse_wanted, require_due
from contest.infra.database import lock_edition
from contest.infra.texts import text
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.entry import Entry, EntryState
from contest.models.submission import Submission, SubmissionState
from contest.models.supplement import Supplement, SupplementFile
from contest.operations.notify import notify, submission_recipient, void_messages
from contest.queries.editions import get_edition, rules_of

CASEWORKERS = (Role.OPERATOR, Role.APPROVER)
ANSWER_LENGTH = 2000


@dataclass(frozen=True)
class Paper:
    """A paper whose bytes are durable and which no row names yet."""

    id: str
    name: str
    bytes: int
    sha256: str


def ask_supplement(
    uow: UnitOfWork,
    entry_id: str,
    items: Iterable[str],
    note: str,
    due: dt.datetime | None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> str:
    """Ask for papers about an undecided work and tell the entrant (A6); returns the request's id.

    Raises Invalid as parse_wanted and require_due do, Conflict supplement.open, screening.not_open and what
    require_decidable raises, Missing.
    """
    actor.require(*CASEWORKERS)
    wanted = parse_wanted(items, note)
    edition_id = uow.session.scalar(select(Entry.edition_id).where(Entry.id == entry_id))
    if edition_id is None:
        raise Missing("missing")
    lock_edition(uow.session, edition_id)
    edition = get_edition(uow.session, edition_id)
    uow.session.refresh(edition)
    require_decidable(edition.stage, edition.entry_closes, rules_of(edition).entry.grace_minutes, now)
    entry = uow.session.get_one(Entry, entry_id, with_for_update=True, populate_existing=True)
    submission = uow.session.get_one(Submission, entry.submission_id)
    if entry.state is not EntryState.SUBMITTED or submission.state is not SubmissionState.SUBMITTED:
        raise Conflict("screening.not_open")
    until = require_due(due, edition.judging_opens, now)
    if _open(uow, entry_id) is not None:
        raise Conflict("supplement.open")
    asked = Supplement(
        id=uow.ids.token(), edition_id=edition_id, submission_id=submission.id, entry_id=entry_id,
        items=[item.value for item in wanted.items], note=wanted.note, asked_by=str(actor.id), asked_at=now,
        due_at=until,
    )  # fmt: skip
    uow.session.add(asked)
    uow.session.flush()
    names = [text(submission.locale, f"supplement.item.{item}") for item in wanted.items]
    notify(
        uow,
        "A6",
        submission_recipient(uow, submission),
        edition_id=edition_id,
        event=f"supplement:{asked.id}",
        facts={
            "receipt": submission.receipt_number or "",
            "items": (*names, *([wanted.note] if wanted.note else [])),
            "due": until,
        },
        now=now,
    )
    uow.note(
        "supplement.asked", ("entry", entry_id), actor=actor, now=now, edition_id=edition_id,
        items=asked.items, request=asked.id,
    )  # fmt: skip
    return asked.id


def close_supplement(
    uow: UnitOfWork, supplement_id: str, outcome: str, *, actor: Actor, now: dt.datetime
) -> str:
    """End a request: met, unmet or withdrawn; returns the work's id. Raises Missing, Conflict supplement.closed."""
    actor.require(*CASEWORKERS)
    asked = uow.session.get(Supplement, supplement_id, with_for_update=True)
    if asked is None or outcome not in set(Outcome):
        raise Missing("missing")
    if asked.closed_at is not None:
        raise Conflict("supplement.closed")
    _close(uow, asked, Outcome(outcome), actor=actor, now=now)
    return asked.entry_id


def close_with_decision(
    uow: UnitOfWork, entry_id: str, outcome: Outcome, *, actor: Actor, now: dt.datetime
) -> None:
    """A decision on a work ends the request about it."""
    asked = _open(uow, entry_id)
    if asked is not None:
        _close(uow, asked, outcome, actor=actor, now=now)


def _close(uow: UnitOfWork, asked: Supplement, outcome: Outcome, *, actor: Actor, now: dt.datetime) -> None:
    asked.closed_by, asked.closed_at, asked.outcome = actor.id, now, outcome.value
    void_messages(uow, f"supplement:{asked.id}", now=now)
    uow.note(
        "supplement.closed", ("entry", asked.entry_id), actor=actor, now=now, edition_id=asked.edition_id,
        outcome=outcome.value, request=asked.id,
    )  # fmt: skip


def _open(uow: UnitOfWork, entry_id: str) -> Supplement | None:
    return uow.session.scalars(
        select(Supplement)
        .where(Supplement.entry_id == entry_id, Supplement.closed_at.is_(None))
        .with_for_update()
    ).one_or_none()


def receive_papers(services: Services, files: Sequence[tuple[str, bytes]]) -> tuple[Paper, ...]:
    """Store papers as they came, outside any transaction; nothing here opens them.

    Raises Invalid supplement.file_count, supplement.file_size, supplement.file_kind before anything is stored.
    """
    if len(files) > MOST_FILES:
        raise Invalid("supplement.file_count", field="files", most=MOST_FILES)
    for _, data in files:
        if len(data) > MOST_BYTES:
            raise Invalid("supplement.file_size", field="files", most=MOST_BYTES // 1_000_000)
        if sniff(data[:1024]) not in PAPERS:
            raise Invalid("supplement.file_kind", field="files")
    stored = []
    for name, data in files:
        paper = Paper(services.ids.token(), name[-120:], len(data), hashlib.sha256(data).hexdigest())
        services.storage.put(f"papers/{paper.id}", data)
        stored.append(paper)
    return tuple(stored)


def forget_papers(services: Services, papers: Iterable[Paper]) -> None:
    """Remove stored papers that no request took."""
    for paper in papers:
        services.storage.delete(f"papers/{paper.id}")


def answer_supplement(
    uow: UnitOfWork,
    submission_id: str,
    supplement_id: str,
    answer: str,
    papers: Sequence[Paper],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Answer a request, as often as needed until it is due: words replace the earlier ones, papers are added.

    Raises Missing, Conflict supplement.closed, Invalid supplement.empty, supplement.file_count.
    """
    asked = uow.session.get(Supplement, supplement_id, with_for_update=True)
    if asked is None or asked.submission_id != submission_id:
        raise Missing("missing")
    if asked.closed_at is not None or now >= asked.due_at:
        raise Conflict("supplement.closed")
    words = many_lines(answer)[:ANSWER_LENGTH]
    if not words and not papers:
        raise Invalid("supplement.empty", field="files")
    held = uow.session.scalar(
        select(func.count()).select_from(SupplementFile).where(SupplementFile.supplement_id == asked.id)
    )
    if (held or 0) + len(papers) > MOST_FILES:
        raise Invalid("supplement.file_count", field="files", most=MOST_FILES)
    if words:
        asked.answer_sealed = uow.crypto.seal(words, f"supplement.answer:{asked.id}")
    asked.answered_at = now
    uow.session.add_all(
        SupplementFile(
            id=paper.id, supplement_id=asked.id, bytes=paper.bytes, sha256=paper.sha256, stored_at=now,
            name_sealed=uow.crypto.seal(paper.name, f"supplement_file.name:{paper.id}"),
        )
        for paper in papers
    )  # fmt: skip
    uow.note(
        "supplement.answered", ("entry", asked.entry_id), actor=actor, now=now, edition_id=asked.edition_id,
        request=asked.id, papers=len(papers),
    )  # fmt: skip


def paper_ids(session: Session, submission_id: str) -> list[str]:
    """The papers of a submission, whose bytes go first when it is erased."""
    return list(
        session.scalars(
            select(SupplementFile.id)
            .join(Supplement, Supplement.id == SupplementFile.supplement_id)
            .where(Supplement.submission_id == submission_id)
        )
    )


def erase_papers(uow: UnitOfWork, submission_id: str) -> int:
    """Forget papers and answers whose bytes are gone, and say how many papers; that something was asked stays."""
    asked = uow.session.scalars(select(Supplement).where(Supplement.submission_id == submission_id)).all()
    gone = uow.session.scalars(
        delete(SupplementFile)
        .where(SupplementFile.supplement_id.in_([one.id for one in asked]))
        .returning(SupplementFile.id)
    ).all()
    for one in asked:
        one.answer_sealed = one.note = None
    return len(gone)
