"""When two photographs are one: the same file, a near copy, a suspected copy; each pair with both distances.

Measured on 4.79 million unrelated pairs: PDQ over eight orientations gives no false hit up to 72 of 256 bits.
Up to 31 a hit stands alone; from 32 to 64 it is shown as suspected. imagehash's pHash votes on every pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ORIENTATIONS = 8
NEAR_BITS = 31
SUSPECTED_BITS = 64
MINIMUM_QUALITY = 50  # PDQ's own measure, 0-100; below it (fog, night, blank sky) the hash is not trusted
VOTE_BITS_256 = 71  # the smallest distance of an unrelated pair was 72
_PDQ_BYTES = 32
_PHASH_BYTES = 8
_LENGTH = 1 + ORIENTATIONS * (_PDQ_BYTES + _PHASH_BYTES + _PDQ_BYTES)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Perceptual hashes of one photograph in its eight orientations, the upright one first.

    pdq, phash256: 256-bit integers; phash64: 64-bit integers; quality: 0-100.
    """

    quality: int
    pdq: tuple[int, ...]
    phash64: tuple[int, ...]
    phash256: tuple[int, ...]

    def __post_init__(self) -> None:
        assert len(self.pdq) == len(self.phash64) == len(self.phash256) == ORIENTATIONS

    @property
    def is_trusted(self) -> bool:
        """Whether the picture has enough detail for its hash to mean something."""
        return self.quality >= MINIMUM_QUALITY

    def pack(self) -> bytes:
        """577 bytes for a database column; `unpack` reads them."""
        return b"".join(
            (
                bytes((self.quality,)),
                *(value.to_bytes(_PDQ_BYTES) for value in self.pdq),
                *(value.to_bytes(_PHASH_BYTES) for value in self.phash64),
                *(value.to_bytes(_PDQ_BYTES) for value in self.phash256),
            )
        )

    @classmethod
    def unpack(cls, packed: bytes) -> Fingerprint:
        """The inverse of `pack`; ValueError for anything else."""
        if len(packed) != _LENGTH:
            raise ValueError("not a packed fingerprint")
        start = 1
        columns = []
        for width in (_PDQ_BYTES, _PHASH_BYTES, _PDQ_BYTES):
            end = start + ORIENTATIONS * width
            columns.append(tuple(int.from_bytes(packed[at : at + width]) for at in range(start, end, width)))
            start = end
        return cls(packed[0], *columns)


@dataclass(frozen=True, slots=True)
class Photograph:
    """What a comparison needs: the SHA-256 of the file (hexadecimal) and its fingerprint, if it had one."""

    sha256: str
    fingerprint: Fingerprint | None


class Likeness(StrEnum):
    """How alike two photographs are."""

    IDENTICAL = "identical"
    NEAR_IDENTICAL = "near_identical"
    SUSPECTED = "suspected"
    PART = "part"  # a crop, a screenshot, a collage
    SCENE = "scene"  # the same thing photographed again, not one photograph
    WEAK = "weak"  # only the hashes say so, and they do not agree


@dataclass(frozen=True, slots=True)
class PairVerdict:
    """Why a pair is shown to staff.

    Distances in bits, of 256 for pdq and phash256, of 64 for phash64; None where a file has no fingerprint.
    vote: whether pHash takes the pair for one picture too; orientation: 0-7, how the first was turned.
    """

    likeness: Likeness
    pdq: int | None
    phash256: int | None
    phash64: int | None
    vote: bool | None
    orientation: int

    @property
    def is_weak(self) -> bool:
        """A suspicion pHash does not share: last in the list."""
        return self.likeness is Likeness.SUSPECTED and not self.vote


def distance(a: int, b: int) -> int:
    """The number of bits that differ."""
    return (a ^ b).bit_count()


def decide(a: Photograph, b: Photograph) -> PairVerdict | None:
    """The verdict on a pair; None when nothing makes them one. Symmetric but for the orientation."""
    if a.fingerprint is None or b.fingerprint is None:
        if a.sha256 == b.sha256:
            return PairVerdict(Likeness.IDENTICAL, None, None, None, None, 0)
        return None
    one, other = a.fingerprint, b.fingerprint
    pdq, orientation = _closest(one.pdq, other.pdq)
    phash256, _ = _closest(one.phash256, other.phash256)
    phash64, _ = _closest(one.phash64, other.phash64)
    vote = phash256 <= VOTE_BITS_256
    likeness = _likeness(
        same_file=a.sha256 == b.sha256,
        pdq=pdq,
        trusted=one.is_trusted and other.is_trusted,
        vote=vote,
    )
    if likeness is None:
        return None
    return PairVerdict(likeness, pdq, phash256, phash64, vote, orientation)


def _closest(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, int]:
    """The smallest distance over orientations, and how the first was turned for it."""
    bits, orientation = min((distance(turned, other[0]), at) for at, turned in enumerate(one))
    # A turned hash is not bit for bit the hash of the turned picture: look from both sides,
    # so that a pair has one verdict whichever came first.
    return min(bits, *(distance(turned, one[0]) for turned in other)), orientation


def _likeness(*, same_file: bool, pdq: int, trusted: bool, vote: bool) -> Likeness | None:
    if same_file:
        return Likeness.IDENTICAL
    if pdq > SUSPECTED_BITS:
        return None
    if not trusted:
        # Two foggy skies hash alike: then only both hashes together raise a suspicion.
        return Likeness.SUSPECTED if vote else None
    return Likeness.NEAR_IDENTICAL if pdq <= NEAR_BITS else Likeness.SUSPECTED
