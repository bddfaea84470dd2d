"""Where a point lies against the district: inside, near its line, outside; and in which dong."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contest.domain.exif import Coordinate

# Metres in a degree at 37.46 N; over the few kilometres that matter the earth is flat.
METRES_PER_LATITUDE = 110_950.0
METRES_PER_LONGITUDE = 88_370.0
# The published boundary sets differ by up to 310 m along the stream: close to the line a person decides.
BAND_METRES = 200.0
FLAT_METRES = 50_000.0
EARTH_METRES = 6_371_000.0

Ring = Sequence[tuple[float, float]]  # (longitude, latitude), as GeoJSON writes them


@dataclass(frozen=True, slots=True)
class Polygon:
    """An outer ring and its holes; rings may repeat their first point at the end or not."""

    rings: tuple[tuple[tuple[float, float], ...], ...]

    @classmethod
    def of(cls, rings: Iterable[Ring]) -> Polygon:
        """A polygon from plain coordinates."""
        return cls(tuple(tuple((float(x), float(y)) for x, y in ring) for ring in rings))


@dataclass(frozen=True, slots=True)
class Dong:
    """An administrative dong: ten-digit code, Korean name, its land, a point for its label."""

    code: str
    name: str
    land: tuple[Polygon, ...]
    label: Coordinate


@dataclass(frozen=True, slots=True)
class District:
    """The district a contest asks for."""

    name: str
    land: tuple[Polygon, ...]
    dongs: tuple[Dong, ...] = ()


class Whereabouts(StrEnum):
    """Where a point lies; NEAR means within the band on either side of the line."""

    INSIDE = "inside"
    NEAR = "near"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Placing:
    """A point against a district: where, whole metres to the line, and which side of it."""

    where: Whereabouts
    metres: int
    is_inside: bool


@dataclass(frozen=True, slots=True)
class DongMatch:
    """The dong of a point; metres is 0 within it, else how far the nearest one is."""

    dong: Dong
    metres: int


def place(point: Coordinate, district: District, *, band: float = BAND_METRES) -> Placing:
    """Where the point lies; band in metres. Outside and near are findings, never refusals."""
    inside = contains(district.land, point)
    metres = metres_to_line(district.land, point)
    side = Whereabouts.INSIDE if inside else Whereabouts.OUTSIDE
    where = Whereabouts.NEAR if metres <= band else side
    return Placing(where, round(metres), inside)


def find_dong(point: Coordinate, district: District) -> DongMatch | None:
    """The dong that holds the point, else the nearest one; None for a district without dongs.

    The census boundary leaves out part of the stream, so a point in the district may lie in no dong.
    """
    for dong in district.dongs:
        if contains(dong.land, point):
            return DongMatch(dong, 0)
    distances = [(metres_to_line(dong.land, point), dong) for dong in district.dongs]
    if not distances:
        return None
    metres, nearest = min(distances, key=lambda pair: pair[0])
    return DongMatch(nearest, round(metres))


def contains(land: Iterable[Polygon], point: Coordinate) -> bool:
    """Whether the land holds the point: a ray to the east crosses the rings an odd number of times."""
    x, y = point.longitude, point.latitude
    return any(sum(_crossings(ring, x, y) for ring in polygon.rings) % 2 for polygon in land)


def _crossings(ring: Ring, x: float, y: float) -> int:
    count = 0
    for (x1, y1), (x2, y2) in _edges(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            count += 1
    return count


def _edges(ring: Ring) -> Iterable[tuple[tuple[float, float], tuple[float, float]]]:
    return zip(ring, (*ring[1:], ring[0]), strict=True)


def metres_to_line(land: Iterable[Polygon], point: Coordinate) -> float:
    """Metres from the point to the nearest boundary line of the land; infinite for no land."""
    lines = [
        (_to_segment(point, start, end), start)
        for polygon in land
        for ring in polygon.rings
        for start, end in _edges(ring)
    ]
    if not lines:
        return math.inf
    metres, corner = min(lines)
    # Far away the flat map lies; there any corner of the line is as good as the line.
    return metres if metres < FLAT_METRES else _great_circle(point, corner)


def metres_between(one: Coordinate, other: Coordinate) -> float:
    """Metres between two points."""
    metres = math.hypot(*_metres_from(one, (other.longitude, other.latitude)))
    return metres if metres < FLAT_METRES else _great_circle(one, (other.longitude, other.latitude))


def _to_segment(point: Coordinate, start: tuple[float, float], end: tuple[float, float]) -> float:
    ax, ay = _metres_from(point, start)
    bx, by = _metres_from(point, end)
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
    return math.hypot(ax + along * dx, ay + along * dy)


def _metres_from(origin: Coordinate, corner: tuple[float, float]) -> tuple[float, float]:
    return (
        (corner[0] - origin.longitude) * METRES_PER_LONGITUDE,
        (corner[1] - origin.latitude) * METRES_PER_LATITUDE,
    )


def _great_circle(point: Coordinate, corner: tuple[float, float]) -> float:
    lat1, lat2 = math.radians(point.latitude), math.radians(corner[1])
    half_lat, half_lon = (lat2 - lat1) / 2, math.radians(corner[0] - point.longitude) / 2
    a = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * EARTH_METRES * math.asin(min(1.0, math.sqrt(a)))
