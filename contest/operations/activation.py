"""An account made ready by its owner: password, second factor, printed recovery codes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from contest.domain.actors import STAFF, Actor
from contest.domain.credentials import check_password
from contest.domain.errors import Invalid, Missing
from contest.infra.crypto import Crypto
from contest.infra.passwords import new_totp_secret, totp_address, totp_step
from contest.infra.unit_of_work import UnitOfWork
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.operations.accounts import ACTIVATION
from contest.operations.sessions import SignedIn, begin_session, end_sessions_of
from contest.operations.sign_in import account_actor, recovery_digest

RECOVERY_CODES = 10
ISSUER = "찰칵"


@dataclass(frozen=True)
class Activation:
    """An account that may be activated by the link in hand."""

    account_id: str
    epoch: int
    login: str
    name: str
    has_password: bool
    totp_secret: str = field(repr=False, default="")

    @property
    def totp_address(self) -> str:
        """What the QR code says."""
        return totp_address(self.totp_secret, self.login, ISSUER)


def read_activation(session: Session, crypto: Crypto, signed: str) -> Activation:
    """What a signed link may activate. Raises Missing `activation.invalid` for whatever it may not."""
    value = crypto.unsign(ACTIVATION, signed)
    account = session.get(Account, str(value[0])) if value else None
    if (
        value is None
        or account is None
        or account.role not in STAFF
        or account.epoch != value[1]
        or account.activated_at is not None
        or account.disabled_at is not None
    ):
        raise Missing("activation.invalid")
    secret = (
        crypto.open(account.totp_secret, f"account.totp_secret:{account.id}") if account.totp_secret else ""
    )
    return Activation(
        account.id, account.epoch, account.login, account.name, account.password_digest is not None, secret
    )


def choose_password(services: Services, signed: str, password: str, *, now: dt.datetime) -> None:
    """The first password of an account, and a fresh secret for its authenticator. Raises Invalid, Missing."""
    with services.database.read() as session:
        activation = read_activation(session, services.crypto, signed)
    check_password(password, activation.login)
    digest = services.passwords.hash(password)
    with services.database.write() as uow:
        activation = read_activation(uow.session, uow.crypto, signed)
        account = uow.session.get_one(Account, activation.account_id)
        account.password_digest = digest
        account.totp_secret = uow.crypto.seal(new_totp_secret(), f"account.totp_secret:{account.id}")
        account.totp_last_step = None
        uow.note("account.password_set", ("account", account.id), actor=account_actor(account), now=now)


def finish_activation(
    uow: UnitOfWork, signed: str, code: str, *, now: dt.datetime, wall: dt.datetime
) -> tuple[str, ...]:
    """Activate with the authenticator's first code; the recovery codes, to be shown this once.

    Raises Invalid `sign_in.code_wrong` (field `code`), Missing where the link is void.
    """
    activation = read_activation(uow.session, uow.crypto, signed)
    account = uow.session.get_one(Account, activation.account_id)
    digits = "".join(character for character in code if not character.isspace())
    step = totp_step(activation.totp_secret, digits, wall) if activation.totp_secret else None
    if step is None:
        raise Invalid("sign_in.code_wrong", field="code")
    account.totp_last_step = step
    account.activated_at = now
    end_sessions_of(account)
    uow.note("account.activated", ("account", account.id), actor=account_actor(account), now=now)
    return _new_recovery_codes(uow, account)


def _new_recovery_codes(uow: UnitOfWork, account: Account) -> tuple[str, ...]:
    codes = tuple(uow.ids.secret(10) for _ in range(RECOVERY_CODES))
    account.recovery_digests = [recovery_digest(uow, account.id, code) for code in codes]
    return tuple(f"{code[:5]}-{code[5:]}" for code in codes)


def renew_recovery_codes(uow: UnitOfWork, *, actor: Actor, now: dt.datetime) -> tuple[str, ...]:
    """New recovery codes for the actor's own account, to be shown this once; the old ones are dead."""
    account = uow.session.get_one(Account, actor.id)
    uow.note("account.recovery_renewed", ("account", account.id), actor=actor, now=now)
    return _new_recovery_codes(uow, account)


def change_password(
    services: Services, password: str, *, actor: Actor, now: dt.datetime, second_factor: bool
) -> tuple[str, SignedIn]:
    """Change the actor's own password: every session ends, and this browser gets a new one. Raises Invalid."""
    with services.database.read() as session:
        login = session.get_one(Account, actor.id).login
    check_password(password, login)
    digest = services.passwords.hash(password)
    with services.database.write() as uow:
        account = uow.session.get_one(Account, actor.id)
        account.password_digest = digest
        end_sessions_of(account)
        uow.note("account.password_changed", ("account", account.id), actor=actor, now=now)
        return begin_session(
            uow, account, actor=actor, now=now, wall=services.clock.wall(), second_factor=second_factor
        )
