"""Jobs of gallery: reading the published page back, and what is swept each minute."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Flask
from werkzeug.test import Client

from contest.domain.errors import Conflict
from contest.infra.storage import StorageError
from contest.infra.wiring import Services
from gallery.operations.approve import withdraw_outdated_approvals
from gallery.operations.read_back import check_due, check_publication
from gallery.operations.remind import remind_of_announcement

log = logging.getLogger(__name__)


def init_tasks(app: Flask, services: Services) -> None:
    """Register the jobs and sweeps."""

    def fetch(path: str) -> tuple[int, bytes]:
        # No cookie, no session, the whole application from its outermost layer: what anybody would get.
        client = Client(app.wsgi_app, use_cookies=False)
        try:
            response = client.get(path, base_url=services.settings.public_url, buffered=True)
            return response.status_code, response.get_data()
        except (StorageError, OSError):
            log.exception("reading back %s", path)
            return HTTPStatus.INTERNAL_SERVER_ERROR, b""

    def read_back(publication_id: str) -> None:
        try:
            check_publication(services, fetch, publication_id, services.clock.now())
        except Conflict:
            return  # held or withdrawn since the bell was rung

    services.jobs.task("check_publication")(read_back)
    services.registry.sweeps += [withdraw_outdated_approvals, remind_of_announcement, check_due]
