"""Hostile files against the real imaging process: how they are answered, and the slowest answer.

    python -m bench hostile [--files 2000] [--seed 1]

Every made file of tests/factories/hostile.py, then so many mutations of small photographs. Ends with 1 if
the process that serves the children died, an answer took longer than the limits allow, a refusal has no
sentence, or a made file got another answer than it must.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from factories import hostile, photos

from contest.infra.imaging.client import Imaging
from contest.infra.imaging.results import HEIC_MEGAPIXELS, Inspection, Limits
from contest.infra.texts import photographs as _sentences  # noqa: F401  registers the sentences of refusals
from contest.infra.texts import text

LIMITS = Limits(heic_megapixels=HEIC_MEGAPIXELS)
#: A child is ended when its seconds are over; this much is for what surrounds it.
_SLACK_SECONDS = 2.0


class Attack:
    """One imaging process under fire, and what it answered."""

    def __init__(self) -> None:
        self.imaging = Imaging()
        assert self.imaging.inspect(photos.jpeg()).ok
        self.process = self.imaging._process  # noqa: SLF001  it must still be the same one in the end
        self.answers: Counter[str] = Counter()
        self.faults: list[str] = []
        self.slowest = 0.0

    def ask(self, name: str, data: bytes, limits: Limits | None) -> Inspection:
        """Have one file examined and shown whole; note what must not be."""
        begun = time.perf_counter()
        found = self.imaging.inspect(data, filename_suffix=".jpg", limits=limits)
        spent = time.perf_counter() - begun
        self.slowest = max(self.slowest, spent)
        self.answers[f"{found.refusal or 'taken'} {found.cause or ''}".strip()] += 1
        if spent > LIMITS.wall_seconds + _SLACK_SECONDS:
            self.faults.append(f"{name}: {spent:.1f} s")
        if found.refusal and not text("ko", found.refusal, **found.facts).endswith("주십시오."):
            self.faults.append(f"{name}: {found.refusal} says nothing")
        if self.imaging._process is not self.process:  # noqa: SLF001  see above
            self.faults.append(f"{name}: the imaging process died")
            self.process = self.imaging._process  # noqa: SLF001  see above
        return found


def main(arguments: list[str]) -> int:
    """Print the answers by kind."""
    parser = argparse.ArgumentParser(prog="python -m bench hostile")
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    attack = Attack()
    for name, (make, code) in hostile.HOSTILE.items():
        found = attack.ask(name, make(), None if code == "photo.heic" else LIMITS)
        if code not in {hostile.EITHER, found.refusal or hostile.OK}:
            attack.faults.append(f"{name}: {found.refusal or 'taken'}, not {code}")
    made = sum(attack.answers.values())
    for number, data in enumerate(hostile.mutations(asked.files, asked.seed)):
        attack.ask(f"mutation {number} of seed {asked.seed}", data, LIMITS)
    attack.imaging.close()
    print(
        f"{made} made files and {asked.files} mutations (seed {asked.seed}); slowest {attack.slowest:.1f} s"
    )
    for answer, count in attack.answers.most_common():
        print(f"  {count:6} {answer}")
    for fault in attack.faults:
        print(f"  FAULT {fault}")
    return 1 if attack.faults else 0
