"""CPU of one photograph through this program, beside the least anybody can spend and what is usually spent.

    python -m bench photographs [FILE.jpg …]

The floor is one decode at the scale this program decodes at, and the same two sizes by Pillow's cheapest filter,
saved as JPEG. Of what is spent here, "pictures" is for the same, the rest for what is found out about the
photograph. The naive rival decodes whole for every derivative and hash. Without files it draws its own of 12, 24, 50
and 200 megapixels and an HEIC. Ends with 1 if one costs more than twice the floor.
"""

from __future__ import annotations

import io
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import exifread
import imagehash
import numpy as np
import pdqhash
from PIL import Image, ImageOps

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from contest.infra.fingerprint_index import FingerprintIndex
from contest.infra.imaging.decode import decode, encode, finish, fit, open_photograph
from contest.infra.imaging.drawn import drawn
from contest.infra.imaging.examine import PREVIEW_DECODED, PREVIEW_SIDE, THUMB_SIDE, examine, render_zoom
from contest.infra.imaging.results import HEIC_MEGAPIXELS, Limits

ROUNDS = 7
MOST_TIMES_FLOOR = 2.0


def cpu_ms(*acts: Callable[[], object]) -> list[float]:
    """The least CPU milliseconds of each, taken in turn over a few rounds: what else the machine does only adds."""
    for act in acts:
        act()
    spent: list[list[float]] = [[] for _ in acts]
    for _ in range(ROUNDS):
        for act, times in zip(acts, spent, strict=True):
            before = time.process_time()
            act()
            times.append((time.process_time() - before) * 1000)
    return [min(times) for times in spent]


def naive(data: bytes) -> None:
    """What the usual tutorial does: open the file again for EXIF, each size and each hash."""
    exifread.process_file(io.BytesIO(data), details=False)
    for side in (2048, 400):
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
        image.resize((side, side * image.height // image.width), Image.Resampling.LANCZOS).save(
            io.BytesIO(), "JPEG", quality=85
        )
    pdqhash.compute_dihedral(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))
    for size in (8, 16):
        imagehash.phash(Image.open(io.BytesIO(data)), hash_size=size)


def floor(data: bytes) -> None:
    """One decode at the scale that fits, two sizes by the cheapest filter, two JPEGs: no EXIF, hash or colour."""
    image = Image.open(io.BytesIO(data))
    long = max(image.size)
    scale = next((scale for scale in (8, 4, 2) if -(-long // scale) >= PREVIEW_DECODED), 1)
    image.draft("RGB", (image.width // scale, image.height // scale))
    image = image.convert("RGB")
    for side in (min(PREVIEW_SIDE, long), THUMB_SIDE):
        image = image.resize(
            (side * image.width // max(image.size), side * image.height // max(image.size)),
            Image.Resampling.BOX,
        )
        image.save(io.BytesIO(), "JPEG", quality=85)


def pictures(data: bytes, limits: Limits) -> None:
    """What `examine` does for the renditions alone."""
    image = open_photograph(data, limits)
    long, icc = max(image.size), image.info.get("icc_profile")
    fresh = finish(fit(decode(image, at_least=PREVIEW_DECODED), min(PREVIEW_SIDE, long)), 1, icc)
    encode(fresh)
    encode(fit(fresh, THUMB_SIDE))


def enlarged(seed: int, width: int, height: int) -> bytes:
    """A drawn landscape made as large as a phone's largest pictures."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(drawn(seed, 6000, 4000))).resize((width, height)).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def as_heic(seed: int) -> bytes:
    """The 12-megapixel landscape as an iPhone keeps it."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(drawn(seed, 4032, 3024))).save(buffer, "HEIF", quality=80)
    return buffer.getvalue()


def main(names: list[str] | None = None) -> int:
    """Print one line per photograph and one for the search."""
    Image.MAX_IMAGE_PIXELS = None
    files: list[tuple[str, Callable[[], bytes]]] = [
        (Path(name).name, Path(name).read_bytes) for name in names or ()
    ]
    files = files or [
        ("12 MP drawn", lambda: drawn(1, 4032, 3024)),
        ("24 MP drawn", lambda: drawn(2, 6000, 4000)),
        ("50 MP enlarged", lambda: enlarged(3, 8688, 5792)),
        ("200 MP enlarged", lambda: enlarged(4, 16320, 12240)),
        ("12 MP HEIC", lambda: as_heic(1)),
    ]
    limits, over = Limits(heic_megapixels=HEIC_MEGAPIXELS), 0
    heads = ("MB", "here ms", "pictures", "floor ms", "times", "naive ms", "zoom ms")
    print(f"{'photograph':<18}" + "".join(f"{head:>10}" for head in heads), flush=True)
    for name, make in files:
        data = make()
        ours, least, shown, zoom = cpu_ms(
            partial(examine, data, limits),
            partial(floor, data),
            partial(pictures, data, limits),
            partial(render_zoom, data, limits),
        )
        # Nobody waits for the usual way with 200 megapixels: minutes, and gigabytes.
        usual = f"{cpu_ms(partial(naive, data))[0]:.0f}" if not name.startswith("200") else "-"
        over += ours > MOST_TIMES_FLOOR * least
        figures = (
            f"{len(data) / 1e6:.1f}",
            f"{ours:.0f}",
            f"{shown:.0f}",
            f"{least:.0f}",
            f"{ours / least:.1f}",
            usual,
            f"{zoom:.0f}",
        )
        print(f"{name[:17]:<18}" + "".join(f"{figure:>10}" for figure in figures), flush=True)
    rng = np.random.default_rng(1)
    index = FingerprintIndex((key, int.from_bytes(rng.bytes(32))) for key in range(100_000))
    query = [int.from_bytes(rng.bytes(32)) for _ in range(8)]
    (search,) = cpu_ms(partial(index.search, query))
    print(f"search of 100,000 fingerprints, 8 orientations: {search:.1f} ms")
    print(f"largest memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
