"""What was laid over or around a picture: a frame, a printed date, a line of letters."""

from __future__ import annotations

import cv2
import numpy as np

_SAME_COLOUR = 12
_OTHER_COLOUR = 24
_LEAST_STRIP = 0.015
_LEAST_EDGE = 0.2
_MOST_STRIP = 0.4

_CORNERS = ((0.55, 1.0), (0.0, 0.45))
_STAMP_FROM = 0.82
_LEAST_FILL = 0.12

_STROKE = cv2.getStructuringElement(cv2.MORPH_RECT, (13, 13))
_STROKE_CONTRAST = 70
_MOST_SHAPES = 150  # more is foliage or gravel, where any line can be found
_LEAST_LETTER = 8
_HIGHEST_LETTER = 0.12


def count_bordered_sides(picture: np.ndarray) -> int:
    """How many sides of an RGB picture of some 512 px have a uniform strip that ends at a hard edge.

    A sky or a studio wall fades into the picture; a frame stops.
    """
    values = picture.astype(np.int16)
    across = values.transpose(1, 0, 2)
    return sum(_is_bordered(lines) for lines in (values, values[::-1], across, across[::-1]))


def _is_bordered(lines: np.ndarray) -> bool:
    count = len(lines)
    colour = np.median(lines[1], axis=0)
    most = int(count * _MOST_STRIP)
    strip = 0
    while strip < most and np.percentile(np.abs(lines[strip] - colour).max(axis=1), 97) <= _SAME_COLOUR:
        strip += 1
    if strip < max(3, count * _LEAST_STRIP) or strip == most:
        return False
    beyond = np.abs(lines[strip + 2] - colour).max(axis=1)
    return bool((beyond > _OTHER_COLOUR).mean() >= _LEAST_EDGE)


def count_stamp_glyphs(picture: np.ndarray) -> int:
    """The most orange or yellow figures of one height on one line in a lower corner of an RGB picture."""
    height, width = picture.shape[:2]
    best = 0
    for left, right in _CORNERS:
        corner = picture[int(height * _STAMP_FROM) :, int(width * left) : int(width * right)]
        half = cv2.resize(corner, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        colour = cv2.cvtColor(half, cv2.COLOR_RGB2HSV)
        glowing = (colour[..., 0] <= 28) & (colour[..., 1] >= 130) & (colour[..., 2] >= 170)  # noqa: PLR2004  orange
        shapes = _shapes(glowing)
        tall = half.shape[0]
        x, y, w, h, area = shapes.T
        del x, y
        fits = (h >= 0.08 * tall) & (h <= 0.5 * tall) & (w <= 1.2 * h) & (area >= _LEAST_FILL * w * h)
        best = max(best, _most_in_line(shapes[fits], run=False))
    return best


def longest_letter_run(grey: np.ndarray) -> int:
    """The longest line of letter-like strokes, lighter or darker than what is behind, close to each other."""
    best = 0
    for act in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):
        shapes = _shapes(cv2.morphologyEx(grey, act, _STROKE) > _STROKE_CONTRAST)
        w, h, area = shapes[:, 2], shapes[:, 3], shapes[:, 4]
        fits = (
            (h >= _LEAST_LETTER)
            & (h <= _HIGHEST_LETTER * grey.shape[0])
            & (w <= 2.2 * h)
            & (area >= 14)  # noqa: PLR2004  specks
            & (area >= 0.15 * w * h)
        )
        letters = shapes[fits]
        if len(letters) <= _MOST_SHAPES:
            best = max(best, _most_in_line(letters, run=True))
    return best


def _shapes(mask: np.ndarray) -> np.ndarray:
    """(left, top, width, height, area) of every connected shape."""
    # The default of the library takes three times as long for the same shapes.
    _, _, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        mask.view(np.uint8), 8, cv2.CV_32S, cv2.CCL_BBDT
    )
    return stats[1:]


def _most_in_line(shapes: np.ndarray, *, run: bool) -> int:
    """The most shapes of one height on one base line; run: only those with no wide gap between them."""
    best = 0
    feet = shapes[:, 1] + shapes[:, 3]
    for height, foot in {(int(shape[3]), int(shape[1] + shape[3])) for shape in shapes}:
        near = np.abs(feet - foot) <= 0.18 * height
        line = shapes[near & (np.abs(shapes[:, 3] - height) <= 0.28 * height)]
        if len(line) > best:
            best = max(best, _run(line, height) if run else len(line))
    return best


def _run(line: np.ndarray, height: int) -> int:
    line = line[np.argsort(line[:, 0])]
    gaps = line[1:, 0] - (line[:-1, 0] + line[:-1, 2])
    longest = current = 1
    for gap in gaps:
        current = current + 1 if -2 <= gap <= 1.3 * height else 1  # noqa: PLR2004  letters may touch
        longest = max(longest, current)
    return longest if len(line) else 0
