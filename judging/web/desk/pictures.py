"""The judge's own copies of the pictures."""

from __future__ import annotations

from typing import Any

from flask import request

from contest.domain.actors import Role
from contest.web.access import allow, services
from contest.web.media import picture
from judging.queries.blind import picture_of
from judging.web.desk.frame import blueprint, looking_seat

#: Pictures may stay in the judge's own browser for a while: the next one is loaded before it is asked for.
PICTURE_CACHE = "private, max-age=900"


@blueprint.get("/image/<token>")
@allow(Role.JUDGE)
def image(token: str) -> Any:
    """The working view of a picture under the judge's own name for it."""
    return _picture(token, ("judge",))


@blueprint.get("/thumb/<token>")
@allow(Role.JUDGE)
def thumb(token: str) -> Any:
    """The small view of a picture for the contact sheet."""
    return _picture(token, ("thumb", "judge"))


@blueprint.get("/zoom/<token>")
@allow(Role.JUDGE)
def zoom(token: str) -> Any:
    """The 100 % view of a picture; the working view until it has been made."""
    return _picture(token, ("zoom", "judge"))


def _picture(token: str, kinds: tuple[str, ...]) -> Any:
    with services().database.read() as rows:
        seat = looking_seat(rows)
        found = picture_of(rows, seat, token, kinds)
    # Salted for each name of a picture: neither two judges nor one judge who meets a work twice can tell by
    # comparing headers that it is one file.
    etag = services().crypto.digest(f"picture:{seat.judge_id}:{token}", found.sha256)
    return picture(found.rendition_id, found.size, etag=etag, cache=PICTURE_CACHE).make_conditional(request)
