"""Languages in addresses: /en/… and /zh/… are the same pages; Korean has no prefix."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, request, url_for
from flask_babel import Babel

PREFIXES = {"en": "en", "zh": "zh"}
BABEL_LOCALES = {"ko": "ko", "en": "en", "zh": "zh_Hans_CN"}
HTML_LANG = {"ko": "ko", "en": "en", "zh": "zh-Hans"}
NAMES = {"ko": "한국어", "en": "English", "zh": "简体中文"}


class LocalePrefix:
    """Moves a language prefix from the path to SCRIPT_NAME, so that every url_for keeps the language."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        path = environ.get("PATH_INFO", "")
        first = path[1:].split("/", 1)[0]
        if first in PREFIXES:
            environ["contest.locale"] = first
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + first
            environ["PATH_INFO"] = path[len(first) + 1 :] or "/"
        result: Iterable[bytes] = self._app(environ, start_response)
        return result


def locale() -> str:
    """The language of this request: ko, en or zh."""
    return str(request.environ.get("contest.locale", "ko"))


def languages() -> list[tuple[str, str, str]]:
    """(code, name, address of this very page) in each language, for the switch and hreflang."""
    here = request.path + (
        f"?{request.query_string.decode(errors='replace')}" if request.query_string else ""
    )
    return [(code, NAMES[code], ("" if code == "ko" else f"/{code}") + here) for code in NAMES]


def static_address(name: str, version: str) -> str:
    """A static file's address without the language prefix, so that one copy is cached."""
    root = request.script_root
    address = url_for("static", filename=name, v=version)
    return address[len(root) :] if root and address.startswith(root) else address


def init_locale(app: Flask) -> None:
    """Babel with Korean as the source, and the prefixes."""
    app.config.update(BABEL_DEFAULT_LOCALE="ko", BABEL_DEFAULT_TIMEZONE="Asia/Seoul")
    Babel(
        app,
        locale_selector=lambda: BABEL_LOCALES[locale()],
        default_translation_directories="translations",
    )
    # Sentences in {% trans %} are collected with their line breaks folded, and must be looked up so.
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.wsgi_app = LocalePrefix(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented hook
