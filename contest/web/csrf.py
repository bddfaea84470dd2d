"""Every unsafe request carries a token bound to the browser's session, slices of an upload included."""

from __future__ import annotations

from flask import Flask, current_app
from flask_wtf.csrf import CSRFProtect

from contest.web.access import services

csrf = CSRFProtect()


def init_csrf(app: Flask) -> None:
    """Tokens live as long as the session: a citizen who fills in a form for an hour is not refused."""
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_HEADERS=["X-CSRFToken"])
    app.before_request(_read_key)
    csrf.init_app(app)


def _read_key() -> None:
    """The key is read from the secrets file at the first request: assembling the application reads nothing."""
    if "WTF_CSRF_SECRET_KEY" not in current_app.config:
        current_app.config["WTF_CSRF_SECRET_KEY"] = services().crypto.session_key.hex()
