"""Local features of a picture: what still tells a photograph when it was cropped, framed or shot from a screen.

SIFT on the picture of 512 pixels, each descriptor as RootSIFT in bytes. Never decodes: it is given clean pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from contest.domain.alignments import GRID
from contest.domain.features import MOST_FEATURES, Features

if TYPE_CHECKING:
    from PIL import Image

# One thread: the child may start none.
cv2.setNumThreads(0)
_CONTRAST = 0.005  # an eighth of SIFT's own: mist has corners too, and only the strongest are kept


def describe(image: Image.Image) -> Features:
    """The features of a clean RGB picture, the strongest of every part of it; none where it is blank."""
    grey = cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2GRAY)
    sift = cv2.SIFT.create(nfeatures=0, contrastThreshold=_CONTRAST)
    points, descriptors = sift.compute(grey, _spread(sift.detect(grey, None), image.width, image.height))
    if not points:
        return Features(image.width, image.height, b"", b"")
    places = np.array([point.pt for point in points], np.float32)
    return Features(
        image.width,
        image.height,
        (places * 16).round().clip(0, 65535).astype("<u2").tobytes(),
        _root(descriptors).tobytes(),
    )


def _spread(points: Any, width: int, height: int) -> list[Any]:
    """The strongest features, none of the 4 x 4 parts without its share: what is left of a crop has some too."""
    taken: list[Any] = []
    rest: list[Any] = []
    counts: dict[tuple[int, int], int] = {}
    for point in sorted(points, key=lambda point: -point.response):
        part = (int(point.pt[0] * GRID / width), int(point.pt[1] * GRID / height))
        counts[part] = counts.get(part, 0) + 1
        (taken if counts[part] <= MOST_FEATURES // GRID**2 else rest).append(point)
    return (taken + rest)[:MOST_FEATURES]


def _root(descriptors: Any) -> Any:
    """RootSIFT in bytes: the square root of each share, so that Euclid compares them as Hellinger would."""
    shares = descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6)
    return (np.sqrt(shares) * 512).clip(0, 255).astype(np.uint8)
