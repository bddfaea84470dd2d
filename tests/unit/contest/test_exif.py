"""EXIF is believed only where it is possible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.exif import (
    KST,
    RawExif,
    clean,
    parse_capture_time,
    read_exif,
    read_gps,
    summarise_device,
)


@pytest.mark.parametrize(
    "date",
    [
        "0000:00:00 00:00:00", "    :  :     :  :  ", "", "2023:02:30 10:00:00", "2023:13:01 10:00:00",
        "2023:01:01 24:00:00", "1904:01:01 00:00:00", "2099:01:01 00:00:00", "2023-05-01 10:00:00",
        "2023:05:01", "２０２３:05:01 10:00:00", "2023:05:01 10:00:00Z", None,
    ],
)  # fmt: skip
def test_an_impossible_date_is_unknown(date: str | None) -> None:
    assert parse_capture_time(date) is None


def test_a_date_without_a_zone_is_korean_time_and_good_to_a_day() -> None:
    captured = parse_capture_time("2024:08:01 09:30:00\0")
    assert captured is not None
    assert captured.at == datetime(2024, 8, 1, 0, 30, tzinfo=UTC)
    assert not captured.zone_known
    assert captured.latest - captured.earliest == timedelta(days=2)


def test_an_offset_makes_the_instant_exact() -> None:
    captured = parse_capture_time("2024:08:01 09:30:00", "-03:30")
    assert captured is not None
    assert captured.zone_known
    assert captured.earliest == captured.latest == datetime(2024, 8, 1, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize("offset", ["+25:00", "+09:75", "09:00", "+9", "Z", "", None])
def test_a_strange_offset_is_no_offset(offset: str | None) -> None:
    captured = parse_capture_time("2024:08:01 09:30:00", offset)
    assert captured is not None
    assert not captured.zone_known


def test_only_a_photograph_that_cannot_lie_in_the_window_lies_outside() -> None:
    opens, closes = datetime(2023, 7, 1, tzinfo=KST), datetime(2024, 8, 30, 18, tzinfo=KST)

    def may(date: str | None, offset: str | None = None) -> bool:
        captured = parse_capture_time(date, offset)
        assert captured is not None
        return captured.may_lie_in(opens, closes)

    assert may("2023:06:30 00:00:00")
    assert not may("2023:06:29 23:59:59")
    assert not may("2023:06:30 23:59:59", "+09:00")
    assert may("2023:07:01 00:00:00", "+09:00")
    assert not may("2024:08:30 18:00:00", "+09:00")
    assert may("2024:08:31 17:59:59")
    assert not may("2024:08:31 18:00:00")


@given(st.datetimes(datetime(1990, 1, 1), datetime(2098, 12, 31)))  # noqa: DTZ001  a camera knows no zone
def test_every_real_date_is_read_back(local: datetime) -> None:
    captured = parse_capture_time(local.strftime("%Y:%m:%d %H:%M:%S"))
    assert captured is not None
    assert captured.at.astimezone(KST).replace(tzinfo=None) == local.replace(microsecond=0)


@given(st.text(max_size=30), st.text(max_size=10))
def test_no_text_breaks_the_date_reader(date: str | None, offset: str | None) -> None:
    captured = parse_capture_time(date, offset)
    assert captured is None or captured.at.tzinfo is UTC


def test_two_readers_with_two_dates_mean_unknown() -> None:
    facts = read_exif(RawExif(date_original="2024:08:01 09:30:00", readers_disagree=True))
    assert (facts.captured, facts.date_problem) == (None, "disputed")
    assert read_exif(RawExif()).date_problem == "absent"
    assert read_exif(RawExif(date_original="0000:00:00 00:00:00")).date_problem == "impossible"


@pytest.mark.parametrize(
    ("make", "model", "line"),
    [
        ("NIKON CORPORATION", "NIKON D750", "NIKON D750"),
        ("Apple", "iPhone 15", "Apple iPhone 15"),
        ("samsung", "Samsung SM-S928N", "Samsung SM-S928N"),
        (None, "SM-A325N", "SM-A325N"),
        ("Canon\0\0", None, "Canon"),
        ("  ", "\0", None),
        (None, None, None),
    ],
)
def test_a_device_is_said_once(make: str | None, model: str | None, line: str | None) -> None:
    assert summarise_device(make, model) == line


@given(st.text())
def test_cleaned_text_is_one_short_printable_line(text: str) -> None:
    line = clean(text)
    assert line is None or (0 < len(line) <= 80 and line.isprintable() and line == line.strip())


def test_gps_is_read_with_its_hemispheres() -> None:
    point, problem = read_gps((37.0, 27.0, 24.84), "N", (126.0, 53.0, 43.8), "E")
    assert problem is None
    assert point is not None
    assert (point.latitude, point.longitude) == pytest.approx((37.4569, 126.8955))
    south, _ = read_gps((33.5,), "S", (70.0, 40.0), "w")
    assert south is not None
    assert (south.latitude, south.longitude) == pytest.approx((-33.5, -70.6667), abs=1e-4)


@pytest.mark.parametrize(
    ("lat", "lat_ref", "lon", "lon_ref", "problem"),
    [
        (None, None, None, None, "absent"),
        ((37.0, 27.0, 0.0), None, (126.0, 53.0, 0.0), "E", "incomplete"),
        ((37.0, 27.0, 0.0), "N", None, None, "incomplete"),
        ((37.0,), "N", (126.0,), "Q", "incomplete"),
        ((0.0, 0.0, 0.0), "N", (0.0, 0.0, 0.0), "E", "zero"),
        ((91.0, 0.0, 0.0), "N", (126.0, 0.0, 0.0), "E", "impossible"),
        ((37.0, 61.0, 0.0), "N", (126.0, 0.0, 0.0), "E", "impossible"),
        ((float("nan"), 0.0, 0.0), "N", (126.0, 0.0, 0.0), "E", "impossible"),
        ((-37.0, 0.0, 0.0), "N", (126.0, 0.0, 0.0), "E", "impossible"),
        ((), "N", (126.0,), "E", "impossible"),
    ],
)
def test_gps_that_cannot_be_is_unknown(
    lat: Any, lat_ref: str | None, lon: Any, lon_ref: str | None, problem: str
) -> None:
    assert read_gps(lat, lat_ref, lon, lon_ref) == (None, problem)


@pytest.mark.parametrize(("written", "read"), [(6, 6), (0, 1), (9, 1), (-1, 1), (None, 1)])
def test_an_impossible_orientation_is_upright(written: int | None, read: int) -> None:
    assert read_exif(RawExif(orientation=written)).orientation == read
