"""Accounts as pages list them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from contest.domain.actors import STAFF, Role
from contest.domain.errors import Missing
from contest.domain.grants import GrantPurpose
from contest.domain.sessions import ABSOLUTE, IDLE, IDLE_STAFF
from contest.models.account import Account, LoginSession, RoleGrant

#: The order in which roles are listed: those who do most of the daily work first.
ROLE_ORDER = (Role.OPERATOR, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class DemonstrationAccount:
    """A staff account of a demonstration that is entered by one button."""

    id: str
    name: str
    role: Role


def demonstration_accounts(session: Session) -> list[DemonstrationAccount]:
    """Staff accounts without a password, in the order of their roles. Only a demonstration asks."""
    rows = session.execute(
        select(Account.id, Account.name, Account.role)
        .where(
            Account.role.in_(STAFF),
            Account.password_digest.is_(None),
            Account.activated_at.is_not(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.created_at, Account.login)
    )
    found = [DemonstrationAccount(row.id, row.name, row.role) for row in rows]
    return sorted(found, key=lambda account: ROLE_ORDER.index(account.role))


@dataclass(frozen=True)
class AccountRow:
    """A staff account in the list."""

    id: str
    login: str
    name: str
    role: Role
    state: str  # active | waiting (for its owner) | asked (for the second person) | disabled
    created_at: dt.datetime
    sessions: int


@dataclass(frozen=True)
class GrantRow:
    """Something asked for that waits for the second person."""

    id: str
    account_id: str
    account_name: str
    role: Role
    purpose: GrantPurpose
    asked_by: str
    asked_by_name: str
    asked_at: dt.datetime


@dataclass(frozen=True)
class SessionRow:
    """A signed-in browser."""

    digest: str
    account_id: str
    name: str
    role: Role
    created_at: dt.datetime
    seen_at: dt.datetime


def staff_accounts(session: Session, *, wall: dt.datetime) -> list[AccountRow]:
    """Every staff account, those in use first, by role and name."""
    asked = set(session.scalars(_open_grants().with_only_columns(RoleGrant.account_id)))
    live = {row[0]: row[1] for row in session.execute(_session_counts(wall))}
    rows = session.scalars(select(Account).where(Account.role.in_(STAFF)).order_by(Account.name))
    found = [
        AccountRow(
            row.id, row.login, row.name, row.role, _state(row, asked), row.created_at, live.get(row.id, 0)
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (row.state == "disabled", ROLE_ORDER.index(row.role)))


def _state(account: Account, asked: set[str]) -> str:
    if account.disabled_at is not None:
        return "disabled"
    if account.id in asked and account.activated_at is None:
        return "asked"
    return "active" if account.activated_at is not None else "waiting"


def staff_account(session: Session, account_id: str, *, wall: dt.datetime) -> AccountRow:
    """One staff account. Raises Missing."""
    found = next((row for row in staff_accounts(session, wall=wall) if row.id == account_id), None)
    if found is None:
        raise Missing("account.missing")
    return found


def _open_grants() -> Select[RoleGrant]:
    return select(RoleGrant).where(RoleGrant.granted_at.is_(None), RoleGrant.refused_at.is_(None))


def open_grants(session: Session, account_id: str | None = None) -> list[GrantRow]:
    """What waits for the second person, oldest first."""
    asker = aliased(Account)
    query = (
        select(RoleGrant, Account.name.label("account_name"), asker.name.label("asked_by_name"))
        .join(Account, Account.id == RoleGrant.account_id)
        .join(asker, asker.id == RoleGrant.asked_by)
        .where(RoleGrant.granted_at.is_(None), RoleGrant.refused_at.is_(None))
        .order_by(RoleGrant.asked_at)
    )
    if account_id is not None:
        query = query.where(RoleGrant.account_id == account_id)
    return [
        GrantRow(
            grant.id,
            grant.account_id,
            name,
            grant.role,
            grant.purpose,
            grant.asked_by,
            asked_by,
            grant.asked_at,
        )
        for grant, name, asked_by in session.execute(query)
    ]


def _is_live(wall: dt.datetime) -> ColumnElement[bool]:
    idle_after = case((Account.role == Role.JUDGE, wall - IDLE[Role.JUDGE]), else_=wall - IDLE_STAFF)
    return and_(
        LoginSession.ended_at.is_(None),
        LoginSession.epoch == Account.epoch,
        Account.disabled_at.is_(None),
        LoginSession.seen_at >= idle_after,
        LoginSession.created_at >= wall - ABSOLUTE,
    )


def _session_counts(wall: dt.datetime) -> Select[str, int]:
    return (
        select(LoginSession.account_id, func.count().label("count"))
        .join(Account, Account.id == LoginSession.account_id)
        .where(_is_live(wall))
        .group_by(LoginSession.account_id)
    )


def live_sessions(session: Session, account_id: str | None, *, wall: dt.datetime) -> list[SessionRow]:
    """Sessions that would still be accepted: of one account, or of everybody; the latest first."""
    query = (
        select(
            LoginSession.token_digest, LoginSession.account_id, Account.name, Account.role,
            LoginSession.created_at, LoginSession.seen_at,
        )
        .join(Account, Account.id == LoginSession.account_id)
        .where(_is_live(wall))
        .order_by(LoginSession.seen_at.desc())
    )  # fmt: skip
    if account_id is not None:
        query = query.where(LoginSession.account_id == account_id)
    return [SessionRow(*row) for row in session.execute(query)]
