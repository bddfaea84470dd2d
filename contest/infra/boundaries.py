"""Reads the district's boundary and dongs from the GeoJSON files that come with the program."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from contest.domain.exif import Coordinate
from contest.domain.place import District, Dong, Polygon

DATA = Path(__file__).resolve().parents[1] / "data"
#: The property of a dong's feature that names it in a language; Korean is always there.
DONG_NAMES = {"ko": "nameKo", "en": "nameEn", "zh": "nameZh"}


@cache
def load_district(boundary: Path = DATA / "geumcheon-boundary.geojson") -> District:
    """The district of a boundary file, with the dongs of its sibling `<name>-dong.geojson` if there is one.

    Raises ValueError for a file that is not GeoJSON polygons, OSError for one that cannot be read.
    """
    feature = _features(boundary)[0]
    sibling = boundary.with_name(boundary.name.replace("-boundary.", "-dong."))
    dongs = _features(sibling) if sibling != boundary and sibling.exists() else []
    return District(
        name=feature["properties"]["nameKo"],
        land=_land(feature["geometry"]),
        dongs=tuple(
            Dong(
                code=dong["properties"]["admCd"],
                name=dong["properties"]["nameKo"],
                land=_land(dong["geometry"]),
                label=Coordinate(
                    latitude=dong["properties"]["labelLat"], longitude=dong["properties"]["labelLon"]
                ),
            )
            for dong in dongs
        ),
    )


@cache
def dong_names(locale: str, boundary: Path = DATA / "geumcheon-boundary.geojson") -> dict[str, str]:
    """The name of each dong in a locale (en, zh) by its Korean name; the Korean one where there is no other."""
    sibling = boundary.with_name(boundary.name.replace("-boundary.", "-dong."))
    rows = [dong["properties"] for dong in _features(sibling)]
    return {row["nameKo"]: row.get(DONG_NAMES.get(locale, "nameKo"), row["nameKo"]) for row in rows}


def _features(path: Path) -> list[dict[str, Any]]:
    document = json.loads(path.read_text(encoding="utf-8"))
    features: list[dict[str, Any]] = document.get("features") or []
    if not features:
        raise ValueError(f"{path.name} holds no feature")
    return features


def _land(geometry: dict[str, Any]) -> tuple[Polygon, ...]:
    if geometry["type"] == "Polygon":
        return (Polygon.of(geometry["coordinates"]),)
    if geometry["type"] == "MultiPolygon":
        return tuple(Polygon.of(rings) for rings in geometry["coordinates"])
    raise ValueError(f"{geometry['type']} is not land")
