"""What the checks find in a folder of photographs: python -m bench findings --photos DIR [--most N].

For honest photographs every doubt is a false one. Beside it the same photographs changed as entrants change
them (enlarged, framed, dated, signed, marked all over), so that a threshold that finds nothing shows. Ends with 1 if
more than 15 % of the honest ones are held as doubtful. Says on the error stream how far it is.
"""

from __future__ import annotations

import argparse
import collections
import functools
import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from bench.repeats import marked
from contest.domain.looks import find_in_looks
from contest.domain.photo_findings import find_in_photograph
from contest.domain.screening import verdict
from contest.infra.imaging.client import Imaging
from contest.infra.imaging.drawn import drawn
from contest.infra.imaging.results import HEIC_MEGAPIXELS, Inspection, Limits

_SUFFIXES = {".jpg", ".jpeg", ".png", ".heic"}
_LONG = 2048
_MOST_HELD = 15


def main(arguments: list[str] | None = None) -> int:
    """Print every kind with how many photographs it was found in, and those held as doubtful."""
    parser = argparse.ArgumentParser(prog="python -m bench findings")
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--most", type=int, default=10**6, help="so many photographs, spread over the folder")
    options = parser.parse_args(arguments or [])
    limits = Limits(heic_megapixels=HEIC_MEGAPIXELS)
    imaging = Imaging(limits)
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    totals: collections.Counter[str] = collections.Counter()
    began = time.monotonic()
    photographs = _photographs(options.photos, options.most)
    for at, (name, read) in enumerate(photographs, start=1):
        print(
            f"{at} of {len(photographs)}, {time.monotonic() - began:.0f} s: {name}",
            file=sys.stderr,
            flush=True,
        )
        data = read()
        for change, changed in (("as it is", data), *_changes(data)):
            seen = imaging.inspect(changed, filename_suffix=Path(name).suffix)
            totals[change] += 1
            found = _kinds(seen)
            counts[change].update(found)
            if change == "as it is" and "doubtful" in found:
                print(f"  held as doubtful: {name}: {', '.join(sorted(found - {'doubtful'}))}")
    imaging.close()
    for change, total in totals.items():
        print(f"{change} ({total} photographs)")
        for kind, count in counts[change].most_common():
            print(f"  {kind:<24}{count:>5}{100 * count / total:>7.1f} %")
    held, honest = counts["as it is"]["doubtful"] + counts["as it is"]["unfit"], totals["as it is"]
    share = 100 * held / max(honest, 1)
    print(f"honest and held as doubtful: {held} of {honest} ({share:.1f} %, target {_MOST_HELD} %)")
    print(f"{time.monotonic() - began:.0f} s")
    return 1 if 100 * held > _MOST_HELD * honest else 0


def _kinds(seen: Inspection) -> set[str]:
    if not seen.ok:
        return {"refused"}
    found = (
        *find_in_photograph(seen.exif, seen.provenance, None, window=None, grades={}),
        *find_in_looks(seen.looks, {}),
    )
    held = verdict(found)
    return {one.kind.value for one in found} | ({held.value} if held != "fit" else set())


def _photographs(folder: Path | None, most: int) -> list[tuple[str, Callable[[], bytes]]]:
    if folder is None:
        return [
            (f"drawn {seed}.jpg", functools.partial(drawn, seed, 3000, 2000)) for seed in range(min(12, most))
        ]
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in _SUFFIXES]
    return [
        (os.fspath(path.relative_to(folder)), path.read_bytes)
        for path in paths[:: max(1, -(-len(paths) // most))]
    ]


def _changes(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    except OSError:  # a HEIC needs its own reader; as it is, it was counted
        return
    image.thumbnail((_LONG, _LONG))
    small = image.copy()
    small.thumbnail((1080, 1080))
    yield "enlarged from 1,080", _saved(small.resize((4000, 4000 * small.height // small.width)))
    side = max(image.size)
    yield "framed", _saved(ImageOps.expand(image, border=side // 25, fill="white"))
    yield "marked all over, 30 %", _saved(marked(image, np.random.default_rng(side), 0.3))
    yield "dated", _saved(_written(image, "'24  5 04", 0.035, (0.70, 0.92), (255, 140, 30)))
    yield "signed", _saved(_written(image, "Photo by Gildong Hong", 0.03, (0.5, 0.93), (255, 255, 255)))


def _written(
    image: Image.Image, words: str, size: float, at: tuple[float, float], colour: tuple[int, int, int]
) -> Image.Image:
    written = image.copy()
    font = ImageFont.load_default(int(max(image.size) * size))
    place = (int(image.width * at[0]), int(image.height * at[1]))
    ImageDraw.Draw(written).text(place, words, font=font, fill=colour)
    return written


def _saved(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()
