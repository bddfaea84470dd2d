"""Every figure this project claims: python -m bench [NAME …], all without a name."""

from __future__ import annotations

import importlib
import itertools
import sys

BENCHES = ("photographs", "findings", "pages", "start")


def main(names: list[str]) -> int:
    """Run the benches by name."""
    wanted = list(itertools.takewhile(lambda word: not word.startswith("--"), names))
    for name in wanted or BENCHES:
        if name not in BENCHES:
            print(f"no bench {name}; there are: {', '.join(BENCHES)}")
            return 2
        print(f"== {name}")
        importlib.import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
