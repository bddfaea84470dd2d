"""Signing in of staff: password, then a one-time code; unknown and wrong are one answer and one work."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from contest.domain.actors import STAFF, Actor, Role
from contest.domain.errors import Denied, Missing
from contest.infra.passwords import totp_step
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.operations.sessions import SignedIn, begin_session, end_session, refresh_session
from contest.operations.throttles import admit, forget, throttle_key

#: Wrong attempts of a whole network (an office behind one address) before it waits.
FREE_OF_NETWORK = 50
#: How long a right password waits for its code.
PROOF_LIFETIME = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Proof:
    """A right password, before the second factor."""

    account_id: str
    epoch: int
    needs_code: bool


@dataclass(frozen=True)
class _Credentials:
    account_id: str
    role: Role
    epoch: int
    digest: str | None
    has_totp: bool


def account_actor(account: Account, network: str | None = None) -> Actor:
    """The actor behind an account."""
    kind = "judge" if account.role is Role.JUDGE else "account"
    return Actor(kind, account.id, account.role, network)


def normal_login(login: str) -> str:
    """The one form of what people type as their login."""
    return login.strip().casefold()


def prove_password(
    services: Services, login: str, password: str, *, network: str, now: dt.datetime
) -> Proof | None:
    """Whose password this is, or None. Raises Throttled.

    The password is checked outside any transaction: its cost must hold up nobody else.
    """
    wall = services.clock.wall()
    login = normal_login(login)[:200]
    with services.database.write() as uow:
        key = throttle_key(uow, "sign_in", login, network)
        wide = throttle_key(uow, "sign_in_network", network)
        admit(uow, key, wall=wall)
        admit(uow, wide, wall=wall, free=FREE_OF_NETWORK)
    with services.database.read() as session:
        held = _credentials(session, login)
    is_right = services.passwords.check(held.digest if held else None, password)
    # A production account without a second factor cannot exist; one tampered into being is not let in.
    if held is None or not is_right or not (held.has_totp or services.settings.demonstration):
        with services.database.write() as uow:
            uow.note(
                "account.sign_in_refused", ("account", held.account_id if held else None),
                actor=Actor("citizen", None, None, network), now=now,
            )  # fmt: skip
        return None
    fresh = services.passwords.hash(password) if services.passwords.is_stale(held.digest or "") else None
    with services.database.write() as uow:
        forget(uow, key)
        forget(uow, wide)
        if fresh:
            uow.session.execute(
                update(Account)
                .where(Account.id == held.account_id, Account.password_digest == held.digest)
                .values(password_digest=fresh)
            )
    return Proof(held.account_id, held.epoch, needs_code=held.has_totp)


def _credentials(session: Session, login: str) -> _Credentials | None:
    row = session.execute(
        select(Account.id, Account.role, Account.epoch, Account.password_digest, Account.totp_secret).where(
            Account.login == login,
            Account.role.in_(STAFF),
            Account.activated_at.is_not(None),
            Account.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    return _Credentials(row.id, row.role, row.epoch, row.password_digest, row.totp_secret is not None)


def prove_code(services: Services, account_id: str, code: str, *, network: str, now: dt.datetime) -> bool:
    """Whether this is the account's code of this minute, not used before, or a recovery code; uses it up.

    Raises Throttled: guesses are counted for the account, from wherever they come.
    """
    wall = services.clock.wall()
    with services.database.write() as uow:
        key = throttle_key(uow, "code", account_id)
        admit(uow, key, wall=wall)
    with services.database.write() as uow:
        account = uow.session.get(Account, account_id, with_for_update=True)
        if account is None or account.totp_secret is None:
            return False
        actor = account_actor(account, network)
        is_right = _use_totp(uow, account, code, wall) or _use_recovery(uow, account, code, actor, now)
        if is_right:
            forget(uow, key)
        else:
            uow.note("account.code_refused", ("account", account_id), actor=actor, now=now)
        return is_right


def _use_totp(uow: UnitOfWork, account: Account, code: str, wall: dt.datetime) -> bool:
    digits = "".join(character for character in code if not character.isspace())
    secret = uow.crypto.open(account.totp_secret or b"", f"account.totp_secret:{account.id}")
    step = totp_step(secret, digits, wall)
    if step is None or (account.totp_last_step is not None and step <= account.totp_last_step):
        return False
    account.totp_last_step = step
    return True


def recovery_digest(uow: UnitOfWork, account_id: str, code: str) -> str:
    """What stands in the table for a recovery code, however it was typed."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return uow.crypto.digest(f"recovery:{account_id}", plain)


def _use_recovery(uow: UnitOfWork, account: Account, code: str, actor: Actor, now: dt.datetime) -> bool:
    digest = recovery_digest(uow, account.id, code)
    if digest not in account.recovery_digests:
        return False
    account.recovery_digests = [held for held in account.recovery_digests if held != digest]
    uow.note(
        "account.recovery_used", ("account", account.id), actor=actor, now=now,
        left=len(account.recovery_digests),
    )  # fmt: skip
    return True


def enter(
    uow: UnitOfWork,
    account_id: str,
    *,
    epoch: int,
    old_token: str | None,
    second_factor: bool,
    network: str,
    now: dt.datetime,
    wall: dt.datetime,
) -> tuple[str, SignedIn]:
    """A new session of a proven account; a session this browser held before is ended.

    Raises Denied if the account was disabled or changed since it was proven.
    """
    account = uow.session.get(Account, account_id)
    if account is None or account.disabled_at is not None or account.epoch != epoch:
        raise Denied("sign_in.proof_expired")
    actor = account_actor(account, network)
    if old_token:
        end_session(uow, old_token, actor=actor, now=now)
    return begin_session(uow, account, actor=actor, now=now, wall=wall, second_factor=second_factor)


def demonstration_epoch(session: Session, account_id: str) -> int:
    """The epoch of a staff account that is entered without a password. Raises Missing for any other.

    Called only where the instance is a demonstration.
    """
    epoch = session.scalar(
        select(Account.epoch).where(
            Account.id == account_id,
            Account.role.in_(STAFF),
            Account.password_digest.is_(None),
            Account.activated_at.is_not(None),
            Account.disabled_at.is_(None),
        )
    )
    if epoch is None:
        raise Missing("account.missing")
    return epoch


def confirm_identity(
    services: Services, actor: Actor, token: str, secret: str, code: str, *, now: dt.datetime
) -> bool:
    """Whether a signed-in account proved again who it is (password and code); its session is fresh then.

    An account without a password exists only in a demonstration and has nothing to prove. Raises Throttled.
    """
    wall = services.clock.wall()
    account_id, network = str(actor.id), actor.network or ""
    with services.database.read() as session:
        digest, totp = session.execute(
            select(Account.password_digest, Account.totp_secret).where(Account.id == account_id)
        ).one()
    if digest is None and not services.settings.demonstration:
        return False
    if digest is not None:
        with services.database.write() as uow:
            key = throttle_key(uow, "confirm", account_id)
            admit(uow, key, wall=wall)
        if not services.passwords.check(digest, secret):
            return False
        if totp is not None and not prove_code(services, account_id, code, network=network, now=now):
            return False
        with services.database.write() as uow:
            forget(uow, key)
    with services.database.write() as uow:
        refresh_session(uow, token, wall=wall)
        uow.note("account.confirmed", ("account", account_id), actor=actor, now=now)
    return True


@dataclass(frozen=True)
class ConfirmAsks:
    """What the page that proves identity again must ask for."""

    password: bool
    code: bool


def confirm_asks(session: Session, account_id: str) -> ConfirmAsks:
    """What an account has to prove itself with."""
    digest, totp = session.execute(
        select(Account.password_digest, Account.totp_secret).where(Account.id == account_id)
    ).one()
    return ConfirmAsks(password=digest is not None, code=totp is not None)
