"""JSON that scripts send: a few words about a slice or a score, never a document."""

from __future__ import annotations

from typing import Any

from flask import Request, abort

MOST_BYTES = 64_000


class SmallJsonRequest(Request):
    """A request whose JSON is small and of known length: else it is refused unread (413)."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """As Flask's; JSON nested without end is broken JSON."""
        if self.content_length is None or self.content_length > MOST_BYTES:
            abort(413)
        try:
            return super().get_json(force=force, silent=silent, cache=cache)
        except RecursionError:
            return None if silent else abort(400)
