"""Text size and colours: one cookie without any name of the reader, set by a plain form."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request

from contest.web.access import public, safe_next, services
from contest.web.context import MODES, SIZES, display

blueprint = Blueprint("display", __name__)
YEAR = 365 * 24 * 3600


@blueprint.get("/display")
@public
def choose() -> Response:
    """Keep ?mode= or ?size= and return to ?next=. A GET may set a preference; unknown values change nothing."""
    held = display()
    mode, size = request.args.get("mode", ""), request.args.get("size", "")
    held["mode"] = mode if mode in MODES else held["mode"]
    held["size"] = size if size in SIZES else held["size"]
    answer = make_response(redirect(safe_next(request.args.get("next")) or "/", 303))
    answer.set_cookie(
        "display",
        f"{held['mode']}.{held['size']}",
        max_age=YEAR,
        samesite="Lax",
        secure=services().settings.is_https,
    )
    return answer
