"""The panel's run-off of tied works (결선투표): each judge puts them in order, pairs are won by majority.

Works stand by pairs won less pairs lost (Copeland 1951). Between two works this is the plain majority; a work that
beats every other stands first, and one that everybody sets before another never stands behind it. Works with equal
results stay together: the next step of the tie ladder has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from contest.domain.errors import Conflict, Invalid
from judging.domain.score_chain import ChainedBallot, link

Order = tuple[str, ...]
#: The criterion under which a place in a ballot is committed to; the number of the run-off follows.
PREFIX = "runoff:"


@dataclass(frozen=True)
class Pair:
    """How many judges set the one before the other, and the other way round; first < second."""

    first: str
    second: str
    before: int
    after: int


@dataclass(frozen=True)
class Count:
    """A counted run-off. won: entry -> pairs won less pairs lost; groups: best first, equals together."""

    ballots: int
    pairs: tuple[Pair, ...]
    won: Mapping[str, int] = field(hash=False)
    groups: tuple[Order, ...]

    @property
    def places(self) -> dict[str, int]:
        """Entry -> place, equals sharing the better one (1, 1, 3)."""
        found: dict[str, int] = {}
        for group in self.groups:
            place = len(found) + 1
            found.update(dict.fromkeys(group, place))
        return found


def count_ballots(works: Iterable[str], ballots: Iterable[Sequence[str]]) -> Count:
    """Count whole orders of the works, best first; an empty one abstains.

    Raises Invalid `runoff.order` for an order that does not name each work once.
    """
    listed = sorted(works)
    cast = [check_order(listed, ballot) for ballot in ballots if ballot]
    placed = [{entry: place for place, entry in enumerate(ballot)} for ballot in cast]
    pairs = []
    won = dict.fromkeys(listed, 0)
    for first, second in combinations(listed, 2):
        before = sum(places[first] < places[second] for places in placed)
        pair = Pair(first, second, before, len(placed) - before)
        pairs.append(pair)
        sign = (pair.before > pair.after) - (pair.before < pair.after)
        won[first] += sign
        won[second] -= sign
    by_result: dict[int, list[str]] = {}
    for entry in listed:
        by_result.setdefault(won[entry], []).append(entry)
    groups = tuple(tuple(by_result[result]) for result in sorted(by_result, reverse=True))
    return Count(len(cast), tuple(pairs), won, groups)


def check_order(works: Iterable[str], order: Sequence[str]) -> Order:
    """The order, if it names each of the works once. Raises Invalid `runoff.order`."""
    if sorted(order) != sorted(works):
        raise Invalid("runoff.order", field="order")
    return tuple(order)


def check_closing(voters: Iterable[str], voted: Iterable[str], *, is_over: bool) -> None:
    """Whether the votes may be counted: all are there, or the announced end has come and whoever is missing abstains.

    Raises Conflict `runoff.votes_missing` (count).
    """
    missing = set(voters) - set(voted)
    if missing and not is_over:
        raise Conflict("runoff.votes_missing", count=len(missing))


def first_broken(begins: tuple[int, str], ballots: Iterable[tuple[ChainedBallot, str, str]]) -> int | None:
    """The seq of the first (ballot, previous, digest) that does not go on from where scores ended; None: whole.

    begins: number and digest of the judge's last score.
    """
    seq, head = begins
    for ballot, previous, digest in ballots:
        seq += 1
        if ballot.seq != seq or previous != head or link(previous, ballot) != digest:
            return seq
        head = digest
    return None
