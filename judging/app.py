"""Assembles judging/: pages, gates, jobs, commands."""

from __future__ import annotations

from flask import Flask

from judging.web.pages import PAGES


def init_app(app: Flask) -> None:
    """Give the application everything of this package."""
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
