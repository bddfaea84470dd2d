"""Photographs for staff: clean pictures to look at, originals as files with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request

from contest.domain.actors import Role
from contest.operations.disclosure import disclose
from contest.queries.photographs import original, picture
from contest.web.access import actor, allow, now, services
from contest.web.media import picture as send_picture

blueprint = Blueprint("staff_photos", __name__)
#: Whoever works with entries; the system administrator does not.
VIEWERS = (Role.OPERATOR, Role.APPROVER, Role.AUDITOR)


@blueprint.get("/staff/photos/<rendition_id>")
@allow(*VIEWERS)
def show(rendition_id: str) -> Any:
    """A clean picture, kept a while by this browser only."""
    with services().database.read() as session:
        found = picture(session, rendition_id)
    if request.if_none_match.contains(found.sha256):
        return Response(status=304)
    return send_picture(found.id, found.bytes, etag=found.sha256, cache="private, max-age=600")


@blueprint.post("/staff/photos/<photo_id>/original")
@allow(*VIEWERS)
def take_original(photo_id: str) -> Any:
    """The file as it was handed in, with all that it tells of its maker: an act with a reason."""
    held = services()
    with held.database.write() as uow:
        found = original(uow.session, photo_id)
        disclose(
            uow,
            "original",
            ("entry" if found.entry_id else "photo", found.entry_id or photo_id),
            request.form.get("reason", ""),
            actor=actor(),
            now=now(),
            edition_id=found.edition_id,
        )

    def body() -> Iterator[bytes]:
        yield from held.storage.stream(f"originals/{photo_id}")

    response = Response(body(), mimetype="application/octet-stream")
    response.content_length = found.bytes
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response
