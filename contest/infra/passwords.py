"""Passwords, PINs and receipt secrets at rest: argon2id; time-based codes as the second factor."""

from __future__ import annotations

import datetime as dt

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

#: A digest to spend time on when there is no account, so that unknown and wrong take alike.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


class Passwords:
    """Hashes and checks secrets that people type. `quick` lowers the cost, for tests only."""

    def __init__(self, *, quick: bool = False) -> None:
        self._hasher = (
            PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if quick else PasswordHasher()
        )
        self._nobody = self._hasher.hash("nobody") if quick else _NOBODY

    def hash(self, secret: str) -> str:
        """The argon2id digest of a secret."""
        return self._hasher.hash(secret)

    def check(self, digest: str | None, secret: str) -> bool:
        """Whether the secret is right; costs the same when there is no digest."""
        try:
            return self._hasher.verify(digest or self._nobody, secret) and digest is not None
        except (VerifyMismatchError, InvalidHashError):
            return False

    def is_stale(self, digest: str) -> bool:
        """Whether the digest was made with older parameters and should be made anew at the next login."""
        return self._hasher.check_needs_rehash(digest)


def new_totp_secret() -> str:
    """A base32 secret for an authenticator application."""
    return pyotp.random_base32()


def totp_address(secret: str, login: str, issuer: str) -> str:
    """The otpauth: address that an authenticator reads from a QR code."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer))


def totp_step(secret: str, code: str, at: dt.datetime) -> int | None:
    """The 30-second step a code belongs to (RFC 6238, one step of drift either way), or None if wrong."""
    totp = pyotp.TOTP(secret)
    now = int(at.timestamp()) // 30
    for step in (now, now - 1, now + 1):
        if pyotp.utils.strings_equal(code, totp.generate_otp(step)):
            return step
    return None
