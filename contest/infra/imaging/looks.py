"""What the finished picture shows of its making, measured on pixels that are decoded already."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from PIL import Image

from contest.domain.looks import Looks
from contest.infra.imaging.overlays import count_bordered_sides, count_stamp_glyphs, longest_letter_run
from contest.infra.imaging.repeats import count_repeated_shapes
from contest.infra.imaging.sharpness import measure_detail

OVERLAY_SIDE = 1024
_THUMBNAIL_GRID = 32
_LONGEST_THUMBNAIL = 64 << 10
_FLAT_THUMBNAIL = 4.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """One picture in three sizes: the pixels of the preview, of OVERLAY_SIDE at most, and what is hashed."""

    fresh: Any
    middle: Any
    small: Image.Image


def measure_looks(sizes: Sizes, thumbnail: bytes | None, orientation: int) -> Looks:
    """Measure a picture; thumbnail: the JPEG in the EXIF, if there is one."""
    middle, small = sizes.middle, sizes.small
    middle_grey = cv2.cvtColor(middle, cv2.COLOR_RGB2GRAY)
    grey = np.asarray(small.convert("L"), dtype=np.float32)
    detail = measure_detail(cv2.cvtColor(sizes.fresh, cv2.COLOR_RGB2GRAY))
    return Looks(
        spread=round(float(grey.std()), 2),
        texture=detail.texture,
        band=detail.band,
        band95=detail.band95,
        long_side=max(sizes.fresh.shape),
        bordered_sides=count_bordered_sides(np.asarray(small)),
        stamp_glyphs=count_stamp_glyphs(middle),
        letter_run=longest_letter_run(middle_grey),
        repeated_shapes=count_repeated_shapes(middle_grey),
        thumbnail=_compare_thumbnail(small, thumbnail, orientation),
    )


def _compare_thumbnail(small: Image.Image, thumbnail: bytes | None, orientation: int) -> float | None:
    if not thumbnail or len(thumbnail) > _LONGEST_THUMBNAIL:
        return None
    try:
        with Image.open(io.BytesIO(thumbnail), formats=("JPEG",)) as held:
            if max(held.size) > 4 * OVERLAY_SIDE:
                return None
            inner = _without_bars(held.convert("L"))
    except Exception:  # noqa: BLE001  whatever crafted bytes raise, such a thumbnail says nothing
        return None
    stored = small.convert("L")
    # The thumbnail lies as the sensor lay; some programs turn it with the picture. Either may agree.
    turns = {3: (0, 180), 6: (0, 90), 8: (0, 270)}.get(orientation, (0,))
    best = -1.0
    for degrees in turns:
        one = _grid(stored.rotate(degrees, expand=True))
        other = _grid(inner)
        if min(one.std(), other.std()) < _FLAT_THUMBNAIL:
            return None
        best = max(best, float(np.corrcoef(one.ravel(), other.ravel())[0, 1]))
    return round(best, 3)


def _without_bars(image: Image.Image) -> Image.Image:
    """Without the black bars that cameras put around a thumbnail of another shape."""
    box = image.point(lambda value: 255 if value > 24 else 0).getbbox()  # noqa: PLR2004  nearly black
    return image.crop(box) if box else image


def _grid(image: Image.Image) -> Any:
    return np.asarray(
        image.resize((_THUMBNAIL_GRID, _THUMBNAIL_GRID), Image.Resampling.BOX), dtype=np.float32
    )
