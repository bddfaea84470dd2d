"""Refusals as pages: one mapping from the error tree to HTTP, and a reference number for everything else."""

from __future__ import annotations

import errno
import logging
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, NotFound, SecurityError

from contest.domain.errors import ContestError
from contest.infra.database import DatabaseUnavailable
from contest.infra.texts import text
from contest.web.access import services
from contest.web.locale import locale

log = logging.getLogger("contest")
#: The disk is full, the quota is used up, the file may not grow.
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
#: Sentences for the statuses that people meet; others get the general one.
_HTTP_CODES = {400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 503, 507}


def say(error: ContestError) -> str:
    """The sentence of an error in the language of this request."""
    return text(locale(), error.code, **error.facts)


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"


def _answer(status: int, code: str, sentence: str, reference: str | None = None) -> Any:
    if _wants_json():
        return jsonify(error=code, message=sentence, reference=reference), status
    page = render_template(
        "contest/error.html",
        status=status,
        sentence=sentence,
        reference=reference,
        bare=status >= 500,  # noqa: PLR2004  our own faults begin there
    )
    return page, status


def init_errors(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(ContestError)
    def _refused(error: ContestError) -> Any:
        return _answer(error.status, error.code, say(error))

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> Any:
        return _answer(400, "http.csrf", text(locale(), "http.csrf"))

    @app.errorhandler(SecurityError)
    def _foreign_host(_error: SecurityError) -> Any:
        # No page: its links would be made from the very host that is refused.
        return text("ko", "http.host"), 400, {"Content-Type": "text/plain; charset=utf-8"}

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Any:
        status = error.code or 500
        if status in {301, 302, 303, 304, 307, 308}:
            return error
        code = f"http.{status}" if status in _HTTP_CODES else "http.other"
        return _answer(status, code, text(locale(), code))

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Any:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            log.error("no space left: %s %s", request.method, request.endpoint)
            return _answer(507, "http.507", text(locale(), "http.507"))
        reference = services().ids.secret(8)
        if isinstance(error, DatabaseUnavailable):
            log.error("database %s %s %s", reference, request.method, request.endpoint, exc_info=error)
            return _answer(503, "http.503", text(locale(), "http.503"), reference)
        log.error("unforeseen %s %s %s", reference, request.method, request.endpoint, exc_info=error)
        return _answer(500, "http.500", text(locale(), "http.500", reference=reference), reference)

    # Flask answers unknown addresses before any view; the page is the same as for a missing object.
    app.register_error_handler(NotFound, lambda _error: _answer(404, "http.404", text(locale(), "http.404")))
