"""Local features of a picture: what still tells a photograph when it was cropped, framed or shot from a screen.

Corners of the picture of 512 pixels, found by ORB and described by SIFT, each descriptor as RootSIFT in bytes: SIFT's
own search for points costs four times as much and finds no more copies (docs/decisions/photographs.md). Never decodes:
it is given clean pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from contest.domain.alignments import GRID, ORIGIN
from contest.domain.features import MOST_FEATURES, Features

if TYPE_CHECKING:
    from PIL import Image

# One thread: the child may start none.
cv2.setNumThreads(0)
_FOUND = 5000  # corners to choose from
_FEW = 800  # so few clear ones has mist or a night sky only, whose faint ones are wanted too
_CLEAR, _FAINT = 10, 2  # grey levels that a corner differs from its ground
_LEVELS, _STEP = 8, 1.2  # the picture is searched in so many sizes, each so much smaller than the last
_MARGIN, _NARROWEST = 12, 32  # pixels
_SHARP_OVER = 5  # pixels: how far around it a corner's sharpness is taken
_BLUR, _LAYERS = 1.6, 3  # of SIFT's pyramid, and how many layers make an octave
_WIDTH = 1.26  # of what is described, in blurs of the size the corner was found at


def describe(image: Image.Image) -> Features:
    """The features of a clean RGB picture, the strongest of every part of it; none where it is blank."""
    grey = cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2GRAY)
    corners = _corners(grey, _CLEAR)
    if len(corners) < _FEW:
        corners = _corners(grey, _FAINT)
    if not corners:
        return Features(image.width, image.height, b"", b"")
    found: Any = cv2.KeyPoint.convert(corners)
    chosen = _spread(found, [corner.response for corner in corners], image.size)
    points, descriptors = cv2.SIFT.create().compute(grey, _as_sift(grey, [corners[at] for at in chosen]))
    places: Any = cv2.KeyPoint.convert(points)
    return Features(
        image.width,
        image.height,
        ((places + 0.5 - ORIGIN) * 16).round().clip(0, 65535).astype("<u2").tobytes(),
        _root(descriptors).tobytes(),
    )


def _corners(grey: Any, contrast: int) -> Any:
    if min(grey.shape) < _NARROWEST:  # the smallest of its sizes would have no pixel
        return ()
    orb = cv2.ORB.create(_FOUND, _STEP, _LEVELS, edgeThreshold=_MARGIN, fastThreshold=contrast)
    return orb.detect(grey, None)


def _as_sift(grey: Any, corners: list[cv2.KeyPoint]) -> list[cv2.KeyPoint]:
    """The corners where SIFT looks for them: their sizes, and the octave and layer of its pyramid blurred so far."""
    levels = np.array([corner.octave for corner in corners])
    sizes, sides = _STEP ** levels[:, None], np.array(grey.shape[::-1])
    # ORB searches smaller pictures of whole pixels, then takes them for exactly so much smaller and counts from the
    # middle of the first pixel: up to three pixels off.
    found: Any = cv2.KeyPoint.convert(corners)
    places = found / sizes
    for level in np.unique(levels):
        is_here = levels == level
        places[is_here] = _tops(grey, _STEP**level, places[is_here])
    places = (places + 0.5) * sides / np.rint(sides / sizes) - 0.5
    steps = np.rint(np.log2(_WIDTH * sizes) * _LAYERS).astype(int).clip(1) - 1
    packed = steps // _LAYERS | (steps % _LAYERS + 1) << 8
    return [
        cv2.KeyPoint(x, y, 2 * _BLUR * _WIDTH * size, corner.angle, corner.response, octave)
        for corner, (x, y), (size,), (octave,) in zip(
            corners, places.tolist(), sizes.tolist(), packed.tolist(), strict=True
        )
    ]


def _tops(grey: Any, size: float, places: Any) -> Any:
    """Where in the picture so much smaller the corners are sharpest, to a fraction of a pixel: a parabola's top."""
    high, wide = grey.shape
    small = cv2.resize(grey, (round(wide / size), round(high / size)), interpolation=cv2.INTER_LINEAR_EXACT)
    sharp = cv2.cornerMinEigenVal(small, _SHARP_OVER)
    inside = np.array(sharp.shape[::-1]) - 2
    x, y = np.rint(places).astype(int).clip(1, inside).T
    around = np.stack([sharp[y + down, x + right] for down in (-1, 0, 1) for right in (-1, 0, 1)])
    best = around.argmax(axis=0)
    x, y = np.stack((x + best % 3 - 1, y + best // 3 - 1), 1).clip(1, inside).T
    tops = []
    for right, down in ((1, 0), (0, 1)):
        before, here, after = (sharp[y + step * down, x + step * right] for step in (-1, 0, 1))
        tops.append((before - after) / (2 * (before + after - 2 * here) - 1e-20))
    moved = np.stack(tops, 1)
    is_top = np.abs(moved).max(axis=1, keepdims=True) <= 1
    return np.where(is_top, np.stack((x, y), 1) + moved, places)


def _spread(places: Any, strengths: list[float], size: tuple[int, int]) -> Any:
    """Which are kept: the strongest, none of the 4 x 4 parts without its share, for what is left of a crop."""
    strongest = np.argsort(-np.array(strengths), kind="stable")
    parts = (places[strongest] * GRID / size).astype(int) @ (1, GRID)
    # How many stronger ones its own part has: those of a part stand together, the strongest first.
    by_part = np.argsort(parts, kind="stable")
    firsts = np.searchsorted(parts[by_part], parts)
    stronger = np.empty(len(parts), int)
    stronger[by_part] = np.arange(len(parts))
    is_share = stronger - firsts < MOST_FEATURES // GRID**2
    return np.concatenate((strongest[is_share], strongest[~is_share]))[:MOST_FEATURES]


def _root(descriptors: Any) -> Any:
    """RootSIFT in bytes: the square root of each share, so that Euclid compares them as Hellinger would."""
    shares = descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6)
    return (np.sqrt(shares) * 512).clip(0, 255).astype(np.uint8)
