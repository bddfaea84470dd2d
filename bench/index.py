"""Finding a hash within 64 bits in eight orientations among 10 thousand, 100 thousand and 1 million.

Beside numpy row by row, and imagehash's own distance in a loop (on a thousandth, times a thousand).
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import imagehash
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from contest.infra.fingerprint_index import FingerprintIndex

RADIUS = 64


def ms(act: Callable[[], object], rounds: int = 7) -> float:
    """Median CPU milliseconds."""
    act()
    spent = []
    for _ in range(rounds):
        began = time.process_time()
        act()
        spent.append((time.process_time() - began) * 1000)
    return statistics.median(spent)


def main(_arguments: object = None) -> None:
    """Print a line per size."""
    rng = np.random.default_rng(1)
    print(f"{'hashes':>10}{'here ms':>10}{'numpy rows ms':>15}{'imagehash ms':>14}{'build s':>9}")
    for count in (10_000, 100_000, 1_000_000):
        rows = rng.integers(0, 256, (count, 32), dtype=np.uint8)
        index = FingerprintIndex()
        began = time.process_time()
        index.add_all(enumerate(int.from_bytes(row.tobytes()) for row in rows))
        build = time.process_time() - began
        query = [int.from_bytes(rows[turn].tobytes()) ^ 0b1101 for turn in range(8)]
        words, asked = rows.view(np.uint64), [np.frombuffer(one.to_bytes(32), np.uint64) for one in query]

        def by_rows(words: object = words, asked: list[object] = asked) -> object:
            return [np.flatnonzero(np.bitwise_count(words ^ one).sum(axis=1) <= RADIUS) for one in asked]

        hashes = [imagehash.ImageHash(np.unpackbits(row).reshape(16, 16)) for row in rows[: count // 1000]]

        def by_loop(hashes: list[imagehash.ImageHash] = hashes) -> object:
            return [one - other for one in hashes[:8] for other in hashes]

        ours = ms(lambda index=index, query=query: index.search(query))  # type: ignore[misc]  # mypy does not infer defaults of a lambda
        assert {key for key, _ in index.search(query)} == set(range(8))
        print(f"{count:>10,}{ours:>10.2f}{ms(by_rows):>15.1f}{ms(by_loop) * 1000:>14,.0f}{build:>9.1f}")


if __name__ == "__main__":
    main()
