"""Fingerprints of a picture in its eight orientations: PDQ, and imagehash's pHash for the second vote."""

from __future__ import annotations

from typing import Any

import imagehash
import numpy as np
import pdqhash
from PIL import Image

from contest.domain.fingerprints import MINIMUM_QUALITY, Fingerprint

_EVEN = 12.0  # of 255: the grey levels of an even line lie within so many
_THIN = 6  # lines: a hair is no border
_LEAST_LEFT = 100  # pixels
_TURNS = (
    Image.Transpose.ROTATE_90,
    Image.Transpose.ROTATE_180,
    Image.Transpose.ROTATE_270,
    Image.Transpose.FLIP_LEFT_RIGHT,
    Image.Transpose.FLIP_TOP_BOTTOM,
    Image.Transpose.TRANSPOSE,
    Image.Transpose.TRANSVERSE,
)


def fingerprint(image: Image.Image) -> Fingerprint:
    """The fingerprint of a clean RGB picture of some 512 pixels: larger ones cost more and tell no more."""
    hashes, quality = pdqhash.compute_dihedral(np.asarray(image))
    grey = image.convert("L")
    return Fingerprint(
        quality=int(quality),
        pdq=tuple(_number(bits) for bits in hashes),
        phash64=_phashes(grey, 8),
        phash256=_phashes(grey, 16),
    )


def _phashes(grey: Image.Image, side: int) -> tuple[int, ...]:
    """imagehash.phash of the eight orientations, side * side bits each.

    Shrunk once to what imagehash takes the cosines of, and only then turned: it has nothing left to shrink.
    """
    small = grey.resize((4 * side, 4 * side), Image.Resampling.LANCZOS)
    turned = (small, *(small.transpose(turn) for turn in _TURNS))
    return tuple(_number(imagehash.phash(one, hash_size=side).hash) for one in turned)


def trimmed_hash(image: Image.Image) -> int | None:
    """The upright PDQ of what is left without an even border on any side; None where there is none to trim.

    The even sides of a polaroid or of a screenshot hide a copy from every hash of the whole.
    """
    grey = np.asarray(image.convert("L")).astype(np.int32)  # whole numbers of this width are sorted fastest
    top, bottom = _busy(grey)
    left, right = _busy(grey.T)
    height, width = bottom - top, right - left
    is_border = height < grey.shape[0] - _THIN or width < grey.shape[1] - _THIN
    if not is_border or min(height, width) < _LEAST_LEFT:
        return None
    bits, quality = pdqhash.compute(np.asarray(image)[top:bottom, left:right].copy())
    return _number(bits) if quality >= MINIMUM_QUALITY else None


def _busy(grey: Any) -> tuple[int, int]:
    """From the first to after the last run of lines that is not nearly one grey."""
    in_order = np.sort(grey, axis=1)
    last = in_order.shape[1] - 1
    busy = in_order[:, round(0.85 * last)] - in_order[:, round(0.15 * last)] > _EVEN
    # The words and signs at the edge of a screen are short runs of lines: the picture is the longest one.
    edges = np.flatnonzero(np.diff(np.concatenate(([0], busy.astype(np.int8), [0]))))
    if not len(edges):
        return 0, len(busy)
    starts, ends = edges[::2], edges[1::2]
    longest = int((ends - starts).argmax())
    return int(starts[longest]), int(ends[longest])


def _number(bits: Any) -> int:
    return int.from_bytes(np.packbits(np.asarray(bits, dtype=bool).ravel()).tobytes())
