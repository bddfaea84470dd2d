"""Closing a round: every blocker at once, then seal, common numbers, commitment and tally, in one transaction.

A round that deliberates is sealed and committed to here a first time; its tally waits for the end of that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid, Missing
from contest.domain.stages import Stage
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.models.account import Account
from contest.models.entry import Entry, EntryState
from contest.operations.notify import account_recipient, notify
from contest.queries.editions import get_edition
from judging.domain.blinding import common_numbers
from judging.domain.round_rule import RoundRule
from judging.domain.score_chain import seal
from judging.models.deliberation import Deliberation
from judging.models.panel import Judge
from judging.models.round import ChairVote, Round, RoundEntry, RoundState, StandingRow
from judging.operations.commit import commit_to_scores, name_in_public
from judging.operations.reopen import read_result
from judging.operations.rounds import random_bytes
from judging.operations.tally import rank_round, store_standings, tally_again
from judging.queries.blind import seat_of
from judging.queries.commitments import public_numbers
from judging.queries.outcome import sealed_outcome
from judging.queries.readiness import chain_ends, closing
from judging.queries.round_scores import seated
from judging.queries.standings import standings, unresolved, waits


def close_judging(uow: UnitOfWork, edition_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Seal the open round, commit to its scores in public, and store its tally, or what its votes came to.

    Whether extremes fall is decided here, once, from the panel.

    Raises Denied; Conflict `judging.blocked` (count, codes) with everything that stands in the way.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    lock_edition(uow.session, edition_id)
    held = uow.session.scalars(
        select(Round)
        .where(Round.edition_id == edition_id)
        .order_by(Round.ordinal.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if held is None or get_edition(uow.session, edition_id).stage is not Stage.JUDGING:
        raise Conflict("judging.not_begun")
    found = [blocker for blocker in closing(uow.session, edition_id) if not blocker.is_warning]
    if found:
        raise Conflict("judging.blocked", count=len(found), codes=[blocker.code for blocker in found])
    seal_round(uow, held, actor=actor, now=now)


def seal_round(uow: UnitOfWork, held: Round, *, actor: Actor, now: dt.datetime) -> None:
    """Seal a round in whose way nothing stands, as `close_judging` says, or for the first time."""
    edition_id = held.edition_id
    rule = RoundRule.from_document(held.rule)
    panel = seated(uow.session, edition_id, rule.panel)
    everyone = list(uow.session.scalars(select(Judge.id).where(Judge.edition_id == edition_id)))
    held.trim = rule.decide_trim(len(panel))
    works = {
        row.entry_id: row
        for row in uow.session.scalars(
            select(RoundEntry)
            .join(Entry, Entry.id == RoundEntry.entry_id)
            .where(
                RoundEntry.round_id == held.id,
                RoundEntry.withdrawn_at.is_(None),
                Entry.state == EntryState.FIT,
            )
        )
    }
    _number(uow, held, works)
    name_in_public(uow, held, works, everyone)
    if rule.deliberates:
        _seal_first(uow, held, actor=actor, now=now)
    else:
        settle_round(uow, held, actor=actor, now=now)


def _number(uow: UnitOfWork, held: Round, works: Mapping[str, RoundEntry]) -> None:
    """Give each work the number of the panel's documents: that of the earlier round that ranked it, if there was one.

    So one number names one work in the whole standing, whichever round its place comes from.
    """
    before = uow.session.execute(
        select(RoundEntry.entry_id, RoundEntry.common_number)
        .join(Round, Round.id == RoundEntry.round_id)
        .join(
            StandingRow,
            (StandingRow.round_id == RoundEntry.round_id) & (StandingRow.entry_id == RoundEntry.entry_id),
        )
        .where(Round.edition_id == held.edition_id, Round.ordinal < held.ordinal)
    ).all()
    known = {entry: number for entry, number in before if number is not None}
    drawn = {} if set(works) <= set(known) else common_numbers(works, random_bytes(uow))
    for entry, row in works.items():
        row.common_number = known.get(entry) or drawn[entry]


def _seal_first(uow: UnitOfWork, held: Round, *, actor: Actor, now: dt.datetime) -> None:
    """Seal scores as they were given alone. Nobody ranks them yet: the panel may still revise them in the open."""
    held.state = RoundState.DELIBERATING
    digest = _seal_of(uow, held)
    root, salt = commit_to_scores(uow, held)
    uow.session.add(
        Deliberation(round_id=held.id, sealed_at=now, seal=digest, commitment=root, commitment_salt=salt)
    )
    uow.session.flush()
    uow.note(
        "round.sealed_first",
        ("round", held.id),
        actor=actor,
        now=now,
        edition_id=held.edition_id,
        round=RoundRule.from_document(held.rule).name,
        seal=digest,
        commitment=root,
    )


def _seal_of(uow: UnitOfWork, held: Round) -> str:
    panel = seated(uow.session, held.edition_id, RoundRule.from_document(held.rule).panel)
    everyone = list(uow.session.scalars(select(Judge.id).where(Judge.edition_id == held.edition_id)))
    return seal(held.id, chain_ends(uow.session, held.id, everyone), set(everyone) - panel)


def settle_round(uow: UnitOfWork, held: Round, *, actor: Actor, now: dt.datetime) -> None:
    """Seal the scores of a numbered round for good, commit to them, and store what they come to."""
    rule = RoundRule.from_document(held.rule)
    panel = seated(uow.session, held.edition_id, rule.panel)
    held.state, held.sealed_at, held.seal = RoundState.SEALED, now, _seal_of(uow, held)
    held.commitment, held.commitment_salt = commit_to_scores(uow, held)
    uow.session.flush()
    works = len(public_numbers(uow.session, held.id))
    unresolved_ties = 0
    if not rule.is_last:
        held.outcome = sealed_outcome(uow.session, held, panel).to_document()
    if not rule.is_vote:
        ranking = rank_round(uow, held)
        store_standings(uow, held, ranking)
        unresolved_ties = len(ranking.unresolved)
    uow.note(
        "round.sealed",
        ("round", held.id),
        actor=actor,
        now=now,
        edition_id=held.edition_id,
        round=rule.name,
        seal=held.seal,
        commitment=held.commitment,
        works=works,
        judges=len(panel),
        trim=held.trim,
        unresolved=unresolved_ties,
    )


def refuse_results(uow: UnitOfWork, edition_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Keep in the trail that somebody asked for scores before they were sealed; nobody gets them."""
    uow.note("results.refused", ("edition", edition_id), actor=actor, now=now, edition_id=edition_id)


def ask_chair(
    uow: UnitOfWork, edition_id: str, numbers: list[str], *, actor: Actor, now: dt.datetime
) -> None:
    """Note that staff asked the chair to decide a tie, named by common numbers.

    Raises Denied, Conflict `judging.not_sealed`, `chair.no_such_tie`, `panel.no_chair`.
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    read_result(uow, edition_id, actor=actor, now=now)
    ties = [tie for tie in unresolved(standings(uow.session, edition_id)) if not waits(tie)]
    if sorted(numbers) not in [sorted(place.common_number for place in tie) for tie in ties]:
        raise Conflict("chair.no_such_tie")
    chair = uow.session.scalars(
        select(Judge).where(Judge.edition_id == edition_id, Judge.is_chair, Judge.released_at.is_(None))
    ).first()
    if chair is None:
        raise Conflict("panel.no_chair")
    uow.note(
        "chair.asked",
        ("judge", chair.id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        numbers=sorted(numbers),
    )
    edition = get_edition(uow.session, edition_id)
    notify(
        uow,
        "J3",
        account_recipient(uow.session.get_one(Account, chair.account_id)),
        edition_id=edition_id,
        event=f"tie:{'-'.join(sorted(numbers))}",
        facts={"works": ", ".join(sorted(numbers)), "due": edition.verification_opens or now},
        now=now,
    )


def record_chair_vote(
    uow: UnitOfWork, ordered: list[str], reason: str, *, actor: Actor, now: dt.datetime
) -> None:
    """위원장 재심사: the works of one unresolved tie, best first, by common number; the tally is made again.

    Raises Denied `chair.only`, Missing, Conflict `judging.not_sealed`, `chair.no_such_tie`,
    `stage.result_fixed`; Invalid `chair.reason_missing`.
    """
    seat = seat_of(uow.session, actor.id)
    if not seat.is_chair:
        raise Denied("chair.only")
    if not reason.strip():
        raise Invalid("chair.reason_missing", field="reason")
    lock_edition(uow.session, seat.edition_id)
    ties = [tie for tie in unresolved(standings(uow.session, seat.edition_id)) if not waits(tie)]
    tie = next((tie for tie in ties if sorted(place.common_number for place in tie) == sorted(ordered)), None)
    if tie is None:
        raise Conflict("chair.no_such_tie")
    if seat.round_id is None:
        raise Missing("missing")
    entries = {place.common_number: place.entry_id for place in tie}
    uow.session.add(
        ChairVote(
            id=uow.ids.token(),
            round_id=seat.round_id,
            judge_id=seat.judge_id,
            order=[entries[number] for number in ordered],
            reason=reason.strip(),
            at=now,
        )
    )
    uow.session.flush()
    uow.note(
        "chair.voted",
        ("judge", seat.judge_id),
        actor=actor,
        now=now,
        edition_id=seat.edition_id,
        numbers=ordered,
        reason=fact_digest(seat.judge_id, reason.strip()),
    )
    tally_again(uow, seat.edition_id, actor=actor, now=now)
