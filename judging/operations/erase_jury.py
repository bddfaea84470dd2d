"""Judges whose period is over: who they were and what they noted is destroyed; scores, seals and minutes stay."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from contest.infra.registry import Erasure, Registry
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.operations.destruction import Ledger
from contest.operations.erase_accounts import forget_account, is_known
from contest.operations.retention import editions_past
from judging.models.deliberation import DeliberationSignature, Remark
from judging.models.panel import Conflict, Judge, Pledge
from judging.models.repair import Repair
from judging.models.round import Completion, JudgeWork, Round


def erasures(registry: Registry) -> list[Erasure]:
    """The retention rule of the jury."""
    return [Erasure("jury", lambda session, now: len(_due(registry, session, now)), erase_jury)]


def erase_jury(services: Services, now: dt.datetime) -> int:
    """Forget the judges of every edition whose period is over; returns how many seats.

    Whoever sits on a later jury as well stays known until that one's period is over.
    """
    with services.database.read() as session:
        due = _due(services.registry, session, now)
    ledger = Ledger(services.ids)
    for seat in due:
        with services.database.write() as uow:
            judge = uow.session.get_one(Judge, seat.judge_id)
            _forget_seat(uow, judge)
            if seat.is_last:
                account = uow.session.get_one(Account, judge.account_id, with_for_update=True)
                forget_account(uow, account, now=now)
            ledger.note(uow, "jury", judge.edition_id, count=1, rule="retention.judges", now=now)
    return len(due)


def _forget_seat(uow: UnitOfWork, judge: Judge) -> None:
    judge.affiliation, judge.desk_keys = "", None
    for row, emptied in (
        (Pledge, {"signed_name": ""}),
        (Completion, {"signed_name": ""}),
        (Conflict, {"reason": None}),
        (JudgeWork, {"note": None, "note_at": None}),
        (Remark, {"words": None}),
        (DeliberationSignature, {"signed_name": ""}),
    ):
        uow.session.execute(update(row).where(row.judge_id == judge.id).values(**emptied))
    rounds = select(Round.id).where(Round.edition_id == judge.edition_id)
    uow.session.execute(update(Repair).where(Repair.round_id.in_(rounds)).values(successor=None))


@dataclass(frozen=True)
class _Seat:
    """A seat to be forgotten. is_last: nobody may know the judge any longer, and somebody still does."""

    judge_id: str
    is_last: bool


def _due(registry: Registry, session: Session, now: dt.datetime) -> list[_Seat]:
    editions = editions_past(registry, session, "judges", now)
    seats = session.execute(
        select(Judge.id, Judge.account_id, _says_something(), is_known())
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.edition_id.in_(editions))
        .order_by(Judge.id)
    ).all()
    of_later = set(session.scalars(select(Judge.account_id).where(Judge.edition_id.not_in(editions))))
    found = [
        (_Seat(judge_id, known and account_id not in of_later), says)
        for judge_id, account_id, says, known in seats
    ]
    return [seat for seat, says in found if says or seat.is_last]


def _says_something() -> ColumnElement[bool]:
    return or_(
        Judge.affiliation != "",
        exists().where(Pledge.judge_id == Judge.id, Pledge.signed_name != ""),
        exists().where(Completion.judge_id == Judge.id, Completion.signed_name != ""),
        exists().where(Conflict.judge_id == Judge.id, Conflict.reason.is_not(None)),
        exists().where(JudgeWork.judge_id == Judge.id, JudgeWork.note.is_not(None)),
        exists().where(Remark.judge_id == Judge.id, Remark.words.is_not(None)),
        exists().where(DeliberationSignature.judge_id == Judge.id, DeliberationSignature.signed_name != ""),
    )
