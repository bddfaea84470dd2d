"""All fingerprints of all editions in memory: exact search by brute force, 0.5 ms for 100,000 photographs."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from contest.domain.fingerprints import SUSPECTED_BITS

if TYPE_CHECKING:
    import numpy.typing as npt

_WORDS = 4
_WORD_BITS = 64
_MASK = (1 << _WORD_BITS) - 1
_FIRST_CAPACITY = 1024


class FingerprintIndex:
    """256-bit hashes under the caller's ids (a photograph's key); safe to share between threads."""

    def __init__(self, rows: Iterable[tuple[Any, int]] = ()) -> None:
        self._lock = threading.Lock()
        self._ids: list[Any] = []
        self._known: set[Any] = set()
        # Four columns rather than rows of four: seven times faster to compare.
        self._columns: list[npt.NDArray[np.uint64]] = [
            np.empty(_FIRST_CAPACITY, dtype=np.uint64) for _ in range(_WORDS)
        ]
        for key, pdq in rows:
            self.add(key, pdq)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, key: Any, pdq: int) -> None:
        """Remember the upright PDQ hash of a photograph; a key already there is left as it is."""
        with self._lock:
            if key in self._known:
                return
            at = len(self._ids)
            if at == len(self._columns[0]):
                self._columns = [np.concatenate((column, np.empty_like(column))) for column in self._columns]
            for column, word in zip(self._columns, _words(pdq), strict=True):
                column[at] = word
            self._known.add(key)
            self._ids.append(key)

    def search(self, orientations: Sequence[int], radius: int = SUSPECTED_BITS) -> list[tuple[Any, int]]:
        """(id, distance) of every hash within radius bits of any of the orientations, nearest first."""
        with self._lock:
            count = len(self._ids)
            columns = [column[:count] for column in self._columns]
            ids = self._ids
        if not count or not orientations:
            return []
        nearest = np.full(count, _WORDS * _WORD_BITS, dtype=np.uint16)
        for turned in orientations:
            bits = np.zeros(count, dtype=np.uint16)
            for column, word in zip(columns, _words(turned), strict=True):
                bits += np.bitwise_count(column ^ word)
            np.minimum(nearest, bits, out=nearest)
        hits = np.flatnonzero(nearest <= radius)
        return sorted(((ids[at], int(nearest[at])) for at in hits), key=lambda hit: hit[1])


def _words(value: int) -> list[np.uint64]:
    return [np.uint64(value >> shift & _MASK) for shift in range(0, _WORDS * _WORD_BITS, _WORD_BITS)]
