"""A mark repeated over the whole picture: found by its lattice, read where all its repeats are laid on one another.

Windows, bricks and fences repeat too. What tells a mark from them: every part of the picture has it, and what is left
where the repeats are averaged are several small shapes of their own, letters, not one shape again and again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from contest.infra.imaging.lattices import Lattice, find_lattices

_FINE, _AROUND = 13, 51  # pixels: what is detail, and over how far its strength is evened out
_NOISE, _MOST = 2.0, 2.0  # grey levels of noise; how many deviations a pixel may count
_SHOWN, _LEAST_SHOWN = 1.3, 40  # of a step, and pixels: so much is averaged, that a word is seen whole
_AGREEMENT = 0.2  # correlation of each quarter of the picture with the others
_STANDING_OUT = 3.5  # deviations of the averaged picture
_CLEAR = 0.8  # of the strength of the picture's own detail
_INK = 0.4  # of the strongest: fainter are the bridges between letters
_SMALLEST, _LARGEST = 6, 90  # pixels of a letter
_FULLEST = 0.8  # share of its box that a letter fills
_THROUGH = 0.8  # of what is averaged
_ALIKE = 0.72  # overlap of two shapes that are one
_WIDE, _DEEPEST = 101, 60.0  # what of the picture's own forms is looked at, in pixels and grey levels
_LEAST_INK = 50.0  # squared grey levels that the mark differs from its ground
_GROUND = 0.06  # of the mark's own power: so much may the rest of the picture repeat
_MOST_MARKED = 0.65  # of the picture

Array = Any  # of numpy; its element types would say less than the names


def count_repeated_shapes(grey: Array) -> int:
    """How many different letter-like shapes repeat together over all of a grey picture of some 1,024 px."""
    even = _evened(grey)
    for lattice in find_lattices(even):
        mark = _average(even, *lattice)
        # The first that all quarters agree on is how the picture repeats: bricks would be bricks on a wider one too.
        if mark is not None and _agrees(mark):
            ground = _coarse(grey)
            return max(_different(sign * mark.whole, ground, lattice) for sign in (1, -1))
    return 0


def _evened(grey: Array) -> Array:
    """The fine detail, as strong in a calm sky as in foliage."""
    values = grey.astype(np.float32)
    detail = values - cv2.blur(values, (_FINE, _FINE))
    power = np.maximum(cv2.blur(detail * detail, (_AROUND, _AROUND)), 0)
    return np.clip(detail / (np.sqrt(power, out=power) + _NOISE), -_MOST, _MOST, out=detail)


@dataclass(frozen=True)
class _Repeat:
    """One repeat: the sums over the repeats of each quarter of the picture, and how many there were."""

    sums: Array
    counts: Array

    @property
    def whole(self) -> Array:
        """Averaged over all."""
        return self.sums.sum(axis=0) / self.counts.sum()

    def with_others(self) -> list[tuple[Array, Array]]:
        """Each quarter's average beside that of the three others."""
        total, count = self.sums.sum(axis=0), self.counts.sum()
        return [
            (part / n, (total - part) / (count - n)) for part, n in zip(self.sums, self.counts, strict=True)
        ]


def _average(picture: Array, a: Array, b: Array) -> _Repeat | None:
    """All repeats laid on one another; None where a quarter of the picture has none."""
    high, wide = picture.shape
    tall = min(high // 2, int(_SHOWN * (abs(a[1]) + abs(b[1]))) + _LEAST_SHOWN)
    broad = min(wide // 2, int(_SHOWN * (abs(a[0]) + abs(b[0]))) + _LEAST_SHOWN)
    corners = np.linalg.inv(np.array((a, b)).T) @ np.array(((0, wide, 0, wide), (0, 0, high, high)))
    first, last = np.floor(corners.min(axis=1)).astype(int), np.ceil(corners.max(axis=1)).astype(int) + 1
    m, n = np.meshgrid(np.arange(first[0], last[0]), np.arange(first[1], last[1]), indexing="ij")
    left, top = np.rint(np.outer(m, a) + np.outer(n, b)).astype(int).T
    is_inside = (left >= 0) & (left <= wide - broad) & (top >= 0) & (top <= high - tall)
    left, top = left[is_inside], top[is_inside]
    quarters = 2 * (2 * top + tall > high) + (2 * left + broad > wide)
    sums = np.zeros((4, tall, broad), np.float32)
    for quarter, x, y in zip(quarters.tolist(), left.tolist(), top.tolist(), strict=True):
        sums[quarter] += picture[y : y + tall, x : x + broad]
    counts = np.bincount(quarters, minlength=4)
    return _Repeat(sums, counts) if counts.min() > 0 else None


def _agrees(mark: _Repeat) -> bool:
    with np.errstate(invalid="ignore", divide="ignore"):  # a quarter of one grey is like nothing
        return all(
            np.corrcoef(one.ravel(), others.ravel())[0, 1] >= _AGREEMENT for one, others in mark.with_others()
        )


def _coarse(grey: Array) -> Array:
    values = grey.astype(np.float32)
    return np.clip(values - cv2.blur(values, (_WIDE, _WIDE)), -_DEEPEST, _DEEPEST)


def _different(averaged: Array, ground: Array, lattice: Lattice) -> int:
    """How many different letter-like shapes stand out of a ground that does not repeat itself."""
    deviation = 1.4826 * float(np.median(np.abs(averaged - np.median(averaged))))
    high, wide = averaged.shape
    faint = (averaged > _STANDING_OUT * deviation).astype(np.uint8)
    faint[_network(faint)] = 0
    mask = faint * (averaged > _INK * float(averaged.max())).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    letters: list[Array] = []
    for at, (x, y, w, h, area) in enumerate(stats[1:], start=1):
        is_cut = x == 0 or y == 0 or x + w == wide or y + h == high
        if is_cut or not (_SMALLEST <= max(w, h) <= _LARGEST) or min(w, h) < 3 or area > _FULLEST * w * h:  # noqa: PLR2004  specks
            continue
        shape = (labels[y : y + h, x : x + w] == at).astype(np.float32)
        letter = cv2.resize(shape, (12, 12), interpolation=cv2.INTER_AREA)
        if all(_overlap(letter, known) < _ALIKE for known in letters):
            letters.append(letter)
    if not letters or averaged.max() < _CLEAR:
        return 0
    held = _average(ground, *lattice)
    assert held is not None  # as many repeats as the mark had
    near = (
        cv2.dilate((np.abs(averaged) > _STANDING_OUT * deviation).astype(np.uint8), np.ones((9, 9), np.uint8))
        > 0
    )
    shared = [one * others for one, others in held.with_others()]
    ink = float(np.median([each[mask > 0].mean() for each in shared]))
    behind = float(np.median([each[~near].mean() for each in shared])) if not near.all() else ink
    is_laid_over = near.mean() <= _MOST_MARKED and ink >= _LEAST_INK and behind <= _GROUND * ink
    return len(letters) if is_laid_over else 0


def _network(mask: Array) -> Array:
    """What runs from side to side: joints and bars, no word."""
    high, wide = mask.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    runs = (stats[:, 2] > _THROUGH * wide) | (stats[:, 3] > _THROUGH * high)
    runs[0] = False
    return runs[labels]


def _overlap(one: Array, other: Array) -> float:
    return float(np.minimum(one, other).sum() / max(np.maximum(one, other).sum(), 1e-6))
