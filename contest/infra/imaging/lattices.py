"""The steps after which a picture is like itself: the lattice of whatever repeats in it, from its autocorrelation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from scipy import fft

_REACH = 0.42  # of a side: further lags have too little picture behind them
_NEAREST = 28  # pixels between two repeats
_PEAKS = 24
_LATTICES = 3
_LEAST_PEAK = 8.0  # deviations of the autocorrelation
_SMALLEST_CELL, _LEAST_ANGLE = 1500, 0.3  # square pixels; sine

Array = Any  # of numpy; its element types would say less than the names
Lattice = tuple[Array, Array]


@dataclass(frozen=True)
class _Lags:
    """How alike the picture is to itself when moved, in deviations, the lag (0, 0) in the middle."""

    values: Array

    def at(self, lag: Array, reach: int) -> tuple[float, Array] | None:
        """The highest value near a lag, and where it lies; None outside."""
        high, wide = self.values.shape
        x, y = round(lag[0]) + wide // 2, round(lag[1]) + high // 2
        if not (reach <= x < wide - reach and reach <= y < high - reach):
            return None
        near = self.values[y - reach : y + reach + 1, x - reach : x + reach + 1]
        row, column = divmod(int(near.argmax()), 2 * reach + 1)
        return float(near[row, column]), np.array(
            (x + column - reach - wide // 2, y + row - reach - high // 2), float
        )


def find_lattices(even: Array) -> list[Lattice]:
    """Up to three lattices of a picture whose detail is evened out, the clearest first, in fractions of a pixel."""
    return _lattices(_lags(even))


def _lags(even: Array) -> _Lags:
    high, wide = even.shape
    padded = np.zeros((cv2.getOptimalDFTSize(high), cv2.getOptimalDFTSize(wide)), np.float32)
    padded[:high, :wide] = even - even.mean()
    spectrum = fft.rfft2(padded)
    power = spectrum.real**2 + spectrum.imag**2
    power[0, :] = power[:, 0] = 0  # lines along the sides
    alike: Array = fft.fftshift(fft.irfft2(power, s=padded.shape))
    y, x = alike.shape[0] // 2, alike.shape[1] // 2
    down, right = int(alike.shape[0] * _REACH), int(alike.shape[1] * _REACH)
    alike = alike[y - down : y + down + 1, x - right : x + right + 1] / max(float(alike[y, x]), 1e-6)
    sharp = cv2.GaussianBlur(alike, (0, 0), 1.0) - cv2.blur(alike, (25, 25))
    # One half is the other turned, and every second lag of every second line tells the deviation as well as all.
    return _Lags(sharp / (1.4826 * float(np.median(np.abs(sharp[: down + 1 : 2, ::2]))) + 1e-9))


def _peaks(lags: _Lags) -> list[tuple[float, Array]]:
    high, wide = lags.values.shape
    values = lags.values[high // 2 :].copy()  # the other half is the same
    cv2.circle(values, (wide // 2, 0), _NEAREST, 0.0, -1)
    tops = (values >= _LEAST_PEAK) & (values == cv2.dilate(values, np.ones((9, 9), np.uint8)))
    rows, columns = np.nonzero(tops)
    order = np.argsort(-values[rows, columns])[:_PEAKS]
    return [
        (float(values[rows[at], columns[at]]), np.array((columns[at] - wide // 2, rows[at]), float))
        for at in order
    ]


def _lattices(lags: _Lags) -> list[Lattice]:
    """Pairs of steps after each of which, and after both, the picture is like itself; the clearest few."""
    peaks = _peaks(lags)
    found: list[tuple[float, Array, Array]] = []
    for at, (one, a) in enumerate(peaks):
        for other, b in peaks[at + 1 :]:
            area = abs(a[0] * b[1] - a[1] * b[0])
            if area < max(_SMALLEST_CELL, _LEAST_ANGLE * np.hypot(*a) * np.hypot(*b)):
                continue
            both = max((near[0] for near in (lags.at(a + b, 3), lags.at(a - b, 3)) if near), default=0.0)
            if both >= _LEAST_PEAK:
                found.append((min(both, one, other), a, b))
    found.sort(key=lambda each: -each[0])
    clearest: list[Lattice] = []
    for _, a, b in found:
        if len(clearest) == _LATTICES:
            break
        # Steps that an earlier lattice explains are that lattice again.
        if not any(_is_within(a, known) and _is_within(b, known) for known in clearest):
            refined = _refined(lags, a, b)
            if refined is not None:
                clearest.append(refined)
    return clearest


def _is_within(step: Array, lattice: Lattice) -> bool:
    times = np.linalg.solve(np.array(lattice).T, step)
    return bool(np.abs(times - times.round()).max() < 0.1)  # noqa: PLR2004  of a step


def _refined(lags: _Lags, a: Array, b: Array) -> Lattice | None:
    """The steps to a fraction of a pixel, from all lags that they explain."""
    for _ in range(2):
        steps, places = [], []
        for m in range(-3, 4):
            for n in range(4):
                near = lags.at(m * a + n * b, 3) if (n, m) > (0, 0) else None
                if near is not None and near[0] >= _LEAST_PEAK / 2:
                    steps.append((m, n))
                    places.append(near[1])
        if len(steps) < 3 or np.linalg.matrix_rank(np.array(steps)) < 2:  # noqa: PLR2004  two steps have no check
            return None
        a, b = np.linalg.lstsq(np.array(steps, float), np.array(places), rcond=None)[0]
    return a, b
