"""Staff accounts: invited by one person, granted by another; disabled at once; their links and sessions."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select, update

from contest.domain.actors import STAFF, SYSTEM, Actor, Role
from contest.domain.credentials import check_login
from contest.domain.errors import Conflict, Denied, Invalid, Missing
from contest.domain.grants import GRANTERS, GrantPurpose, check_asking, check_granting
from contest.infra.unit_of_work import UnitOfWork
from contest.models.account import Account, LoginSession, RoleGrant
from contest.operations.sessions import end_sessions_of

ACTIVATION = "activation"


def _staff_account(uow: UnitOfWork, account_id: str) -> Account:
    account = uow.session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise Missing("account.missing")
    if account.role not in STAFF:
        raise Conflict("account.not_staff")
    return account


def staff_account_id(uow: UnitOfWork, login: str) -> str:
    """The id behind a login. Raises Missing."""
    found = uow.session.scalar(
        select(Account.id).where(Account.login == login.strip().casefold(), Account.role.in_(STAFF))
    )
    if found is None:
        raise Missing("account.missing")
    return found


def _new_account(uow: UnitOfWork, login: str, name: str, role: Role, now: dt.datetime) -> Account:
    login, name = check_login(login), " ".join(name.split())
    if not name:
        raise Invalid("account.name_missing", field="name")
    if role not in STAFF:
        raise Conflict("account.not_staff")
    if uow.session.scalar(select(Account.id).where(Account.login == login)):
        raise Conflict("account.login_taken", field="login")
    account = Account(
        id=uow.ids.token(),
        login=login,
        name=name[:60],
        role=role,
        epoch=1,
        recovery_digests=[],
        created_at=now,
    )
    uow.session.add(account)
    uow.session.flush()
    return account


def make_first_administrator(uow: UnitOfWork, login: str, name: str, *, now: dt.datetime) -> str:
    """The id of the first administrator of an instance. Raises Conflict where there is one already.

    Whoever can run commands on the server is the second person.
    """
    if _administrators(uow):
        raise Conflict("account.has_administrator")
    account = _new_account(uow, login, name, Role.ADMINISTRATOR, now)
    uow.note("account.first_administrator", ("account", account.id), actor=SYSTEM, now=now)
    return account.id


def _administrators(uow: UnitOfWork) -> int:
    return (
        uow.session.scalar(
            select(func.count())
            .select_from(Account)
            .where(Account.role == Role.ADMINISTRATOR, Account.disabled_at.is_(None))
        )
        or 0
    )


def invite(uow: UnitOfWork, login: str, name: str, role: Role, *, actor: Actor, now: dt.datetime) -> str:
    """The id of a new account; it waits until another person grants its role. Raises Invalid, Conflict."""
    actor.require(Role.ADMINISTRATOR)
    account = _new_account(uow, login, name, role, now)
    uow.note("account.invited", ("account", account.id), actor=actor, now=now, role=role.value)
    _ask(uow, account, role, GrantPurpose.INVITATION, actor=actor, now=now)
    return account.id


def ask_grant(
    uow: UnitOfWork, account_id: str, role: Role, purpose: GrantPurpose, *, actor: Actor, now: dt.datetime
) -> None:
    """Ask for another role, a new activation or the return of an account. Raises Denied, Conflict, Missing."""
    check_asking(actor, account_id)
    account = _staff_account(uow, account_id)
    if role not in STAFF:
        raise Conflict("account.not_staff")
    if purpose is not GrantPurpose.RETURN and account.disabled_at is not None:
        raise Conflict("account.disabled")
    if purpose is not GrantPurpose.ROLE:
        role = account.role
    _ask(uow, account, role, purpose, actor=actor, now=now)


def _ask(
    uow: UnitOfWork, account: Account, role: Role, purpose: GrantPurpose, *, actor: Actor, now: dt.datetime
) -> None:
    if _pending(uow, account.id):
        raise Conflict("grant.pending")
    grant = RoleGrant(
        id=uow.ids.token(),
        account_id=account.id,
        role=role,
        purpose=purpose,
        asked_by=str(actor.id),
        asked_at=now,
    )
    uow.session.add(grant)
    uow.note(
        "grant.asked", ("account", account.id), actor=actor, now=now,
        grant=grant.id, role=role.value, purpose=purpose.value,
    )  # fmt: skip
    uow.session.flush()


def _pending(uow: UnitOfWork, account_id: str) -> RoleGrant | None:
    return uow.session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.account_id == account_id,
            RoleGrant.granted_at.is_(None),
            RoleGrant.refused_at.is_(None),
        )
        .with_for_update()
    ).first()


def decide_grant(uow: UnitOfWork, grant_id: str, *, is_granted: bool, actor: Actor, now: dt.datetime) -> None:
    """Grant or refuse what was asked for. Who asked may take it back, never grant it.

    Raises Missing, Conflict where it is decided, Denied where the two persons would be one.
    """
    grant = uow.session.get(RoleGrant, grant_id, with_for_update=True)
    if grant is None:
        raise Missing("grant.missing")
    decided = grant.granted_at is not None or grant.refused_at is not None
    if is_granted:
        check_granting(actor, account_id=grant.account_id, asked_by=grant.asked_by, decided=decided)
        grant.granted_by = actor.id
        _apply(uow, grant, actor, now)
        return
    actor.require(*GRANTERS)
    if decided:
        raise Conflict("grant.decided")
    grant.refused_at = now
    if grant.purpose is GrantPurpose.INVITATION:
        _staff_account(uow, grant.account_id).disabled_at = now
    uow.note("grant.refused", ("account", grant.account_id), actor=actor, now=now, grant=grant.id)


def grant_by_command(uow: UnitOfWork, account_id: str, *, now: dt.datetime) -> None:
    """Grant what is asked for an account from the server: its keeper is the second person. Raises Missing."""
    grant = _pending(uow, account_id)
    if grant is None:
        raise Missing("grant.missing")
    _apply(uow, grant, SYSTEM, now)


def _apply(uow: UnitOfWork, grant: RoleGrant, actor: Actor, now: dt.datetime) -> None:
    grant.granted_at = now
    account = _staff_account(uow, grant.account_id)
    if grant.purpose is GrantPurpose.ROLE:
        account.role = grant.role
        end_sessions_of(account)
    elif grant.purpose is not GrantPurpose.INVITATION:
        _deactivate(account)
        account.disabled_at = None
    uow.note(
        "grant.granted", ("account", account.id), actor=actor, now=now,
        grant=grant.id, role=grant.role.value, purpose=grant.purpose.value,
    )  # fmt: skip


def _deactivate(account: Account) -> None:
    account.password_digest = account.totp_secret = account.totp_last_step = account.activated_at = None
    account.recovery_digests = []
    end_sessions_of(account)


def renew_by_command(uow: UnitOfWork, account_id: str, *, now: dt.datetime) -> None:
    """Let an account be activated anew, from the server: for whoever lost password and telephone alone."""
    account = _staff_account(uow, account_id)
    _deactivate(account)
    uow.note("account.renewed", ("account", account.id), actor=SYSTEM, now=now)


def activation_path(uow: UnitOfWork, account_id: str, *, actor: Actor, now: dt.datetime) -> str:
    """The path of a new activation link; every earlier one is void.

    Raises Conflict while a grant is pending, or where the account is active or disabled.
    """
    if actor is not SYSTEM:
        check_asking(actor, account_id)
    account = _staff_account(uow, account_id)
    if account.disabled_at is not None:
        raise Conflict("account.disabled")
    if account.activated_at is not None or _pending(uow, account_id):
        raise Conflict("grant.needed")
    end_sessions_of(account)
    uow.note("account.link_issued", ("account", account.id), actor=actor, now=now)
    return f"/activate/{uow.crypto.sign(ACTIVATION, [account.id, account.epoch])}"


def disable(uow: UnitOfWork, account_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Disable an account; its sessions and links are dead with the commit. Raises Denied, Conflict, Missing."""
    check_asking(actor, account_id)
    account = _staff_account(uow, account_id)
    if account.disabled_at is not None:
        raise Conflict("account.disabled")
    if account.role is Role.ADMINISTRATOR and _administrators(uow) == 1:
        raise Conflict("account.last_administrator")
    account.disabled_at = now
    end_sessions_of(account)
    uow.session.execute(
        update(RoleGrant)
        .where(
            RoleGrant.account_id == account_id,
            RoleGrant.granted_at.is_(None),
            RoleGrant.refused_at.is_(None),
        )
        .values(refused_at=now)
    )
    uow.note("account.disabled", ("account", account_id), actor=actor, now=now)


def end_one_session(
    uow: UnitOfWork, token_digest: str, *, actor: Actor, now: dt.datetime, wall: dt.datetime
) -> None:
    """End a session of one's own, or of anybody as administrator. Raises Missing, Denied."""
    held = uow.session.get(LoginSession, token_digest)
    if held is None or held.ended_at is not None:
        raise Missing("missing")
    if held.account_id != actor.id and actor.role is not Role.ADMINISTRATOR:
        raise Denied("denied.role")
    held.ended_at = wall
    uow.note("account.session_ended", ("account", held.account_id), actor=actor, now=now)
