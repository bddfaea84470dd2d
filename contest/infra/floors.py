"""Libraries below the version whose known holes are closed are not run with."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version

from contest.domain.errors import Invalid

#: Decoders of untrusted bytes, and what parses requests.
FLOORS = {"pillow": (13, 0), "pillow-heif": (1, 8), "flask": (3, 1)}


def check_floors(installed: Callable[[str], str] = version) -> None:
    """Raise Invalid settings.floor, naming the first library that is older than its floor."""
    for name, floor in FLOORS.items():
        found = installed(name)
        parts = tuple(int(part) if part.isdigit() else 0 for part in found.split(".")[: len(floor)])
        if parts < floor:
            raise Invalid("settings.floor", name=name, found=found, floor=".".join(map(str, floor)))
