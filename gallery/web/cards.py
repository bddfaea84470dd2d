"""Published works as the templates of photographs take them."""

from __future__ import annotations

from typing import Any

from flask import url_for

from gallery.queries.published import Work

_NARROWEST, _WIDEST = 5, 24


def picture_url(work_id: str, kind: str) -> str:
    """The address of a picture, without a language prefix so that one copy is cached."""
    return f"/photo/{work_id}/{kind}.jpg"


def ratio_class(width: int, height: int) -> str:
    """The class that gives a picture its share of a row: r5 (1:2) to r24."""
    tenths = round(10 * width / height) if height else 10
    return f"r{min(max(tenths, _NARROWEST), _WIDEST)}"


def card(work: Work) -> dict[str, Any]:
    """One work for a grid or a wall."""
    return {
        "id": work.id,
        "url": url_for("gallery.photo", work_id=work.id),
        "src": picture_url(work.id, "thumb"),
        "width": work.thumb_width,
        "height": work.thumb_height,
        "big": picture_url(work.id, "large"),
        "big_width": work.large_width,
        "big_height": work.large_height,
        "alt": work.alternative_text,
        "title": work.title,
        "name": work.name,
        "place": work.place,
        "tier": work.tier,
        "tier_code": work.tier_code,
        "badge": work.tier,
        "meta": work.name,
        "number": work.entry_number,
        "ratio": ratio_class(work.large_width, work.large_height),
    }
