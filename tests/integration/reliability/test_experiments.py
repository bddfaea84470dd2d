"""The experiments of `python -m bench experiments` in their shortest form: what they claim, and that they run."""

from __future__ import annotations

import pytest
from ground import Ground
from processes import Walker

from bench.experiments import EXPERIMENTS, experiment
from bench.experiments.surge import CountedWire, Tally, enter, served
from bench.experiments.table import Table

#: Those whose procedure other tests here already run are left to the long form.
SHORT = {"r3": 0.0, "r17": 0.0}


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        *SHORT.items(),
        *(pytest.param(name, 0.02, marks=pytest.mark.full) for name in EXPERIMENTS if name not in SHORT),
    ],
)
def test_what_must_hold_holds(ground: Ground, name: str, scale: float) -> None:
    table = Table(name)
    experiment(name)(ground, scale, table)
    assert table.lines
    assert [str(line) for line in table.broken(times=False)] == []


def test_a_citizen_of_the_surge_gets_a_receipt(ground: Ground) -> None:
    """The last hour and the worst one take minutes; that their citizens reach the server at all is seen here."""
    ground.seed()
    ground.set_clock(ground.clock.now())
    server, tally = served(ground), Tally()
    enter(Walker(CountedWire(server, tally)), 1, tally)
    assert len(tally.accepted) == 1
