"""A small drawing of where a photograph lies against the district's line, as numbers for an SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contest.domain.exif import Coordinate
from contest.domain.place import BAND_METRES, METRES_PER_LATITUDE, METRES_PER_LONGITUDE, Polygon

WIDTH = 320
_MARGIN = 12
_TALLEST = 420
_FLATTEST = 160
_CLOSEUP_BANDS = 2.5  # to each side of the point


@dataclass(frozen=True)
class Mark:
    """A point of the drawing, in its own units from the top left corner."""

    kind: str
    x: float
    y: float


@dataclass(frozen=True)
class Closeup:
    """The surroundings of a point near the line, in the drawing's units.

    left, top, side: the square view box; x, y: the point; line_x, line_y: the place of the line nearest to it.
    """

    left: float
    top: float
    side: float
    x: float
    y: float
    line_x: float
    line_y: float


@dataclass(frozen=True)
class Sketch:
    """width and height of the view box, the outline as an SVG path, the points.

    band: how wide the strip is within which a person decides, on one side of the line; closeup: around the
    photograph's own place where that lies within the strip.
    """

    width: int
    height: int
    path: str
    marks: tuple[Mark, ...]
    band: float = 0.0
    closeup: Closeup | None = None


def sketch(land: Iterable[Polygon], points: Sequence[tuple[str, Coordinate]]) -> Sketch:
    """The land and the named points together, north up, equal scales, as large as the width allows."""
    rings = [ring for polygon in land for ring in polygon.rings]
    spots = [(point.longitude, point.latitude) for _, point in points]
    everything = [xy for ring in rings for xy in ring] + spots
    metres = [(x * METRES_PER_LONGITUDE, y * METRES_PER_LATITUDE) for x, y in everything]
    left, right = min(x for x, _ in metres), max(x for x, _ in metres)
    bottom, top = min(y for _, y in metres), max(y for _, y in metres)
    across, up = max(right - left, 1.0), max(top - bottom, 1.0)
    height = round(min(max(WIDTH * up / across, _FLATTEST), _TALLEST))
    scale = min((WIDTH - 2 * _MARGIN) / across, (height - 2 * _MARGIN) / up)
    x0 = (WIDTH - across * scale) / 2
    y0 = (height - up * scale) / 2

    def place(longitude: float, latitude: float) -> tuple[float, float]:
        x = x0 + (longitude * METRES_PER_LONGITUDE - left) * scale
        y = y0 + (top - latitude * METRES_PER_LATITUDE) * scale
        return round(x, 2), round(y, 2)

    drawn = [[place(*xy) for xy in ring] for ring in rings]
    path = "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in drawn)
    marks = tuple(Mark(kind, *place(point.longitude, point.latitude)) for kind, point in points)
    band = round(BAND_METRES * scale, 2)
    return Sketch(WIDTH, height, path, marks, band, _closeup(drawn, marks, band))


def _closeup(drawn: list[list[tuple[float, float]]], marks: Iterable[Mark], band: float) -> Closeup | None:
    own = next((mark for mark in marks if mark.kind == "exif"), None)
    if own is None or not drawn:
        return None
    nearest = min(
        (
            _nearest((own.x, own.y), start, end)
            for ring in drawn
            for start, end in zip(ring, (*ring[1:], ring[0]), strict=True)
        ),
        key=lambda spot: math.dist(spot, (own.x, own.y)),
    )
    if math.dist(nearest, (own.x, own.y)) > band:
        return None
    half = _CLOSEUP_BANDS * band
    x, y = (round(value, 2) for value in nearest)
    return Closeup(round(own.x - half, 2), round(own.y - half, 2), round(2 * half, 2), own.x, own.y, x, y)


def _nearest(
    point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]
) -> tuple[float, float]:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length if length else 0.0
    along = max(0.0, min(1.0, along))
    return start[0] + along * dx, start[1] + along * dy
