"""Rows that staff add to an edition's lists, and the document that a new edition begins with."""

from __future__ import annotations

from typing import Any

from contest.domain.dotted import LONGEST, drop, put, shift, value_at
from contest.domain.errors import Invalid
from contest.domain.ruleset import BY_WEIGHT, CHAIR, Advance, Method, Panel, Shown
from contest.domain.screening import DEFAULT_GRADES

_LEVELS = ("미흡", "조금 부족", "보통", "우수", "매우 우수")


def blank_document(year: int, number: int) -> dict[str, Any]:
    """What a new edition starts with: nothing that must be decided, the usual of what need not."""
    return {
        "year": year,
        "number": number,
        "texts": {"ko": {}, "en": {}, "zh": {}},
        "contact": {"phone": "", "email": ""},
        "entry": {"formats": ["jpeg", "png"], "devices": ["camera", "smartphone"]},
        "findings": {kind.value: grade.value for kind, grade in DEFAULT_GRADES.items()},
        "judges": {},
        "rounds": [_round("final")],
        "prizes": {"tiers": []},
        "verification": {},
        "ties": [BY_WEIGHT, CHAIR],
        "retention": {},
        "licence": {},
        "consents": {},
    }


def _round(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": {"ko": ""},
        "method": Method.RUBRIC.value,
        "panel": Panel.ALL.value,
        "criteria": [],
        "level_names": [{"ko": name} for name in _LEVELS],
        "shows": [shown.value for shown in Shown],
    }


def change_rows(document: dict[str, Any], act: str, path: str) -> None:
    """Add a row to the list at path, or remove or move the row at path.

    act: add, remove, up, down. Raises Invalid `edition.list_full`.
    """
    if act == "add":
        _add(document, path)
    elif act == "remove":
        drop(document, path)
    elif act in ("up", "down"):
        shift(document, path, -1 if act == "up" else 1)


def _add(document: dict[str, Any], path: str) -> None:
    rows = value_at(document, path)
    rows = rows if isinstance(rows, list) else []
    if len(rows) >= LONGEST:
        raise Invalid("edition.list_full", most=LONGEST)
    if path == "rounds" and rows:
        # What comes before the judging that is there already is a round of votes.
        put(document, path, [_vote(_free_code("rounds", rows)), *rows])
        return
    put(document, path, [*rows, _new(path, rows)])


def _free_code(kind: str, rows: list[Any]) -> str:
    taken = {row.get("code") for row in rows if isinstance(row, dict)}
    return next(made for n in range(1, LONGEST + 2) if (made := f"{_CODES.get(kind, 'row')}{n}") not in taken)


def _vote(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": {"ko": "예심", "en": "Preliminary round", "zh": "初审"},
        "method": Method.VOTE.value,
        "panel": Panel.ALL.value,
        "advance": Advance.THRESHOLD.value,
        "advance_percent": 50,
        "shows": [shown.value for shown in Shown],
    }


def _new(path: str, rows: list[Any]) -> Any:
    kind = path.rpartition(".")[2]
    code = _free_code(kind, rows)
    if kind == "ties":
        return ""
    if kind == "rounds":
        return _round(code)
    if kind == "level_names":
        return {"ko": ""}
    if kind == "criteria":
        return {"code": code, "name": {"ko": ""}, "description": {"ko": ""}, "weight": ""}
    return {"code": code, "name": {"ko": ""}, "count": "", "amount": ""}


_CODES = {"rounds": "round", "criteria": "criterion", "tiers": "tier"}
