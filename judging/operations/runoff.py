"""The panel's run-off of equal works: opened by staff, voted on blind at the desk, counted once, sealed in public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, insert, select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.messages import Fact
from contest.domain.stages import Stage
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork
from contest.models.account import Account
from contest.models.edition import Edition
from contest.operations.notify import account_recipient, notify
from contest.queries.editions import get_edition
from judging.domain.blinding import judge_order
from judging.domain.round_rule import RoundRule
from judging.domain.runoff import check_closing, check_order
from judging.domain.score_chain import link
from judging.models.panel import Judge
from judging.models.round import Round
from judging.models.runoff import Runoff, RunoffBallot, RunoffWork
from judging.operations.reopen import read_result
from judging.operations.tally import tally_again
from judging.queries.ballots import own_numbers
from judging.queries.blind import seat_of
from judging.queries.round_scores import seated
from judging.queries.runoff import may_be_asked, voters_of
from judging.queries.runoff_record import (
    as_chained,
    ballots_of,
    runoff_root,
    runoff_seal,
    scores_end,
    tie_digest,
)
from judging.queries.standings import sealed_round, standings


def open_runoff(
    uow: UnitOfWork,
    edition_id: str,
    numbers: Sequence[str],
    ends_at: dt.datetime,
    *,
    actor: Actor,
    now: dt.datetime,
) -> str:
    """Ask the panel about the works of one waiting tie, named by common numbers, until `ends_at`; the run-off's id.

    Who votes is fixed here: the judges of the round with no interest in any of the works.
    Raises Denied; Conflict `judging.not_sealed`, `runoff.no_such_tie`, `stage.result_fixed`;
    Invalid `runoff.end_past`, `runoff.end_late` (opens).
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    lock_edition(uow.session, edition_id)
    edition = _judged(uow, edition_id)
    if ends_at <= now:
        raise Invalid("runoff.end_past", field="ends")
    if edition.verification_opens is not None and ends_at > edition.verification_opens:
        raise Invalid("runoff.end_late", field="ends", opens=edition.verification_opens)
    read_result(uow, edition_id, actor=actor, now=now)
    if sorted(numbers) not in [sorted(tie.numbers) for tie in may_be_asked(uow.session, edition)]:
        raise Conflict("runoff.no_such_tie")
    held = uow.session.get_one(Round, sealed_round(uow.session, edition_id).round_id)
    entries = sorted(
        place.entry_id for place in standings(uow.session, edition_id) if place.common_number in numbers
    )
    last = uow.session.scalar(select(func.max(Runoff.ordinal)).where(Runoff.round_id == held.id)) or 0
    one = Runoff(
        id=uow.ids.token(),
        round_id=held.id,
        ordinal=last + 1,
        entries=entries,
        tie=tie_digest(entries),
        opened_at=now,
        opened_by=str(actor.id),
        ends_at=ends_at,
    )
    uow.session.add(one)
    uow.session.flush()
    panel = seated(uow.session, edition_id, RoundRule.from_document(held.rule).panel)
    voters = voters_of(uow.session, held, panel, entries)
    for judge in voters:
        _deal(uow, one, judge)
    uow.note(
        "runoff.opened",
        ("round", held.id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        numbers=sorted(numbers),
        judges=len(voters),
    )
    _tell(uow, one, voters, {"works": ", ".join(sorted(numbers)), "due": ends_at}, now)
    return one.id


def cast_ballot(
    uow: UnitOfWork, runoff_id: str, order: Sequence[str], *, actor: Actor, now: dt.datetime
) -> None:
    """A judge's order of the tied works by common number, best first; none: the judge abstains. The last one counts.

    Raises Missing where the judge has no vote; Conflict `runoff.closed`; Invalid `runoff.order`.
    """
    session = uow.session
    seat = seat_of(session, actor.id)
    session.execute(select(Judge.id).where(Judge.id == seat.judge_id).with_for_update())
    one = session.scalars(
        select(Runoff)
        .where(Runoff.id == runoff_id, Runoff.round_id == seat.round_id)
        .with_for_update(read=True)
    ).first()
    if one is None:
        raise Missing("missing")
    named = own_numbers(session, one.id, seat.judge_id)
    if one.closed_at is not None or now >= one.ends_at or seat.stage is not Stage.JUDGING:
        raise Conflict("runoff.closed")
    if order:
        check_order(named, order)
    chosen = [named[number] for number in order]
    known = ballots_of(session, one.id).get(seat.judge_id)
    if known is not None and list(known.order) == chosen:
        return  # sent twice
    seq, previous = _chain_end(uow, one.round_id, seat.judge_id)
    ballot = RunoffBallot(
        round_id=one.round_id,
        judge_id=seat.judge_id,
        seq=seq + 1,
        runoff_id=one.id,
        order=chosen,
        at=now,
        previous=previous,
    )
    ballot.digest = link(previous, as_chained(ballot))
    session.add(ballot)
    session.flush()


def close_runoff(uow: UnitOfWork, runoff_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Count: once everybody has voted, or at the announced end. Sealed and committed to, and the ladder goes on.

    Raises Denied, Missing; Conflict `runoff.closed`, `runoff.votes_missing` (count), `stage.result_fixed`.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    found = uow.session.get(Runoff, runoff_id)
    if found is None:
        raise Missing("missing")
    held = uow.session.get_one(Round, found.round_id)
    lock_edition(uow.session, held.edition_id)
    uow.session.refresh(found, with_for_update=True)
    _judged(uow, held.edition_id)
    if found.closed_at is not None:
        raise Conflict("runoff.closed")
    dealt = set(uow.session.scalars(select(RunoffWork.judge_id).where(RunoffWork.runoff_id == found.id)))
    voters = dealt & seated(uow.session, held.edition_id, RoundRule.from_document(held.rule).panel)
    cast = ballots_of(uow.session, found.id)
    check_closing(voters, cast, is_over=now >= found.ends_at)
    salt = uow.ids.seed().hex()
    ends, root = runoff_seal(uow.session, found), runoff_root(uow.session, held, found, salt)
    found.closed_at, found.closed_by, found.seal = now, str(actor.id), ends
    found.commitment, found.commitment_salt = root, salt
    uow.session.flush()
    uow.note(
        "runoff.closed",
        ("round", held.id),
        actor=actor,
        now=now,
        edition_id=held.edition_id,
        judges=len(voters),
        votes=len(cast),
        seal=found.seal,
        commitment=found.commitment,
    )
    tally_again(uow, held.edition_id, actor=actor, now=now)


def _judged(uow: UnitOfWork, edition_id: str) -> Edition:
    edition = get_edition(uow.session, edition_id)
    uow.session.refresh(edition)
    if edition.stage is not Stage.JUDGING:
        raise Conflict("stage.result_fixed")
    return edition


def _chain_end(uow: UnitOfWork, round_id: str, judge_id: str) -> tuple[int, str]:
    """Where the judge's chain of the round ends: the last ballot, or the last score."""
    last = uow.session.execute(
        select(RunoffBallot.seq, RunoffBallot.digest)
        .where(RunoffBallot.round_id == round_id, RunoffBallot.judge_id == judge_id)
        .order_by(RunoffBallot.seq.desc())
        .limit(1)
    ).first()
    return (last.seq, last.digest) if last else scores_end(uow.session, round_id, judge_id)


def _deal(uow: UnitOfWork, one: Runoff, judge: str) -> None:
    """The works to one voter, in an order and under picture names of the voter's own."""
    order = judge_order(one.entries, uow.ids.seed(), judge)
    uow.session.execute(
        insert(RunoffWork),
        [
            {
                "runoff_id": one.id,
                "judge_id": judge,
                "entry_id": entry,
                "position": position,
                "image_token": uow.ids.token(),
                "zoom_token": uow.ids.token(),
            }
            for position, entry in enumerate(order, start=1)
        ],
    )


def _tell(uow: UnitOfWork, one: Runoff, voters: list[str], facts: dict[str, Fact], now: dt.datetime) -> None:
    edition_id = uow.session.get_one(Round, one.round_id).edition_id
    rows = uow.session.scalars(
        select(Account)
        .join(Judge, Judge.account_id == Account.id)
        .where(Judge.id.in_(voters))
        .order_by(Judge.id)
    )
    for account in rows:
        notify(
            uow,
            "J8",
            account_recipient(account),
            edition_id=edition_id,
            event=f"runoff:{one.id}",
            facts=facts,
            now=now,
        )
