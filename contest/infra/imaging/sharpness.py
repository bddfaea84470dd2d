"""How fine the detail of a picture is: where in the spectrum of its liveliest tiles it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL import Image

_TILE = 256
_TILES = 6
_BINS = 64
_WINDOW = np.hanning(_TILE)[:, None] * np.hanning(_TILE)[None, :]
_RADIUS = np.hypot(np.fft.fftfreq(_TILE)[:, None], np.fft.rfftfreq(_TILE)[None, :])
_BIN = np.minimum((_RADIUS * 2 * _BINS).astype(int), _BINS).ravel()


@dataclass(frozen=True, slots=True)
class Detail:
    """As in domain/looks: texture, and the bands that hold 90 % and 95 % of the detail; None if too small."""

    texture: float | None = None
    band: float | None = None
    band95: float | None = None


def measure_detail(image: Image.Image) -> Detail:
    """Measure an RGB picture; the sharpest tile speaks, for a background may well be out of focus."""
    grey = np.asarray(image.convert("L"), dtype=np.float32)
    height, width = grey.shape
    tiles = [
        grey[y : y + _TILE, x : x + _TILE]
        for y in range(0, height - _TILE + 1, _TILE)
        for x in range(0, width - _TILE + 1, _TILE)
    ]
    if not tiles:
        return Detail()
    lively = sorted(tiles, key=_texture, reverse=True)[:_TILES]
    band, band95 = max(_bands(tile) for tile in lively)
    return Detail(round(_texture(lively[0]), 2), round(band, 3), round(band95, 3))


def _texture(tile: np.ndarray) -> float:
    return float(np.abs(np.diff(tile[::2, ::2], axis=1)).mean())


def _bands(tile: np.ndarray) -> tuple[float, float]:
    power = np.abs(np.fft.rfft2((tile - tile.mean()) * _WINDOW)) ** 2
    # Weighted by the square of the frequency the spectrum of a sharp photograph is flat.
    profile = np.bincount(_BIN, weights=(power * _RADIUS**2).ravel(), minlength=_BINS + 1)[:_BINS]
    total = float(profile.sum())
    if total <= 0:
        return 1.0, 1.0
    share = np.cumsum(profile) / total
    return tuple((int(np.searchsorted(share, part)) + 1) / _BINS for part in (0.9, 0.95))  # type: ignore[return-value]  # two parts
