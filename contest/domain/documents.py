"""Reading typed values out of JSON documents: what is not what it should be is a TypeError."""

from __future__ import annotations

from collections.abc import Mapping


def text_of(value: object) -> str:
    """The text itself."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def whole_of(value: object) -> int:
    """The whole number itself; true is an int to Python, but not a count."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def names_of(value: object) -> dict[str, str]:
    """Texts by locale; plain text is Korean."""
    if isinstance(value, str):
        return {"ko": value}
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return {text_of(locale): text_of(name) for locale, name in value.items()}
