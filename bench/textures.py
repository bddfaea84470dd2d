"""Things that repeat of themselves: walls, windows, fences, seats; each drawn from random numbers of its own.

What looks for a repeated mark must be silent on all of them, straight, unevenly lit, turned and seen at an angle.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw

WIDE, HIGH = 2048, 1366
Rng = np.random.Generator
Draw = Callable[[ImageDraw.ImageDraw, Rng], None]
WAYS = ("straight", "unevenly lit", "turned", "at an angle")


def bricks(pen: ImageDraw.ImageDraw, rng: Rng) -> None:
    wide = int(rng.integers(50, 180))
    high, joint = int(wide * rng.uniform(0.3, 0.5)), max(2, wide // 18)
    pen.rectangle((0, 0, WIDE, HIGH), fill=(200, 195, 185))
    for row, y in enumerate(range(-high, HIGH + high, high)):
        for x in range(-wide * 2, WIDE + wide, wide):
            left, shade = x + (wide // 2 if row % 2 else 0), int(rng.integers(-18, 18))
            box = (left + joint, y + joint, left + wide - 1, y + high - 1)
            pen.rectangle(box, fill=(150 + shade, 70 + shade, 55 + shade))


def tiles(pen: ImageDraw.ImageDraw, rng: Rng) -> None:
    side = int(rng.integers(60, 200))
    pen.rectangle((0, 0, WIDE, HIGH), fill=(90, 90, 90))
    for x, y in _grid(side, side):
        pen.rectangle((x + 3, y + 3, x + side - 1, y + side - 1), fill=(200 + int(rng.integers(-5, 5)),) * 3)


def mosaic(pen: ImageDraw.ImageDraw, rng: Rng) -> None:
    side = int(rng.integers(90, 160))
    pen.rectangle((0, 0, WIDE, HIGH), fill=(230, 225, 215))
    for x, y in _grid(side, side):
        pen.ellipse(_box(x, y, side, side, (0.1, 0.1, 0.9, 0.9)), outline=(40, 70, 130), width=6)
        corners = ((0.5, 0.2), (0.8, 0.5), (0.5, 0.8), (0.2, 0.5))
        pen.polygon([(x + side * a, y + side * b) for a, b in corners], fill=(150, 60, 50))
        pen.line((x, y, x + side * 0.2, y + side * 0.2), fill=(40, 70, 130), width=5)


def windows(pen: ImageDraw.ImageDraw, rng: Rng) -> None:
    wide, high = int(rng.integers(90, 220)), int(rng.integers(110, 240))
    pen.rectangle((0, 0, WIDE, HIGH), fill=(205, 200, 190))
    for x, y in _grid(wide, high):
        dark, pane = int(rng.integers(30, 90)), _box(x, y, wide, high, (0.2, 0.2, 0.8, 0.8))
        pen.line((x, y + 5, x + wide, y + 5), fill=(150, 145, 140), width=4)
        pen.rectangle(pane, fill=(dark, dark + 10, dark + 25), outline=(240, 240, 240), width=4)
        pen.line(_box(x, y, wide, high, (0.5, 0.2, 0.5, 0.8)), fill=(240, 240, 240), width=4)
        pen.line(_box(x, y, wide, high, (0.2, 0.45, 0.8, 0.45)), fill=(240, 240, 240), width=4)


def balconies(pen: ImageDraw.ImageDraw, rng: Rng) -> None:
    wide, high = int(rng.integers(160, 300)), int(rng.integers(150, 260))
    pen.rectangle((0, 0, WIDE, HIGH), fill=(190, 185, 180))
    for x, y in _grid(wide, high):
        pen.rectangle(_box(x, y, wide, high, (0.06, 0.06, 0.45, 0.6)), fill=(60, 70, 90))
        pen.rectangle(_box(x, y, wide, high, (0.5, 0.06, 0.9, 0.6)), fill=(80, 90, 110))
        for at in range(8):
            left = 0.06 + at * 0.11
            pen.line(_box(x, y, wide, high, (left, 0.6, left, 0.9)), fill=(40, 40, 40), width=4)
        pen.rectangle(_box(x, y, wide, high, (0.7, 0.62, 0.9, 0.8)), fill=(230, 230, 230))
        pen.ellipse(_box(x, y, wide, high, (0.74, 0.64, 0.86, 0.78)), outline=(90, 90, 90), width=4)


def pickets(pen: ImageDraw.ImageDraw, rng: Rng) -> None:
    step = int(rng.integers(40, 90))
    pen.rectangle((0, 0, WIDE, HIGH), fill=(120, 150, 110))
    for x in range(0, WIDE, step):
        pen.rectangle((x, 0, x + step * 0.4, HIGH), fill=(235, 230, 220))
    for y in range(40, HIGH, HIGH // 4):
        pen.rectangle((0, y, WIDE, y + 18), fill=(225, 220, 210))


def chain_links(pen: ImageDraw.ImageDraw, rng: Rng) -> None:
    pen.rectangle((0, 0, WIDE, HIGH), fill=(70, 110, 70))
    for x in range(-HIGH, WIDE + HIGH, int(rng.integers(60, 140))):
        pen.line((x, 0, x + HIGH, HIGH), fill=(200, 200, 200), width=5)
        pen.line((x, 0, x - HIGH, HIGH), fill=(200, 200, 200), width=5)


def holes(pen: ImageDraw.ImageDraw, rng: Rng) -> None:
    step = int(rng.integers(60, 120))
    pen.rectangle((0, 0, WIDE, HIGH), fill=(180, 180, 180))
    for x, y in _grid(step, step):
        left = x + (step / 2 if y // step % 2 else 0)
        pen.ellipse((left, y, left + step / 2, y + step / 2), fill=(30, 30, 30))


def roof(pen: ImageDraw.ImageDraw, rng: Rng) -> None:
    side = int(rng.integers(70, 160))
    pen.rectangle((0, 0, WIDE, HIGH), fill=(60, 60, 65))
    for row, y in enumerate(range(-side, HIGH, side // 2)):
        for x in range(-side, WIDE, side):
            left = x + (side / 2 if row % 2 else 0)
            colour = (90 + int(rng.integers(-15, 15)), 80, 75)
            pen.pieslice((left, y, left + side, y + side), 0, 180, fill=colour, outline=(30, 30, 30), width=4)


def seats(pen: ImageDraw.ImageDraw, rng: Rng) -> None:
    wide, high = int(rng.integers(90, 170)), int(rng.integers(100, 170))
    pen.rectangle((0, 0, WIDE, HIGH), fill=(110, 110, 115))
    for x, y in _grid(wide, high):
        pen.rounded_rectangle(_box(x, y, wide, high, (0.1, 0.1, 0.8, 0.55)), 14, fill=(30, 90, 170))
        pen.rounded_rectangle(_box(x, y, wide, high, (0.16, 0.55, 0.76, 0.8)), 10, fill=(20, 70, 140))
        pen.ellipse(_box(x, y, wide, high, (0.35, 0.16, 0.5, 0.34)), fill=(230, 230, 230))
        pen.line(_box(x, y, wide, high, (0.9, 0.0, 0.9, 0.8)), fill=(30, 30, 30), width=5)


def honeycomb(pen: ImageDraw.ImageDraw, rng: Rng) -> None:
    side = int(rng.integers(40, 80))
    pen.rectangle((0, 0, WIDE, HIGH), fill=(215, 205, 190))
    for row, y in enumerate(np.arange(0, HIGH + side, side * 1.5)):
        for x in np.arange(-side, WIDE + 2 * side, side * 1.732):
            middle, shade = x + (side * 0.866 if row % 2 else 0), 140 + int(rng.integers(-20, 20))
            turns = [math.radians(60 * corner + 30) for corner in range(6)]
            pen.polygon(
                [(middle + side * 0.95 * math.cos(t), y + side * 0.95 * math.sin(t)) for t in turns],
                fill=(shade,) * 3,
            )


THINGS: dict[str, Draw] = {
    draw.__name__.replace("_", " "): draw
    for draw in (bricks, tiles, mosaic, windows, balconies, pickets, chain_links, holes, roof, seats, honeycomb)
}  # fmt: skip


def texture(thing: str, seed: int, way: str) -> Image.Image:
    """A picture full of one thing."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (WIDE, HIGH))
    THINGS[thing](ImageDraw.Draw(image), rng)
    if way == "straight":
        return image
    pixels = np.asarray(image, np.float32)
    y, x = np.mgrid[:HIGH, :WIDE]
    light = 0.55 + 0.45 * (x / WIDE) * rng.uniform(0.5, 1) + 0.2 * np.sin(y / 400 + rng.uniform(0, 6))
    stains = cv2.resize(rng.normal(0, 18, (HIGH // 8, WIDE // 8)).astype(np.float32), (WIDE, HIGH))
    pixels = pixels * light[..., None] + stains[..., None] + rng.normal(0, 6, (HIGH, WIDE, 1))
    grained = pixels.clip(0, 255).astype(np.uint8)
    if way == "turned":
        turn = cv2.getRotationMatrix2D((WIDE / 2, HIGH / 2), float(rng.uniform(-20, 20)), 1.6)
        grained = cv2.warpAffine(grained, turn, (WIDE, HIGH), flags=cv2.INTER_AREA)
    if way == "at an angle":
        drop = HIGH * rng.uniform(0.05, 0.2)
        corners = np.float32([[0, 0], [WIDE, 0], [WIDE, HIGH], [0, HIGH]])
        seen = np.float32([[0, 0], [WIDE, drop], [WIDE, HIGH - drop], [0, HIGH]])
        grained = cv2.warpPerspective(grained, cv2.getPerspectiveTransform(corners, seen), (WIDE, HIGH))
        grained = grained[int(HIGH * 0.2) : int(HIGH * 0.8)]
    return Image.fromarray(np.ascontiguousarray(grained))


def _grid(wide: int, high: int) -> list[tuple[int, int]]:
    return [(x, y) for y in range(0, HIGH, high) for x in range(0, WIDE, wide)]


def _box(x: float, y: float, wide: float, high: float, shares: tuple[float, ...]) -> tuple[float, ...]:
    left, top, right, bottom = shares
    return x + wide * left, y + high * top, x + wide * right, y + high * bottom
