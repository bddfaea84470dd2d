"""One person, one prize: whether what was given still stands when it changes who is taken for one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

Groups = frozenset[frozenset[str]]


def together(persons: Mapping[str, str]) -> Groups:
    """The works of each person who has more than one. persons: entry -> person."""
    works: dict[str, set[str]] = defaultdict(set)
    for entry, person in persons.items():
        works[person].add(entry)
    return frozenset(frozenset(group) for group in works.values() if len(group) > 1)


def held_twice(awarded: Iterable[str], persons: Mapping[str, str]) -> list[list[str]]:
    """Prize-winning works of one person, where there are several; each group and all of them in order."""
    return sorted(sorted(group) for group in together({entry: persons[entry] for entry in awarded}))


def is_stale(ranking: Sequence[tuple[str, str]], walked: Iterable[str], persons: Mapping[str, str]) -> bool:
    """Whether the walk down the ranks might go otherwise now.

    ranking: (entry, person) as the walk took them; walked: the entries it met; persons: entry -> person now.
    Only who was met decides: a work behind the end of the walk had no say, whoever made it.
    """
    met = set(walked)
    before = {entry: person for entry, person in ranking if entry in met}
    return together(before) != together({entry: persons[entry] for entry in before})
