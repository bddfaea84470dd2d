"""Drawn landscapes as real photograph files, for the rehearsal and the tests; and EXIF written into any JPEG.

Every seed gives another picture, far from every other by every fingerprint, and always the same bytes.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from PIL.TiffImagePlugin import IFDRational

from contest.infra.imaging.segments import walk_jpeg

if TYPE_CHECKING:
    from contest.domain.exif import Coordinate

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_APP0, _APP1 = 0xE0, 0xE1
#: Rows of ground with detail of their own, enough for a whole tile of the measure of sharpness.
_GROUND = 520
_CANVAS = 768
_SKIES = (
    ((38, 90, 168), (198, 222, 240)),
    ((24, 30, 70), (242, 142, 84)),
    ((70, 130, 190), (250, 226, 190)),
    ((120, 140, 158), (216, 220, 222)),
    ((10, 16, 44), (60, 74, 120)),
    ((90, 60, 120), (248, 190, 160)),
)
_GROUNDS = ((44, 74, 40), (84, 98, 46), (58, 62, 70), (110, 84, 54), (36, 58, 66), (126, 116, 88))


@dataclass(frozen=True, slots=True)
class ExifStamp:
    """What a camera would write. taken: local time of the camera, its zone written only if `with_zone`."""

    taken: datetime | None = None
    with_zone: bool = False
    place: Coordinate | None = None
    make: str | None = None
    model: str | None = None
    orientation: int | None = None
    software: str | None = None
    lens: str | None = None
    body_serial: str | None = None
    artist: str | None = None


def drawn(seed: int, width: int = 3200, height: int = 2400, exif: ExifStamp | None = None) -> bytes:
    """A JPEG of this size: a landscape drawn from the seed, with EXIF if a stamp is given."""
    plain = io.BytesIO()
    draw_landscape(seed, width, height).save(plain, "JPEG", quality=88)
    return plain.getvalue() if exif is None else with_exif(plain.getvalue(), exif)


def draw_landscape(seed: int, width: int, height: int) -> Image.Image:
    """The picture itself: sky, hills, water or streets, buildings and trees, with a little grain."""
    rng = np.random.default_rng(seed)
    ratio = _CANVAS / max(width, height)
    size = (max(64, round(width * ratio)), max(64, round(height * ratio)))
    picture = _sky(rng, size)
    pen = ImageDraw.Draw(picture)
    horizon = int(size[1] * rng.uniform(0.3, 0.72))
    _light(rng, pen, size, horizon)
    for layer in range(int(rng.integers(2, 5))):
        _hill(rng, pen, size, horizon + layer * size[1] // 12, layer)
    for _ in range(int(rng.integers(2, 12))):
        _building(rng, pen, size, horizon)
    _foreground(rng, pen, size, horizon)
    for _ in range(int(rng.integers(0, 7))):
        _tree(rng, pen, size)
    grain = rng.normal(0, 5, (size[1], size[0], 1)) + _clouds(rng, size) * rng.uniform(10, 46)
    pixels = np.clip(np.asarray(picture, dtype=np.float32) + grain, 0, 255).astype(np.uint8)
    whole = Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC)
    if max(width, height) > _CANVAS:
        whole = whole.filter(ImageFilter.UnsharpMask(2, 60, 2))
    return _gravel(rng, whole) if max(width, height) > 2 * _CANVAS else whole


def _gravel(rng: np.random.Generator, whole: Image.Image) -> Image.Image:
    """Ground as fine as the pixels are: without it an enlarged drawing is taken for what it is."""
    pixels = np.asarray(whole).astype(np.int16)
    ground = pixels[-_GROUND:]
    ground += rng.integers(-24, 25, (*ground.shape[:2], 1), dtype=np.int16)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _sky(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    top, bottom = _SKIES[int(rng.integers(len(_SKIES)))]
    slope = np.linspace(0, 1, size[1])[:, None, None] ** rng.uniform(0.6, 1.6)
    lean = np.linspace(-1, 1, size[0])[None, :, None] * rng.uniform(-46, 46)
    column = np.array(top) * (1 - slope) + np.array(bottom) * slope
    return Image.fromarray(np.clip(column + lean, 0, 255).astype(np.uint8))


def _clouds(rng: np.random.Generator, size: tuple[int, int]) -> Any:
    field = np.zeros((size[1], size[0]), dtype=np.float32)
    for cells, weight in ((3, 1.0), (6, 0.8), (13, 0.5)):
        coarse = Image.fromarray(rng.normal(0, 1, (cells, cells)).astype(np.float32))
        field += weight * np.asarray(coarse.resize(size, Image.Resampling.BICUBIC))
    return field[:, :, None]


def _light(rng: np.random.Generator, pen: ImageDraw.ImageDraw, size: tuple[int, int], horizon: int) -> None:
    x, y = rng.uniform(0.05, 0.95) * size[0], rng.uniform(0.1, 0.95) * horizon
    radius = rng.uniform(0.02, 0.11) * size[0]
    warmth = int(rng.integers(120, 235))
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(255, 244, warmth))


def _hill(
    rng: np.random.Generator, pen: ImageDraw.ImageDraw, size: tuple[int, int], base: int, layer: int
) -> None:
    across = np.linspace(0, 1, 60)
    ridge: Any = sum(
        rng.uniform(0.01, 0.11) * np.sin(across * np.pi * 2 * rng.uniform(0.5, 5) + rng.uniform(0, 6.3))
        for _ in range(4)
    )
    shade = np.array(_GROUNDS[int(rng.integers(len(_GROUNDS)))]) + 50 - layer * 22 + rng.integers(-16, 16)
    line = [(float(x * size[0]), float(base - y * size[1])) for x, y in zip(across, ridge, strict=True)]
    pen.polygon([*line, (size[0], size[1]), (0, size[1])], fill=_colour(shade))


def _building(
    rng: np.random.Generator, pen: ImageDraw.ImageDraw, size: tuple[int, int], horizon: int
) -> None:
    left = rng.uniform(-0.05, 0.95) * size[0]
    wide = rng.uniform(0.04, 0.2) * size[0]
    top = horizon - rng.uniform(0.02, 0.5) * size[1] * 0.8
    bottom = horizon + rng.uniform(0.02, 0.2) * size[1]
    wall = rng.integers(30, 215) + rng.integers(-12, 12, 3)
    pen.rectangle((left, top, left + wide, bottom), fill=_colour(wall))
    lit = _colour(np.array((255, 232, 168)) if wall.mean() < 110 else wall - 70)  # noqa: PLR2004  dark walls, lit windows
    step = max(6.0, wide / float(rng.integers(3, 8)))
    for x in np.arange(left + step / 3, left + wide - step / 2, step):
        for y in np.arange(top + step / 3, bottom - step / 2, step * 1.3):
            if rng.random() < 0.75:  # noqa: PLR2004  some rooms are dark
                pen.rectangle((x, y, x + step / 2, y + step * 0.6), fill=lit)


def _foreground(
    rng: np.random.Generator, pen: ImageDraw.ImageDraw, size: tuple[int, int], horizon: int
) -> None:
    shore = horizon + rng.uniform(0.1, 0.3) * size[1]
    ground = np.array(_GROUNDS[int(rng.integers(len(_GROUNDS)))]) + rng.integers(-20, 60)
    end = shore + rng.uniform(-0.12, 0.12) * size[1]
    pen.polygon([(0, shore), (size[0], end), size, (0, size[1])], fill=_colour(ground))
    if rng.random() < 0.5:  # noqa: PLR2004  a road as often as a stream
        vanish, width = rng.uniform(0.1, 0.9) * size[0], rng.uniform(0.1, 0.5) * size[0]
        foot = rng.uniform(0, 1) * size[0]
        points = [(vanish - 4, shore), (vanish + 4, shore), (foot + width, size[1]), (foot - width, size[1])]
        pen.polygon(points, fill=_colour(ground + rng.integers(24, 80)))
    else:
        for _ in range(40):
            x, y = rng.uniform(0, size[0]), rng.uniform(shore, size[1])
            length = rng.uniform(0.02, 0.2) * size[0]
            pen.line((x, y, x + length, y), fill=_colour(ground + rng.integers(30, 100)), width=2)


def _tree(rng: np.random.Generator, pen: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
    x, foot = rng.uniform(0, 1) * size[0], rng.uniform(0.75, 1.0) * size[1]
    tall = rng.uniform(0.12, 0.5) * size[1]
    pen.rectangle((x - 4, foot - tall, x + 4, foot), fill=(58, 42, 30))
    leaf = np.array((rng.integers(30, 200), rng.integers(60, 150), rng.integers(20, 70)))
    for _ in range(14):
        cx, cy = x + rng.normal(0, tall / 5), foot - tall + rng.normal(0, tall / 5)
        radius = rng.uniform(0.08, 0.2) * tall
        shade = _colour(leaf + rng.integers(-24, 24))
        pen.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), fill=shade)


def _colour(values: Any) -> tuple[int, int, int]:
    red, green, blue = (int(part) for part in np.clip(values, 0, 255))
    return red, green, blue


def with_exif(jpeg: bytes, stamp: ExifStamp) -> bytes:
    """The same JPEG with this EXIF in place of any it had; its pixels are not touched.

    ValueError for bytes that are no JPEG, or EXIF too long for one segment.
    """
    if not jpeg.startswith(b"\xff\xd8\xff"):
        raise ValueError("not a JPEG")
    block = exif_block(stamp)
    segment = struct.pack(">BBH", 0xFF, _APP1, len(block) + 2) + block
    kept, after = bytearray(jpeg), 2
    for marker, at, payload in reversed(list(walk_jpeg(jpeg))):
        if marker == _APP1 and payload.startswith(b"Exif\0\0"):
            del kept[at : at + 4 + len(payload)]
        elif marker == _APP0 and at == 2:  # noqa: PLR2004  JFIF must stay first
            after = at + 4 + len(payload)
    return bytes(kept[:after]) + segment + bytes(kept[after:])


def has_exif(jpeg: bytes) -> bool:
    """Whether a JPEG carries an EXIF segment."""
    return any(marker == _APP1 and payload.startswith(b"Exif\0\0") for marker, _, payload in walk_jpeg(jpeg))


def size_of(jpeg: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a trusted JPEG, or None if it is none."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
            return image.size
    except (OSError, ValueError):
        return None


def exif_block(stamp: ExifStamp) -> bytes:
    """The stamp as an EXIF block, beginning with its "Exif" header."""
    exif = Image.Exif()
    for tag, value in (
        (0x010F, stamp.make),
        (0x0110, stamp.model),
        (0x0112, stamp.orientation),
        (0x0131, stamp.software),
        (0x013B, stamp.artist.encode() if stamp.artist else None),
    ):
        if value is not None:
            exif[tag] = value
    details: dict[int, Any] = {0xA434: stamp.lens} if stamp.lens else {}
    if stamp.body_serial is not None:
        details[0xA431] = stamp.body_serial
    if stamp.taken is not None:
        written = stamp.taken.strftime("%Y:%m:%d %H:%M:%S")
        exif[0x0132] = written
        details |= {0x9003: written, 0x9004: written}
        offset = stamp.taken.utcoffset()
        if stamp.with_zone and offset is not None:
            details[0x9010] = details[0x9011] = _offset(offset)
    if details:
        exif[_EXIF_IFD] = details
    if stamp.place is not None:
        lat, lon = stamp.place.latitude, stamp.place.longitude
        exif[_GPS_IFD] = {
            1: "N" if lat >= 0 else "S",
            2: _sixtieths(abs(lat)),
            3: "E" if lon >= 0 else "W",
            4: _sixtieths(abs(lon)),
        }
    return exif.tobytes()


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _sixtieths(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    hundredths = round(degrees * 3600 * 100)
    whole, rest = divmod(hundredths, 3600 * 100)
    minutes, seconds = divmod(rest, 60 * 100)
    return IFDRational(whole, 1), IFDRational(minutes, 1), IFDRational(seconds, 100)
