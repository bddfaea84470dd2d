"""The trail speaks in words: whatever acts name has one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from contest.infra.assets import ROOT
from contest.infra.texts.trail import FACTS, SUBJECTS
from contest.web.trail import fact_lines

OWN = {"actor", "now", "edition_id"}


def notes() -> list[ast.Call]:
    """Every `uow.note(…)` of the program."""
    files = [path for name in ("contest", "judging", "gallery") for path in Path(ROOT / name).rglob("*.py")]
    calls = [
        node for path in files for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
    ]
    return [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "note"]


def test_every_subject_and_fact_has_a_word() -> None:
    kinds, facts = set[str](), set[str]()
    for call in notes():
        facts |= {given.arg for given in call.keywords if given.arg} - OWN
        kinds |= {
            one.elts[0].value
            for one in call.args
            if isinstance(one, ast.Tuple) and isinstance(one.elts[0], ast.Constant)
        }
    assert (sorted(kinds - SUBJECTS.keys()), sorted(facts - FACTS.keys())) == ([], [])
    assert len(kinds) > 10


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ({"role": "auditor"}, ("역할", [("감사", "auditor")])),
        ({"external": True}, ("외부 위원", [("예", "True")])),
        (
            {"to": "2024-08-30T09:00:28.232157+00:00"},
            ("새 시각", [("2024. 8. 30.(금) 18:00", "2024-08-30T09:00:28.232157+00:00")]),
        ),
        ({"photos": ["a" * 26, "b" * 26]}, ("사진", [("aaaaaaaa…", "a" * 26), ("bbbbbbbb…", "b" * 26)])),
        ({"receipt": "2024-02-0001"}, ("접수번호", [("2024-02-0001", "2024-02-0001")])),
    ],
)
def test_a_fact_is_read_in_words(fact: dict[str, object], expected: object) -> None:
    assert fact_lines(fact) == [expected]


def test_what_is_absent_is_not_shown() -> None:
    assert fact_lines({"replaced": None, "reason": ""}) == []
