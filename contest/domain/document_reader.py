"""Reading an edition's JSON document: what is wrong is noted with its dotted path, and reading goes on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Literal, TypeVar

from contest.domain.schedule import parse_day

Severity = Literal["error", "warning"]
Choice = TypeVar("Choice", bound=StrEnum)

LOCALES = ("ko", "en", "zh")


@dataclasses.dataclass(frozen=True)
class Problem:
    """Something wrong with an edition: field is a dotted path such as "prizes.tiers.2.count"."""

    field: str
    severity: Severity
    code: str
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def error(path: str, code: str, **facts: Any) -> Problem:
    """A problem that keeps the edition from opening."""
    return Problem(path, "error", code, facts)


def warning(path: str, code: str, **facts: Any) -> Problem:
    """A problem that staff should know of and may accept."""
    return Problem(path, "warning", code, facts)


class Reader:
    """One object of the document; what cannot be read is noted and replaced by a harmless value."""

    def __init__(self, value: object, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        self._value: Mapping[str, Any] = {}
        if isinstance(value, Mapping):
            self._value = {str(key): item for key, item in value.items()}
        elif value is not None:
            self.note("", "edition.not_object")

    def at(self, key: str) -> str:
        """The dotted path of a key."""
        return ".".join(part for part in (self.path, key) if part)

    def note(self, key: str, code: str, **facts: Any) -> None:
        """Note an error at a key."""
        self.problems.append(error(self.at(key), code, **facts))

    def keys(self) -> tuple[str, ...]:
        """The keys that are there."""
        return tuple(self._value)

    def value(self, key: str) -> Any:
        """What stands at a key, unread."""
        return self._value.get(key)

    def inner(self, key: str) -> Reader:
        """The object at a key; an empty one where there is none."""
        return Reader(self._value.get(key), self.at(key), self.problems)

    def items(self, key: str) -> Iterator[Reader]:
        """The objects of the list at a key."""
        for index, item in enumerate(self._list(key)):
            yield Reader(item if item is not None else "", f"{self.at(key)}.{index}", self.problems)

    def _list(self, key: str) -> Sequence[Any]:
        value = self._value.get(key)
        if isinstance(value, Sequence) and not isinstance(value, str | bytes):
            return value
        self.note(key, "edition.missing" if value is None else "edition.not_list")
        return ()

    def text(self, key: str) -> str:
        """A text, stripped; empty where there is none (whether that is wrong is another check's matter)."""
        value = self._value.get(key)
        if isinstance(value, str):
            return value.strip()
        if value is not None:
            self.note(key, "edition.not_text")
        return ""

    def texts(self, key: str) -> Mapping[str, str]:
        """Texts by locale at a key; ko must be there."""
        return self.inner(key).own_texts()

    def own_texts(self) -> Mapping[str, str]:
        """This object as texts by locale; ko must be there."""
        found = {locale: self.text(locale) for locale in LOCALES}
        if not found["ko"]:
            self.note("ko", "edition.text_missing")
        return {locale: text for locale, text in found.items() if text}

    def strings(self, key: str) -> Iterator[str]:
        """The texts of the list at a key."""
        for index, item in enumerate(self._list(key)):
            if isinstance(item, str):
                yield item
            else:
                self.note(f"{key}.{index}", "edition.not_text")

    def whole(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """A whole number in [least, most]; default where it may be left out."""
        value = self._value.get(key)
        if value is None and default is not None:
            return default
        if value is None or value == "":
            self.note(key, "edition.missing")
        elif not isinstance(value, int) or isinstance(value, bool):
            self.note(key, "edition.not_whole")
        elif not least <= value <= most:
            self.note(key, "edition.out_of_range", least=least, most=most, value=value)
        else:
            return value
        return least

    def flag(self, key: str, *, default: bool) -> bool:
        """Yes or no; default where it is left out."""
        value = self._value.get(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.note(key, "edition.not_flag")
        return default

    def choice(self, key: str, kind: type[Choice], default: Choice) -> Choice:
        """One of the values of an enumeration; default where it is left out."""
        value = self._value.get(key)
        if value is None:
            return default
        return self._member(key, value, kind) or default

    def choices(self, key: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """Values of an enumeration, each at most once, in their order."""
        read = (self._member(f"{key}.{n}", value, kind) for n, value in enumerate(self._list(key)))
        return tuple(dict.fromkeys(member for member in read if member is not None))

    def _member(self, key: str, value: object, kind: type[Choice]) -> Choice | None:
        for member in kind:
            if member.value == value:
                return member
        self.note(key, "edition.not_choice", allowed=", ".join(kind))
        return None

    def day(self, key: str) -> date | None:
        """An ISO date, or None where there is none."""
        value = self._value.get(key)
        day = parse_day(value)
        if day is None and value not in (None, ""):
            self.note(key, "edition.not_day")
        return day
