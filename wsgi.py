"""The composition root: the only module that knows all three packages."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import contest.app
import gallery.app
import judging.app
from contest.domain.errors import Invalid
from contest.infra.clock import Clock
from contest.infra.ids import Ids
from contest.infra.settings import Settings, from_environment
from contest.infra.texts import text
from contest.infra.wiring import build
from contest.operations.audit import write_trail
from contest.web.static_files import StaticFiles

MAX_FORM_BYTES = 500_000


def create_app(
    settings: Settings | None = None, *, clock: Clock | None = None, ids: Ids | None = None
) -> Flask:
    """The application. Does no I/O: files, connections and children are opened when first used."""
    settings = settings or _settings_or_exit()
    app = Flask("contest", static_folder="static", template_folder="web/templates")
    app.config.update(
        TRUSTED_HOSTS=settings.hosts,
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


def _settings_or_exit() -> Settings:
    """The environment's settings; a setting that cannot be meant ends the program with its sentence."""
    try:
        return from_environment()
    except Invalid as wrong:
        raise SystemExit(text("ko", wrong.code, **wrong.facts)) from None


app = create_app()
