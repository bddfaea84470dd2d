"""The photographs of all editions in memory: whole pictures by their hashes, parts of pictures by their features."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import faiss
import numpy as np

from contest.domain.fingerprints import SUSPECTED_BITS

_BITS, _BYTES = 256, 32
_WIDTH = 128  # of a descriptor
_TRAINED_AT = 8_000  # descriptors: below, every one is compared
_GROWTH = 4  # trained anew when there are so many times more
_SAMPLE = 60_000
_LISTS = 1024
_PROBES = 8
_ASKED = 200  # of the query's features, the strongest of every part of it first
_NEIGHBOURS = 6

faiss.omp_set_num_threads(1)  # a worker has other threads of its own


class FingerprintIndex:
    """256-bit hashes under the caller's ids (a photograph's key); exact; safe to share between threads.

    A key may have several hashes: of the picture, and of what is left when its border is trimmed.
    """

    def __init__(self, rows: Iterable[tuple[Any, int]] = ()) -> None:
        self._lock = threading.Lock()
        self._ids: list[Any] = []
        self._known: set[tuple[Any, int]] = set()
        self._index = faiss.IndexBinaryFlat(_BITS)
        self.add_all(rows)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, key: Any, pdq: int) -> None:
        """Remember an upright PDQ hash of a photograph; one already there is left as it is."""
        self.add_all([(key, pdq)])

    def add_all(self, rows: Iterable[tuple[Any, int]]) -> None:
        """Remember many, at once: one by one costs ten times as much."""
        with self._lock:
            fresh = [row for row in dict.fromkeys(rows) if row not in self._known]
            if fresh:
                self._known.update(fresh)
                self._ids.extend(key for key, _ in fresh)
                self._index.add(_rows([pdq for _, pdq in fresh]))

    def search(self, orientations: Sequence[int], radius: int = SUSPECTED_BITS) -> list[tuple[Any, int]]:
        """(id, distance) of every photograph within radius bits of any of the orientations, nearest first."""
        if not orientations:
            return []
        with self._lock:
            # faiss finds what is nearer than the radius.
            _, distances, found = self._index.range_search(_rows(orientations), radius + 1)
            nearest: dict[Any, int] = {}
            for at, bits in zip(found.tolist(), distances.tolist(), strict=True):
                key = self._ids[at]
                nearest[key] = min(int(bits), nearest.get(key, _BITS))
        return sorted(nearest.items(), key=lambda hit: hit[1])


def _rows(values: Sequence[int]) -> Any:
    return np.frombuffer(b"".join(value.to_bytes(_BYTES) for value in values), np.uint8).reshape(-1, _BYTES)


class FeatureIndex:
    """Descriptors of many photographs, to shortlist those that may share a part; safe to share between threads.

    A shortlist is a guess: what it names is verified, and what stands alone in it means nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: list[Hashable] = []
        self._owners: list[Any] = []  # per photograph, its number repeated for every descriptor
        self._index: Any = faiss.IndexFlatL2(_WIDTH)
        self._kept: list[Any] = []  # the descriptors themselves, for the next training
        self._trained_for = 0

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Hashable, descriptors: bytes) -> None:
        """Remember a photograph's descriptors, 128 bytes each."""
        rows = _descriptors(descriptors)
        with self._lock:
            self._owners.append(np.full(len(rows), len(self._keys), np.int32))
            self._keys.append(key)
            self._kept.append(rows)
            if len(rows):
                self._index.add(rows.astype(np.float32))
            if self._index.ntotal >= max(_TRAINED_AT, _GROWTH * self._trained_for):
                self._train()

    def _train(self) -> None:
        everything = np.concatenate(self._kept)
        sample = np.random.default_rng(1).permutation(len(everything))[:_SAMPLE]
        lists = min(_LISTS, len(sample) // 40)
        index: Any = faiss.index_factory(_WIDTH, f"IVF{lists},SQ8")
        index.train(everything[sample].astype(np.float32))
        for start in range(0, len(everything), _SAMPLE):
            index.add(everything[start : start + _SAMPLE].astype(np.float32))
        index.nprobe = _PROBES
        self._index, self._trained_for = index, len(everything)
        self._owners = [np.concatenate(self._owners)]
        self._kept = [everything]

    def search(
        self, states: Sequence[bytes], most: int = 10, leave_out: Collection[Hashable] = ()
    ) -> list[Any]:
        """The keys most features vote for, in any of these states (plain, mirrored) of the query, best first.

        leave_out: keys that nobody asks for; they take no vote from others.
        """
        votes: Counter[int] = Counter()
        with self._lock:
            if not self._index.ntotal:
                return []
            owners = np.concatenate(self._owners)
            self._owners = [owners]
            parameters, _kept = self._without(owners, leave_out)
            for state in states:
                rows = _descriptors(state)[:_ASKED].astype(np.float32)
                if not len(rows):
                    continue
                _, found = self._index.search(rows, min(_NEIGHBOURS, self._index.ntotal), params=parameters)
                each = [{int(owners[at]) for at in row if at >= 0} for row in found]
                counted = Counter(number for row in each for number in row)
                for number, count in counted.items():
                    votes[number] = max(votes[number], count)
            ranked = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
            return [self._keys[number] for number, _ in ranked[:most]]

    def _without(self, owners: Any, leave_out: Collection[Hashable]) -> tuple[Any, Any]:
        """How faiss is told to leave out photographs, and the bits that must live as long as it searches."""
        asked = np.fromiter((key not in leave_out for key in self._keys), bool, len(self._keys))
        if asked.all():
            return None, None
        bits = np.packbits(asked[owners], bitorder="little")
        selector = faiss.IDSelectorBitmap(len(owners), faiss.swig_ptr(bits))
        if isinstance(self._index, faiss.IndexIVF):
            inverted: Any = faiss.SearchParametersIVF  # its stubs do not know that it takes fields by name
            return inverted(sel=selector, nprobe=_PROBES), bits
        flat: Any = faiss.SearchParameters
        return flat(sel=selector), bits


def _descriptors(packed: bytes) -> Any:
    return np.frombuffer(packed, np.uint8).reshape(-1, _WIDTH)


@dataclass
class KnownPhotographs:
    """Both indexes of one process, brought up to what is stored before each search."""

    hashes: FingerprintIndex = field(default_factory=FingerprintIndex)
    features: FeatureIndex = field(default_factory=FeatureIndex)
    _ids: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def catch_up(
        self, stored: set[str], load: Callable[[list[str]], Iterable[tuple[str, tuple[int, ...], bytes]]]
    ) -> set[str]:
        """Learn the photographs not known yet: load(ids) gives id, upright hashes, descriptors.

        Those not stored any more stay until the process ends, and are given back: nobody asks for them.
        """
        with self._lock:
            fresh = sorted(stored - self._ids)
            for start in range(0, len(fresh), 500):
                for photo_id, hashes, descriptors in load(fresh[start : start + 500]):
                    for one in hashes:
                        self.hashes.add(photo_id, one)
                    self.features.add(photo_id, descriptors)
                    self._ids.add(photo_id)
            return self._ids - stored
