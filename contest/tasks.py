"""Jobs of contest: each a doorbell for a row; the sweep rings again what was lost."""

from __future__ import annotations

from flask import Flask

from contest.infra.jobs import Payload
from contest.infra.wiring import Services
from contest.operations.send import send_due_mail

SWEEP_SECONDS = 60


def init_tasks(app: Flask, services: Services) -> None:
    """Run every job inside an application context with contest time held, and sweep each minute."""

    def run(name: str, payload: Payload) -> None:
        with app.app_context():
            services.clock.hold()
            try:
                services.jobs.handle(name, payload)
            finally:
                services.clock.release()

    services.jobs.bind(run)
    services.jobs.task("send_messages")(lambda: send_due_mail(services, services.clock.now()))
    services.jobs.periodic("sweep", SWEEP_SECONDS)(lambda: sweep(services))


def sweep(services: Services) -> None:
    """Ring again what is due and was lost; every package registers its own part."""
    now = services.clock.now()
    for part in services.registry.sweeps:
        part(services, now)
