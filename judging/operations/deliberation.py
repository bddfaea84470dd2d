"""A deliberation between two seals: opened by staff for a time that stands, closed once nobody can revise any more."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Invalid
from contest.domain.stages import Stage
from contest.infra.database import lock_edition
from contest.infra.unit_of_work import UnitOfWork
from contest.models.account import Account
from contest.models.edition import Edition
from contest.operations.notify import account_recipient, notify
from contest.queries.editions import get_edition
from judging.domain.deliberation import check_closing
from judging.domain.round_rule import RoundRule
from judging.models.deliberation import Deliberation
from judging.models.panel import Judge
from judging.models.round import Round, RoundState
from judging.operations.close import settle_round
from judging.queries.deliberating import digest_of, misplaced, panel_of, revisions
from judging.queries.deliberation import deliberation_of, signed_judges
from judging.queries.readiness import chain_breaks
from judging.queries.rounds import last_round


def open_deliberation(
    uow: UnitOfWork, edition_id: str, ends_at: dt.datetime, *, actor: Actor, now: dt.datetime
) -> None:
    """Show the panel its sealed scores and notes under pseudonyms, and take revisions until `ends_at`.

    The end is said once and stands: whoever could move it after a look at the scores could choose a result.
    Raises Denied; Conflict `deliberation.not_declared`, `deliberation.not_sealed`, `deliberation.opened`,
    `stage.result_fixed`; Invalid `deliberation.end_past`, `deliberation.end_late` (opens).
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    edition, held, row = _deliberating(uow, edition_id)
    if row.opened_at is not None:
        raise Conflict("deliberation.opened")
    if ends_at <= now:
        raise Invalid("deliberation.end_past", field="ends")
    if edition.verification_opens is not None and ends_at > edition.verification_opens:
        raise Invalid("deliberation.end_late", field="ends", opens=edition.verification_opens)
    row.opened_at, row.opened_by, row.ends_at = now, str(actor.id), ends_at
    panel = panel_of(uow.session, held)
    uow.note(
        "deliberation.opened",
        ("round", held.id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        judges=len(panel),
    )
    for account in uow.session.scalars(
        select(Account)
        .join(Judge, Judge.account_id == Account.id)
        .where(Judge.id.in_(panel))
        .order_by(Judge.id)
    ):
        notify(
            uow,
            "J9",
            account_recipient(account),
            edition_id=edition_id,
            event=f"deliberation:{held.id}",
            facts={"due": ends_at},
            now=now,
        )


def close_deliberation(
    uow: UnitOfWork, edition_id: str, shown: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Seal the scores for good, commit to them a second time, and make the tally. shown: the preview's digest.

    Raises Denied; Conflict as open_deliberation, `deliberation.not_open`, `deliberation.under_way` (count),
    `deliberation.changed`, `deliberation.out_of_place`, `judging.chain_broken` (judge, seq).
    """
    actor.require(Role.OPERATOR, Role.APPROVER)
    _, held, row = _deliberating(uow, edition_id)
    session = uow.session
    found = deliberation_of(session, held.id)
    assert found is not None
    panel = panel_of(session, held)
    check_closing(found[1], now, panel, signed_judges(session, held.id))
    revised = [one for one in revisions(session, held.id) if one.judge in panel]
    if digest_of(row.seal, panel, revised) != shown:
        raise Conflict("deliberation.changed")
    if misplaced(session, held.id):
        raise Conflict("deliberation.out_of_place")
    for judge, at in chain_breaks(session, held.id).items():
        if at is not None:
            account_id = session.get_one(Judge, judge).account_id
            raise Conflict("judging.chain_broken", judge=session.get_one(Account, account_id).name, seq=at)
    row.closed_at, row.closed_by = now, str(actor.id)
    uow.note(
        "deliberation.closed",
        ("round", held.id),
        actor=actor,
        now=now,
        edition_id=edition_id,
        count=len(revised),
        judges=len({one.judge for one in revised}),
        shown=shown,
    )
    settle_round(uow, held, actor=actor, now=now)


def _deliberating(uow: UnitOfWork, edition_id: str) -> tuple[Edition, Round, Deliberation]:
    """The edition, its round between two seals and the deliberation, locked."""
    lock_edition(uow.session, edition_id)
    edition = get_edition(uow.session, edition_id)
    uow.session.refresh(edition)
    if edition.stage is not Stage.JUDGING:
        raise Conflict("stage.result_fixed")
    held = last_round(uow.session, edition_id)
    if held is None or not RoundRule.from_document(held.rule).deliberates:
        raise Conflict("deliberation.not_declared")
    uow.session.refresh(held, with_for_update=True)
    if held.state is RoundState.OPEN:
        raise Conflict("deliberation.not_sealed")
    row = uow.session.get_one(Deliberation, held.id)
    if row.closed_at is not None:
        raise Conflict("deliberation.closed")
    return edition, held, row
