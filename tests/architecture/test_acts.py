"""Every act that the program notes has a Korean sentence in the trail."""

from __future__ import annotations

import ast
from pathlib import Path

from contest.infra.texts import codes
from judging.domain.objections import Act
from wsgi import create_app

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("contest", "judging", "gallery")
_CASES = {f"objection.{act}" for act in Act}
#: Where an act's code is put together from parts: the codes that this can make.
MADE = {
    "contest/operations/disclosure.py": set(),  # of its callers, read below
    "contest/operations/join_persons.py": {
        "person.joined",
        "person.parted",
        "person.asked",
        "person.dropped",
    },
    "contest/operations/screen.py": set(),  # of its own `_note`, read below
    "judging/operations/allocate.py": {"allocation.provisional", "allocation.succession", "allocation.final"},
    "judging/operations/cases.py": _CASES | {"objection.statement_answered"},
    "judging/operations/reopen.py": {
        f"round.{what}" for what in ("reopening_proposed", "reopening_dropped", "reopened")
    },
    "judging/operations/repair.py": {
        f"round.{what}" for what in ("repair_proposed", "repair_dropped", "repaired")
    },
    "gallery/operations/exhibition.py": {
        f"disclosure.exhibition_{what}" for what in ("pack", "captions", "table")
    },
}


def test_every_act_has_a_sentence() -> None:
    create_app()  # every package registers its sentences
    known = codes()
    found, made = acts_of_the_program()
    assert len(found) > 100
    assert made == set(MADE)
    every = found.union(*MADE.values())
    assert sorted(act for act in every if f"act.{act}" not in known) == []


def acts_of_the_program() -> tuple[set[str], set[str]]:
    """(codes written where the act is noted, files that put a code together)."""
    found: set[str] = set()
    made: set[str] = set()
    for path in (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))):
        where = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            noted = noted_code(node)
            if noted is None:
                continue
            prefix, code = noted
            acts = written(code)
            if acts is None:
                made.add(where)
            else:
                found.update(prefix + act for act in acts)
    return found, made


def noted_code(call: ast.Call) -> tuple[str, ast.expr] | None:
    """(prefix, expression of the code) of a call that notes an act, else None."""
    called = call.func
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return ("", call.args[0]) if (called.value.id, called.attr) == ("uow", "note") else None
    if isinstance(called, ast.Name) and called.id == "disclose":
        return "disclosure.", call.args[1]
    if isinstance(called, ast.Name) and called.id == "_note" and isinstance(call.args[1], ast.Constant):
        return "", call.args[1]  # the shorthand of screening
    return None


def written(code: ast.expr) -> list[str] | None:
    """The codes of a constant, or of a choice between constants; None for anything else."""
    if isinstance(code, ast.Constant):
        return [str(code.value)]
    if isinstance(code, ast.IfExp):
        both = written(code.body), written(code.orelse)
        return both[0] + both[1] if both[0] is not None and both[1] is not None else None
    return None
