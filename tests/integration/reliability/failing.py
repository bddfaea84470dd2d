"""The application as it is served, with one page that fails: its error holds what must stand in no log."""

from __future__ import annotations

from typing import NoReturn

from wsgi import app


def fail() -> NoReturn:
    """Fail as a bug would, with somebody's data in its words."""
    raise ValueError("canary-홍길동 010-9999-1234")


app.view_functions["call.show"] = fail
fail.access = frozenset()  # type: ignore[attr-defined]  # anybody may see it fail
