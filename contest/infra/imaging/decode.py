"""Pixels from an untrusted file: one scaled decode, upright, sRGB, flat; then only fresh pixels."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pillow_heif
from PIL import Image, ImageCms, JpegImagePlugin

from contest.domain.formats import Refusal
from contest.infra.imaging.results import MEGAPIXEL, Refused, Rendition

if TYPE_CHECKING:
    from contest.infra.imaging.results import Limits

# These and no other; the JPEG opener hands files of several pictures on to the MPO one.
_FORMATS = ("JPEG", "PNG", "HEIF")
_TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LONGEST_ICC = 4 << 20

# The photograph alone: no depth maps, no small pictures.
pillow_heif.register_heif_opener(thumbnails=False, aux_images=False, depth_images=False, decode_threads=1)
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_QUALITY = 85
# Of the ratio of two sizes: from here on neighbours are averaged; up to here nothing need be blurred.
_TWICE, _HARDLY_LARGER = 2.0, 1.1
_BLUR = 0.37  # the sigma that comes closest to Lanczos, by the square root of the squared ratio less one


def open_photograph(data: bytes, limits: Limits) -> Image.Image:
    """The opened file, nothing decoded yet; Refused for other formats and for too many pixels.

    Frame 0 only: phones write a second picture (depth, gain map) behind the first.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Exception as error:
        raise Refused(Refusal.DAMAGED) from error
    ceilings = {"PNG": limits.png_megapixels, "HEIF": limits.heic_megapixels}
    most = ceilings.get(image.format or "", limits.jpeg_megapixels)
    pixels = image.width * image.height
    if max(image.size) > limits.longest_side:
        raise Refused(Refusal.SIDE_TOO_LONG, long_side=max(image.size), most=limits.longest_side)
    if pixels > most * MEGAPIXEL:
        raise Refused(Refusal.TOO_MANY_PIXELS, megapixels=-(-pixels // MEGAPIXEL), most=most)
    if min(image.size) < limits.shortest_side:
        raise Refused(Refusal.TOO_FEW_PIXELS, width=image.width, height=image.height)
    return image


def decode(image: Image.Image, *, at_least: int, most_pixels: int | None = None) -> Image.Image:
    """Decode once, a JPEG at the smallest scale with a long side of `at_least`, or within `most_pixels`.

    L, RGB, RGBA or CMYK of eight bits; Refused when the file is damaged.
    """
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        # draft() takes the largest scale that leaves both sides at least as asked: ask for the exact result.
        scale = _scale(image.size, at_least, most_pixels)
        image.draft(None, (image.width // scale, image.height // scale))
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as error:
        raise Refused(Refusal.DAMAGED) from error
    return _plain_mode(image)


def _scale(size: tuple[int, int], at_least: int, most_pixels: int | None) -> int:
    long, pixels = max(size), size[0] * size[1]
    scales = [scale for scale in (8, 4, 2) if -(-long // scale) >= at_least]
    wanted = scales[0] if scales else 1
    while most_pixels is not None and pixels // wanted**2 > most_pixels and wanted < 8:  # noqa: PLR2004  libjpeg's coarsest scale
        wanted *= 2
    return wanted


def _plain_mode(image: Image.Image) -> Image.Image:
    """L, RGB, RGBA or CMYK of eight bits: 16-bit grey is scaled, or everything above 255 would be white."""
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image).astype(np.float32) / 257).clip(0, 255).astype(np.uint8))
    if image.mode in {"P", "PA", "LA"} or "transparency" in image.info:
        return image.convert("RGBA")
    return image if image.mode in {"L", "RGB", "RGBA", "CMYK"} else image.convert("RGB")


def fit(image: Image.Image, long_side: int) -> Image.Image:
    """The picture with exactly this long side, proportions kept to the pixel; as `fit_pixels` makes it."""
    if max(image.size) == long_side:
        return image
    if image.mode == "RGBA":  # rare; here colours are weighed by alpha
        return fit_finely(image, long_side)
    return Image.fromarray(fit_pixels(np.asarray(image), long_side), image.mode)


def fit_pixels(pixels: Any, long_side: int) -> Any:
    """An array of height, width and colours with exactly this long side.

    Made smaller by averaging while twice too large, then by a light blur and cubic interpolation: as near to Lanczos
    as the eye and the checks need, at a fifth of its cost (docs/decisions/photographs.md).
    """
    high, wide = pixels.shape[:2]
    if max(high, wide) == long_side:
        return pixels
    size, factor = _fitting((wide, high), long_side), 1
    while max(high, wide) >= _TWICE * factor * long_side:
        factor *= 2
    if factor > 1 and min(high, wide) >= factor:
        # Whole squares only: what is left of the last one at the far sides is less than a pixel of the result.
        high, wide = high // factor, wide // factor
        whole = pixels[: high * factor, : wide * factor]
        pixels = cv2.resize(whole, (wide, high), interpolation=cv2.INTER_AREA)
    over = max(high, wide) / long_side
    if over > _HARDLY_LARGER:
        pixels = cv2.GaussianBlur(pixels, (3, 3), _BLUR * math.sqrt(over**2 - 1))
    return pixels if (wide, high) == size else cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC)


def fit_finely(image: Image.Image, long_side: int) -> Image.Image:
    """As `fit`, for pictures looked at pixel by pixel and too large to be held twice."""
    if max(image.size) == long_side:
        return image
    return image.resize(_fitting(image.size, long_side), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _fitting(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    ratio = long_side / max(size)
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))


def finish(image: Image.Image, orientation: int, icc: bytes | None) -> Image.Image:
    """Upright, in sRGB, on white where it was transparent, and free of everything but its pixels."""
    if orientation in _TRANSPOSE:
        image = image.transpose(_TRANSPOSE[orientation])
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    flat = _to_srgb(image.convert("RGB") if alpha else image, icc)
    if alpha:
        white = Image.new("RGB", flat.size, "white")
        white.paste(flat, mask=alpha)
        flat = white
    # Saving a decoded picture again keeps comments and profiles; only fresh pixels came out clean. What `fit` made
    # of an array is fresh already.
    is_fresh = type(flat) is Image.Image and not flat.info
    return flat if is_fresh else Image.frombytes("RGB", flat.size, flat.tobytes())


def _to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    if icc and len(icc) <= _LONGEST_ICC:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            if "srgb" not in ImageCms.getProfileDescription(profile).casefold():
                turned = ImageCms.profileToProfile(image, profile, _SRGB, outputMode="RGB")
                if turned is not None:
                    return turned
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a broken profile is no profile: the picture is shown as most programs show it
    return image if image.mode == "RGB" else image.convert("RGB")


def encode(image: Image.Image) -> Rendition:
    """A baseline JPEG, one quality and one subsampling for all, so that nothing tells files apart."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY, subsampling="4:2:0")
    return Rendition(buffer.getvalue(), image.width, image.height)
