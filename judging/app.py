"""Assembles judging/: pages, gates, jobs, commands."""

from __future__ import annotations

from flask import Flask

from contest.infra.texts import results
from judging.operations.allocate import settle_awards
from judging.tasks import init_tasks
from judging.web.pages import PAGES

TEXTS = (results,)


def init_app(app: Flask) -> None:
    """Give the application everything of this package."""
    services = app.extensions["contest"]
    registry = services.registry
    registry.on_stage.append(settle_awards)
    init_tasks(services)
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
