"""What staff type into an edition's fields, and how it is kept: read where it can be, else as typed."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from contest.domain.dotted import drop, put, value_at
from contest.domain.edition_fields import Field, Kind
from contest.domain.schedule import KST, Schedule, parse_instant

_MEGABYTE = 1024 * 1024
_WHOLE = re.compile(r"-?\d{1,15}")
#: Where a draft keeps what was typed for an instant and cannot be read as one.
UNREAD = "unread"


@dataclass(frozen=True)
class Content:
    """Everything of an edition that staff edit: its document and its schedule."""

    document: dict[str, Any]
    schedule: Schedule


def typed_form(field: Field, content: Content) -> Any:
    """What a field shows: text, a list of choices, or whether a box is ticked."""
    if field.kind is Kind.INSTANT:
        return _instant_typed(field.path, content)
    value = value_at(content.document, field.path)
    if field.kind is Kind.FLAG:
        return value if isinstance(value, bool) else bool(field.default)
    if field.kind is Kind.CHOICES:
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
    if value is None or isinstance(value, dict | list):
        return field.default
    if field.kind is Kind.MEGABYTES and type(value) is int:
        short = f"{value / _MEGABYTE:g}"
        return short if round(float(short) * _MEGABYTE) == value else repr(value / _MEGABYTE)
    return str(value)


def _instant_typed(path: str, content: Content) -> str:
    unread = content.document.get(UNREAD)
    if isinstance(unread, dict) and isinstance(typed := unread.get(path), str):
        return typed
    at = getattr(content.schedule, path.partition(".")[2])
    return "" if at is None else f"{at.astimezone(KST):%Y-%m-%dT%H:%M}"


def with_typed(content: Content, typed: Mapping[Field, Any]) -> Content:
    """The content with these fields as typed; what it was before is left alone."""
    document = copy.deepcopy(content.document)
    schedule = content.schedule
    for field, value in typed.items():
        if field.kind is Kind.INSTANT:
            schedule = _with_instant(document, schedule, field.path, str(value).strip())
        else:
            _keep(document, field, value)
    if not document.get(UNREAD, True):
        del document[UNREAD]
    return Content(document, schedule)


def _with_instant(document: dict[str, Any], schedule: Schedule, path: str, typed: str) -> Schedule:
    name = path.partition(".")[2]
    at = parse_instant(typed)
    unread = document.get(UNREAD)
    unread = dict(unread) if isinstance(unread, dict) else {}
    unread.pop(path, None)
    if typed and at is None:
        unread[path] = typed
    document[UNREAD] = unread
    held = getattr(schedule, name)
    if at is not None and held is not None and f"{held.astimezone(KST):%Y-%m-%dT%H:%M}" == typed:
        return schedule  # shown without its seconds and not touched
    return replace(schedule, **{name: at})


def _keep(document: dict[str, Any], field: Field, value: Any) -> None:
    if field.optional and value == "":
        drop(document, field.path)
        return
    put(document, field.path, _read(field.kind, value))


def _read(kind: Kind, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n")
    plain = text.strip().replace(",", "")
    if kind is Kind.WHOLE and _WHOLE.fullmatch(plain):
        return int(plain)
    if kind is Kind.MEGABYTES:
        try:
            bytes_ = float(plain) * _MEGABYTE
        except ValueError:
            return text
        return round(bytes_) if abs(bytes_) < 10**15 else text  # NaN is not less: kept as typed
    return text
