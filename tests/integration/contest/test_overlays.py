"""Frames, dates, lettering, enlargement and thumbnails on drawn pictures, in the real imaging process."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest
from factories import photos
from PIL import Image, ImageDraw, ImageFont, ImageOps

from bench.textures import THINGS, texture
from contest.domain.looks import Looks, find_in_looks
from contest.infra.imaging.client import Imaging
from contest.infra.imaging.repeats import count_repeated_shapes


@pytest.fixture(scope="module")
def imaging() -> Iterator[Imaging]:
    one = Imaging()
    yield one
    one.close()


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    """A drawn landscape with the grain of a camera."""
    drawn = np.asarray(photos.picture(5, 1500, 1000).resize((1500, 1000)), dtype=np.int16)
    grain = np.random.default_rng(1).normal(0, 14, drawn.shape)
    return Image.fromarray((drawn + grain).clip(0, 255).astype(np.uint8))


def saved(image: Image.Image, **more: bytes) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92, **more)
    return buffer.getvalue()


def written(image: Image.Image, words: str, size: int, at: tuple[int, int], colour: str) -> Image.Image:
    copy = image.copy()
    ImageDraw.Draw(copy).text(at, words, font=ImageFont.load_default(size), fill=colour)
    return copy


def kinds(looks: Looks) -> list[str]:
    return [one.kind.value for one in find_in_looks(looks, {})]


def test_each_change_is_found_and_an_honest_picture_has_none(imaging: Imaging, picture: Image.Image) -> None:
    changes = {
        "": picture,
        "border": ImageOps.expand(picture, border=60, fill="white"),
        "date_stamp": written(picture, "'24  5 04", 52, (1050, 920), "#ff8c1e"),
        "watermark": written(picture, "PHOTO BY GILDONG HONG", 64, (300, 500), "white"),
        "upscaled": picture.resize((700, 467)).resize((2800, 1868), Image.Resampling.BICUBIC),
        "blank": Image.new("RGB", (1200, 800), "black"),
    }
    found = {name: kinds(imaging.inspect(saved(image)).looks) for name, image in changes.items()}
    assert found == {name: [name] if name else [] for name in changes}


def tiled(image: Image.Image, words: str, colour: str, share: float) -> Image.Image:
    """Words all over it, in slanting staggered rows."""
    layer = Image.new("L", (2000, 2000))
    pen, font = ImageDraw.Draw(layer), ImageFont.load_default(44)
    for row in range(20):
        for x in range(-200, 2000, 320):
            pen.text((x + row % 2 * 160, row * 110), words, font=font, fill=round(255 * share))
    turned = layer.rotate(25, Image.Resampling.BICUBIC).crop((250, 500, 1750, 1500))
    return Image.composite(Image.new("RGB", image.size, colour), image, turned)


@pytest.mark.parametrize(("colour", "share"), [("white", 0.15), ("white", 0.4), ("black", 0.3)])
def test_a_mark_all_over_a_picture_is_found(
    imaging: Imaging, picture: Image.Image, colour: str, share: float
) -> None:
    assert kinds(imaging.inspect(saved(tiled(picture, "SAMPLE", colour, share))).looks) == ["watermark"]


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("way", ["straight", "turned"])
def test_what_repeats_of_itself_is_no_mark(thing: str, way: str) -> None:
    grey = np.asarray(texture(thing, 3, way).convert("L").resize((1024, 683)))
    assert list(find_in_looks(Looks(repeated_shapes=count_repeated_shapes(grey)), {})) == []


@pytest.mark.parametrize("grey", [0, 128])
@pytest.mark.parametrize("size", [(1, 1), (3, 900), (64, 64), (1024, 1)])
def test_there_is_no_mark_on_nothing(grey: int, size: tuple[int, int]) -> None:
    assert count_repeated_shapes(np.full(size, grey, np.uint8)) == 0


def test_a_thumbnail_of_another_picture_is_noticed(imaging: Imaging, picture: Image.Image) -> None:
    own, other = picture.resize((160, 107)), photos.picture(9).rotate(180).resize((160, 107))
    assert kinds(imaging.inspect(saved(picture, exif=block(saved(own)))).looks) == []
    assert kinds(imaging.inspect(saved(picture, exif=block(saved(other)))).looks) == ["thumbnail_differs"]


def block(thumbnail: bytes) -> bytes:
    """An EXIF block whose second directory holds this thumbnail."""
    head = b"Exif\0\0MM\0*\0\0\0\x08"
    first = b"\0\0" + (14).to_bytes(4)
    at = 14 + 2 + 2 * 12 + 4
    entries = b"".join(
        tag.to_bytes(2) + (4).to_bytes(2) + (1).to_bytes(4) + value.to_bytes(4)
        for tag, value in ((0x0201, at), (0x0202, len(thumbnail)))
    )
    return head + first + b"\0\x02" + entries + b"\0\0\0\0" + thumbnail
