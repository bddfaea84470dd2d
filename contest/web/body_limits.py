"""How long a body each address takes: a longer one is answered 413 before any of it is read or kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

#: Forms without files; what their fields may hold is bounded by MAX_FORM_MEMORY_SIZE as well.
PLAIN = 1_000_000
#: Boundaries, names and the other fields of a form with files.
ROOM = 100_000
_View = TypeVar("_View", bound=Callable[..., Any])


def body_up_to(most: int) -> Callable[[_View], _View]:
    """Declare on a view that it takes bodies of so many bytes. Stands nearest to the function."""

    def mark(view: _View) -> _View:
        view.body_limit = most  # type: ignore[attr-defined]  # wrapping decorators carry it outwards
        return view

    return mark


def init_body_limits(app: Flask) -> None:
    """Set the limit of each request before anything looks into its body."""
    app.before_request(_limit)


def _limit() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = getattr(view, "body_limit", PLAIN)
