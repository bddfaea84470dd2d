"""One photograph examined from its bytes: everything the program wants to know of it, in one decode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, PngImagePlugin

from contest.domain.exif import read_exif
from contest.domain.formats import Refusal, refuse_format, sniff
from contest.infra.imaging.decode import decode, encode, finish, fit, fit_finely, fit_pixels, open_photograph
from contest.infra.imaging.features import describe
from contest.infra.imaging.hashes import fingerprint, trimmed_hash
from contest.infra.imaging.looks import OVERLAY_SIDE, Sizes, measure_looks
from contest.infra.imaging.metadata import read_exif_tags, read_marks, read_thumbnail
from contest.infra.imaging.results import MEGAPIXEL, Examined, Refused, Rendition, Traits

if TYPE_CHECKING:
    from contest.infra.imaging.results import Limits

PREVIEW_SIDE = 2048
# The commonest phone picture is 4,032 wide; half of it misses 2,048 by a hair, at a third of the cost.
PREVIEW_DECODED = 1900
THUMB_SIDE = 400
HASHED_SIDE = 512
ZOOM_SIDE = 8192
_MOST_ZOOM_PIXELS = 80 * MEGAPIXEL

# ComfyUI writes its whole workflow into a text chunk; its size must not make the picture unreadable.
PngImagePlugin.MAX_TEXT_CHUNK = 4 << 20


def examine(data: bytes, limits: Limits) -> Examined:
    """Examine a file; Refused for anything that is not a readable JPEG, PNG or HEIC within the limits."""
    _check_format(data, limits)
    image = open_photograph(data, limits)
    raw = read_exif_tags(data, image)
    marks = read_marks(data, image, raw)
    orientation = read_exif(raw).orientation
    icc = image.info.get("icc_profile")
    width, height = image.size if orientation <= 4 else image.size[::-1]  # noqa: PLR2004  5-8 lie on their side
    file_format = {"PNG": "PNG", "HEIF": "HEIC"}.get(image.format or "", "JPEG")
    thumbnail = read_thumbnail(image)
    decoded = decode(image, at_least=PREVIEW_DECODED)
    if file_format == "HEIC" and decoded.size != (width, height):
        raise Refused(Refusal.DAMAGED)  # its header said another size than its picture has
    # Every preview of a larger picture has one long side, so that it does not tell cameras apart.
    fresh = finish(fit(decoded, min(PREVIEW_SIDE, max(width, height))), orientation, icc)
    preview = encode(fresh)
    pixels = np.asarray(fresh)
    middle = fit_pixels(pixels, min(OVERLAY_SIDE, max(fresh.size)))
    small = hashed(Image.fromarray(middle))
    thumb = encode(fit(small, min(THUMB_SIDE, max(small.size))))
    return Examined(
        format=file_format,
        width=width,
        height=height,
        exif=raw,
        marks=marks,
        fingerprint=fingerprint(small),
        looks=measure_looks(Sizes(pixels, middle, small), thumbnail, orientation),
        traits=Traits(describe(small), trimmed_hash(small)),
        renditions={"preview": preview, "judge": preview, "thumb": thumb},
    )


def describe_again(data: bytes, limits: Limits) -> Traits:
    """The traits of a photograph examined before they were asked for, from its preview."""
    _check_format(data, limits)
    fresh = finish(decode(open_photograph(data, limits), at_least=HASHED_SIDE), 1, None)
    small = hashed(fresh)
    return Traits(describe(small), trimmed_hash(small))


def hashed(picture: Image.Image) -> Image.Image:
    """What is hashed and described of a clean picture: by the finer filter, which features of a part are worth."""
    return fit_finely(picture, min(HASHED_SIDE, max(picture.size)))


def render_zoom(data: bytes, limits: Limits) -> Rendition:
    """The judges' 100 % view: long side at most 8,192, clean as every rendition; Refused as in `examine`."""
    _check_format(data, limits)
    image = open_photograph(data, limits)
    orientation = read_exif(read_exif_tags(data, image)).orientation
    icc = image.info.get("icc_profile")
    decoded = decode(image, at_least=ZOOM_SIDE, most_pixels=_MOST_ZOOM_PIXELS)
    return encode(finish(fit_finely(decoded, min(ZOOM_SIDE, max(decoded.size))), orientation, icc))


def _check_format(data: bytes, limits: Limits) -> None:
    refusal = refuse_format(data[:1024], is_heic_taken=limits.heic_megapixels > 0)
    if refusal is not None:
        raise Refused(refusal, found=sniff(data[:1024]))
