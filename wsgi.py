"""The composition root: the only module that knows all three packages."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import contest.app
import gallery.app
import judging.app
from contest.infra.clock import Clock
from contest.infra.ids import Ids
from contest.infra.settings import Settings, from_environment
from contest.infra.wiring import build
from contest.operations.audit import write_trail
from contest.web.static_files import StaticFiles

MAX_FORM_BYTES = 500_000


def create_app(
    settings: Settings | None = None, *, clock: Clock | None = None, ids: Ids | None = None
) -> Flask:
    """The application. Does no I/O: files, connections and children are opened when first used."""
    settings = settings or from_environment()
    app = Flask("contest", static_folder="static", template_folder="web/templates")
    host = settings.public_url.split("://", 1)[1].split("/", 1)[0]
    app.config.update(
        TRUSTED_HOSTS=[host, host.split(":")[0]],
        MAX_CONTENT_LENGTH=64_000_000,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        MAX_FORM_PARTS=200,
        PREFERRED_URL_SCHEME=settings.public_url.split("://", 1)[0],
        TESTING=settings.testing,
        PROPAGATE_EXCEPTIONS=False,
    )
    # What plays or checks the program from outside makes applications of its own.
    app.extensions["create_app"] = create_app
    services = build(settings, write_trail, clock=clock, ids=ids)
    contest.app.init_app(app, services)
    judging.app.init_app(app)
    gallery.app.init_app(app)
    app.wsgi_app = StaticFiles(  # type: ignore[method-assign]  # Flask's documented hook
        app.wsgi_app, Path(app.static_folder or ""), watch=settings.testing
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented hook
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )
    return app


app = create_app()
