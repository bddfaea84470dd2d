"""Corners of a picture: found in every size of picture, in mist too, and where they are."""

from __future__ import annotations

import pytest
from PIL import Image

from contest.domain.alignments import Alignment
from contest.infra.imaging.drawn import draw_landscape
from contest.infra.imaging.features import describe
from contest.infra.imaging.matching import align


def laid(one: Image.Image, other: Image.Image) -> Alignment:
    found = align(describe(one), describe(other))
    assert found is not None
    assert found.holds
    return found


@pytest.mark.parametrize("turn", Image.Transpose, ids=lambda turn: turn.name)
@pytest.mark.parametrize("seed", [1, 5])
def test_a_turned_picture_lies_in_its_original_to_a_fraction_of_a_pixel(
    seed: int, turn: Image.Transpose
) -> None:
    picture = draw_landscape(seed, 512, 341)
    corners = laid(picture, picture.transpose(turn)).outline()
    nearest = [(round(x), round(y)) for x, y in corners]
    assert len(set(nearest)) == 4  # each corner of the one in another corner of the other
    assert max(abs(x - at) + abs(y - on) for (x, y), (at, on) in zip(corners, nearest, strict=True)) < 0.001


def test_a_crop_lies_where_it_was_cut() -> None:
    picture = draw_landscape(2, 512, 384)
    box = (51, 77, 410, 346)
    left, _, right, _ = laid(picture.crop(box), picture).outline()
    for (x, y), (column, row) in ((left, box[:2]), (right, box[2:])):
        assert abs(x * 512 - column) < 2
        assert abs(y * 384 - row) < 2


def test_mist_has_corners_too() -> None:
    mist = draw_landscape(3, 512, 384).point(lambda value: 200 + value // 16)
    found = laid(mist, mist.crop((60, 40, 460, 340)))
    assert found.inliers >= 40


@pytest.mark.parametrize("size", [(1, 1), (512, 1), (3, 512), (512, 31), (32, 512), (33, 33)])
def test_no_picture_is_too_narrow_to_be_looked_at(size: tuple[int, int]) -> None:
    features = describe(draw_landscape(4, 512, 384).resize(size))
    assert len(features.descriptors) == 128 * len(features)
    assert (features.width, features.height) == size
