"""How far a long command is, on the terminal; a line per step where nobody watches."""

from __future__ import annotations

import sys

import click


class ProgressBar:
    """A progress bar per step: call it with step, done and total."""

    def __init__(self) -> None:
        self._step = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show that so many of all are done."""
        if sys.stderr.isatty():
            filled = round(24 * done / max(1, total))
            ending = "\n" if done >= total else ""
            click.echo(
                f"\r{step:　<12} {'■' * filled}{'□' * (24 - filled)} {done}/{total}{ending}",
                nl=False,
                err=True,
            )
        elif done >= total and step != self._step:
            self._step = step
            click.echo(f"{step} {total}", err=True)
