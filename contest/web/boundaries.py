"""The district's 동 for maps in the browser: the boundary file as it comes with the program."""

from __future__ import annotations

import functools
from typing import Any

from flask import Blueprint, Response

from contest.infra.boundaries import DATA
from contest.web.access import public

blueprint = Blueprint("boundaries", __name__)
_DAY = 86_400


@functools.cache
def _dong() -> bytes:
    return (DATA / "geumcheon-dong.geojson").read_bytes()


@blueprint.get("/boundaries/dong.geojson")
@public
def dong() -> Any:
    """동 as GeoJSON; the same for everybody, kept for a day."""
    answer = Response(_dong(), mimetype="application/geo+json")
    answer.headers["Cache-Control"] = f"public, max-age={_DAY}"
    return answer
