"""The errors an office meets: a small typed tree that carries a code and facts, never sentences."""

from __future__ import annotations

from typing import Any, ClassVar


class ContestError(Exception):
    """Anything refused on purpose.

    code: key of a sentence in the text tables; facts: what the sentence names;
    field: the form field it belongs to, or None.
    """

    status: ClassVar[int] = 500

    def __init__(self, code: str, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class Denied(ContestError):
    """The actor may not do this (403)."""

    status = 403


class Missing(ContestError):
    """There is no such thing for this actor (404); the same answer as for one that never was."""

    status = 404


class Conflict(ContestError):
    """The state of things forbids it now (409)."""

    status = 409


class Invalid(ContestError):
    """What was entered cannot be accepted (422)."""

    status = 422


class TooLarge(Invalid):
    """More bytes than may come (413)."""

    status = 413


class Throttled(ContestError):
    """Too many attempts within a short time (429); facts say how many minutes to wait."""

    status = 429
