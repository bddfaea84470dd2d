"""Bytes and transactions never meet: slow work on bytes refuses to run while a unit of work is open."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_unit_of_work_open: ContextVar[bool] = ContextVar("unit_of_work_open", default=False)


class BytesInsideTransactionError(RuntimeError):
    """A programming error: something slow was begun while the database waits for this thread."""


@contextmanager
def no_bytes_here() -> Iterator[None]:
    """Forbid work on bytes in this thread until the block ends; a unit of work wraps itself in it."""
    token = _unit_of_work_open.set(True)
    try:
        yield
    finally:
        _unit_of_work_open.reset(token)


def assert_outside_transaction(what: str) -> None:
    """Raise BytesInsideTransactionError, naming what was tried, if a unit of work is open here."""
    if _unit_of_work_open.get():
        raise BytesInsideTransactionError(f"{what} inside a unit of work")
