"""What must hold when things go wrong, tried on real servers on 127.0.0.1, bounded in count and time.

    python -m bench experiments [r1 r2 r3 r7 r9 r10 r13 r17 r18 hour] [--scale 0.1] [--no-times]

Scale 1 is the full form; R9 then takes 40 minutes, the last hour an hour. Each prints a table; the command ends
with 1 if something does not hold. --no-times: figures in seconds are told, not judged, on a busy machine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[2] / "tests"
# The servers, browsers and citizens of the tests; nothing of theirs is written twice.
sys.path[:0] = [
    str(_TESTS),
    str(_TESTS / "integration" / "contest"),
    str(_TESTS / "integration" / "reliability"),
]

#: name -> module
EXPERIMENTS = {
    "r1": "killed", "r2": "killed", "r3": "calls", "r7": "writers", "r9": "surge", "r10": "deadline",
    "r13": "full_disk", "r17": "cuts", "r18": "presses", "hour": "surge",
}  # fmt: skip


def experiment(name: str) -> Callable[..., None]:
    """The experiment of a name: called with a Ground, a scale and a Table."""
    found: Callable[..., None] = getattr(import_module(f"bench.experiments.{EXPERIMENTS[name]}"), name)
    return found


def main(arguments: list[str]) -> int:
    """Run experiments by name, all without one."""
    from ground import Ground  # noqa: PLC0415  found through the path set above

    from bench.experiments.table import Table  # noqa: PLC0415  beside it

    parser = argparse.ArgumentParser(prog="python -m bench experiments")
    parser.add_argument("names", nargs="*", choices=[*EXPERIMENTS, []], metavar="name")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--no-times", action="store_true")
    asked = parser.parse_args(arguments)
    broken = 0
    for name in asked.names or EXPERIMENTS:
        act = experiment(name)
        table = Table(f"{name}: {(act.__doc__ or '').strip()}")
        with tempfile.TemporaryDirectory(prefix="chalkak-", ignore_cleanup_errors=True) as folder:
            ground, begun = Ground(Path(folder) / "instance"), time.monotonic()
            try:
                act(ground, asked.scale, table)
            finally:
                ground.close()
        table.tell("took", f"{time.monotonic() - begun:.0f} s at scale {asked.scale:g}")
        print(table, flush=True)
        broken += len(table.broken(times=not asked.no_times))
    return 1 if broken else 0
