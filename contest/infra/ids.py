"""All randomness of the program, so that a test can make two worlds alike."""

from __future__ import annotations

import random
import secrets
from typing import Protocol

#: Letters and digits that are not mistaken for one another when read aloud or written by hand.
CLEAR_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_ID_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


class Ids(Protocol):
    """A source of identifiers, secrets and seeds."""

    def token(self) -> str:
        """An unguessable string for keys and links (at least 128 bits)."""

    def secret(self, length: int = 10) -> str:
        """A secret for people: clear letters and digits."""

    def seed(self) -> bytes:
        """32 bytes for shuffles and codes."""


class RandomIds:
    """Identifiers from the operating system's randomness."""

    def token(self) -> str:
        """26 lower-case letters and digits: 134 bits, safe in addresses, file names and object keys."""
        return "".join(secrets.choice(_ID_ALPHABET) for _ in range(26))

    def secret(self, length: int = 10) -> str:
        """A secret that can be read over the telephone; 10 characters are 49 bits."""
        return "".join(secrets.choice(CLEAR_ALPHABET) for _ in range(length))

    def seed(self) -> bytes:
        """32 random bytes."""
        return secrets.token_bytes(32)


class SeededIds:
    """The same identifiers for the same seed: for tests and rehearsals, never for a real instance."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  repeatable on purpose

    def token(self) -> str:
        """As RandomIds.token, repeatable."""
        return "".join(self._random.choice(_ID_ALPHABET) for _ in range(26))

    def secret(self, length: int = 10) -> str:
        """As RandomIds.secret, repeatable."""
        return "".join(self._random.choice(CLEAR_ALPHABET) for _ in range(length))

    def seed(self) -> bytes:
        """As RandomIds.seed, repeatable."""
        return self._random.randbytes(32)
