"""What a picture itself shows of its making: measured numbers, and what may be said of them.

Thresholds lie well between what was measured on honest photographs and on changed ones (docs/decisions/looks.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contest.domain.screening import Finding, FindingKind, Grade, find

_BORDERED_SIDES = 3  # a dark sky fills one edge, a frame at least three
_STAMPED_GLYPHS = 4
_LETTERED_GLYPHS = 10
_REPEATED_SHAPES = 4
_BLANK_SPREAD = 2.0
_TEXTURED = 8.0
_UPSCALED_BAND, _UPSCALED_FALL = 0.66, 0.12
_SOFT_BAND = 0.30
_BAND_PER_RATIO = 1.1
_THUMBNAIL_LIKENESS = 0.5


@dataclass(frozen=True, slots=True)
class Looks:
    """Measured on the preview; None = not measured (too small, no such thing in the file, an older version).

    spread: standard deviation of brightness, 0-127; texture: mean step between pixels in the liveliest tiles;
    band, band95: below which share of the highest frequency 90 % and 95 % of the detail lies, in the sharpest tile;
    long_side: pixels of the picture measured; bordered_sides: sides with a hard uniform strip;
    stamp_glyphs: orange figures of one height in a lower corner; letter_run: the longest line of letter-like shapes;
    repeated_shapes: how many different letter-like shapes repeat together over the whole picture;
    thumbnail: correlation of the thumbnail in the EXIF with the picture, -1 to 1.
    """

    spread: float | None = None
    texture: float | None = None
    band: float | None = None
    band95: float | None = None
    long_side: int | None = None
    bordered_sides: int | None = None
    stamp_glyphs: int | None = None
    letter_run: int | None = None
    thumbnail: float | None = None
    repeated_shapes: int | None = None


def find_in_looks(looks: Looks, grades: Mapping[FindingKind, Grade]) -> Iterator[Finding]:
    """The findings that the numbers amount to; nothing where nothing was measured."""
    if looks.spread is not None and looks.spread < _BLANK_SPREAD:
        yield find(FindingKind.BLANK, grades)
        return
    if is_upscaled(looks):
        yield find(FindingKind.UPSCALED, grades, pixels=detail_pixels(looks))
    elif looks.band is not None and looks.band < _SOFT_BAND:
        yield find(FindingKind.SOFT, grades)
    for kind, *measures in (
        (FindingKind.BORDER, (looks.bordered_sides, _BORDERED_SIDES)),
        (FindingKind.DATE_STAMP, (looks.stamp_glyphs, _STAMPED_GLYPHS)),
        (
            FindingKind.WATERMARK,
            (looks.letter_run, _LETTERED_GLYPHS),
            (looks.repeated_shapes, _REPEATED_SHAPES),
        ),
    ):
        if any(value is not None and value >= least for value, least in measures):
            yield find(kind, grades)
    if looks.thumbnail is not None and looks.thumbnail < _THUMBNAIL_LIKENESS:
        yield find(FindingKind.THUMBNAIL_DIFFERS, grades)


def is_upscaled(looks: Looks) -> bool:
    """Whether detail ends at once, as it does where a small picture was enlarged; in a soft one it fades."""
    if looks.band is None or looks.band95 is None or (looks.texture or 0) < _TEXTURED:
        return False
    return _SOFT_BAND <= looks.band <= _UPSCALED_BAND and looks.band95 - looks.band <= _UPSCALED_FALL


def detail_pixels(looks: Looks) -> int:
    """The long side, to the nearest hundred, at which a picture of this detail would be sharp."""
    return round((looks.band or 0) / _BAND_PER_RATIO * (looks.long_side or 0) / 100) * 100
