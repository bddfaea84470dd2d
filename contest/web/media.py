"""Pictures to whoever may see them: renditions only, by a route that decides each time."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response

from contest.web.access import services

blueprint = Blueprint("media", __name__)


def picture(
    rendition_id: str, size: int, *, etag: str, cache: str = "no-store", mimetype: str = "image/jpeg"
) -> Response:
    """Stream a rendition: one name for all, no times, nosniff, own sandbox; `cache` as the caller decides."""
    storage = services().storage  # the body is sent when the request's context has gone

    def body() -> Iterator[bytes]:
        yield from storage.stream(f"renditions/{rendition_id}")

    response = Response(body(), mimetype=mimetype)
    response.content_length = size
    response.headers["Content-Disposition"] = 'inline; filename="photo.jpg"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = cache
    response.set_etag(etag)
    return response
