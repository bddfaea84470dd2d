"""Entrants of different names whose entries coincide where those of strangers do not. It accuses nobody.

Families share cameras and networks: what coincides is said, what it means is asked of the people themselves.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from contest.domain.hand_marks import Mark


class Sign(StrEnum):
    """What may coincide, the most telling first."""

    BODY = "body"  # serial number of the camera
    LENS = "lens"  # serial number of the lens
    NAMED = "named"  # owner or author as the file names them
    MAIL = "mail"
    NETWORK = "network"
    ENDING = "ending"  # the last four figures of the telephone number
    NAME = "name"  # two entrants of one name


#: An owner and an author of one name are one sign.
SIGNS = {Mark.BODY: Sign.BODY, Mark.LENS: Sign.LENS, Mark.OWNER: Sign.NAMED, Mark.ARTIST: Sign.NAMED}
#: One of these is enough; of the others, each of which strangers share, it takes two.
TELLING = frozenset({Sign.BODY, Sign.LENS, Sign.NAMED, Sign.MAIL})
#: A camera's number is never anybody's, however many have it; everything else may be.
_ALWAYS_OWN = frozenset({Sign.BODY, Sign.LENS})
_FEW = 5
_SHARE = 33  # one in so many persons
_PREFIX = {4: 32, 6: 64}


@dataclass(frozen=True, order=True)
class Trace:
    """One thing that a person's entry shows. holder: the id of the work or submission that shows it."""

    person: str
    holder: str
    sign: Sign
    value: str


@dataclass(frozen=True)
class Coincidence:
    """What several persons of a cluster have in common, and which of their works or submissions show it."""

    sign: Sign
    persons: tuple[str, ...]
    holders: tuple[str, ...]


@dataclass(frozen=True)
class Cluster:
    """At least two persons whose entries hang together, and everything that coincides among them."""

    persons: tuple[str, ...]
    coincidences: tuple[Coincidence, ...]


Shared = tuple[Sign, str]


def common(traces: Iterable[Trace]) -> frozenset[Shared]:
    """What so many persons share that it tells nothing: a school's network, a word every camera writes."""
    holders = _persons_by_shared(traces)
    most = max(_FEW, len({person for persons in holders.values() for person in persons}) // _SHARE)
    return frozenset(
        shared for shared, persons in holders.items() if len(persons) > most and shared[0] not in _ALWAYS_OWN
    )


def clusters(traces: Collection[Trace], leaving: Collection[Shared] = ()) -> tuple[Cluster, ...]:
    """The clusters of different persons, whatever the order of the traces, without what is in `leaving`.

    More traces only ever make clusters larger. No person is in two of them.
    """
    used = [trace for trace in traces if (trace.sign, trace.value) not in leaving]
    shared = {what: persons for what, persons in _persons_by_shared(used).items() if len(persons) > 1}
    groups = _Groups()
    for (sign, _), persons in shared.items():
        if sign in TELLING:
            groups.join(persons)
    for persons in _sharing_two(shared):
        groups.join(persons)
    found = (_cluster(members, shared, used) for members in groups.members())
    return tuple(sorted(found, key=lambda one: one.persons))


def _persons_by_shared(traces: Iterable[Trace]) -> dict[Shared, set[str]]:
    persons = defaultdict[Shared, set[str]](set)
    for trace in traces:
        persons[trace.sign, trace.value].add(trace.person)
    return persons


def _sharing_two(shared: dict[Shared, set[str]]) -> Iterator[set[str]]:
    """Who share two weak signs of different kinds."""
    weak = defaultdict[str, list[Shared]](list)
    for what, persons in shared.items():
        if what[0] not in TELLING:
            for person in persons:
                weak[person].append(what)
    both = defaultdict[tuple[Shared, Shared], set[str]](set)
    for person, whats in weak.items():
        for one, other in combinations(sorted(whats), 2):
            if one[0] is not other[0]:
                both[one, other].add(person)
    return (persons for persons in both.values() if len(persons) > 1)


def _cluster(members: set[str], shared: dict[Shared, set[str]], traces: Iterable[Trace]) -> Cluster:
    holders = defaultdict[Shared, set[str]](set)
    for trace in traces:
        if trace.person in members:
            holders[trace.sign, trace.value].add(trace.holder)
    order = list(Sign)
    coincidences = [
        Coincidence(what[0], tuple(sorted(persons & members)), tuple(sorted(holders[what])))
        for what, persons in shared.items()
        if len(persons & members) > 1
    ]
    return Cluster(
        tuple(sorted(members)),
        tuple(sorted(coincidences, key=lambda one: (order.index(one.sign), one.persons, one.holders))),
    )


class _Groups:
    """Persons joined into groups: union-find."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def _root(self, person: str) -> str:
        root = person
        while (parent := self._parents.setdefault(root, root)) != root:
            root = parent
        while (parent := self._parents[person]) != root:
            self._parents[person], person = root, parent
        return root

    def join(self, persons: Iterable[str]) -> None:
        """Put persons into one group."""
        first, *others = persons
        for other in others:
            self._parents[self._root(other)] = self._root(first)

    def members(self) -> list[set[str]]:
        """The groups of at least two."""
        groups = defaultdict[str, set[str]](set)
        for person in list(self._parents):
            groups[self._root(person)].add(person)
        return [group for group in groups.values() if len(group) > 1]


def network_of(address: str | None) -> str | None:
    """The network an address is told by: an IPv4 address itself, the /64 of an IPv6 one; None for our own machine."""
    try:
        parsed = ipaddress.ip_address((address or "").split("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback or parsed.is_unspecified:
        return None
    return str(ipaddress.ip_network((parsed, _PREFIX[parsed.version]), strict=False))
