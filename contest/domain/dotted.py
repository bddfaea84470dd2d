"""Values inside a JSON document by dotted path, such as "prizes.tiers.2.count"."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

#: No list of an edition is longer; what a form claims beyond it is not believed.
LONGEST = 60


def value_at(document: object, path: str) -> Any:
    """The value at a path, or None where there is nothing."""
    value: Any = document
    for key in path.split("."):
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def put(document: dict[str, Any], path: str, value: Any) -> None:
    """Write a value; objects and lists on the way are made where they are missing or something else."""
    keys = path.split(".")
    holder: Any = document
    for key, following in pairwise(keys):
        inner = value_at(holder, key)
        wanted: type = list if following.isdigit() else dict
        if not isinstance(inner, wanted):
            inner = wanted()
            _write(holder, key, inner)
        holder = inner
    _write(holder, keys[-1], value)


def _write(holder: Any, key: str, value: Any) -> None:
    if isinstance(holder, dict):
        holder[key] = value
        return
    place = int(key)
    if place >= LONGEST:
        return
    while len(holder) <= place:
        holder.append({})
    holder[place] = value


def drop(document: dict[str, Any], path: str) -> None:
    """Take away the value at a path; nothing happens where there is none."""
    parent, _, key = path.rpartition(".")
    holder = value_at(document, parent) if parent else document
    if isinstance(holder, dict):
        holder.pop(key, None)
    elif isinstance(holder, list) and key.isdigit() and int(key) < len(holder):
        del holder[int(key)]


def shift(document: dict[str, Any], path: str, by: int) -> None:
    """Move an item of a list up (-1) or down (+1); nothing happens at its ends."""
    parent, _, key = path.rpartition(".")
    items = value_at(document, parent)
    if not isinstance(items, list) or not key.isdigit():
        return
    here, there = int(key), int(key) + by
    if 0 <= here < len(items) and 0 <= there < len(items):
        items[here], items[there] = items[there], items[here]


def shape(names: Iterable[str]) -> dict[str, Any]:
    """A document that has just the objects and lists which these paths name."""
    made: dict[str, Any] = {}
    for name in names:
        if all(not part.isdigit() or int(part) < LONGEST for part in name.split(".")):
            put(made, name, "")
    return made
