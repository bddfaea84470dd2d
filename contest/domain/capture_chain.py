"""What a file says of its making, beside what another says: where two photographs of one picture part ways."""

from __future__ import annotations

from dataclasses import dataclass

from contest.domain.exif import CaptureTime
from contest.domain.photo_facts import PhotoFacts
from contest.domain.provenance import Provenance

NOTHING_DECLARED = Provenance()


@dataclass(frozen=True, slots=True)
class Chain:
    """From the camera to the file. None or empty: the file does not say; is_read: what it said is still kept."""

    taken: CaptureTime | None = None
    device: str | None = None
    lens: str | None = None
    software: str | None = None
    width: int | None = None
    height: int | None = None
    bytes: int = 0
    is_read: bool = True
    provenance: Provenance = NOTHING_DECLARED

    @property
    def editors(self) -> tuple[str, ...]:
        """Names of development and retouching software."""
        return self.provenance.editors

    @property
    def credentials(self) -> tuple[object, ...]:
        """Of content credentials (C2PA): whether there are any, what they declare, who signed, whether it holds."""
        told = self.provenance
        return told.credentials, frozenset(told.source_types), told.signed_by, told.is_signature_intact

    @property
    def size(self) -> tuple[int | None, int | None]:
        """Width and height in pixels."""
        return self.width, self.height


def chain_of(facts: PhotoFacts, width: int | None, height: int | None, size: int, *, is_read: bool) -> Chain:
    """The chain of a photograph; size in bytes."""
    exif = facts.exif
    return Chain(
        exif.captured, exif.device, exif.lens, exif.software, width, height, size, is_read, facts.provenance
    )  # fmt: skip


def differing(one: Chain, other: Chain) -> frozenset[str]:
    """The names of what differs; of what a file said only where both are still known. Symmetric.

    A file that says nothing differs from one that speaks: whoever saves a picture again loses its records.
    """
    names = ["size", "bytes"]
    if one.is_read and other.is_read:
        names += ["taken", "device", "lens", "software", "editors", "credentials"]
    return frozenset(name for name in names if _told(one, name) != _told(other, name))


def _told(chain: Chain, name: str) -> object:
    if name == "taken":
        return chain.taken.at if chain.taken else None
    return frozenset(chain.editors) if name == "editors" else getattr(chain, name)
