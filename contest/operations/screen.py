"""Screening: one person finds a work fit, two find it unfit; until judging begins either can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import exists, select, update

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid, Missing
from contest.domain.screening import Verdict
from contest.domain.screening_decisions import (
    parse_reason,
    require_decidable,
    require_reply_period,
)
from contest.domain.supplements import Outcome
from contest.infra.database import lock_edition
from contest.infra.texts import text
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.models.edition import Edition, Spot
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.photo import Photo, PhotoState
from contest.models.submission import Submission, SubmissionState
from contest.models.supplement import Supplement
from contest.operations.notify import notify, submission_recipient, void_messages
from contest.operations.supplements import close_with_decision
from contest.queries.editions import get_edition, rules_of

CASEWORKERS = (Role.OPERATOR, Role.APPROVER)
SHORTEST_REASON = 5


@dataclass(frozen=True)
class BulkResult:
    """How many works were found fit together, and how many had changed since the page was made."""

    done: int
    skipped: int


def decide_fit(uow: UnitOfWork, entry_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Find a work fit for judging; what was found about it counts as settled by this person.

    Raises Conflict: screening.before_deadline, screening.over, screening.not_open, screening.proposed,
    screening.unchecked.
    """
    actor.require(*CASEWORKERS)
    entry, _ = _open_work(uow, entry_id, now)
    if entry.unfit_proposed_by is not None:
        raise Conflict("screening.proposed")
    _require_checked(uow, entry)
    _find_fit(uow, entry, actor=actor, now=now)


def bulk_fit(
    uow: UnitOfWork, edition_id: str, entry_ids: Iterable[str], *, actor: Actor, now: dt.datetime
) -> BulkResult:
    """Find every one of these works fit about which nothing was found; the others stay as they are."""
    actor.require(*CASEWORKERS)
    _require_time(uow, edition_id, now)
    wanted = set(entry_ids)
    clean = uow.session.scalars(
        select(Entry)
        .join(Submission, Submission.id == Entry.submission_id)
        .join(Photo, Photo.id == Entry.photo_id)
        .where(
            Entry.id.in_(wanted),
            Entry.edition_id == edition_id,
            Entry.state == EntryState.SUBMITTED,
            Entry.verdict == Verdict.FIT.value,
            Entry.unfit_proposed_by.is_(None),
            Submission.state == SubmissionState.SUBMITTED,
            Photo.state == PhotoState.CHECKED,
            ~exists().where(Supplement.entry_id == Entry.id, Supplement.closed_at.is_(None)),
        )
        .order_by(Entry.id)
        .with_for_update(of=Entry)
    ).all()
    for entry in clean:
        _find_fit(uow, entry, actor=actor, now=now)
    return BulkResult(len(clean), len(wanted) - len(clean))


def reverse_together(
    uow: UnitOfWork, edition_id: str, at: dt.datetime, *, actor: Actor, now: dt.datetime
) -> int:
    """Take back what this person found fit together at one instant; how many. Raises Conflict as reverse does."""
    actor.require(*CASEWORKERS)
    _require_time(uow, edition_id, now)
    entries = uow.session.scalars(
        select(Entry)
        .where(
            Entry.edition_id == edition_id,
            Entry.state == EntryState.FIT,
            Entry.screened_by == actor.id,
            Entry.screened_at == at,
        )
        .order_by(Entry.id)
        .with_for_update()
    ).all()
    for entry in entries:
        _undo(uow, entry, actor=actor, now=now)
    return len(entries)


def propose_unfit(
    uow: UnitOfWork, entry_id: str, reason: str, note: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Ask for a work to be found unfit; a second person decides. note: what the entrant is told besides.

    Raises Invalid as parse_reason does, Conflict as decide_fit does.
    """
    actor.require(*CASEWORKERS)
    parsed, plain = parse_reason(reason, note)
    entry, _ = _open_work(uow, entry_id, now)
    if entry.unfit_proposed_by is not None:
        raise Conflict("screening.proposed")
    entry.proposed_reason, entry.unfit_note = parsed.value, plain
    entry.unfit_proposed_by, entry.unfit_proposed_at = actor.id, now
    _note(uow, "entry.unfit_proposed", entry, actor=actor, now=now, reason=parsed.value)


def return_proposal(uow: UnitOfWork, entry_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Send a proposal back, or take one's own back; the work is undecided again."""
    actor.require(*CASEWORKERS)
    entry, _ = _open_work(uow, entry_id, now)
    if entry.unfit_proposed_by is None:
        raise Conflict("screening.not_proposed")
    if actor.role is not Role.APPROVER and actor.id != entry.unfit_proposed_by:
        raise Denied("denied.role")
    _clear(entry)
    _note(uow, "entry.unfit_returned", entry, actor=actor, now=now)


def confirm_unfit(
    uow: UnitOfWork, entry_id: str, reply_until: dt.datetime, *, actor: Actor, now: dt.datetime
) -> None:
    """Find a work unfit as another person proposed, and tell the entrant why and until when to answer.

    Raises Conflict screening.not_proposed, Denied screening.two_persons, Invalid on the reply period.
    """
    actor.require(Role.APPROVER)
    entry, edition = _open_work(uow, entry_id, now)
    if entry.unfit_proposed_by is None or entry.proposed_reason is None:
        raise Conflict("screening.not_proposed")
    if entry.unfit_proposed_by == actor.id:
        raise Denied("screening.two_persons")
    require_reply_period(reply_until, edition.judging_opens, now)
    entry.state, entry.unfit_reason = EntryState.UNFIT, entry.proposed_reason
    entry.screened_by, entry.screened_at, entry.reply_until = actor.id, now, reply_until
    entry.updated_at = now
    uow.session.flush()
    _settle(uow, entry, actor=actor, now=now)
    close_with_decision(uow, entry.id, Outcome.UNMET, actor=actor, now=now)
    _tell(uow, entry, reply_until, now=now)
    _note(uow, "entry.found_unfit", entry, actor=actor, now=now, reason=entry.unfit_reason)


def reverse(uow: UnitOfWork, entry_id: str, reason: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take a decision back: the work is undecided again, a message not yet sent is void.

    An unfit decision is reversed by an approver, with a reason; a fit one needs none.
    Raises Conflict screening.not_decided, Invalid screening.reverse_reason.
    """
    actor.require(*CASEWORKERS)
    entry = _locked(uow, entry_id, now)
    if entry.state not in {EntryState.FIT, EntryState.UNFIT}:
        raise Conflict("screening.not_decided")
    facts: dict[str, str] = {}
    if entry.state is EntryState.UNFIT:
        actor.require(Role.APPROVER)
        if len(" ".join(reason.split())) < SHORTEST_REASON:
            raise Invalid("screening.reverse_reason", field="reason")
        facts["reason"] = fact_digest(entry.id, reason)
        void_messages(uow, _event(entry), now=now)
    _undo(uow, entry, actor=actor, now=now, **facts)


def _undo(uow: UnitOfWork, entry: Entry, *, actor: Actor, now: dt.datetime, **facts: str) -> None:
    facts = {"before": entry.state.value} | facts
    uow.session.execute(
        update(FindingRow)
        .where(FindingRow.entry_id == entry.id, FindingRow.settled_at == entry.screened_at)
        .values(settled_by=None, settled_at=None)
    )
    entry.state, entry.unfit_reason = EntryState.SUBMITTED, None
    entry.screened_by = entry.screened_at = entry.reply_until = None
    _clear(entry)
    entry.updated_at = now
    _note(uow, "entry.screening_reversed", entry, actor=actor, now=now, **facts)


def examine_again(uow: UnitOfWork, entry_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Have a photograph looked at anew that the examination gave up on or has not come to."""
    actor.require(*CASEWORKERS)
    entry = uow.session.get(Entry, entry_id)
    photo = uow.session.get(Photo, entry.photo_id, with_for_update=True) if entry and entry.photo_id else None
    if entry is None or photo is None or photo.state not in {PhotoState.WAITING, PhotoState.PARKED}:
        raise Missing("missing")
    photo.state, photo.attempts = PhotoState.WAITING, 0
    _note(uow, "photo.asked_again", entry, actor=actor, now=now)
    uow.ring("examine", photo_id=photo.id)


def _open_work(uow: UnitOfWork, entry_id: str, now: dt.datetime) -> tuple[Entry, Edition]:
    entry = _locked(uow, entry_id, now)
    submission = uow.session.get_one(Submission, entry.submission_id)
    if entry.state is not EntryState.SUBMITTED or submission.state is not SubmissionState.SUBMITTED:
        raise Conflict("screening.not_open")
    return entry, get_edition(uow.session, entry.edition_id)


def _locked(uow: UnitOfWork, entry_id: str, now: dt.datetime) -> Entry:
    edition_id = uow.session.scalar(select(Entry.edition_id).where(Entry.id == entry_id))
    if edition_id is None:
        raise Missing("missing")
    _require_time(uow, edition_id, now)
    return uow.session.get_one(Entry, entry_id, with_for_update=True, populate_existing=True)


def _require_time(uow: UnitOfWork, edition_id: str, now: dt.datetime) -> None:
    # The edition's lock: nobody begins judging between this look at the stage and the decision.
    lock_edition(uow.session, edition_id)
    edition = get_edition(uow.session, edition_id)
    uow.session.refresh(edition)
    require_decidable(edition.stage, edition.entry_closes, rules_of(edition).entry.grace_minutes, now)


def _require_checked(uow: UnitOfWork, entry: Entry) -> None:
    photo = uow.session.get(Photo, entry.photo_id) if entry.photo_id else None
    if photo is None or photo.state is not PhotoState.CHECKED:
        raise Conflict("screening.unchecked")


def _find_fit(uow: UnitOfWork, entry: Entry, *, actor: Actor, now: dt.datetime) -> None:
    if entry.screened_title is None:
        spot = uow.session.get(Spot, entry.spot_id) if entry.spot_id else None
        entry.screened_title, entry.screened_description = entry.title or "", entry.description
        entry.screened_place = shown_place(spot.name if spot else None, entry.dong, entry.place_words)
    entry.state, entry.screened_by, entry.screened_at, entry.updated_at = EntryState.FIT, actor.id, now, now
    uow.session.flush()
    _settle(uow, entry, actor=actor, now=now)
    close_with_decision(uow, entry.id, Outcome.MET, actor=actor, now=now)
    _note(uow, "entry.found_fit", entry, actor=actor, now=now)
    if entry.photo_id:
        uow.ring("zoom", photo_id=entry.photo_id)


def shown_place(spot: str | None, dong: str | None, words: str | None) -> str | None:
    """A work's place as judges and the public may read it: the dong and the spot, else the words."""
    return " ".join(part for part in (dong, spot) if part) or words


def _settle(uow: UnitOfWork, entry: Entry, *, actor: Actor, now: dt.datetime) -> None:
    uow.session.execute(
        update(FindingRow)
        .where(FindingRow.entry_id == entry.id, FindingRow.settled_at.is_(None))
        .values(settled_by=actor.id, settled_at=now)
    )


def _tell(uow: UnitOfWork, entry: Entry, reply_until: dt.datetime, *, now: dt.datetime) -> None:
    submission = uow.session.get_one(Submission, entry.submission_id)
    assert entry.unfit_reason is not None
    reasons = text(submission.locale, f"unfit_reason.{entry.unfit_reason}")
    if entry.unfit_note:
        reasons = f"{reasons} {entry.unfit_note}"
    notify(
        uow,
        "A8",
        submission_recipient(uow, submission),
        edition_id=entry.edition_id,
        event=_event(entry),
        facts={"receipt": submission.receipt_number or "", "reasons": reasons, "due": reply_until},
        now=now,
    )


def _event(entry: Entry) -> str:
    # A work found unfit again after a reversal is told again.
    assert entry.screened_at is not None
    return f"unfit:{entry.id}:{int(entry.screened_at.timestamp())}"


def _clear(entry: Entry) -> None:
    entry.proposed_reason = entry.unfit_note = None
    entry.unfit_proposed_by = entry.unfit_proposed_at = None


def _note(
    uow: UnitOfWork, action: str, entry: Entry, *, actor: Actor, now: dt.datetime, **facts: str
) -> None:
    uow.note(action, ("entry", entry.id), actor=actor, now=now, edition_id=entry.edition_id, **facts)
