"""How fine the detail of a picture is: where in the spectrum of its liveliest tiles it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from scipy import fft

_TILE = 256
_TILES = 6
_BINS = 64
_WINDOW = (np.hanning(_TILE)[:, None] * np.hanning(_TILE)[None, :]).astype(np.float32)
_RADIUS = np.hypot(np.fft.fftfreq(_TILE)[:, None], np.fft.rfftfreq(_TILE)[None, :])
_SQUARED = (_RADIUS**2).astype(np.float32)
_BIN = np.minimum((_RADIUS * 2 * _BINS).astype(int), _BINS).ravel()


@dataclass(frozen=True, slots=True)
class Detail:
    """As in domain/looks: texture, and the bands that hold 90 % and 95 % of the detail; None if too small."""

    texture: float | None = None
    band: float | None = None
    band95: float | None = None


def measure_detail(grey: np.ndarray) -> Detail:
    """Measure a grey picture; the sharpest tile speaks, for a background may well be out of focus."""
    rows, columns = grey.shape[0] // _TILE, grey.shape[1] // _TILE
    if not rows or not columns:
        return Detail()
    textures = _textures(grey[: rows * _TILE, : columns * _TILE], rows, columns)
    lively = np.argsort(-textures, axis=None, kind="stable")[:_TILES]
    places = [divmod(int(at), columns) for at in lively]
    tiles = [grey[y * _TILE : (y + 1) * _TILE, x * _TILE : (x + 1) * _TILE] for y, x in places]
    band, band95 = max(_bands(tile.astype(np.float32)) for tile in tiles)
    return Detail(round(float(textures.max()), 2), round(band, 3), round(band95, 3))


def _textures(grey: np.ndarray, rows: int, columns: int) -> Any:
    """The mean step between every second pixel of each tile, (rows, columns)."""
    coarse = grey[::2, ::2]
    half = _TILE // 2
    steps = np.zeros(coarse.shape, np.uint8)
    cv2.absdiff(np.ascontiguousarray(coarse[:, 1:]), np.ascontiguousarray(coarse[:, :-1]), steps[:, :-1])
    steps[:, half - 1 :: half] = 0  # from one tile to the next is no step of either
    sums = steps.reshape(rows, half, columns, half).sum(axis=(1, 3), dtype=np.int64)
    return sums / (half * (half - 1))


def _bands(tile: np.ndarray) -> tuple[float, float]:
    spectrum = fft.rfft2((tile - tile.mean()) * _WINDOW)
    power = spectrum.real**2 + spectrum.imag**2
    # Weighted by the square of the frequency the spectrum of a sharp photograph is flat.
    profile = np.bincount(_BIN, weights=(power * _SQUARED).ravel(), minlength=_BINS + 1)[:_BINS]
    total = float(profile.sum())
    if total <= 0:
        return 1.0, 1.0
    share = np.cumsum(profile) / total
    return tuple((int(np.searchsorted(share, part)) + 1) / _BINS for part in (0.9, 0.95))  # type: ignore[return-value]  # two parts
