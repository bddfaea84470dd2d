"""What crosses the pipe to the imaging process and back: limits in, plain values and bytes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from contest.domain.exif import ExifFacts, RawExif
from contest.domain.features import Features
from contest.domain.fingerprints import Fingerprint
from contest.domain.formats import Refusal
from contest.domain.hand_marks import Mark
from contest.domain.looks import Looks
from contest.domain.provenance import Marks, Provenance

MEGAPIXEL = 1_000_000
#: HEIC cannot be decoded at a smaller scale: what fits the seconds and bytes of one child.
HEIC_MEGAPIXELS = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """What one photograph may cost: seconds of wall and CPU, bytes of address space, pixels before decoding.

    A 200-megapixel progressive JPEG, the largest a phone makes, needs 643 MB and 2.6 s of CPU.
    heic_megapixels: 0 where HEIC is not taken at all.
    """

    wall_seconds: float = 10.0
    cpu_seconds: int = 10
    memory_bytes: int = 1_536 * 1024 * 1024
    jpeg_megapixels: int = 220
    png_megapixels: int = 60
    heic_megapixels: int = 0
    longest_side: int = 20_000
    shortest_side: int = 32

    def as_json(self) -> dict[str, Any]:
        """The same as a JSON object."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Rendition:
    """A clean JPEG made from fresh pixels: sRGB, upright, no metadata."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Traits:
    """What tells a part of a photograph: local features; the upright hash within an even border, if it has one."""

    features: Features
    trimmed: int | None

    def as_json(self) -> dict[str, Any]:
        """For the pipe."""
        return {"features": self.features.pack().hex(), "trimmed": self.trimmed and hex(self.trimmed)}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Traits:
        """Read it back; KeyError, TypeError or ValueError for anything else."""
        trimmed = value["trimmed"]
        return cls(Features.unpack(bytes.fromhex(value["features"])), int(trimmed, 16) if trimmed else None)


@dataclass(frozen=True, slots=True)
class Inspection:
    """One photograph examined.

    refusal: why it is not taken, with the facts of its sentence; cause: for the log, when the child died
    ("timeout", "crash", "memory"). width and height as shown, after the orientation is applied.
    renditions: "preview", "judge", "thumb".
    """

    refusal: Refusal | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    cause: str | None = None
    format: str | None = None
    width: int = 0
    height: int = 0
    suffix_agrees: bool = True
    exif: ExifFacts = field(default_factory=ExifFacts)
    marks: Marks = field(default_factory=Marks)
    provenance: Provenance = field(default_factory=Provenance)
    looks: Looks = field(default_factory=Looks)
    hand_marks: Mapping[Mark, str] = field(default_factory=dict, repr=False)  # in clear: never stored so
    fingerprint: Fingerprint | None = None
    traits: Traits | None = None
    renditions: Mapping[str, Rendition] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the file is a photograph that could be read to its end."""
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class Examined:
    """What the child found, before anything is concluded from it."""

    format: str
    width: int
    height: int
    exif: RawExif
    marks: Marks
    fingerprint: Fingerprint
    looks: Looks
    traits: Traits
    renditions: Mapping[str, Rendition]


class Refused(Exception):
    """The file is not taken; carries the refusal and the facts of its sentence."""

    def __init__(self, refusal: Refusal, **facts: Any) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.facts = facts
