"""What is computed once instead of eight times, and made by cheaper filters, is what it was."""

from __future__ import annotations

import io

import imagehash
import numpy as np
import pytest
from PIL import Image

from contest.infra.imaging.decode import fit, fit_finely
from contest.infra.imaging.drawn import draw_landscape, drawn
from contest.infra.imaging.examine import examine
from contest.infra.imaging.hashes import fingerprint
from contest.infra.imaging.results import Limits

TURNS = (
    None,
    Image.Transpose.ROTATE_90,
    Image.Transpose.ROTATE_180,
    Image.Transpose.ROTATE_270,
    Image.Transpose.FLIP_LEFT_RIGHT,
    Image.Transpose.FLIP_TOP_BOTTOM,
    Image.Transpose.TRANSPOSE,
    Image.Transpose.TRANSVERSE,
)
#: Bits that rounding may turn: a turned picture is made smaller in another order.
ROUNDED = {8: 3, 16: 8}


@pytest.mark.parametrize("seed", range(4))
def test_the_phash_of_all_eight_orientations_is_the_librarys(seed: int) -> None:
    picture = draw_landscape(seed, 512, 384)
    found = fingerprint(picture)
    for at, turn in enumerate(TURNS):
        turned = picture if turn is None else picture.transpose(turn)
        for side, values in ((8, found.phash64), (16, found.phash256)):
            theirs = int(str(imagehash.phash(turned, hash_size=side)), 16)
            assert (values[at] ^ theirs).bit_count() <= (ROUNDED[side] if turn else 0)


@pytest.mark.parametrize("wide", [2016, 2100, 3000, 3790, 4100, 6000])
def test_a_picture_made_smaller_cheaply_is_near_to_lanczos(wide: int) -> None:
    picture = draw_landscape(3, wide, wide * 2 // 3)
    cheap, fine = (np.asarray(one, np.float64) for one in (fit(picture, 2048), fit_finely(picture, 2048)))
    assert cheap.shape == fine.shape
    noise = float(np.mean((cheap - fine) ** 2))
    assert 10 * np.log10(255**2 / noise) > 34  # decibels: nobody sees it


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "CMYK"])
@pytest.mark.parametrize("side", [40, 99, 100, 250, 640])
def test_every_mode_keeps_its_mode_and_proportions(mode: str, side: int) -> None:
    small = fit(draw_landscape(1, 500, 300).convert(mode), side)
    assert (small.mode, small.size) == (mode, (side, round(300 * side / 500)))


def test_what_is_fresh_keeps_nothing_of_the_file() -> None:
    """Of exactly the size that is shown nothing is resampled: its pixels are copied all the same."""
    held = io.BytesIO()
    Image.open(io.BytesIO(drawn(1, 2048, 1365))).save(held, "JPEG", comment=b"by Hong Gildong", quality=90)
    for rendition in examine(held.getvalue(), Limits()).renditions.values():
        assert b"Hong" not in rendition.data
