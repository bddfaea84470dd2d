"""Sessions of signed-in accounts: begun, read, proved again, ended. All in wall time."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from contest.domain.actors import Actor, Role
from contest.domain.sessions import ABSOLUTE, IDLE, IDLE_STAFF, TOUCH
from contest.infra.unit_of_work import UnitOfWork
from contest.models.account import Account, LoginSession


@dataclass(frozen=True)
class SignedIn:
    """An account as its session knows it."""

    account_id: str
    name: str
    role: Role
    fresh_at: dt.datetime
    needs_touch: bool


def digest(token: str) -> str:
    """What stands in the table for a token (SHA-256, hex)."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin_session(
    uow: UnitOfWork,
    account: Account,
    *,
    actor: Actor,
    now: dt.datetime,
    wall: dt.datetime,
    second_factor: bool,
) -> tuple[str, SignedIn]:
    """A new session of an account: its token (for the cookie alone) and what it knows."""
    token = uow.ids.token()
    uow.session.add(
        LoginSession(
            token_digest=digest(token), account_id=account.id, epoch=account.epoch,
            created_at=wall, seen_at=wall, fresh_at=wall, second_factor=second_factor,
        )
    )  # fmt: skip
    uow.note("account.signed_in", ("account", account.id), actor=actor, now=now)
    return token, SignedIn(account.id, account.name, account.role, wall, needs_touch=False)


def read_session(session: Session, token: str, *, wall: dt.datetime) -> SignedIn | None:
    """Whose session this is, or None if it ended, idled out, grew too old, or the account is disabled."""
    row = session.execute(
        select(LoginSession, Account)
        .join(Account, Account.id == LoginSession.account_id)
        .where(LoginSession.token_digest == digest(token))
    ).one_or_none()
    if row is None:
        return None
    held, account = row
    if held.ended_at is not None or account.disabled_at is not None or held.epoch != account.epoch:
        return None
    idle = IDLE.get(account.role, IDLE_STAFF)
    if wall - held.seen_at > idle or wall - held.created_at > ABSOLUTE:
        return None
    return SignedIn(account.id, account.name, account.role, held.fresh_at, wall - held.seen_at > TOUCH)


def touch_session(uow: UnitOfWork, token: str, *, wall: dt.datetime) -> None:
    """Remember that the session is in use."""
    uow.session.execute(
        update(LoginSession).where(LoginSession.token_digest == digest(token)).values(seen_at=wall)
    )


def refresh_session(uow: UnitOfWork, token: str, *, wall: dt.datetime) -> None:
    """Remember that the account's owner has just proved who they are."""
    uow.session.execute(
        update(LoginSession)
        .where(LoginSession.token_digest == digest(token))
        .values(fresh_at=wall, seen_at=wall)
    )


def end_session(uow: UnitOfWork, token: str, *, actor: Actor, now: dt.datetime) -> None:
    """End one session; its cookie is worth nothing afterwards."""
    uow.session.execute(
        update(LoginSession)
        .where(LoginSession.token_digest == digest(token), LoginSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    uow.note("account.signed_out", ("account", actor.id), actor=actor, now=now)


def end_sessions_of(account: Account) -> None:
    """End every session of an account by raising its epoch."""
    account.epoch += 1
