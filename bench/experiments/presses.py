"""R18: 제출 pressed twice at once, again after its answer was lost, and once more by way of 'back'."""

from __future__ import annotations

import random

from ground import Ground
from integration.contest.entry_citizen import receipt_number
from processes import Walker, Wire, in_threads
from sqlalchemy import select

from bench.experiments.table import Table
from contest.models.submission import Submission
from contest.operations.check import find_faults


def r18(ground: Ground, scale: float, table: Table) -> None:
    """200 entries, each handed in four times."""
    entries = max(3, round(200 * scale))
    ground.seed()
    ground.set_clock(ground.clock.now())
    server = ground.serve(workers=2, app="wsgi:app")
    shown: dict[str, set[str]] = {}
    statuses: set[int] = set()
    for number in range(1, entries + 1):
        walker = Walker(Wire(server))
        walker.begin()
        walker.upload(random.Random(number).randbytes(20_000))
        walker.describe().identify(phone=f"010-8000-{number:04d}").consent()
        walker.get(walker.url("review"))
        receipts = shown.setdefault(walker.link, set())

        def press(key: str, walker: Walker = walker, receipts: set[str] = receipts) -> None:
            answer = walker.post(walker.url("submit"), submit_key=key)
            statuses.add(answer.status_code)
            receipts.add(receipt_number(walker.get(f"/receipt/{walker.link}")))

        in_threads(lambda press=press: press("same"), lambda press=press: press("same"))
        press("same")
        press("another")
    with ground.services.database.read() as session:
        rows = [row for row in session.scalars(select(Submission.receipt_number)) if row]
    table.tell("entries, presses", f"{entries}, {4 * entries}")
    table.must("answers", sorted(statuses), "303 or 409, never 5xx", holds=statuses <= {303, 409})
    table.equal("receipts shown for one entry, at most", max(map(len, shown.values())), 1)
    table.equal("receipts in all", len(rows), entries)
    table.equal("faults found by the check", find_faults(ground.services, hashes=True), [])
