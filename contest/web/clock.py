"""Contest time of a request: read when it arrives, before its body, so that a slow line loses no deadline."""

from __future__ import annotations

from flask import Flask, request

from contest.web.access import services


def init_clock(app: Flask) -> None:
    """Hold the clock from the arrival of a request to its end. Registered before anything reads a body."""

    def hold() -> None:
        if request.endpoint != "static":
            services().clock.hold()

    app.before_request(hold)
    app.teardown_request(lambda _error: services().clock.release())
