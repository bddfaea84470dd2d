"""The plainest motion that explains how one picture's points lie in another's: turned and scaled, stretched, tilted.

A homography has freedom to bend where there are no points; most copies were only cut, turned or made smaller, and a
motion of fewer numbers lies better over the whole picture (docs/decisions/duplicates.md).
"""

from __future__ import annotations

from typing import Any

import numpy as np

_ROUNDS = 8
_CLOSE = 0.2  # pixels: nearer than this no point counts more
_WORSE, _PIXELS = 1.15, 0.05  # a plainer motion may fit so much worse than the homography

Array = Any  # of numpy; its element types would say less than the names


def plainest(homography: Array, source: Array, target: Array) -> Array:
    """The homography (3, 3), or the plainer motion that fits the points, (n, 2) in pixels each, about as well."""
    lifted = np.hstack((source, np.ones((len(source), 1)))) @ homography.T
    allowed = _WORSE * np.median(_gaps(lifted[:, :2] / lifted[:, 2:], target)) + _PIXELS
    for make in (_turned_and_scaled, _stretched):
        motion = make(source, target)
        if np.median(_gaps(source @ motion[:, :2].T + motion[:, 2], target)) <= allowed:
            return np.vstack((motion, (0.0, 0.0, 1.0)))
    return homography


def _turned_and_scaled(source: Array, target: Array) -> Array:
    x, y = source.T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = np.stack((np.stack((x, -y, one, none), 1), np.stack((y, x, none, one), 1)), 1)
    a, b, right, down = _solve(rows, target)
    return np.array(((a, -b, right), (b, a, down)))


def _stretched(source: Array, target: Array) -> Array:
    x, y = source.T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = np.stack((np.stack((x, y, one, *[none] * 3), 1), np.stack((*[none] * 3, x, y, one), 1)), 1)
    return _solve(rows, target).reshape(2, 3)


def _solve(rows: Array, target: Array) -> Array:
    """Least squares in which far points count less: rows (n, 2, unknowns) of target (n, 2)."""
    weights = np.ones(len(target))
    for _ in range(_ROUNDS):
        found = np.linalg.lstsq(
            (rows * weights[:, None, None]).reshape(-1, rows.shape[2]),
            (target * weights[:, None]).ravel(),
            rcond=None,
        )[0]
        weights = 1 / np.sqrt(np.maximum(_gaps(rows @ found, target), _CLOSE))
    return found


def _gaps(one: Array, other: Array) -> Array:
    return np.hypot(*(one - other).T)
