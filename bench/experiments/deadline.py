"""R10: presses of 제출 around the last second, whatever zone the server is set to."""

from __future__ import annotations

from ground import Ground
from test_limits import press_around_the_deadline

from bench.experiments.table import Table

ZONES = ("UTC", "America/New_York", "Asia/Seoul")


def r10(ground: Ground, scale: float, table: Table) -> None:
    """300 presses within 30 s of the deadline. No clock of a client is asked, so none can be wrong."""
    zone = ZONES[round(scale * 10) % len(ZONES)]
    table.tell("the server's zone", zone)
    table.prove(
        "accepted, refused",
        "accepted if and only if received before the deadline; numbers without a gap",
        lambda: press_around_the_deadline(
            ground.services, ground.seed(), ground.set_clock, ground.serve,
            zone=zone, drafts=max(12, round(300 * scale)), spread=max(2.0, 30 * scale),
        ),
    )  # fmt: skip
