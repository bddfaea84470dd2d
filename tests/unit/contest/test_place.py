"""Points against the real boundary of the district."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.exif import Coordinate
from contest.domain.place import District, Polygon, Whereabouts, contains, find_dong, metres_to_line, place
from contest.infra.boundaries import load_district

DISTRICT = load_district()


@pytest.mark.parametrize(
    ("name", "lat", "lon", "where", "metres"),
    [
        ("금천구청", 37.4569, 126.8955, "inside", 479),
        ("가산디지털단지역", 37.4816, 126.8826, "inside", 271),
        ("안양천", 37.4650, 126.8845, "near", 51),
        ("석수역", 37.4350, 126.9020, "near", 71),
        ("구로디지털단지역", 37.4853, 126.9015, "outside", 634),
        ("광명시청", 37.4786, 126.8646, "outside", 837),
        ("강남역", 37.4979, 127.0276, "outside", 10_200),
    ],
)
def test_known_places(name: str, lat: float, lon: float, where: str, metres: float) -> None:
    placing = place(Coordinate(lat, lon), DISTRICT)
    assert placing.where == where
    assert placing.metres == pytest.approx(metres, rel=0.005, abs=2)


def test_near_the_line_says_on_which_side() -> None:
    assert place(Coordinate(37.4650, 126.8845), DISTRICT).is_inside
    assert not place(Coordinate(37.4350, 126.9020), DISTRICT).is_inside


@pytest.mark.parametrize(
    ("lat", "lon", "dong", "within"),
    [
        (37.4569, 126.8955, "시흥1동", True),
        (37.4816, 126.8826, "가산동", True),
        (37.4650, 126.8845, "가산동", False),
    ],
)
def test_dong_of_a_point_or_the_nearest(lat: float, lon: float, dong: str, within: bool) -> None:
    match = find_dong(Coordinate(lat, lon), DISTRICT)
    assert match is not None
    assert match.dong.name == dong
    assert (match.metres == 0) is within


def test_ten_dongs_each_holding_its_own_label() -> None:
    assert len(DISTRICT.dongs) == 10
    for dong in DISTRICT.dongs:
        match = find_dong(dong.label, DISTRICT)
        assert match is not None
        assert match.dong == dong


def test_the_other_side_of_the_earth_is_far() -> None:
    placing = place(Coordinate(40.7128, -74.0060), DISTRICT)  # New York
    assert placing.where is Whereabouts.OUTSIDE
    assert placing.metres == pytest.approx(11_060_000, rel=0.01)


def test_a_hole_is_outside() -> None:
    square = Polygon.of(
        [
            [(126.0, 37.0), (127.0, 37.0), (127.0, 38.0), (126.0, 38.0), (126.0, 37.0)],
            [(126.4, 37.4), (126.6, 37.4), (126.6, 37.6), (126.4, 37.6), (126.4, 37.4)],
        ]
    )
    assert contains([square], Coordinate(37.2, 126.2))
    assert not contains([square], Coordinate(37.5, 126.5))
    assert metres_to_line([square], Coordinate(37.5, 126.5)) == pytest.approx(8_837, abs=1)


def test_a_district_without_dongs_has_none() -> None:
    assert find_dong(Coordinate(37.4, 126.9), District("어디구", DISTRICT.land)) is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_point_of_the_earth_lies_somewhere(lat: float, lon: float) -> None:
    placing = place(Coordinate(lat, lon), DISTRICT)
    assert placing.metres >= 0
    assert (placing.where is Whereabouts.NEAR) is (placing.metres <= 200)
