"""Accounts nobody uses any more: who they belonged to is forgotten, that they acted stays."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from contest.domain.actors import SYSTEM, Role
from contest.domain.schedule import later
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.outbox import Message
from contest.operations.destruction import note_destruction

#: Records of who had which right are kept for three years (안전성 확보조치 기준): so long a closed account has a name.
CLOSED_MONTHS = 36
FORGOTTEN = "(파기한 계정)"
_LOGIN = "erased-"


def is_known() -> ColumnElement[bool]:
    """Whether it is still known whose an account is."""
    return ~Account.login.startswith(_LOGIN)


def due_accounts(session: Session, now: dt.datetime) -> int:
    """How many accounts of staff were closed so long ago."""
    return session.scalar(select(func.count()).select_from(Account).where(_due(now))) or 0


def erase_accounts(services: Services, now: dt.datetime) -> int:
    """Forget whose closed accounts of staff were; returns how many."""
    with services.database.write() as uow:
        accounts = uow.session.scalars(select(Account).where(_due(now))).all()
        for account in accounts:
            forget_account(uow, account, now=now)
        note_destruction(uow, "account", None, count=len(accounts), rule="accounts", now=now)
    return len(accounts)


def _due(now: dt.datetime) -> ColumnElement[bool]:
    return is_known() & (Account.role != Role.JUDGE) & (Account.disabled_at <= later(now, -CLOSED_MONTHS, 0))


def forget_account(uow: UnitOfWork, account: Account, *, now: dt.datetime) -> None:
    """Forget a person behind an account, their secrets and what was written to them; the account is closed."""
    account.login, account.name = f"{_LOGIN}{account.id}", FORGOTTEN
    account.phone = account.email = account.password_digest = account.totp_secret = None
    account.recovery_digests = []
    account.disabled_at = account.disabled_at or now
    account.epoch += 1
    theirs = Message.subject_id == account.id
    uow.session.execute(
        update(Message)
        .where(theirs, Message.sent_at.is_(None), Message.voided_at.is_(None))
        .values(voided_at=now)
    )
    uow.session.execute(
        update(Message).where(theirs).values(to_sealed=None, title_sealed=None, body_sealed=None)
    )
    uow.note("account.erased", ("account", account.id), actor=SYSTEM, now=now)
