"""Thirty ways in which a photograph is taken over: every kind as a function from picture to picture.

The kinds and their strengths follow what copies in contests look like: saved again, filtered, turned, cropped, framed,
photographed from a screen. Each is drawn with its own random numbers, so no two copies are alike.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

Picture = Image.Image
Edit = Callable[[Picture, np.random.Generator], Picture]
LANCZOS, BICUBIC = Image.Resampling.LANCZOS, Image.Resampling.BICUBIC


def recompress(image: Picture, quality: int) -> Picture:
    """The same picture through a JPEG of this quality."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def resize(image: Picture, factor: float) -> Picture:
    return image.resize(
        (max(32, round(image.width * factor)), max(32, round(image.height * factor))), LANCZOS
    )


def stretch(image: Picture) -> Picture:
    return image.resize((round(image.width * 1.15), image.height), LANCZOS)


def grade(image: Picture, rng: np.random.Generator) -> Picture:
    gains = rng.uniform(0.85, 1.15, 3)
    tinted = np.clip(np.asarray(image, np.float32) * gains, 0, 255).astype(np.uint8)
    bright = ImageEnhance.Brightness(Image.fromarray(tinted)).enhance(rng.uniform(0.8, 1.2))
    return ImageEnhance.Color(bright).enhance(rng.uniform(0.6, 1.5))


def filtered(image: Picture, rng: np.random.Generator) -> Picture:
    graded = ImageEnhance.Contrast(grade(image, rng)).enhance(1.5)
    y, x = np.mgrid[-1 : 1 : image.height * 1j, -1 : 1 : image.width * 1j]
    shade = np.clip(1.15 - 0.55 * (x**2 + y**2), 0.15, 1)[:, :, None]
    return Image.fromarray((np.asarray(graded, np.float32) * shade).clip(0, 255).astype(np.uint8))


def monochrome(image: Picture) -> Picture:
    return ImageEnhance.Contrast(ImageOps.grayscale(image)).enhance(1.6).convert("RGB")


def noisy(image: Picture, rng: np.random.Generator) -> Picture:
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(1.5)), np.float32)
    return Image.fromarray(np.clip(soft + rng.normal(0, 12, soft.shape), 0, 255).astype(np.uint8))


def local_contrast(image: Picture) -> Picture:
    lab = cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2LAB)
    lab[:, :, 0] = cv2.createCLAHE(3.0, (8, 8)).apply(lab[:, :, 0])
    return Image.fromarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)).filter(ImageFilter.UnsharpMask(2, 150, 2))


def corner_mark(image: Picture) -> Picture:
    marked = image.copy()
    pen = ImageDraw.Draw(marked)
    pen.text(
        (image.width * 0.7, image.height * 0.92), "(c) photo", "white", font_size=max(12, image.width // 24)
    )
    return marked


def tiled_mark(image: Picture) -> Picture:
    layer = Image.new("RGBA", image.size)
    pen = ImageDraw.Draw(layer)
    step = max(60, image.width // 5)
    for y in range(0, image.height, step // 2):
        for x in range(-step, image.width, step):
            pen.text((x + (y % step), y), "SAMPLE", (255, 255, 255, 130), font_size=step // 5)
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def banner(image: Picture) -> Picture:
    marked = image.copy()
    pen = ImageDraw.Draw(marked)
    top = round(image.height * 0.72)
    pen.rectangle((0, top, image.width, round(image.height * 0.94)), fill=(20, 40, 120))
    pen.text(
        (image.width * 0.06, top + image.height * 0.05), "FESTIVAL 2024", "white", font_size=image.height // 9
    )
    return marked


def straighten(image: Picture) -> Picture:
    turned = image.rotate(3, BICUBIC)
    return inside(turned, 0.88)


def tilt(image: Picture) -> Picture:
    return inside(image.rotate(10, BICUBIC), 0.7)


def inside(image: Picture, share: float) -> Picture:
    wide, high = image.width * share, image.height * share
    left, top = (image.width - wide) / 2, (image.height - high) / 2
    return image.crop(tuple(round(v) for v in (left, top, left + wide, top + high)))


def sky(image: Picture, rng: np.random.Generator) -> Picture:
    line = round(image.height * 0.4)
    top, bottom = rng.uniform(60, 200, 3), rng.uniform(140, 255, 3)
    slope = np.linspace(0, 1, line)[:, None, None]
    new = np.broadcast_to(top * (1 - slope) + bottom * slope, (line, image.width, 3)).astype(np.float32)
    clouds = cv2.resize(
        rng.normal(0, 30, (5, 8)).astype(np.float32), (image.width, line), interpolation=cv2.INTER_CUBIC
    )
    pixels = np.asarray(image).copy()
    pixels[:line] = np.clip(new + clouds[:, :, None], 0, 255)
    return Image.fromarray(pixels)


def crop(image: Picture, rng: np.random.Generator, share: float) -> Picture:
    wide, high = round(image.width * share), round(image.height * share)
    left, top = int(rng.integers(image.width - wide + 1)), int(rng.integers(image.height - high + 1))
    return image.crop((left, top, left + wide, top + high))


def square(image: Picture) -> Picture:
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def border(image: Picture, colour: str = "white") -> Picture:
    return ImageOps.expand(image, round(0.08 * max(image.size)), colour)


def polaroid(image: Picture) -> Picture:
    edge = round(0.06 * image.width)
    framed = Image.new("RGB", (image.width + 2 * edge, image.height + 5 * edge), (244, 242, 236))
    framed.paste(image, (edge, edge))
    return framed


def screenshot(image: Picture, rng: np.random.Generator, *, zoomed: bool) -> Picture:
    phone = Image.new("RGB", (540, 1170), "black" if rng.random() < 0.5 else "white")
    wide = crop(image, rng, 0.75) if zoomed else image
    scale = max(540 / wide.width, 700 / wide.height) if zoomed else 540 / wide.width
    shown = resize(wide, scale)
    shown = shown.crop((0, 0, min(540, shown.width), min(760, shown.height)))
    phone.paste(shown, (0, (1170 - shown.height) // 2))
    pen = ImageDraw.Draw(phone)
    pen.text((24, 14), "9:41", "grey", font_size=26)
    pen.text((430, 14), "LTE 80%", "grey", font_size=22)
    pen.rectangle((0, 1090, 540, 1170), fill=(40, 40, 44))
    for x in (90, 270, 450):
        pen.ellipse((x - 16, 1114, x + 16, 1146), outline="white", width=3)
    return phone


def of_screen(image: Picture, rng: np.random.Generator) -> Picture:
    wide, high = image.size
    canvas = np.full((round(high * 1.3), round(wide * 1.3), 3), 35, np.uint8)
    shift = rng.uniform(0, 0.08, (4, 2)) * [wide, high]
    corners = np.float32([[0, 0], [wide, 0], [wide, high], [0, high]])
    at = corners + np.float32([0.12 * wide, 0.12 * high])
    to = (at + shift).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, to)
    size = (canvas.shape[1], canvas.shape[0])
    shown = cv2.warpPerspective(np.asarray(image), matrix, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), matrix, size)
    canvas[mask > 128] = shown[mask > 128]
    lines = 1 + 0.06 * np.sin(np.arange(canvas.shape[0]) * 1.9)[:, None, None]
    pixels = canvas.astype(np.float32) * lines + rng.normal(0, 5, canvas.shape)
    return Image.fromarray(np.clip(pixels * [0.96, 1.0, 1.08], 0, 255).astype(np.uint8))


def collage(image: Picture, other: Picture) -> Picture:
    half = ImageOps.fit(image, (480, 640), LANCZOS)
    both = Image.new("RGB", (960, 640))
    both.paste(half, (0, 0))
    both.paste(ImageOps.fit(other, (480, 640), LANCZOS), (480, 0))
    return both


def theft(image: Picture, rng: np.random.Generator) -> Picture:
    return grade(crop(ImageOps.mirror(image), rng, 0.8), rng)


def kinds(other: Picture) -> dict[str, Edit]:
    """Every kind by name; `other` is the second picture of the collage."""
    turn = Image.Transpose
    plain: dict[str, Callable[[Picture], Picture]] = {
        "recompress q70": lambda i: recompress(i, 70),
        "recompress q20": lambda i: recompress(i, 20),
        "resize 50 %": lambda i: resize(i, 0.5),
        "resize to 256 px": lambda i: resize(i, 256 / max(i.size)),
        "stretch 15 %": stretch,
        "monochrome, contrast": monochrome,
        "local contrast, sharpen": local_contrast,
        "mark in a corner": corner_mark,
        "mark tiled": tiled_mark,
        "banner over 22 %": banner,
        "rotate 90": lambda i: i.transpose(turn.ROTATE_90),
        "rotate 180": lambda i: i.transpose(turn.ROTATE_180),
        "rotate 270": lambda i: i.transpose(turn.ROTATE_270),
        "mirror": ImageOps.mirror,
        "straighten 3, crop": straighten,
        "crop to square": square,
        "border 8 %": border,
        "polaroid": polaroid,
        "tilt 10": tilt,
        "collage of two": lambda i: collage(i, other),
    }
    drawn: dict[str, Edit] = {
        "colour grade": grade,
        "filter, vignette": filtered,
        "blur, noise": noisy,
        "sky replaced": sky,
        "crop 90 %": partial(crop, share=0.9),
        "crop 80 %": partial(crop, share=0.8),
        "crop 70 %": partial(crop, share=0.7),
        "crop 50 %": partial(crop, share=0.5),
        "phone screenshot": partial(screenshot, zoomed=False),
        "screenshot, zoomed": partial(screenshot, zoomed=True),
        "photo of a screen": of_screen,
        "mirror, crop 80 %, grade": theft,
    }
    return {name: _quiet(act) for name, act in plain.items()} | drawn


def _quiet(act: Callable[[Picture], Picture]) -> Edit:
    return lambda image, _rng: act(image)
