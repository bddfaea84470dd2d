"""The parts of a JPEG or PNG file before its pixels, walked without trusting a single length."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_END_OF_IMAGE, _START_OF_SCAN = 0xD9, 0xDA


def walk_jpeg(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(marker, offset of its 0xFF, payload) of every segment up to the first scan; stops at nonsense."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:  # noqa: PLR2004  every marker begins so
            return
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004  padding
            at += 1
            continue
        if marker in _STANDALONE:
            at += 2
            continue
        if marker in {_START_OF_SCAN, _END_OF_IMAGE}:
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        if length < 2 or at + 2 + length > len(data):  # noqa: PLR2004  the length counts itself
            return
        yield marker, at, data[at + 4 : at + 2 + length]
        at += 2 + length


def walk_png(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(type, payload) of every chunk to the end; stops at nonsense. Checksums are not looked at."""
    at = 8
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if at + 12 + length > len(data):
            return
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length
        if kind == b"IEND":
            return


def walk_boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(type, payload) of every outermost box of an ISO media file such as HEIC; stops at nonsense."""
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1 and at + 16 <= len(data):
            (length,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        length = length or len(data) - at
        if length < head or at + length > len(data):
            return
        yield kind, data[at + head : at + length]
        at += length
