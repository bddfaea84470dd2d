"""How one picture lies in another: its outline there, turned, mirrored, cropped; drawn for staff to see.

Picture one may be mirrored first; then a homography takes its pixels to those of picture two. Shares of a side are
counted from its edge, so that pictures of any size can be laid on one another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GRID = 4
LEAST_INLIERS = 12  # among 15,239 unrelated pairs verified the most were 9, and 8 among 6,440 by corners
ORIGIN = 0.25  # pixels from the edge: places of features are counted from here, as SIFT counts in a doubled picture
LEAST_CELLS = 3  # of the 4 × 4 of picture one: a stamp or a logo lies in one or two

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float, float, float, float]

#: Whole on whole, as shares: how the first lies in the second for each of the eight orientations of PDQ.
TURNED: tuple[Matrix, ...] = (
    (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
    (0.0, 1.0, 0.0, -1.0, 0.0, 1.0, 0.0, 0.0, 1.0),
    (-1.0, 0.0, 1.0, 0.0, -1.0, 1.0, 0.0, 0.0, 1.0),
    (0.0, -1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0),
    (1.0, 0.0, 0.0, 0.0, -1.0, 1.0, 0.0, 0.0, 1.0),
    (-1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
    (0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0),
    (0.0, -1.0, 1.0, -1.0, 0.0, 1.0, 0.0, 0.0, 1.0),
)


def turned_back(orientation: int) -> int:
    """The orientation told from the second picture to the first: a quarter turn goes the other way."""
    return {1: 3, 3: 1}.get(orientation, orientation)


@dataclass(frozen=True, slots=True)
class Alignment:
    """A homography row by row, over pictures of these sizes in pixels; how many matches obey it, and how spread."""

    homography: Matrix
    is_mirrored: bool
    inliers: int
    cells: int
    first_size: tuple[int, int]
    second_size: tuple[int, int]

    @property
    def holds(self) -> bool:
        """Whether so many matches agree, over so much of the picture, that both show the same thing."""
        return self.inliers >= LEAST_INLIERS and self.cells >= LEAST_CELLS

    @property
    def degrees(self) -> int:
        """By how much the first picture is turned in the second, clockwise, from -179 to 180."""
        left, right = self._place((0.25, 0.5)), self._place((0.75, 0.5))
        if self.is_mirrored:
            left, right = right, left
        width, height = self.second_size
        angle = round(math.degrees(math.atan2((right[1] - left[1]) * height, (right[0] - left[0]) * width)))
        return 180 if angle == -180 else angle  # noqa: PLR2004  half a turn either way

    def turned_round(self) -> Alignment:
        """The same, told from the second picture to the first."""
        inverse = _inverse(self.homography)
        if self.is_mirrored:
            # x' = w - 1 - x on the first picture before H is, seen from the second, a mirror before and after.
            inverse = _times(_mirror(self.first_size[0]), _times(inverse, _mirror(self.second_size[0])))
        return Alignment(
            inverse, self.is_mirrored, self.inliers, self.cells, self.second_size, self.first_size
        )

    def shares(self) -> Matrix:
        """From the sides of the first picture, as shares from its upper left edge, to those of the second."""
        (w, h), (wide, high) = self.first_size, self.second_size
        turn = _times(self.homography, _mirror(w)) if self.is_mirrored else self.homography
        pixels = (float(w), 0.0, -ORIGIN, 0.0, float(h), -ORIGIN, 0.0, 0.0, 1.0)
        edges = (1.0 / wide, 0.0, ORIGIN / wide, 0.0, 1.0 / high, ORIGIN / high, 0.0, 0.0, 1.0)
        return _times(edges, _times(turn, pixels))

    def outline(self) -> tuple[Point, ...]:
        """The four corners of the first picture in the second, as shares of its sides; may lie outside."""
        return tuple(map(self._place, ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))))

    def _place(self, share: Point) -> Point:
        a, b, c, d, e, f, g, h, i = self.shares()
        x, y = share
        bottom = g * x + h * y + i
        return (a * x + b * y + c) / bottom, (d * x + e * y + f) / bottom

    def to_document(self) -> dict[str, Any]:
        """JSON of a pair's row."""
        return {
            "homography": list(self.homography),
            "is_mirrored": self.is_mirrored,
            "inliers": self.inliers,
            "cells": self.cells,
            "first_size": list(self.first_size),
            "second_size": list(self.second_size),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Alignment:
        """Read it back; KeyError, TypeError or ValueError for anything else."""
        a, b, c, d, e, f, g, h, i = (float(value) for value in document["homography"])
        (w, x), (y, z) = document["first_size"], document["second_size"]
        return cls(
            (a, b, c, d, e, f, g, h, i),
            bool(document["is_mirrored"]),
            int(document["inliers"]),
            int(document["cells"]),
            (int(w), int(x)),
            (int(y), int(z)),
        )


def _mirror(width: int) -> Matrix:
    return (-1.0, 0.0, width - 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def _times(one: Matrix, other: Matrix) -> Matrix:
    cells = [
        sum(one[3 * row + k] * other[3 * k + column] for k in range(3))
        for row in range(3)
        for column in range(3)
    ]
    a, b, c, d, e, f, g, h, i = cells
    return (a, b, c, d, e, f, g, h, i)


def _inverse(m: Matrix) -> Matrix:
    a, b, c, d, e, f, g, h, i = m
    whole = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    if not whole:
        raise ValueError("the pictures do not lie in one another")
    cells = (
        e * i - f * h, c * h - b * i, b * f - c * e,
        f * g - d * i, a * i - c * g, c * d - a * f,
        d * h - e * g, b * g - a * h, a * e - b * d,
    )  # fmt: skip
    a, b, c, d, e, f, g, h, i = (cell / whole for cell in cells)
    return (a, b, c, d, e, f, g, h, i)
