"""Every figure this project claims: python -m bench [NAME [its options]], all without a name."""

from __future__ import annotations

import importlib
import sys

BENCHES = (
    "photographs",
    "duplicates",
    "index",
    "findings",
    "repeats",
    "pages",
    "assignment",
    "judging",
    "turning",
    "start",
    "hostile",
    "experiments",
)
#: What runs without a name: minutes, not hours.
BRIEF = {"hostile": ["--files", "300"], "experiments": ["--scale", "0.05"]}


def main(arguments: list[str]) -> int:
    """Run one bench with its options, or all of them; 1 if something does not hold."""
    if arguments and arguments[0] not in BENCHES:
        print(f"no bench {arguments[0]}; there are: {', '.join(BENCHES)}")
        return 2
    worst = 0
    for name in arguments[:1] or BENCHES:
        print(f"== {name}", flush=True)
        options = arguments[1:] if arguments else BRIEF.get(name, [])
        worst = max(worst, importlib.import_module(f"bench.{name}").main(options) or 0)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
