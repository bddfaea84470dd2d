"""Browsers inside other apps, told by what they call themselves: pictures often fail there and pages get lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

# What each writes into its name; the first that fits counts.
_APPS: tuple[tuple[str, str], ...] = (
    ("KAKAOTALK", "kakaotalk"),
    ("NAVER(inapp", "naver"),
    ("Instagram", "instagram"),
    ("FBAN", "facebook"),
    ("FBAV", "facebook"),
    (" Line/", "line"),
    ("BAND/", "band"),
    ("DaumApps", "daum"),
    ("everytimeApp", "everytime"),
)
_PLAIN_HOST = re.compile(r"[A-Za-z0-9.\-:\[\]]+")


@dataclass(frozen=True)
class InApp:
    """The app around this page, and an address that opens the page outside of it; None where there is no way.

    Such an address only asks the app: where it does nothing, the words on the page tell the way by hand.
    """

    name: str  # kakaotalk, naver, …
    way_out: str | None


def in_app_browser(user_agent: str, address: str) -> InApp | None:
    """The app whose browser this is, with a way out for the page at `address`; None for an ordinary browser."""
    name = next((name for mark, name in _APPS if mark in user_agent), None)
    return None if name is None else InApp(name, _way_out(name, user_agent, address))


def _way_out(name: str, user_agent: str, address: str) -> str | None:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not _PLAIN_HOST.fullmatch(parts.netloc):
        return None
    if name == "kakaotalk":
        return "kakaotalk://web/openExternal?url=" + quote(address, safe="")
    if name == "line":
        return f"{address}{'&' if parts.query else '?'}openExternalBrowser=1"
    if "Android" in user_agent:
        rest = parts.netloc + parts.path + (f"?{parts.query}" if parts.query else "")
        return f"intent://{rest}#Intent;scheme={parts.scheme};action=android.intent.action.VIEW;end"
    return None
