"""What the allocator is fed with, what it left behind, and whether computing it again gives the same."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from contest.domain.prizes import Slot
from contest.domain.stages import Stage
from contest.models.edition import Edition, PrizeSlot
from contest.models.entry import Entry, EntryState
from contest.models.submission import Submission
from contest.queries.editions import rules_of
from judging.domain.allocator import AllocationInputs, AllocationPolicy, Award, Candidate
from judging.domain.recomputing import holding_document, is_reproduced
from judging.domain.succession import Holding
from judging.models.award import Allocation, Exclusion, Reserve
from judging.models.award import Award as AwardRow
from judging.models.round import ChairVote, Round, RoundState, StandingRow
from judging.queries.standings import final_ranks


def final_round(session: Session, edition: Edition) -> Round | None:
    """The last round of the edition once every round is sealed; None before."""
    rounds = session.scalars(
        select(Round).where(Round.edition_id == edition.id).order_by(Round.ordinal)
    ).all()
    if len(rounds) < len(rules_of(edition).rounds) or any(r.state is not RoundState.SEALED for r in rounds):
        return None
    return rounds[-1]


def allocation_inputs(session: Session, edition: Edition, round_: Round) -> AllocationInputs:
    """Everything the provisional allocation depends on: ranks, scheme, exclusions and policy."""
    rules = rules_of(edition)
    rows = session.execute(
        select(Entry.id, Entry.state, func.coalesce(Submission.person, Submission.id))
        .join(Submission, Submission.id == Entry.submission_id)
        .where(Entry.id.in_(select(StandingRow.entry_id).where(StandingRow.round_id.in_(_rounds_of(round_)))))
    ).all()
    ranks = final_ranks(session, edition.id)
    ranking = []
    decided = session.scalars(
        select(Exclusion).where(Exclusion.edition_id == edition.id, Exclusion.confirmed_at.is_not(None))
    )
    exclusions = {exclusion.entry_id: exclusion.ground for exclusion in decided}
    placed = sorted(
        (ranks[row.id], row) for row in rows if row.id in ranks
    )  # who left between rounds has no place
    for rank, (entry, state, person) in placed:
        # Where a person may win more than once, every work stands for itself.
        ranking.append(Candidate(entry, rank, person if rules.one_prize_per_person else entry))
        if state is not EntryState.FIT:
            exclusions.setdefault(entry, state.value)
    policy = AllocationPolicy(
        one_per_person=rules.one_prize_per_person,
        reserves=rules.reserves,
        succession=rules.succession.value,
        may_leave_empty=rules.may_leave_empty,
    )
    return AllocationInputs(tuple(ranking), rules.prizes, exclusions, policy)


def _rounds_of(last: Round) -> Select[str]:
    """The rounds of the edition up to the last one."""
    return select(Round.id).where(Round.edition_id == last.edition_id)


def latest_allocation(session: Session, edition_id: str) -> Allocation | None:
    """The newest stored run, whatever caused it; None before the first."""
    return session.scalars(
        select(Allocation)
        .where(Allocation.edition_id == edition_id)
        .order_by(Allocation.version.desc())
        .limit(1)
    ).first()


def runs(session: Session, edition_id: str) -> tuple[Allocation | None, list[Any]]:
    """The last allocation from ranks, and the successions after it."""
    runs = session.scalars(
        select(Allocation).where(Allocation.edition_id == edition_id).order_by(Allocation.version)
    ).all()
    first = next((at for at in reversed(range(len(runs))) if runs[at].cause == "provisional"), None)
    if first is None:
        return None, []
    return runs[first], [run for run in runs[first + 1 :] if run.cause == "succession"]


def walked(run: Allocation | None) -> dict[str, str]:
    """Entry -> what the walk down the ranks did with it (a step's kind); works behind its end are not named."""
    steps: list[list[Any]] = list(cast("Any", run.result["steps"])) if run else []
    return {step[1]: step[0] for step in steps if step[1] is not None}


def is_allocated(session: Session, edition_id: str) -> bool:
    """Whether any award stands or any reserve waits."""
    award = session.scalars(
        select(AwardRow.id).where(AwardRow.edition_id == edition_id, AwardRow.revoked_at.is_(None)).limit(1)
    ).first()
    reserve = session.scalars(
        select(Reserve.entry_id)
        .where(Reserve.edition_id == edition_id, Reserve.used_at.is_(None), Reserve.dropped_at.is_(None))
        .limit(1)
    ).first()
    return award is not None or reserve is not None


def holding(session: Session, edition: Edition) -> Holding:
    """Who holds what now, from the rows: live awards, waiting reserves, empty slots. Six queries."""
    round_ = final_round(session, edition)
    ranks = final_ranks(session, edition.id) if round_ is not None else {}
    live = session.scalars(
        select(AwardRow).where(AwardRow.edition_id == edition.id, AwardRow.revoked_at.is_(None))
    )
    held = {row.slot_ordinal: row for row in live}
    awards, vacant = [], []
    for row in session.scalars(
        select(PrizeSlot).where(PrizeSlot.edition_id == edition.id).order_by(PrizeSlot.ordinal)
    ):
        slot = Slot(row.ordinal, row.tier_code, row.amount)
        award = held.get(row.ordinal)
        if award is None:
            vacant.append(slot)
        else:
            awards.append(Award(slot, award.entry_id, award.person_key, ranks[award.entry_id]))
    waiting = session.scalars(
        select(Reserve)
        .where(Reserve.edition_id == edition.id, Reserve.used_at.is_(None), Reserve.dropped_at.is_(None))
        .order_by(Reserve.ordinal)
    )
    reserves = tuple(Candidate(r.entry_id, ranks[r.entry_id], r.person_key) for r in waiting)
    return Holding(tuple(awards), reserves, tuple(vacant))


def chair_order(session: Session, edition: Edition) -> dict[str, int]:
    """Entry -> place in the chair's newest re-vote that names it; 1 is best."""
    votes = session.scalars(
        select(ChairVote)
        .join(Round, Round.id == ChairVote.round_id)
        .where(Round.edition_id == edition.id)
        .order_by(ChairVote.at)
    )
    return {entry: place for vote in votes for place, entry in enumerate(vote.order, start=1)}


def allocation_differences(session: Session, edition: Edition) -> list[str]:
    """Codes of what does not agree when everything stored is computed again; empty if all is as it was.

    Each run must give its digest, begin where the one before it ended, and the rows must say what the
    last one says.
    """
    runs = session.scalars(
        select(Allocation).where(Allocation.edition_id == edition.id).order_by(Allocation.version)
    ).all()
    if not runs or not is_allocated(session, edition.id):
        return ["verify.no_allocation"]
    ended: Holding | None = None
    for run in runs:
        ended = is_reproduced(run.cause, run.inputs, run.result, run.digest, ended)
        if ended is None:
            return ["verify.run_differs"]
    if holding_document(holding(session, edition)) != (ended and holding_document(ended)):
        return ["verify.rows_differ"]
    return []


def verified_entries(session: Session, edition_id: str) -> frozenset[str]:
    """Ids of the works that the public saw in verification: winners and reserves of the allocation it showed."""
    shown = session.scalars(
        select(Allocation)
        .where(Allocation.edition_id == edition_id, Allocation.cause == "provisional")
        .order_by(Allocation.version.desc())
        .limit(1)
    ).first()
    if shown is None:
        return frozenset()
    result: dict[str, list[list[str]]] = shown.result  # type: ignore[assignment]  # as the allocator wrote it
    return frozenset([row[3] for row in result["awards"]] + [row[0] for row in result["reserves"]])


def editions_in_the_balance(session: Session) -> tuple[str, ...]:
    """Editions that are allocated but not decided."""
    return tuple(
        session.scalars(
            select(Edition.id).where(
                Edition.stage.in_([Stage.JUDGING, Stage.VERIFICATION]),
                Edition.id.in_(select(AwardRow.edition_id).where(AwardRow.revoked_at.is_(None))),
            )
        )
    )


def edition_named(session: Session, name: str) -> Edition | None:
    """The edition called YEAR-NUMBER, such as 2024-2, or None."""
    year, _, number = name.partition("-")
    if not (year.isdigit() and number.isdigit()):
        return None
    return session.scalars(
        select(Edition).where(Edition.year == int(year), Edition.number == int(number))
    ).one_or_none()
