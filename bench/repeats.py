"""Marks repeated over a whole picture: python -m bench repeats [--photos DIR] [--seeds N].

Silent on honest photographs and on drawn walls, windows and fences? How many marks are found, by opacity? At which CPU?
Without a folder the photographs are drawn ones. Ends with 1 for any false alarm.
"""

from __future__ import annotations

import argparse
import io
import math
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bench.textures import THINGS, WAYS, texture
from contest.domain.looks import Looks, find_in_looks
from contest.infra.imaging.drawn import drawn
from contest.infra.imaging.repeats import count_repeated_shapes

WORDS = ("SAMPLE", "(c) Gildong Hong", "PHOTO 2024", "stock")
ANGLES = (0, -30, 30, 45, -20)
SIZES = (0.015, 0.02, 0.03, 0.04)
OPACITIES = (0.1, 0.15, 0.2, 0.3, 0.4)


def marked(image: Image.Image, rng: np.random.Generator, opacity: float) -> Image.Image:
    """The picture under white or black words all over it, turned, in rows that may be staggered, saved as JPEG."""
    words, size = WORDS[rng.integers(len(WORDS))], max(image.size) * SIZES[rng.integers(len(SIZES))]
    font, angle = ImageFont.load_default(int(size)), ANGLES[rng.integers(len(ANGLES))]
    wide = font.getlength(words)
    across, down = max(1.6 * wide, wide + 3 * size) if wide <= 3 * size else 1.6 * wide, 3 * size
    side = int(math.hypot(*image.size)) + 10
    layer = Image.new("L", (side, side))
    pen, is_staggered = ImageDraw.Draw(layer), rng.random() < 0.6
    for row, y in enumerate(np.arange(-down, side + down, down)):
        shift = across / 2 if is_staggered and row % 2 else 0.0
        for x in np.arange(-across + shift, side + across, across):
            pen.text((x, y), words, font=font, fill=int(255 * opacity))
    layer = layer.rotate(angle, Image.Resampling.BICUBIC)
    left, top = (side - image.width) // 2, (side - image.height) // 2
    ink = Image.new("RGB", image.size, "black" if rng.random() < 0.25 else "white")
    return saved(Image.composite(ink, image, layer.crop((left, top, left + image.width, top + image.height))))


def saved(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88)
    return Image.open(buffer).convert("RGB")


def is_found(image: Image.Image, spent: list[float]) -> bool:
    """Whether the rule calls it a mark; adds the milliseconds of CPU."""
    small = image.copy()
    small.thumbnail((2048, 2048))
    ratio = min(1.0, 1024 / max(small.size))
    grey = cv2.cvtColor(
        cv2.resize(np.asarray(small), None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA),
        cv2.COLOR_RGB2GRAY,
    )
    began = time.process_time()
    shapes = count_repeated_shapes(grey)
    spent.append((time.process_time() - began) * 1000)
    return any(find_in_looks(Looks(repeated_shapes=shapes), {}))


def photographs(folder: Path | None) -> Iterable[tuple[str, Image.Image]]:
    if folder is None:
        for seed in range(12):
            yield f"drawn {seed}", Image.open(io.BytesIO(drawn(seed, 2048, 1365))).convert("RGB")
        return
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in {".jpg", ".jpeg", ".png"}:
            with Image.open(path) as image:
                image.draft("RGB", (2048, 2048))
                plain = image.convert("RGB")
            plain.thumbnail((2048, 2048))
            yield path.name, plain


def main(arguments: list[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench repeats")
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--seeds", type=int, default=4)
    options = parser.parse_args(arguments or [])
    cv2.setNumThreads(0)
    spent: list[float] = []
    found: defaultdict[float, list[bool]] = defaultdict(list)
    false: list[str] = []
    honest = 0
    rng: Any = np.random.default_rng(7)
    for name, image in photographs(options.photos):
        honest += 1
        if is_found(image, spent):
            false.append(name)
        for opacity in OPACITIES:
            found[opacity].append(is_found(marked(image, rng, opacity), []))
    print(f"{honest} honest photographs: {len(false)} false {false}", flush=True)
    print(f"CPU median {statistics.median(spent):.0f} ms, most {max(spent):.0f} ms", flush=True)
    for opacity, hits in found.items():
        print(f"mark at {100 * opacity:.0f} %: {sum(hits)} of {len(hits)} found", flush=True)
    for way in WAYS:
        wrong = [
            f"{thing} {seed}"
            for thing in THINGS
            for seed in range(options.seeds)
            if is_found(saved(texture(thing, seed, way)), [])
        ]
        print(f"{len(THINGS) * options.seeds} drawn things {way}: {len(wrong)} false {wrong}", flush=True)
        false += wrong
    return 1 if false else 0
