"""CPU of one photograph through this program, beside a full decode for every derivative; zoom and search too.

    python bench/photographs.py [FILE.jpg …]

Without files it draws its own of 12 and 24 megapixels.
"""

from __future__ import annotations

import io
import resource
import statistics
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
from contest.infra.imaging.drawn import drawn
from contest.infra.imaging.examine import examine, render_zoom
from contest.infra.imaging.results import Limits

ROUNDS = 3


def cpu_ms(act: Callable[[], object]) -> float:
    """Median CPU milliseconds of this process over a few rounds."""
    act()
    spent = []
    for _ in range(ROUNDS):
        before = time.process_time()
        act()
        spent.append((time.process_time() - before) * 1000)
    return statistics.median(spent)


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


def main(names: list[str] | None = None) -> None:
    """Print one line per photograph and one for the search."""
    Image.MAX_IMAGE_PIXELS = None
    files = [(Path(name).name, Path(name).read_bytes()) for name in names or ()]
    if not files:
        files = [
            ("12 MP drawn", drawn(1, 4032, 3024)),
            ("24 MP drawn", drawn(2, 6000, 4000)),
        ]
    limits = Limits()
    print(f"{'photograph':<28}{'MB':>6}{'here ms':>10}{'naive ms':>10}{'ratio':>8}{'zoom ms':>10}")
    for name, data in files:
        ours = cpu_ms(partial(examine, data, limits))
        theirs = cpu_ms(partial(naive, data))
        zoom = cpu_ms(partial(render_zoom, data, limits))
        size = len(data) / 1e6
        print(f"{name[:27]:<28}{size:>6.1f}{ours:>10.0f}{theirs:>10.0f}{theirs / ours:>7.1f}x{zoom:>10.0f}")
    rng = np.random.default_rng(1)
    index = FingerprintIndex((key, int.from_bytes(rng.bytes(32))) for key in range(100_000))
    query = [int.from_bytes(rng.bytes(32)) for _ in range(8)]
    search = cpu_ms(partial(index.search, query))
    print(f"search of 100,000 fingerprints, 8 orientations: {search:.1f} ms")
    print(f"largest memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
