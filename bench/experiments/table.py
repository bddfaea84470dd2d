"""What an experiment found, line by line, beside what must hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Line:
    """One thing measured; holds is None where it is only told. is_time: says as much of the machine as of us."""

    what: str
    found: str
    must: str = ""
    holds: bool | None = None
    is_time: bool = False


@dataclass
class Table:
    """The lines of one experiment."""

    name: str
    lines: list[Line] = field(default_factory=list)

    def tell(self, what: str, found: object) -> None:
        """A figure that nothing hangs on."""
        self.lines.append(Line(what, str(found)))

    def must(self, what: str, found: object, must: str, *, holds: bool, is_time: bool = False) -> None:
        """A figure and whether it is as it must be."""
        self.lines.append(Line(what, str(found), must, holds, is_time))

    def equal(self, what: str, found: object, wanted: object) -> None:
        """A figure that must be exactly this."""
        self.must(what, found, str(wanted), holds=found == wanted)

    def prove(self, what: str, must: str, act: Callable[[], object]) -> None:
        """An act that asserts what must hold and returns what it counted."""
        try:
            self.must(what, act(), must, holds=True)
        except AssertionError as broken:
            self.must(what, f"{broken}"[:500] or "an assertion failed", must, holds=False)

    def skip(self, what: str, why: str) -> None:
        """What could not be tried here."""
        self.lines.append(Line(what, f"not tried: {why}"))

    def broken(self, *, times: bool = True) -> list[Line]:
        """The lines that do not hold; without times, those that say something of the program alone."""
        return [line for line in self.lines if line.holds is False and (times or not line.is_time)]

    def __str__(self) -> str:
        signs = {None: " ", True: "✓", False: "✗"}
        rows = [
            f"  {signs[line.holds]} {line.what:44} {line.found}{f'   (must: {line.must})' if line.must else ''}"
            for line in self.lines
        ]
        return "\n".join((f"-- {self.name}", *rows))
