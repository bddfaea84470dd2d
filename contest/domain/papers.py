"""Papers that belong to an entry: which are asked for, and which files are papers."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from contest.domain.errors import Invalid
from contest.domain.formats import sniff
from contest.domain.ruleset import Device, DronePolicy, EntryRules

MOST_BYTES = 10 * 1024 * 1024
#: Of one kind for one entry: a form of two pages, a permit of several.
MOST_PAPERS = 5
TYPES = {"PDF": "application/pdf", "JPEG": "image/jpeg", "PNG": "image/png"}
SUFFIXES = {"PDF": "pdf", "JPEG": "jpg", "PNG": "png"}

_DRONES = ("dji", "autel", "parrot", "skydio", "yuneec", "hasselblad l1d", "hasselblad l2d")


class PaperKind(StrEnum):
    """A guardian's signed form, a permit for a drone's flight and filming, people's consent to be seen."""

    GUARDIAN = "guardian"
    DRONE = "drone"
    PORTRAIT = "portrait"


def paper_format(data: bytes) -> str:
    """PDF, JPEG or PNG, told by the first bytes. Raises Invalid paper.empty, paper.too_large, paper.format."""
    if not data:
        raise Invalid("paper.empty", field="paper")
    if len(data) > MOST_BYTES:
        raise Invalid("paper.too_large", field="paper", most=MOST_BYTES // (1024 * 1024))
    found = sniff(data[:1024])
    if found not in TYPES:
        raise Invalid("paper.format", field="paper")
    return found


def papers_asked(rules: EntryRules) -> tuple[PaperKind, ...]:
    """The papers that an edition asks for with the entry, in the order they are asked."""
    takes_drones = Device.DRONE in rules.devices and rules.drone is DronePolicy.PERMIT
    asked = []
    if rules.drone_papers and takes_drones:
        asked.append(PaperKind.DRONE)
    if rules.portrait_papers:
        asked.append(PaperKind.PORTRAIT)
    return tuple(asked)


def papers_needed(
    rules: EntryRules, *, portraits: Iterable[str | None], devices: Iterable[str | None]
) -> frozenset[PaperKind]:
    """Those without which these works cannot be handed in.

    portraits: the answer for each work ("consented": people can be recognised and agreed); devices: as the
    files name them. A drone that its file does not name is its owner's to say.
    """
    needed = set()
    if any(answer == "consented" for answer in portraits):
        needed.add(PaperKind.PORTRAIT)
    if any(is_drone(device) for device in devices):
        needed.add(PaperKind.DRONE)
    return frozenset(needed & set(papers_asked(rules)))


def is_drone(device: str | None) -> bool:
    """Whether a device, named as its file names it, flies."""
    return bool(device) and device.casefold().startswith(_DRONES)  # type: ignore[union-attr]  # bool() checked it
