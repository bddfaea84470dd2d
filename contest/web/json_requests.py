"""JSON that scripts send: a few words about a slice or a score, never a document."""

from __future__ import annotations

from typing import Any

from flask import Request, abort

MOST_BYTES = 64_000


class SmallJsonRequest(Request):
    """A request whose JSON is small: a larger one is refused unread (413), one nested without end as broken."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:  # type: ignore[override]  # Flask's overloads
        """As Flask's."""
        self.max_content_length = MOST_BYTES
        try:
            return super().get_json(force=force, silent=silent, cache=cache)
        except RecursionError:
            return None if silent else abort(400)
