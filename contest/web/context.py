"""What every template can use: language, office, menus, display settings, static addresses."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, url_for
from flask_babel import gettext
from flask_login import current_user

from contest.domain.in_app_browsers import InApp, in_app_browser
from contest.infra.texts import text
from contest.queries.office import office_of_current
from contest.web.access import now, services
from contest.web.kiosk import is_kiosk
from contest.web.locale import HTML_LANG, languages, locale, static_address

STATIC = Path(__file__).resolve().parents[1] / "static"
MODES = ("auto", "light", "high-contrast")
SIZES = ("100", "115", "130", "150")


@functools.lru_cache(maxsize=512)
def _version(name: str, modified: int) -> str:
    del modified  # part of the key: a changed file is read again
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def static_url(name: str) -> str:
    """The address of a static file, changed whenever its bytes change."""
    path = STATIC / name
    return static_address(name, _version(name, path.stat().st_mtime_ns) if path.is_file() else "0")


def display() -> dict[str, str]:
    """The reader's display settings, kept in a cookie and applied before any script runs."""
    mode, _, size = request.cookies.get("display", "").partition(".")
    return {"mode": mode if mode in MODES else "auto", "size": size if size in SIZES else "100"}


def _common() -> dict[str, Any]:
    held = services()
    language = locale()
    return {
        "locale": language,
        "html_lang": HTML_LANG[language],
        "locales": languages(),
        "site_address": held.settings.public_url.rstrip("/"),
        "demonstration": held.settings.demonstration,
        "official_banner": held.settings.official_banner,
        "display": display(),
        "static_url": static_url,
        "office": LazyOffice(),
        "nav_items": Navigation(),
        "logout_url": url_for("accounts.leave"),
        "contest_now": now,
        "demonstration_now": now() if held.settings.demonstration else None,
        "say": lambda code, **facts: text(language, code, **facts),
        "in_app": LazyInApp(),
        "is_kiosk": is_kiosk(),
        "map_tiles": (held.settings.map_tile_url, held.settings.map_attribution),
    }


class LazyInApp:
    """The app whose browser this is, worked out only by templates that offer help."""

    @functools.cached_property
    def _held(self) -> InApp | None:
        address = services().settings.public_url.rstrip("/") + request.script_root + request.path
        return in_app_browser(request.user_agent.string, address)

    def __bool__(self) -> bool:
        return self._held is not None

    def __getattr__(self, name: str) -> str | None:
        value: str | None = getattr(self._held, name)
        return value


class LazyOffice:
    """The office of the current edition, looked up only by templates that show it."""

    @functools.cached_property
    def _held(self) -> dict[str, str]:
        with services().database.read() as session:
            return office_of_current(session, locale())

    def __getattr__(self, name: str) -> str:
        return self._held.get(name, "")


@dataclass(frozen=True)
class MenuItem:
    """One item of a menu, ready for its template; `group` heads it in the menu of staff."""

    label: str
    url: str
    current: bool
    group: str = ""


class Navigation:
    """The menu of whoever looks, looked up only by templates that show it."""

    @functools.cached_property
    def _held(self) -> list[MenuItem]:
        return _navigation()

    def __iter__(self) -> Iterator[MenuItem]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


def _navigation() -> list[MenuItem]:
    role = current_user.role if current_user.is_authenticated else None
    items = [
        item
        for item in sorted(services().registry.navigation, key=lambda item: item.order)
        if (not item.roles and request.blueprint and not _is_staff_page())
        or (role in item.roles and _is_staff_page())
    ]
    with services().database.read() as session:
        shown = [item for item in items if item.shown is None or item.shown(session, now())]
    return [
        MenuItem(gettext(item.label), url_for(item.endpoint), _is_here(item.endpoint), item.group)
        for item in shown
    ]


def _is_here(endpoint: str) -> bool:
    """Whether this page is the item's, or one of those below its index."""
    blueprint, _, view = endpoint.rpartition(".")
    return request.endpoint == endpoint or (view == "index" and request.blueprint == blueprint)


def _is_staff_page() -> bool:
    return request.path.startswith("/staff")


def init_context(app: Flask) -> None:
    """Templates' common names, and the headers every answer carries."""
    app.context_processor(_common)
    app.after_request(_headers)


def _headers(response: Response) -> Response:
    settings = services().settings
    tile_host = ""
    if settings.map_tile_url:
        tile_host = " " + "/".join(settings.map_tile_url.split("/", 3)[:3])
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'self'; img-src 'self' blob: data:{tile_host}; script-src 'self'; style-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if settings.is_https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if response.mimetype == "text/html":
        # Stages change at minutes that nobody announces to a cache.
        response.headers.setdefault("Cache-Control", "no-store" if _is_personal() else "no-cache")
    return response


def _is_personal() -> bool:
    return bool(current_user.is_authenticated) or request.path.startswith(
        (
            "/entry", "/enter", "/guardian", "/receipt", "/news", "/lookup", "/objection", "/statement",
            "/verification/objection", "/judge", "/staff", "/desk", "/sign-in", "/activat",
        )
    )  # fmt: skip
