"""How one picture lies in another, found from the local features of both: a homography that most matches obey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from contest.domain.alignments import GRID, Alignment
from contest.domain.features import MIRROR
from contest.infra.imaging.motion import plainest

if TYPE_CHECKING:
    from contest.domain.features import Features

_RATIO = 0.8  # a match must be this much closer than the next best
_PIXELS = 3.0  # how far a match may lie from where the homography puts it
_FEWEST = 10  # fewer matches need no model: they could not make twelve points
_LARGEST_STRETCH, _SMALLEST_SCALE, _LARGEST_SCALE = 3.0, 0.08, 8.0
_MIRROR = np.array(MIRROR)

Array = Any  # of numpy; its element types would say less than the names


def arrays(features: Features) -> tuple[Array, Array]:
    """Places in pixels (n, 2) and descriptors (n, 128), both float32."""
    places = np.frombuffer(features.places, "<u2").reshape(-1, 2).astype(np.float32) / 16
    return places, np.frombuffer(features.descriptors, np.uint8).reshape(-1, 128).astype(np.float32)


@dataclass(frozen=True)
class _Target:
    """Where the first picture is looked for."""

    places: Array
    descriptors: Array
    one: Features
    other: Features


def align(one: Features, other: Features) -> Alignment | None:
    """How `one` lies in `other`, plain or mirrored, whichever more matches agree on; None if neither."""
    places, descriptors = arrays(one)
    others, theirs = arrays(other)
    if min(len(places), len(others)) < _FEWEST:
        return None
    flipped = np.stack((one.width - 1 - places[:, 0], places[:, 1]), axis=1)
    target = _Target(others, theirs, one, other)
    found = [
        _align(places, descriptors, target, is_mirrored=False),
        _align(flipped, descriptors[:, _MIRROR], target, is_mirrored=True),
    ]
    return max((each for each in found if each), key=lambda each: each.inliers, default=None)


def _align(
    places: Array, descriptors: Array, target_picture: _Target, *, is_mirrored: bool
) -> Alignment | None:
    one, other = target_picture.one, target_picture.other
    mine, yours = _match(descriptors, target_picture.descriptors)
    source, target = places[mine], target_picture.places[yours]
    if len(mine) < _FEWEST:
        return None
    cv2.setRNGSeed(1)  # the same two pictures, the same answer
    homography, mask = cv2.findHomography(
        source, target, cv2.USAC_MAGSAC, _PIXELS, maxIters=2000, confidence=0.999
    )
    if homography is None or not _is_sane(homography, one):
        return None
    kept = mask.ravel().astype(bool)
    source, target = source[kept], target[kept]
    homography = plainest(homography, source.astype(np.float64), target.astype(np.float64))
    _, first = np.unique((target // _PIXELS).astype(int), axis=0, return_index=True)
    _, second = np.unique((source[first] // _PIXELS).astype(int), axis=0, return_index=True)
    distinct = source[first][second]
    cells = np.clip(distinct * GRID / (one.width, one.height), 0, GRID - 1).astype(int)
    a, b, c, d, e, f, g, h, i = (float(value) for value in (homography / homography[2, 2]).ravel())
    return Alignment(
        homography=(a, b, c, d, e, f, g, h, i),
        is_mirrored=is_mirrored,
        inliers=len(distinct),
        cells=len(np.unique(cells, axis=0)),
        first_size=(one.width, one.height),
        second_size=(other.width, other.height),
    )


def _match(descriptors: Array, theirs: Array) -> tuple[Array, Array]:
    """Indices of the pairs that choose each other, and clearly."""
    squares = (
        (descriptors**2).sum(axis=1)[:, None] + (theirs**2).sum(axis=1)[None] - 2 * descriptors @ theirs.T
    )
    best = squares.argmin(axis=1)
    rows = np.arange(len(descriptors))
    nearest = squares[rows, best]
    mutual = squares.argmin(axis=0)[best] == rows
    rest = squares.copy()
    rest[rows, best] = np.inf
    clear = nearest < _RATIO**2 * rest.min(axis=1)
    chosen = np.flatnonzero(mutual & clear)
    return chosen, best[chosen]


def _is_sane(homography: Array, one: Features) -> bool:
    """Whether a camera, a pair of scissors or a screen could have done this to the picture."""
    w, h = one.width, one.height
    corners = np.array([(0, 0), (w, 0), (w, h), (0, h), (w / 2, h / 2)], np.float64)
    for x, y in corners:
        bottom = homography[2] @ (x, y, 1)
        if bottom <= 0:
            return False
        at = homography @ (x, y, 1) / bottom
        jacobian = (homography[:2, :2] - np.outer(at[:2], homography[2, :2])) / bottom
        large, small = np.linalg.svd(jacobian, compute_uv=False)
        if np.linalg.det(jacobian) <= 0 or small < _SMALLEST_SCALE or large > _LARGEST_SCALE:
            return False
        if large > _LARGEST_STRETCH * small:
            return False
    return True
