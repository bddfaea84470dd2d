"""Pictures of others' winners: what a collection may be called, and how one of its pictures is named to staff."""

from __future__ import annotations

from dataclasses import dataclass

from contest.domain.errors import Invalid

TITLE_LENGTH = 120
SOURCE_LENGTH = 200
EARLIEST, LATEST = 1950, 2100
MOST_MEGABYTES = 100


@dataclass(frozen=True, slots=True)
class Label:
    """What a collection is: a contest, its year, where its pictures are from (a book, an address, or nothing)."""

    title: str
    year: int
    source: str | None = None

    def of(self, number: int) -> str:
        """How staff read one of its pictures."""
        return f"{self.title}({self.year}) {number}번"


def label(title: str, year: int, source: str | None) -> Label:
    """A label of what somebody typed. Raises Invalid library.title, library.year, library.source."""
    title, source = " ".join(title.split()), " ".join((source or "").split()) or None
    if not 1 <= len(title) <= TITLE_LENGTH:
        raise Invalid("library.title", field="title", most=TITLE_LENGTH)
    if not EARLIEST <= year <= LATEST:
        raise Invalid("library.year", field="year", earliest=EARLIEST, latest=LATEST)
    if source is not None and len(source) > SOURCE_LENGTH:
        raise Invalid("library.source", field="source", most=SOURCE_LENGTH)
    return Label(title, year, source)
