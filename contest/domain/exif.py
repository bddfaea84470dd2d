"""What a photograph's EXIF says, read strictly: when, with what, where; anything impossible is unknown."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

# A capture date without a zone is read as Korean time and trusted to a day either way:
# 99.5 % of files carry no zone, and cameras are rarely reset when their owner travels.
KST = timezone(timedelta(hours=9))
ZONELESS_SLACK = timedelta(days=1)
EARLIEST_YEAR = 1990  # before that no camera wrote EXIF; such a year is a dead clock or a scan
LATEST_YEAR = 2099
DEVICE_LENGTH = 80

_DATE = re.compile(r"(\d{4}):(\d{2}):(\d{2}) (\d{2}):(\d{2}):(\d{2})", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})", re.ASCII)
_LONGEST_OFFSET = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class RawExif:
    """The few tags looked at, as text and numbers, before anything is believed."""

    date_original: str | None = None
    offset_original: str | None = None
    make: str | None = None
    model: str | None = None
    software: str | None = None
    lens: str | None = None
    orientation: int | None = None
    latitude: tuple[float, ...] | None = None
    latitude_ref: str | None = None
    longitude: tuple[float, ...] | None = None
    longitude_ref: str | None = None
    body_serial: str | None = None
    lens_serial: str | None = None
    owner: str | None = None
    artist: str | None = None
    readers_disagree: bool = False


@dataclass(frozen=True, slots=True)
class CaptureTime:
    """When the shutter opened: the instant, and whether the file itself named its zone."""

    at: datetime
    zone_known: bool

    @property
    def earliest(self) -> datetime:
        """The earliest instant (UTC) the file's words allow."""
        return self.at if self.zone_known else self.at - ZONELESS_SLACK

    @property
    def latest(self) -> datetime:
        """The latest instant (UTC) the file's words allow."""
        return self.at if self.zone_known else self.at + ZONELESS_SLACK

    def may_lie_in(self, opens: datetime, closes: datetime) -> bool:
        """Whether [opens, closes) contains an instant the file's words allow."""
        return self.earliest < closes and self.latest >= opens


@dataclass(frozen=True, slots=True)
class Coordinate:
    """A point on WGS84, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """What is believed of a file's EXIF. None = the file does not say, or says the impossible."""

    captured: CaptureTime | None = None
    date_problem: str | None = None
    written_date: str | None = None
    device: str | None = None
    has_camera: bool = False
    software: str | None = None
    lens: str | None = None
    orientation: int = 1
    gps: Coordinate | None = None
    gps_problem: str | None = None


def read_exif(raw: RawExif) -> ExifFacts:
    """Believe what can be believed.

    date_problem: None, "absent", "impossible" or "disputed" (two readers read two dates);
    gps_problem: None, "absent", "incomplete" (a hemisphere or part is missing), "impossible" or "zero".
    """
    captured, date_problem = _captured(raw)
    gps, gps_problem = read_gps(raw.latitude, raw.latitude_ref, raw.longitude, raw.longitude_ref)
    orientation = raw.orientation if raw.orientation in range(1, 9) else 1
    return ExifFacts(
        captured=captured,
        date_problem=date_problem,
        written_date=clean(raw.date_original),
        device=summarise_device(raw.make, raw.model),
        has_camera=bool(clean(raw.make) or clean(raw.model)),
        software=clean(raw.software),
        lens=clean(raw.lens),
        orientation=orientation if orientation is not None else 1,
        gps=gps,
        gps_problem=gps_problem,
    )


def _captured(raw: RawExif) -> tuple[CaptureTime | None, str | None]:
    if clean(raw.date_original) is None:
        return None, "absent"
    if raw.readers_disagree:
        return None, "disputed"
    captured = parse_capture_time(raw.date_original, raw.offset_original)
    return captured, None if captured is not None else "impossible"


def parse_capture_time(date: str | None, offset: str | None = None) -> CaptureTime | None:
    """DateTimeOriginal and OffsetTimeOriginal as an instant; None for anything but a real date.

    Cameras write 0000:00:00, blanks, 2099 and worse; each of those is "unknown", never a guess.
    """
    match = _DATE.fullmatch((date or "").strip(" \0"))
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups())
    if not EARLIEST_YEAR <= year < LATEST_YEAR:
        return None
    zone = _parse_offset(offset)
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=zone or KST)
    except ValueError:
        return None
    return CaptureTime(local.astimezone(UTC), zone_known=zone is not None)


def _parse_offset(offset: str | None) -> timezone | None:
    match = _OFFSET.fullmatch((offset or "").strip(" \0"))
    if match is None:
        return None
    minutes = int(match[3])
    span = timedelta(hours=int(match[2]), minutes=minutes)
    if minutes > 59 or span > _LONGEST_OFFSET:  # noqa: PLR2004  minutes of an hour
        return None
    return timezone(-span if match[1] == "-" else span)


def summarise_device(make: str | None, model: str | None) -> str | None:
    """Maker and model in one line, the maker not said twice; None when neither is given."""
    maker, name = clean(make), clean(model)
    if maker is None or name is None:
        return name or maker
    first = maker.split()[0]
    line = name if name.casefold().startswith(first.casefold()) else f"{maker} {name}"
    return line[:DEVICE_LENGTH].rstrip()


def clean(text: str | None) -> str | None:
    """One printable line of at most 80 characters, or None: EXIF text is anybody's text."""
    if text is None:
        return None
    line = "".join(" " if unicodedata.category(c).startswith("C") else c for c in text)
    return " ".join(line.split())[:DEVICE_LENGTH].rstrip() or None


def read_gps(
    latitude: tuple[float, ...] | None,
    latitude_ref: str | None,
    longitude: tuple[float, ...] | None,
    longitude_ref: str | None,
) -> tuple[Coordinate | None, str | None]:
    """Degrees, minutes, seconds and hemispheres as a point, or why there is none.

    A missing hemisphere is not guessed: the file then does not say where. 0, 0 is a receiver without a fix.
    """
    if latitude is None and longitude is None:
        return None, "absent"
    north = _hemisphere(latitude_ref, "N", "S")
    east = _hemisphere(longitude_ref, "E", "W")
    if latitude is None or longitude is None or north is None or east is None:
        return None, "incomplete"
    lat, lon = _degrees(latitude, 90), _degrees(longitude, 180)
    if lat is None or lon is None:
        return None, "impossible"
    if lat == 0 and lon == 0:
        return None, "zero"
    return Coordinate(lat * north, lon * east), None


def _hemisphere(ref: str | None, plus: str, minus: str) -> int | None:
    return {plus: 1, minus: -1}.get((ref or "").strip(" \0").upper())


def _degrees(parts: tuple[float, ...], limit: int) -> float | None:
    if not 1 <= len(parts) <= 3 or not all(math.isfinite(part) and part >= 0 for part in parts):  # noqa: PLR2004  degrees, minutes, seconds
        return None
    if any(part >= 60 for part in parts[1:]):  # noqa: PLR2004  sixtieths
        return None
    degrees = sum(part / 60**place for place, part in enumerate(parts))
    return degrees if degrees <= limit else None
