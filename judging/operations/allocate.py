"""Prizes given: the provisional allocation from sealed ranks, its end when the results are decided."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select, update

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict
from contest.domain.stages import Stage
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork
from contest.models.edition import Edition
from contest.models.entry import Entry
from contest.models.submission import Submission
from contest.operations.notify import notify, submission_recipient, void_messages
from contest.queries.editions import get_edition, rules_of
from judging.domain.allocator import allocate
from judging.domain.recomputing import Document, digest_of, holding_document
from judging.models.award import Allocation, Award, Reserve
from judging.operations.reopen import read_result
from judging.queries.allocation import (
    allocation_inputs,
    final_round,
    holding,
    is_allocated,
    latest_allocation,
)
from judging.queries.candidates import listed
from judging.queries.numbers import in_numbers
from judging.queries.one_prize import has_other_persons
from judging.queries.runoff import is_undecided


def locked_edition(uow: UnitOfWork, edition_id: str) -> Edition:
    """The edition as it is now, with allocating, closing and approving serialised until the commit."""
    lock_edition(uow.session, edition_id)
    edition = get_edition(uow.session, edition_id)
    uow.session.refresh(edition)
    return edition


def allocate_prizes(uow: UnitOfWork, edition_id: str, *, actor: Actor, now: dt.datetime) -> Allocation:
    """The provisional prizes of sealed judging; whoever comes second gets what the first one made.

    Where persons were joined or parted since, what was given is taken back and given anew.

    Raises Denied; Conflict `allocation.stage`, `allocation.not_sealed`, `runoff.waits`, and what the
    allocator raises (`allocation.too_few`, `allocation.tie_at_boundary`) with entry numbers.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    edition = locked_edition(uow, edition_id)
    if edition.stage is not Stage.JUDGING:
        raise Conflict("allocation.stage")
    existing = latest_allocation(uow.session, edition_id)
    if existing is not None and is_allocated(uow.session, edition_id):
        if not has_other_persons(uow.session, edition):
            return existing
        _take_back(uow, edition_id, actor, now, ground="persons_changed")
    round_ = final_round(uow.session, edition)
    if round_ is None:
        raise Conflict("allocation.not_sealed")
    read_result(uow, edition_id, actor=actor, now=now)
    if is_undecided(uow.session, edition):
        raise Conflict("runoff.waits")
    inputs = allocation_inputs(uow.session, edition, round_)
    with in_numbers(uow.session):
        result = allocate(inputs.ranking, inputs.scheme, inputs.exclusions, inputs.policy)
    run = store_run(
        uow, edition_id, "provisional", inputs.to_document(), result.to_document(), actor=actor, now=now
    )
    uow.session.add_all(
        new_award(
            uow, edition, run, ordinal=award.slot.ordinal, entry=award.entry, person=award.person, now=now
        )
        for award in result.awards
    )
    for ordinal, candidate in enumerate(result.reserves, start=1):
        # A work may have been a reserve before judging was opened again; its row begins anew.
        uow.session.merge(
            Reserve(
                edition_id=edition_id,
                entry_id=candidate.entry,
                ordinal=ordinal,
                person_key=candidate.person,
                used_at=None,
                dropped_at=None,
            )
        )
    uow.session.flush()
    uow.ring("mark_candidates", edition_id=edition_id)
    uow.ring("make_dossier", edition_id=edition_id)
    return run


def store_run(
    uow: UnitOfWork,
    edition_id: str,
    cause: str,
    inputs: Document,
    result: Document,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Allocation:
    """Keep one run with its digest, as the edition's next version, and put it in the trail."""
    last = uow.session.scalar(select(func.max(Allocation.version)).where(Allocation.edition_id == edition_id))
    run = Allocation(
        id=uow.ids.token(),
        edition_id=edition_id,
        version=(last or 0) + 1,
        cause=cause,
        inputs=dict(inputs),
        result=dict(result),
        digest=digest_of(inputs, result),
        made_at=now,
        made_by=actor.id,
    )
    uow.session.add(run)
    uow.session.flush()
    uow.note(
        f"allocation.{cause}",
        ("allocation", run.id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        version=run.version,
        digest=run.digest,
    )
    return run


def new_award(
    uow: UnitOfWork,
    edition: Edition,
    run: Allocation,
    *,
    ordinal: int,
    entry: str,
    person: str,
    now: dt.datetime,
) -> Award:
    """A work on a slot; final at once where the results are already decided."""
    is_final = edition.stage is Stage.DECIDED
    return Award(
        id=uow.ids.token(),
        edition_id=edition.id,
        slot_ordinal=ordinal,
        entry_id=entry,
        person_key=person,
        allocation_id=run.id,
        state="final" if is_final else "provisional",
        created_at=now,
        decided_at=now if is_final else None,
    )


def settle_awards(uow: UnitOfWork, edition_id: str, stage: Stage, actor: Actor, now: dt.datetime) -> None:
    """With the stage: candidates are told, DECIDED makes awards final, judging opened again takes all back."""
    if stage is Stage.VERIFICATION:
        _tell_candidates(uow, edition_id, now)
    elif stage is Stage.DECIDED:
        _finalise(uow, edition_id, actor, now)
    elif stage is Stage.JUDGING and is_allocated(uow.session, edition_id):
        _take_back(uow, edition_id, actor, now)


def _tell_candidates(uow: UnitOfWork, edition_id: str, now: dt.datetime) -> None:
    """C1 to winners and reserves alike, so that nobody learns from it which of the two they are."""
    edition = get_edition(uow.session, edition_id)
    opens, closes = edition.verification_opens, edition.verification_closes
    if opens is None or closes is None:
        return
    rows = uow.session.execute(
        select(Entry, Submission)
        .join(Submission, Submission.id == Entry.submission_id)
        .where(listed(edition_id))
        .order_by(Entry.entry_number)
    ).all()
    for entry, submission in rows:
        notify(
            uow, "C1", submission_recipient(uow, submission), edition_id=edition_id,
            event=f"verification:{entry.id}",
            facts={
                "receipt": submission.receipt_number or "", "title": entry.screened_title or "",
                "opens": opens, "closes": closes,
            },
            now=now,
        )  # fmt: skip


def _finalise(uow: UnitOfWork, edition_id: str, actor: Actor, now: dt.datetime) -> None:
    edition = get_edition(uow.session, edition_id)
    document = holding_document(holding(uow.session, edition))
    store_run(uow, edition_id, "final", {"before": document}, document, actor=actor, now=now)
    uow.session.execute(
        update(Award)
        .where(Award.edition_id == edition_id, Award.revoked_at.is_(None))
        .values(state="final", decided_at=now)
    )


def _take_back(
    uow: UnitOfWork, edition_id: str, actor: Actor, now: dt.datetime, *, ground: str = "judging_reopened"
) -> None:
    for entry_id in uow.session.scalars(select(Entry.id).where(listed(edition_id))).all():
        void_messages(uow, f"verification:{entry_id}", now=now)
    revoked = uow.session.execute(
        update(Award)
        .where(Award.edition_id == edition_id, Award.revoked_at.is_(None))
        .values(revoked_at=now, revoked_for=ground)
        .returning(Award.id)
    ).all()
    uow.session.execute(
        update(Reserve)
        .where(Reserve.edition_id == edition_id, Reserve.used_at.is_(None), Reserve.dropped_at.is_(None))
        .values(dropped_at=now)
    )
    uow.note(
        "allocation.taken_back",
        ("edition", edition_id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        awards=len(revoked),
        winners=rules_of(get_edition(uow.session, edition_id)).prizes.winners,
    )
