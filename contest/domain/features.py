"""The local features of one photograph as they are kept: where they lie and what they look like."""

from __future__ import annotations

import struct
from dataclasses import dataclass

MOST_FEATURES = 400
PLACE_BYTES = 4  # two 16-bit numbers, in sixteenths of a pixel
DESCRIPTOR_BYTES = 128
_HEAD = struct.Struct("<BHHH")
_VERSION = 1
# A mirrored picture's descriptor holds the same numbers: its rows of cells reversed, directions turned round.
_ROWS, _COLUMNS, _DIRECTIONS = 4, 4, 8
MIRROR = tuple(
    (row * _COLUMNS + column) * _DIRECTIONS + -direction % _DIRECTIONS
    for row in reversed(range(_ROWS))
    for column in range(_COLUMNS)
    for direction in range(_DIRECTIONS)
)


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a picture of width × height: `places` and `descriptors` packed one after another, as many of each."""

    width: int
    height: int
    places: bytes
    descriptors: bytes

    def __post_init__(self) -> None:
        if (
            len(self.places) % PLACE_BYTES
            or len(self.descriptors) != len(self) * DESCRIPTOR_BYTES
            or len(self) > MOST_FEATURES
        ):
            raise ValueError("not features")

    def __len__(self) -> int:
        return len(self.places) // PLACE_BYTES

    def states(self) -> tuple[bytes, bytes]:
        """The descriptors as they are, and as the mirrored picture would have them."""
        each = range(0, len(self.descriptors), DESCRIPTOR_BYTES)
        return self.descriptors, b"".join(bytes(self.descriptors[at + i] for i in MIRROR) for at in each)

    def pack(self) -> bytes:
        """At most 53 kB for a database column; `unpack` reads them."""
        return _HEAD.pack(_VERSION, self.width, self.height, len(self)) + self.places + self.descriptors

    @classmethod
    def unpack(cls, packed: bytes) -> Features:
        """The inverse of `pack`; ValueError for anything else."""
        if len(packed) < _HEAD.size or packed[0] != _VERSION:
            raise ValueError("not packed features")
        _, width, height, count = _HEAD.unpack_from(packed)
        places = packed[_HEAD.size : _HEAD.size + count * PLACE_BYTES]
        return cls(width, height, places, packed[_HEAD.size + count * PLACE_BYTES :])
