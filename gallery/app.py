"""Assembles gallery/: pages, gates, jobs, commands."""

from __future__ import annotations

from flask import Flask

from gallery.web.pages import PAGES


def init_app(app: Flask) -> None:
    """Give the application everything of this package."""
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
