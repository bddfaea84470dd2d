"""Everything that stands between an edition and opening or closing its judging."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from contest.domain.gates import Blocker
from contest.domain.ruleset import MOST_RANKED, Method
from contest.domain.stages import Stage
from contest.models.entry import Entry, EntryState
from contest.queries.editions import get_edition, rules_of
from judging.domain.opening import PANEL_PAGE, SeatState, blockers_to_open
from judging.domain.readiness import REPAIR_PAGE, ClosingFacts, JudgeState, blockers_to_close
from judging.domain.score_chain import ChainedRevision, ChainedScore, ChainEnd, first_break, genesis
from judging.models.panel import Conflict, Judge
from judging.models.round import Round, RoundEntry, RoundState, ScoreEvent
from judging.queries.dealt import under_quorum
from judging.queries.panel import Member, members, round_of
from judging.queries.repair import waiting_repair
from judging.queries.round_scores import seated


def gate(session: Session, edition_id: str, target: Stage, now: dt.datetime) -> list[Blocker]:
    """What judging says to a stage move: it opens with a jury, and verification waits for the seal."""
    del now
    if target is Stage.JUDGING:
        return [] if round_of(session, edition_id) else opening(session, edition_id)
    if target is Stage.VERIFICATION:
        held = round_of(session, edition_id)
        if held is not None and held.is_deliberating:
            return [Blocker("deliberation.left", link="deliberation.index")]
        if held is None or not held.is_result:
            return [Blocker("judging.not_sealed", link="progress.index")]
    return []


def opening(session: Session, edition_id: str) -> list[Blocker]:
    """Why judging cannot open."""
    rules = rules_of(get_edition(session, edition_id))
    works = session.scalar(
        select(func.count()).where(Entry.edition_id == edition_id, Entry.state == EntryState.FIT)
    )
    seats = [
        SeatState(one.is_external, one.is_chair, one.invited_at is not None)
        for one in members(session, edition_id)
        if one.is_seated
    ]
    too_many = []
    if rules.rounds and rules.rounds[0].method is Method.BALLOT and (works or 0) > MOST_RANKED:
        too_many.append(Blocker("judging.too_many_to_rank", {"works": works or 0, "most": MOST_RANKED}))
    return too_many + blockers_to_open(
        seats, works=works or 0, announced=rules.judges, panels=[one.panel for one in rules.rounds]
    )


def closing(
    session: Session, edition_id: str, *, prove: bool = True, everyone: list[Member] | None = None
) -> list[Blocker]:
    """Why the round cannot be sealed. prove: also recompute every chain of scores, which takes its time.

    everyone: the members of the edition where they are known already; counting their works costs most.
    """
    held = round_of(session, edition_id)
    if held is None:
        return [Blocker("judging.not_begun")]
    if held.state is not RoundState.OPEN:
        return [Blocker("judging.already_sealed")]
    everyone = members(session, edition_id) if everyone is None else everyone
    panel = [one for one in everyone if held.rule.panel.takes(is_external=one.is_external)]
    facts = ClosingFacts(
        panel=tuple(_state(one) for one in panel),
        works=held.works,
        unscreened=session.scalar(
            select(func.count()).where(Entry.edition_id == edition_id, Entry.state == EntryState.SUBMITTED)
        )
        or 0,
        works_without_scores=_orphaned(session, held.round_id, seated(session, edition_id, held.rule.panel)),
    )
    found = blockers_to_close(facts)
    lacking = under_quorum(session, session.get_one(Round, held.round_id)) if held.rule.quorum else {}
    if lacking:
        wanted = {"works": len(lacking), "quorum": held.rule.quorum}
        found.append(Blocker("closing.under_quorum", wanted, REPAIR_PAGE))
    if waiting_repair(session, edition_id):
        found.append(Blocker("judging.repair_waits", link=REPAIR_PAGE))
    names = {one.judge_id: one.name for one in panel}
    if held.rule.is_last and not any(one.is_chair and one.is_seated for one in everyone):
        found.append(Blocker("panel.no_chair", link=PANEL_PAGE))
    found.extend(
        Blocker("judging.release_waits", {"judge": one.name}, PANEL_PAGE)
        for one in panel
        if one.is_seated and one.release_proposed_by is not None
    )
    found.extend(
        Blocker("judging.chain_broken", {"judge": names[judge], "seq": at})
        for judge, at in (chain_breaks(session, held.round_id) if prove else {}).items()
        if at is not None
    )
    return found


def _state(one: Member) -> JudgeState:
    return JudgeState(
        name=one.name,
        assigned=one.works,
        done=one.scored,
        has_finished=one.signed_at is not None,
        has_pledged=one.has_pledged,
        is_released=not one.is_seated,
        is_external=one.is_external,
    )


def chain_breaks(session: Session, round_id: str) -> dict[str, int | None]:
    """Judge -> the seq at which the chain of scores breaks, or None where it is whole."""
    return {
        judge: first_break(round_id, judge, ((as_chained(row), row.previous, row.digest) for row in events))
        for judge, events in _events(session, round_id).items()
    }


def chain_ends(
    session: Session, round_id: str, judges: list[str], *, as_given: bool = False
) -> list[ChainEnd]:
    """How far each judge's chain goes; judges without an event stand at their genesis.

    as_given: as far as its judge scored alone, before any revision.
    """
    held = _events(session, round_id)
    if as_given:
        held = {judge: [row for row in rows if row.reason is None] for judge, rows in held.items()}
    return [
        ChainEnd(
            judge,
            len(held.get(judge, [])),
            held[judge][-1].digest if held.get(judge) else genesis(round_id, judge),
        )
        for judge in sorted(judges)
    ]


def as_chained(row: ScoreEvent) -> ChainedScore:
    """The hashed form of an event; the same from memory and from either database."""
    at = row.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    scored = (row.round_id, row.judge_id, row.seq, row.work_id, row.criterion, row.level, at, row.client_key)
    return ChainedScore(*scored) if row.reason is None else ChainedRevision(*scored, row.reason)


def _events(session: Session, round_id: str) -> dict[str, list[ScoreEvent]]:
    held: dict[str, list[ScoreEvent]] = {}
    for row in session.scalars(
        select(ScoreEvent)
        .where(ScoreEvent.round_id == round_id)
        .order_by(ScoreEvent.judge_id, ScoreEvent.seq)
    ):
        held.setdefault(row.judge_id, []).append(row)
    return held


def _orphaned(session: Session, round_id: str, judges: frozenset[str]) -> tuple[str, ...]:
    """The numbers of works from which every one of these judges has stepped back."""
    stepped_back = exists().where(
        Conflict.judge_id == Judge.id,
        Conflict.entry_id == RoundEntry.entry_id,
        Conflict.withdrawn_at.is_(None),
    )
    free = exists().where(Judge.id.in_(judges), ~stepped_back)
    numbers = session.scalars(
        select(Entry.entry_number)
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .where(
            RoundEntry.round_id == round_id,
            RoundEntry.withdrawn_at.is_(None),
            Entry.state == EntryState.FIT,
            ~free,
        )
        .order_by(Entry.entry_number)
    )
    return tuple(number or "" for number in numbers)
