"""What decides a finding does not change unnoticed: the version of the checks is looked at with every change."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

from contest.domain.check_version import CHECK_VERSION

ROOT = Path(__file__).parents[2] / "contest"
#: What reads a file and what concludes from it. Pairs are compared on their own and not looked at again.
DECIDING = (
    *(f"domain/{name}.py" for name in ("devices", "exif", "formats", "hand_marks", "looks", "photo_findings", "place", "provenance")),
    *(f"infra/imaging/{name}.py" for name in ("credentials", "lattices", "looks", "metadata", "overlays", "repeats", "sharpness")),
)  # fmt: skip
DIGESTS = {
    1: "5204060f1c8baf90",
    2: "cdacf41f5adb6866",
    3: "b2d5fd75a80ff229",
    4: "6601f5c5dfa5dd84",
    5: "84e86ab6cc9d1eb1",
}


def code_of(path: Path) -> str:
    """The statements of a module without comments, layout and docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)


def test_the_version_is_of_this_code() -> None:
    digest = hashlib.sha256("".join(code_of(ROOT / name) for name in DECIDING).encode()).hexdigest()[:16]
    assert DIGESTS.get(CHECK_VERSION) == digest, (
        "What decides a finding has changed. If the same file may now lead to another finding, raise CHECK_VERSION "
        f"in contest/domain/check_version.py and add it here; if it cannot, write {digest} beside {CHECK_VERSION}."
    )
