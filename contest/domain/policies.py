"""What may still change after an edition has opened, and what a change of it consists of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contest.domain.schedule import Schedule

# Dates, those of the rounds too, contact and texts, by an approved amendment; rubric, scheme, caps, tie ladder and
# policies never.
# Wordings that people have already agreed to are not texts in this sense.
_CHANGEABLE = ("schedule", "contact", "texts")
_ROUND_DAY = re.compile(r"rounds\.[0-9]+\.(?:opens|closes)")


@dataclass(frozen=True)
class Change:
    """One value of an edition before and after; None where it was not there."""

    path: str
    before: Any
    after: Any


def is_changeable_after_opening(path: str) -> bool:
    """Whether the value at a dotted path may be changed by an amendment."""
    return path.split(".", 1)[0] in _CHANGEABLE or is_round_day(path)


def is_round_day(path: str) -> bool:
    """Whether a path names the day on which a round of judging opens or closes."""
    return _ROUND_DAY.fullmatch(path) is not None


def diff(before: object, after: object) -> list[Change]:
    """Every value that differs between two JSON documents, by dotted path; empty iff they are equal."""
    return list(_changes(before, after, ""))


def diff_editions(
    before: Mapping[str, Any], old: Schedule, after: Mapping[str, Any], new: Schedule
) -> list[Change]:
    """The changes of an edition: its schedule (paths "schedule.…", Korean time) and its document."""
    return [
        *_changes({"schedule": old.to_document()}, {"schedule": new.to_document()}, ""),
        *_changes(before, after, ""),
    ]


def refused(changes: Iterable[Change]) -> list[Change]:
    """Those that no amendment can make after opening."""
    return [change for change in changes if not is_changeable_after_opening(change.path)]


def _changes(before: object, after: object, path: str) -> Iterator[Change]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            inner = f"{path}.{key}" if path else str(key)
            if key in before and key in after:
                yield from _changes(before[key], after[key], inner)
            else:
                yield Change(inner, before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _changes(old, new, f"{path}.{index}" if path else str(index))
    elif type(before) is not type(after) or before != after:
        # True == 1 to Python; a list of another length is shown whole, for its places mean nothing any more.
        yield Change(path, before, after)
