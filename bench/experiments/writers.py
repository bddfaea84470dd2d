"""R7: eight processes that write at once into SQLite."""

from __future__ import annotations

from ground import Ground
from test_limits import write_side_by_side

from bench.experiments.table import Table

SLOWEST_MS = 250


def r7(ground: Ground, scale: float, table: Table) -> None:
    """Eight writers of 1,000 receipts and acts each."""
    each = max(10, round(1000 * scale))
    edition = ground.seed()
    slowest: list[float] = []
    table.prove(
        "transactions by 8 processes",
        "none locked out, no number given twice, the trail whole",
        lambda: (slowest.append(write_side_by_side(ground.services, ground.folder, edition, each)), 8 * each)[
            1
        ],
    )
    if slowest:
        table.must(
            "99th percentile of a transaction, slowest process", f"{slowest[0]:.0f} ms", f"< {SLOWEST_MS} ms",
            holds=slowest[0] < SLOWEST_MS, is_time=True,
        )  # fmt: skip
