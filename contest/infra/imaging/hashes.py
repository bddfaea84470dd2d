"""Fingerprints of a picture in its eight orientations: PDQ, and pHash as imagehash has it for the second vote."""

from __future__ import annotations

from typing import Any

import numpy as np
import pdqhash
from PIL import Image
from scipy import fft

from contest.domain.fingerprints import MINIMUM_QUALITY, Fingerprint

_EVEN = 12.0  # of 255: the grey levels of an even line lie within so many
_THIN = 6  # lines: a hair is no border
_LEAST_LEFT = 100  # pixels
# How the cosines of a picture turned or mirrored follow from its own: transposed or not, then the sign changed of
# every second column, of every second row. Upright, 90, 180, 270 degrees to the left; mirrored across, down, along
# one diagonal and the other.
_TURNS = (
    (False, False, False),
    (True, False, True),
    (False, True, True),
    (True, True, False),
    (False, True, False),
    (False, False, True),
    (True, False, False),
    (True, True, True),
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
    """imagehash.phash of the eight orientations, side * side bits each, from the cosines of one."""
    pixels = np.asarray(grey.resize((4 * side, 4 * side), Image.Resampling.LANCZOS), np.float64)
    upright = fft.dctn(pixels)[:side, :side]
    signs = np.where(np.arange(side) % 2, -1.0, 1.0)
    found = []
    for is_transposed, across, down in _TURNS:
        cosines = upright.T if is_transposed else upright
        cosines = cosines * (signs if across else 1.0) * (signs[:, None] if down else 1.0)
        found.append(_number(cosines > np.median(cosines)))
    return tuple(found)


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
