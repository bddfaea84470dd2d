"""Filling an empty demonstration: one account for each role, the clock set to its first morning."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select

from contest.domain.actors import SYSTEM, Role
from contest.domain.schedule import KST
from contest.infra.emptying import empty_tables
from contest.infra.seed import load_seed
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.account import Account, LoginSession
from contest.models.edition import ContestClock, Edition
from contest.models.outbox import Errand
from contest.operations.editions import seed_edition, seed_register

#: The morning on which a demonstration begins: entry is open, works are coming in.
FIRST_MORNING = dt.datetime(2024, 8, 20, 10, 0, tzinfo=KST)

#: login, name, role. They have no password: a demonstration enters them by a button, nothing else can.
ACCOUNTS = (
    ("operator", "김운영", Role.OPERATOR),
    ("approver", "이승인", Role.APPROVER),
    ("auditor", "박감사", Role.AUDITOR),
    ("administrator", "최관리", Role.ADMINISTRATOR),
)


#: What a new beginning leaves: who is at work there, and the errand that people watch.
KEPT = frozenset({Account.__tablename__, LoginSession.__tablename__, Errand.__tablename__})


def set_first_morning(uow: UnitOfWork, *, wall: dt.datetime) -> dt.datetime:
    """Set the contest clock of a demonstration that has none yet; the contest time it then shows."""
    clock = uow.session.get(ContestClock, 1)
    if clock is None:
        clock = ContestClock(id=1, offset_seconds=(FIRST_MORNING - wall).total_seconds())
        uow.session.add(clock)
        uow.session.flush()
    return wall + dt.timedelta(seconds=clock.offset_seconds)


def seed_accounts(uow: UnitOfWork, *, now: dt.datetime) -> int:
    """Make the accounts of the roles that are not there yet; how many were made."""
    known = set(uow.session.scalars(select(Account.login)))
    missing = [entry for entry in ACCOUNTS if entry[0] not in known]
    for login, name, role in missing:
        account = Account(
            id=uow.ids.token(), login=login, name=name, role=role, recovery_digests=[], epoch=1,
            created_at=now, activated_at=now,
        )  # fmt: skip
        uow.session.add(account)
        uow.note("account.seeded", ("account", account.id), actor=SYSTEM, now=now, role=role.value)
    return len(missing)


def seed_demonstration(services: Services) -> None:
    """Clock, accounts, and the opened edition of 2024 with its register; what is there already stays."""
    with services.database.write() as uow:
        _seed(uow, services)


def _seed(uow: UnitOfWork, services: Services) -> dt.datetime:
    now = set_first_morning(uow, wall=services.clock.wall())
    seed_accounts(uow, now=now)
    if uow.session.scalar(select(Edition.id).limit(1)) is None:
        seed_register(uow, load_seed("spots"), load_seed("holidays"), FIRST_MORNING.date())
        seed_edition(uow, services.registry, load_seed("edition-2024"), now=now)
    return now


def begin_anew(services: Services, errand_id: str) -> None:
    """Back to the first morning: everything goes but staff, their sign-ins and the errand that asked for it.

    One transaction; the objects that were stored until then go after it. Only a demonstration calls this.
    """
    assert services.settings.demonstration
    stored = list(services.storage.list())
    judges = select(Account.id).where(Account.role == Role.JUDGE)
    with services.database.write() as uow:
        empty_tables(uow.session.connection(), but=KEPT)
        uow.session.execute(delete(Errand).where(Errand.id != errand_id))
        uow.session.execute(delete(LoginSession).where(LoginSession.account_id.in_(judges)))
        uow.session.execute(delete(Account).where(Account.role == Role.JUDGE))
        now = _seed(uow, services)
        uow.note("demonstration.begun_anew", ("errand", errand_id), actor=SYSTEM, now=now)
    for key in stored:
        services.storage.delete(key)
