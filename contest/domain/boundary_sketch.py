"""A small drawing of where a photograph lies against the district's line, as numbers for an SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contest.domain.exif import Coordinate
from contest.domain.place import METRES_PER_LATITUDE, METRES_PER_LONGITUDE, Polygon

WIDTH = 320
_MARGIN = 12
_TALLEST = 420
_FLATTEST = 160


@dataclass(frozen=True)
class Mark:
    """A point of the drawing, in its own units from the top left corner."""

    kind: str
    x: float
    y: float


@dataclass(frozen=True)
class Sketch:
    """width and height of the view box, the outline as an SVG path, the points."""

    width: int
    height: int
    path: str
    marks: tuple[Mark, ...]


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
        return round(x, 1), round(y, 1)

    path = "".join("M" + "L".join(f"{x} {y}" for x, y in (place(*xy) for xy in ring)) + "Z" for ring in rings)
    marks = tuple(Mark(kind, *place(point.longitude, point.latitude)) for kind, point in points)
    return Sketch(WIDTH, height, path, marks)
