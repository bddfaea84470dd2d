"""Opening a sealed round again: asked for by one, confirmed by another, the seal kept as superseded, judges told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import delete, select, update

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid, Missing
from contest.domain.korean import with_particle
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork, fact_digest
from contest.models.account import Account
from contest.operations.notify import account_recipient, notify
from judging.domain.reopening import check_terms, digest_of, why_not
from judging.domain.round_rule import RoundRule
from judging.models.panel import Judge
from judging.models.reopening import Reopening
from judging.models.round import Completion, Round, RoundEntry, RoundState, StandingRow
from judging.queries.commitments import public_numbers
from judging.queries.reopening import Closed, closed_round
from judging.queries.round_scores import seated
from judging.queries.rounds import last_round

MAX_REASON = 500
OWN_TASK = "점수를 고칠 수 있습니다. 고치지 않으셔도 다시 서명해 주세요."
NO_TASK = "위원님의 점수와 서명은 그대로이며 하실 일은 없습니다."


def propose_reopening(
    uow: UnitOfWork,
    edition_id: str,
    judges: Collection[str],
    ends: dt.datetime,
    reason: str,
    *,
    actor: Actor,
    now: dt.datetime,
) -> str:
    """An operator asks that the last round be opened again for these judges until then; the request's id.

    reason: published with the superseded seal. Raises Denied; Conflict with why it stays closed, or
    `reopening.waits`; Invalid `reopening.reason_missing`, `reopening.reason_long`, `reopening.reason_names`
    (name), and from the terms.
    """
    actor.require(Role.OPERATOR)
    found = _closed(uow, edition_id, now)
    if found.waiting is not None:
        raise Conflict("reopening.waits")
    said = reason.strip()
    if not said:
        raise Invalid("reopening.reason_missing", field="reason")
    if len(said) > MAX_REASON:
        raise Invalid("reopening.reason_long", field="reason", most=MAX_REASON)
    named = next((name for _, name in found.signed if name in said), None)
    if named is not None:
        raise Invalid("reopening.reason_names", field="reason", name=named)
    check_terms(found.state, judges, {judge for judge, _ in found.signed}, ends, now)
    asked = Reopening(
        id=uow.ids.token(),
        round_id=found.round.id,
        judges=sorted(judges),
        ends_at=ends,
        reason=said,
        shown=digest_of(found.round.seal or "", judges, ends),
        proposed_by=str(actor.id),
        proposed_at=now,
    )
    uow.session.add(asked)
    _keep(uow, "reopening_proposed", asked, edition_id=edition_id, actor=actor, now=now)
    return asked.id


def drop_reopening(uow: UnitOfWork, reopening_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take the request back, or refuse it. Raises Denied, Missing, Conflict `repair.decided`."""
    actor.require(Role.OPERATOR, Role.APPROVER)
    asked, edition_id = _asked(uow, reopening_id)
    asked.dropped_at = now
    _keep(uow, "reopening_dropped", asked, edition_id=edition_id, actor=actor, now=now)


def confirm_reopening(
    uow: UnitOfWork, reopening_id: str, shown: str, *, actor: Actor, now: dt.datetime
) -> None:
    """An approver confirms, and scores of the named judges are taken again; the seal is out of force but kept.

    Raises Denied (also `repair.same_person`), Missing, Conflict `repair.decided`, `repair.changed` where the
    seal or the request is not what was shown, or with why the round stays closed; Invalid from the terms.
    """
    actor.require(Role.APPROVER)
    asked, edition_id = _asked(uow, reopening_id)
    if asked.proposed_by == actor.id:
        raise Denied("repair.same_person")
    found = _closed(uow, edition_id, now)
    held = found.round
    check_terms(found.state, asked.judges, {judge for judge, _ in found.signed}, asked.ends_at, now)
    digest = digest_of(held.seal or "", asked.judges, asked.ends_at)
    if held.id != asked.round_id or digest != shown or digest != asked.shown:
        raise Conflict("repair.changed")
    _supersede(uow, held, asked, actor, now)
    _keep(uow, "reopened", asked, edition_id=edition_id, actor=actor, now=now)
    _tell(uow, held, asked, now)


def read_result(uow: UnitOfWork, edition_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Keep that somebody reads what the sealed last round came to: from the first time on it stays closed.

    Raises Conflict `judging.not_sealed` where it was opened again meanwhile.
    """
    lock_edition(uow.session, edition_id)
    held = last_round(uow.session, edition_id)
    if held is None or held.state is not RoundState.SEALED:
        raise Conflict("judging.not_sealed")
    if held.result_read_at is None:
        held.result_read_at = now
        uow.note("round.result_read", ("round", held.id), actor=actor, now=now, edition_id=edition_id)


def _closed(uow: UnitOfWork, edition_id: str, now: dt.datetime) -> Closed:
    lock_edition(uow.session, edition_id)
    found = closed_round(uow.session, edition_id)
    if found is None:
        raise Conflict("judging.not_begun")
    refusal = why_not(found.state, now)
    if refusal:
        raise Conflict(refusal)
    return found


def _asked(uow: UnitOfWork, reopening_id: str) -> tuple[Reopening, str]:
    """The undecided request, locked with its edition. Raises Missing, Conflict `repair.decided`."""
    asked = uow.session.get(Reopening, reopening_id)
    if asked is None:
        raise Missing("missing")
    edition_id = uow.session.get_one(Round, asked.round_id).edition_id
    lock_edition(uow.session, edition_id)
    uow.session.refresh(asked, with_for_update=True)
    if asked.confirmed_at is not None or asked.dropped_at is not None:
        raise Conflict("repair.decided")
    return asked, edition_id


def _supersede(uow: UnitOfWork, held: Round, asked: Reopening, actor: Actor, now: dt.datetime) -> None:
    """Keep everything the old seal was made of, and take from the round what a new one will make."""
    session = uow.session
    signed = session.scalars(
        select(Completion).where(Completion.round_id == held.id, Completion.judge_id.in_(asked.judges))
    ).all()
    asked.confirmed_by, asked.confirmed_at = str(actor.id), now
    asked.sealed_at, asked.seal = held.sealed_at, held.seal
    asked.commitment, asked.commitment_salt = held.commitment, held.commitment_salt
    asked.numbers, asked.pseudonyms = public_numbers(session, held.id), held.pseudonyms
    asked.signatures = [
        {
            "judge": one.judge_id,
            "signed_at": one.signed_at.isoformat(),
            "events": one.events,
            "chain_head": one.chain_head,
            "text": one.text,
            "text_digest": one.text_digest,
        }
        for one in signed
    ]
    session.execute(
        delete(Completion).where(Completion.round_id == held.id, Completion.judge_id.in_(asked.judges))
    )
    session.execute(delete(StandingRow).where(StandingRow.round_id == held.id))
    session.execute(
        update(RoundEntry)
        .where(RoundEntry.round_id == held.id)
        .values(common_number=None, public_number=None)
    )
    held.state, held.sealed_at, held.seal, held.trim = RoundState.OPEN, None, None, None
    held.commitment = held.commitment_salt = held.pseudonyms = held.outcome = None
    held.closes_at = asked.ends_at
    session.flush()


def _tell(uow: UnitOfWork, held: Round, asked: Reopening, now: dt.datetime) -> None:
    """Every judge of the round learns that it was opened again, and whether there is anything to do."""
    rule = RoundRule.from_document(held.rule)
    panel = seated(uow.session, held.edition_id, rule.panel)
    rows = uow.session.execute(
        select(Judge.id, Account)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.id.in_(panel))
        .order_by(Judge.id)
    )
    for judge, account in rows:
        notify(
            uow,
            "J7",
            account_recipient(account),
            edition_id=held.edition_id,
            event=f"reopened:{asked.id}",
            facts={
                "round": with_particle(rule.name, "을/를"),
                "task": OWN_TASK if judge in asked.judges else NO_TASK,
                "closes": asked.ends_at,
            },
            now=now,
        )


def _keep(
    uow: UnitOfWork, act: str, asked: Reopening, *, edition_id: str, actor: Actor, now: dt.datetime
) -> None:
    uow.note(
        f"round.{act}",
        ("round", asked.round_id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        judges=len(asked.judges),
        commitment=asked.commitment,
        shown=asked.shown,
        reason=fact_digest(asked.id, asked.reason),
    )
