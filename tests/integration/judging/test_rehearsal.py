"""The command `rehearse` with every trouble it can play."""

from __future__ import annotations

import pytest

from wsgi import create_app


@pytest.mark.full
def test_a_year_with_every_trouble_ends_well() -> None:
    app = create_app()
    asked = [
        "rehearse", "--entrants", "12", "--judges", "3", "--objections", "2",
        "--preliminary", "--silent", "--offline", "--run-off", "--deliberate",
    ]  # fmt: skip
    with app.app_context():
        done = app.test_cli_runner().invoke(args=asked)
    assert done.exit_code == 0, done.output
    said = done.output.splitlines()
    judged = next(line for line in said if line.startswith("judging"))
    assert "went on" in judged
    assert "revised in the deliberation 2" in judged
    assert said[-1].startswith("winners ")
    assert said[-1].endswith("audit ok")
