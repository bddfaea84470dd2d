"""Whether what judging stored agrees: scores chained and signed, prizes as many and as much as announced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest.domain.stages import Stage
from contest.infra.registry import Check, Fault
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition, PrizeSlot
from contest.queries.editions import rules_of
from judging.models.award import Award
from judging.models.deliberation import DeliberationSignature
from judging.models.panel import Judge
from judging.models.reopening import Reopening
from judging.models.round import Completion, Round
from judging.models.runoff import Runoff
from judging.queries.allocation import allocation_differences, is_allocated
from judging.queries.commitments import root_of, superseded_root, unlike_their_signature
from judging.queries.deliberating import misplaced
from judging.queries.deliberation import deliberation_of
from judging.queries.readiness import chain_breaks, chain_ends
from judging.queries.runoff_record import ballot_breaks, runoff_root, runoff_seal

_DECIDING = (Stage.VERIFICATION, Stage.DECIDED)


def check_scores(services: Services, hashes: bool) -> Iterator[Fault]:
    """Each judge's scores follow one another, and are those that the judge signed."""
    del hashes
    with services.database.read() as session:
        rows = session.execute(select(Judge.id, Account.name).join(Account, Account.id == Judge.account_id))
        names = {row.id: row.name for row in rows}
        for round_id in session.scalars(select(Round.id).order_by(Round.id)).all():
            for judge, seq in sorted(chain_breaks(session, round_id).items()):
                if seq is not None:
                    yield Fault("check.scores", {"judge": names[judge], "seq": seq})
            signed = session.scalars(select(Completion).where(Completion.round_id == round_id)).all()
            ends = {
                end.judge_id: end
                for end in chain_ends(session, round_id, [row.judge_id for row in signed], as_given=True)
            }
            for row in signed:
                end = ends[row.judge_id]
                if (end.events, end.head) != (row.events, row.chain_head):
                    yield Fault("check.completion", {"judge": names[row.judge_id]})
            held = session.get_one(Round, round_id)
            salt = held.commitment_salt
            if salt is not None and root_of(session, held, salt) != held.commitment:
                yield Fault("check.commitment")
            yield from _deliberation(session, held, names)
            for judge, seq in sorted(ballot_breaks(session, round_id).items()):
                yield Fault("check.scores", {"judge": names[judge], "seq": seq})
            for counted in session.scalars(
                select(Runoff).where(Runoff.round_id == round_id, Runoff.closed_at.is_not(None))
            ).all():
                root = runoff_root(session, held, counted, counted.commitment_salt or "")
                if root != counted.commitment or runoff_seal(session, counted) != counted.seal:
                    yield Fault("check.commitment")
            for one in session.scalars(
                select(Reopening).where(Reopening.round_id == round_id, Reopening.confirmed_at.is_not(None))
            ).all():
                if superseded_root(session, one) != one.commitment:
                    yield Fault("check.commitment")
                for judge in unlike_their_signature(session, one):
                    yield Fault("check.completion", {"judge": names[judge]})


def _deliberation(session: Session, held: Round, names: Mapping[str, str]) -> Iterator[Fault]:
    """The first seal covers what was given alone, revisions lie in the time of the deliberation, and were signed."""
    found = deliberation_of(session, held.id)
    if found is None:
        return
    if root_of(session, held, found[0].commitment_salt, as_given=True) != found[0].commitment:
        yield Fault("check.commitment")
    for judge, seqs in sorted(misplaced(session, held.id).items()):
        yield Fault("check.scores", {"judge": names[judge], "seq": seqs[0]})
    signed = session.scalars(
        select(DeliberationSignature).where(DeliberationSignature.round_id == held.id)
    ).all()
    ends = {end.judge_id: end for end in chain_ends(session, held.id, [row.judge_id for row in signed])}
    for row in signed:
        if (ends[row.judge_id].events, ends[row.judge_id].head) != (row.events, row.chain_head):
            yield Fault("check.completion", {"judge": names[row.judge_id]})


def check_prizes(services: Services, hashes: bool) -> Iterator[Fault]:
    """Slots and awards are as many and as much as announced, and allocating again gives the same."""
    del hashes
    with services.database.read() as session:
        for edition in session.scalars(select(Edition).where(Edition.stage != Stage.DRAFT)).all():
            rules = rules_of(edition)
            announced = (rules.prizes.winners, rules.prizes.budget)
            name = f"{edition.year}년 제{edition.number}회"
            facts = {"edition": name, "winners": announced[0], "budget": announced[1]}
            slots = session.execute(
                select(func.count(), func.coalesce(func.sum(PrizeSlot.amount), 0)).where(
                    PrizeSlot.edition_id == edition.id
                )
            ).one()
            if tuple(slots) != announced:
                yield Fault("check.slots", facts | {"count": slots[0], "sum": slots[1]})
            if not is_allocated(session, edition.id):
                continue
            held = session.execute(
                select(func.count(), func.coalesce(func.sum(PrizeSlot.amount), 0))
                .select_from(Award)
                .join(
                    PrizeSlot,
                    (PrizeSlot.edition_id == Award.edition_id) & (PrizeSlot.ordinal == Award.slot_ordinal),
                )
                .where(Award.edition_id == edition.id, Award.revoked_at.is_(None))
            ).one()
            is_full = tuple(held) == announced
            if held[1] > announced[1] or not (
                is_full or rules.may_leave_empty or edition.stage not in _DECIDING
            ):
                yield Fault("check.awards", facts | {"count": held[0], "sum": held[1]})
            if allocation_differences(session, edition):
                yield Fault("check.allocation", {"edition": name})


CHECKS: tuple[Check, ...] = (check_scores, check_prizes)
