"""Secrets of an instance: sealing personal data (AEAD), keyed digests for look-ups, signed values."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from itsdangerous import BadSignature, URLSafeSerializer


@dataclass(frozen=True)
class Secrets:
    """The keys of one instance: 32 bytes each, kept in one file of mode 0600."""

    session: bytes = field(repr=False)
    data: bytes = field(repr=False)
    lookup: bytes = field(repr=False)


def load_secrets(path: Path) -> Secrets:
    """The keys in a file; made on the first call, create-only, so that two processes agree."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = {name: secrets.token_hex(32) for name in ("session", "data", "lookup")}
        scratch = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(fresh, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(scratch, path)
        except FileExistsError:
            pass  # another process was first; its keys are the instance's
        finally:
            scratch.unlink()
    held = json.loads(path.read_text())
    return Secrets(**{name: bytes.fromhex(value) for name, value in held.items()})


class Crypto:
    """Seals, digests and signatures made with an instance's secrets."""

    def __init__(self, keys: Callable[[], Secrets]) -> None:
        self._load = keys

    @cached_property
    def _keys(self) -> Secrets:
        return self._load()

    @cached_property
    def _aead(self) -> AESGCM:
        return AESGCM(self._keys.data)

    @property
    def session_key(self) -> bytes:
        """The key that signs cookies."""
        return self._keys.session

    def seal(self, plain: str, context: str) -> bytes:
        """AES-256-GCM over UTF-8, bound to its context (table.column:id) so that values cannot be moved."""
        nonce = secrets.token_bytes(12)
        return nonce + self._aead.encrypt(nonce, plain.encode(), context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        """The text of a seal; raises cryptography.exceptions.InvalidTag if bytes or context changed."""
        return self._aead.decrypt(sealed[:12], sealed[12:], context.encode()).decode()

    def digest(self, purpose: str, value: str) -> str:
        """HMAC-SHA256 for exact look-ups of what is not stored in clear (43 characters)."""
        mac = hmac.new(self._keys.lookup, f"{purpose}\x00{value}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()

    def sign(self, purpose: str, value: list[str | int]) -> str:
        """A URL-safe signed value; carries no secret."""
        return str(URLSafeSerializer(self._keys.session, salt=purpose).dumps(value))

    def unsign(self, purpose: str, signed: str) -> list[str | int] | None:
        """The value of a signature, or None if it is not ours."""
        try:
            value = URLSafeSerializer(self._keys.session, salt=purpose).loads(signed)
        except BadSignature:
            return None
        return value if isinstance(value, list) else None

    def matches(self, left: str, right: str) -> bool:
        """Compare two digests in constant time."""
        return hmac.compare_digest(left.encode(), right.encode())
