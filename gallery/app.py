"""Assembles gallery/: pages, sections, jobs."""

from __future__ import annotations

from flask import Flask

from contest.infra.texts import publication
from contest.infra.wiring import Services
from gallery import tasks
from gallery.web.pages import PAGES

TEXTS = (publication,)


def init_app(app: Flask) -> None:
    """Give the application everything of this package."""
    services: Services = app.extensions["contest"]
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    tasks.init_tasks(app, services)
