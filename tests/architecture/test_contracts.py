"""The shape of the code is checked, not remembered."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def sources(*patterns: str) -> list[Path]:
    """Files that git tracks and that match."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_import_contracts_hold() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_locks_name_no_registry() -> None:
    for lock in sources("requirements/*.txt"):
        assert "://" not in lock.read_text(), lock
    for lock in sources("*package-lock.json"):
        assert '"resolved"' not in lock.read_text(), lock


def test_nothing_is_left_for_later() -> None:
    pattern = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    unfinished = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources("*.py", "*.html", "*.js", "*.css", "*.typ", "Makefile")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]
    assert unfinished == []


def test_no_file_is_a_junk_drawer() -> None:
    banned = {"utils", "helpers", "common", "misc", "services", "manager"}
    assert [
        path for path in sources("contest/*.py", "judging/*.py", "gallery/*.py") if path.stem in banned
    ] == []


def test_templates_hold_no_inline_script_or_style() -> None:
    pattern = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)
    inline = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources("*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]
    assert inline == []
