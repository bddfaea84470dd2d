"""R1, R2: the server killed with -9 at random instants and at each named point of an entry."""

from __future__ import annotations

from ground import Ground
from test_uploads_killed import POINTS, kill_at_each_named_point, kill_at_random_instants

from bench.experiments.table import Table


def r1(ground: Ground, scale: float, table: Table) -> None:
    """200 kills during 50 concurrent entries."""
    ground.seed()
    ground.set_clock(ground.clock.now())
    kills, at_once = max(2, round(200 * scale)), max(2, round(50 * scale))
    table.tell("kill -9, entries at once", f"{kills}, {at_once}")
    table.prove(
        "receipts with row, original, act and message",
        "all, once each, hashes equal; no row without its file",
        lambda: kill_at_random_instants(
            ground.services, ground.serve, citizens=at_once, kills=kills, at_once=at_once
        ),
    )


def r2(ground: Ground, _scale: float, table: Table) -> None:
    """A kill at each named point, the request repeated by the client."""
    ground.seed()
    ground.set_clock(ground.clock.now())
    table.tell("named points", len(POINTS))
    table.prove(
        "receipts with row, original, act and message",
        "one for each point, the same when asked again",
        lambda: kill_at_each_named_point(ground.services, ground.serve),
    )
