"""Accounts as pages list them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.actors import STAFF, Role
from contest.models.account import Account

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
