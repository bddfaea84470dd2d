"""The small picture shown in public verification: its mark is part of the pixels, all over them."""

from __future__ import annotations

import functools
import io
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_ko import sans_path

from contest.infra.imaging.decode import encode, fit
from contest.infra.imaging.results import Rendition

if TYPE_CHECKING:
    from contest.infra.imaging.results import Limits

MARK = "공개검증용"
MARKED_SIDE = 800
_SLANT = 28  # degrees; lines that run with neither edge are hard to retouch
_FILL, _EDGE = 110, 90  # of 255: seen on every ground, the picture still recognisable under it


@functools.cache
def _font() -> ImageFont.FreeTypeFont:
    # Held in memory: a confined child can open no file.
    return ImageFont.truetype(io.BytesIO(sans_path().read_bytes()), 44)


def render_marked(data: bytes, limits: Limits) -> Rendition:
    """A clean rendition of ours made small (long side at most 800) with the mark burnt in."""
    del limits  # what comes in is a picture this program made
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        image.draft("RGB", (MARKED_SIDE, MARKED_SIDE))
        small = fit(image.convert("RGB"), min(MARKED_SIDE, max(image.size)))
    edge, fill = _masks(small.size)
    small.paste((0, 0, 0), mask=edge)
    small.paste((255, 255, 255), mask=fill)
    return encode(small)


def _masks(size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """Where the mark darkens and where it lightens, as slanted lines of text over the whole picture."""
    side = size[0] + size[1]
    masks = []
    for strength, stroke in ((_EDGE, 2), (_FILL, 0)):
        mask = Image.new("L", (side, side), 0)
        draw = ImageDraw.Draw(mask)
        for row, top in enumerate(range(0, side, 150)):
            for left in range(-160 * (row % 2), side, 330):
                draw.text((left, top), MARK, fill=strength, font=_font(), stroke_width=stroke)
        left, top = (side - size[0]) // 2, (side - size[1]) // 2
        turned = mask.rotate(_SLANT, Image.Resampling.BICUBIC)
        masks.append(turned.crop((left, top, left + size[0], top + size[1])))
    return masks[0], masks[1]
