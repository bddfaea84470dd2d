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
# So many are described in the pass that finds them: a second pass over the picture would cost more than they do.
_STRONGEST = 1500


def describe(image: Image.Image) -> Features:
    """The features of a clean RGB picture, the strongest of every part of it; none where it is blank."""
    grey = cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2GRAY)
    sift = cv2.SIFT.create(nfeatures=_STRONGEST, contrastThreshold=_CONTRAST)
    points, descriptors = sift.detectAndCompute(grey, None)
    if not points:
        return Features(image.width, image.height, b"", b"")
    places: Any = cv2.KeyPoint.convert(points)
    chosen = _spread(places, [point.response for point in points], image.size)
    places, descriptors = places[chosen], descriptors[chosen]
    return Features(
        image.width,
        image.height,
        (places * 16).round().clip(0, 65535).astype("<u2").tobytes(),
        _root(descriptors).tobytes(),
    )


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
