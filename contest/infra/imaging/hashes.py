"""Fingerprints of a picture in its eight orientations: PDQ, and imagehash's pHash for the second vote."""

from __future__ import annotations

from typing import Any

import imagehash
import numpy as np
import pdqhash
from PIL import Image

from contest.domain.fingerprints import Fingerprint

_TURNS = (
    None,
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
    turned = [grey if turn is None else grey.transpose(turn) for turn in _TURNS]
    return Fingerprint(
        quality=int(quality),
        pdq=tuple(_number(bits) for bits in hashes),
        phash64=tuple(_number(imagehash.phash(one, hash_size=8).hash) for one in turned),
        phash256=tuple(_number(imagehash.phash(one, hash_size=16).hash) for one in turned),
    )


def _number(bits: Any) -> int:
    return int.from_bytes(np.packbits(np.asarray(bits, dtype=bool).ravel()).tobytes())
