"""Every unsafe request carries a token bound to the browser's session, slices of an upload included."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()


def init_csrf(app: Flask) -> None:
    """Tokens live as long as the session: a citizen who fills in a form for an hour is not refused."""
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_HEADERS=["X-CSRFToken"])
    csrf.init_app(app)
