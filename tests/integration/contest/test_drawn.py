"""Drawn photographs: always the same bytes, never twice the same picture; EXIF added beside the pixels."""

from __future__ import annotations

import io

import pytest
from factories import photos
from PIL import Image

from contest.domain.exif import Coordinate
from contest.infra.imaging.drawn import ExifStamp, draw_landscape, drawn, with_exif
from contest.infra.imaging.examine import examine
from contest.infra.imaging.hashes import fingerprint
from contest.infra.imaging.results import Limits


def test_a_seed_is_one_picture() -> None:
    assert drawn(3, 400, 300) == drawn(3, 400, 300)
    with Image.open(io.BytesIO(drawn(3, 3000, 2000))) as image:
        assert image.size == (3000, 2000)


def test_no_two_seeds_look_alike() -> None:
    prints = [fingerprint(draw_landscape(seed, 512, 384)) for seed in range(60)]
    assert min(one.quality for one in prints) >= 50
    nearest = min(
        (turned ^ other.pdq[0]).bit_count()
        for at, one in enumerate(prints)
        for other in prints[at + 1 :]
        for turned in one.pdq
    )
    assert nearest > 72


def test_exif_is_written_over_any_other_and_pixels_are_untouched() -> None:
    plain = photos.jpeg(8)
    once = with_exif(plain, photos.camera())
    twice = with_exif(once, ExifStamp(make="Canon", place=Coordinate(-33.5, -70.25), orientation=6))
    assert once.endswith(plain[20:])
    assert twice.endswith(plain[20:])
    found = examine(twice, Limits())
    assert (found.exif.make, found.exif.model, found.exif.orientation) == ("Canon", None, 6)
    assert found.exif.latitude == (33.0, 30.0, 0.0)
    assert (found.exif.latitude_ref, found.exif.longitude_ref) == ("S", "W")
    with Image.open(io.BytesIO(twice)) as image:
        assert image.getexif()[0x010F] == "Canon"


def test_exif_goes_into_jpegs_only() -> None:
    with pytest.raises(ValueError, match="JPEG"):
        with_exif(photos.png(), photos.camera())
