"""The list of libraries says what the locks install, no more and no less."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pytest

from contest.infra import sbom

LOCK = """alpha==1.2 \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
    # via -r requirements/run.in
beta-gamma[extra]==3 ; sys_platform == 'win32' \\
    --hash=sha256:{a}
""".format(a="a" * 64, b="b" * 64)


def test_a_lock_is_read_whole() -> None:
    alpha, beta = sbom.python_components(LOCK)
    assert (alpha["purl"], len(alpha["hashes"])) == ("pkg:pypi/alpha@1.2", 2)
    assert (beta["purl"], beta["hashes"][0]["content"]) == ("pkg:pypi/beta-gamma@3", "a" * 64)
    assert beta["properties"] == [{"name": "python:marker", "value": "sys_platform == 'win32'"}]
    assert "properties" not in alpha


def test_the_list_beside_the_locks_is_theirs() -> None:
    """`make lock` writes both; whoever changes one by hand hears of it here."""
    assert sbom.FILE.read_text(encoding="utf-8") == sbom.current()
    assert "://" not in sbom.current()


def test_it_names_every_pinned_library_with_hashes_and_what_is_installed_agrees() -> None:
    document = json.loads(sbom.current())
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    lock = (sbom.ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([\w.-]+)(?:\[.*?\])?==", lock, re.MULTILINE))
    python: dict[str, list[Any]] = {}
    for one in document["components"]:
        if one["purl"].startswith("pkg:pypi/"):
            python.setdefault(one["name"], []).append(one)
    assert set(python) == {name.lower().replace("_", "-") for name in pinned}
    hashes = [each["content"] for ones in python.values() for one in ones for each in one["hashes"]]
    assert all(re.fullmatch(r"[0-9a-f]{64}", content) for content in hashes)
    assert all(one["hashes"] for one in document["components"])
    references = [one["bom-ref"] for one in document["components"]]
    assert references == sorted(set(references))
    for name, ones in python.items():
        try:
            installed = version(name)
        except PackageNotFoundError:  # of another kind of machine
            continue
        assert installed in {one["version"] for one in ones}
    npm = {one["name"] for one in document["components"]} - set(python)
    served = json.loads((sbom.ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert set(served) <= npm
    assert "axe-core" not in npm


def test_what_is_missing_from_a_lock_is_missing_from_the_list() -> None:
    with pytest.raises(KeyError):
        sbom.browser_components({"packages": {"node_modules/x": {"version": "1"}}})
