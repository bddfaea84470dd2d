"""Whole numbers in addresses: none is larger than a column of the database holds."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1


class _BoundedIntegerConverter(IntegerConverter):
    """<int:…> of a path; a larger number is an unknown address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": LARGEST, **kwargs})


def whole(text: str) -> int:
    """A number after a question mark, for `args.get(type=whole)`. Raises ValueError beyond LARGEST."""
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError("larger than any column")
    return number


def init_whole_numbers(app: Flask) -> None:
    """Hold every route registered afterwards to such numbers."""
    app.url_map.converters["int"] = _BoundedIntegerConverter
