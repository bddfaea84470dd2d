"""The home page's part: after the minute the grand prize opens it; earlier winners stand below the next call."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from contest.web.locale import locale
from gallery.queries.announcement import public_notice
from gallery.queries.published import is_anything_published, results
from gallery.web.cards import card, picture_url

_ON_HOME = 6


def load_home(session: Session, edition_id: str, now: dt.datetime) -> dict[str, Any] | None:
    """What the home page shows of results; None where there is neither a result nor a notice to read."""
    shown = results(session, now, locale())
    is_current = shown is not None and shown.edition_id == edition_id
    notice = None if is_current else public_notice(session, edition_id)
    if shown is None or not shown.works:
        return {"notice": notice, "works": []} if notice else None
    best = shown.works[0]
    return {
        "notice": notice,
        "results": shown,
        "works": [card(work) for work in shown.works[:_ON_HOME]],
        "is_current": is_current,
        "published": is_current,
        "hero": {
            "src": picture_url(best.id, "large"),
            "alt": best.alternative_text,
            "credit": f"{best.tier} 「{best.title}」 {best.name}",
        }
        if is_current
        else None,
        "shortcuts": ((_("결과 보기"), "/results"), (_("갤러리"), "/gallery")) if is_current else (),
    }


def is_published(session: Session, now: dt.datetime) -> bool:
    """Whether the menu shows results."""
    return is_anything_published(session, now)
