"""A round judged by ranking ballots (순위 투표): each judge puts the works in order, places are counted by Borda.

A work's points of a judge are the share of the judge's other works that stand behind it, of 100: first 100, last 0.
So a judge who stepped back from a work, or from whose list one was withdrawn, weighs as much as every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from contest.domain.errors import Invalid
from contest.domain.ruleset import MOST_RANKED
from judging.domain.aggregation import shares_below
from judging.domain.criteria import Criterion, Rubric

CODE = "place"
POINTS = 100
#: A place is kept as a level, the best is 1.
PLACES = Rubric((Criterion(CODE, {"ko": "순서"}, POINTS),), levels=MOST_RANKED)


def borda_points(places: Mapping[str, int]) -> dict[str, Fraction]:
    """Entry -> points of one judge, from the places given; only their order counts, equal ones share."""
    return {
        entry: share * POINTS
        for entry, share in shares_below({entry: Fraction(-place) for entry, place in places.items()}).items()
    }


def check_ballot(works: Iterable[str], order: Sequence[str]) -> dict[str, int]:
    """Work -> place from an order, best first. Raises Invalid `ballot.order` unless it names each of the works once."""
    if sorted(order) != sorted(works):
        raise Invalid("ballot.order", field="order")
    return {work: place for place, work in enumerate(order, start=1)}


def is_whole(places: Iterable[int]) -> bool:
    """Whether no two works share a place; a work that left leaves a gap, which means nothing."""
    listed = list(places)
    return len(set(listed)) == len(listed)


def in_order(places: Mapping[str, int]) -> list[str]:
    """The works best first."""
    return sorted(places, key=lambda work: (places[work], work))
