"""The list of every library (SBOM, CycloneDX 1.6), made of the hashed locks: nothing is installed that is not in them.

Standard library only: `make lock` writes it together with the locks, `python -m contest.infra.sbom` anew.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "requirements" / "sbom.cdx.json"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)\s*(?:;\s*([^\\]*[^\s\\]))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def python_components(lock: str) -> list[dict[str, Any]]:
    """The libraries of a lock as pip reads it, each with the hashes of its files."""
    found: list[dict[str, Any]] = []
    for line in lock.splitlines():
        if pinned := _PINNED.match(line):
            name, version = pinned[1].lower().replace("_", "-"), pinned[2]
            found.append(_component("pypi", name, version))
            if pinned[3]:  # only on some machines; another version may stand beside it for the others
                found[-1]["properties"] = [{"name": "python:marker", "value": pinned[3]}]
        if hashed := _HASH.search(line):
            found[-1]["hashes"].append({"alg": "SHA-256", "content": hashed[1]})
    return found


def browser_components(lock: dict[str, Any]) -> list[dict[str, Any]]:
    """What is served to browsers: the packages of an npm lock that are not only for development."""
    found = []
    for path, package in lock["packages"].items():
        if not path or package.get("dev"):
            continue
        name = path.rpartition("node_modules/")[2]
        component = _component("npm", name, package["version"])
        algorithm, _, digest = package["integrity"].partition("-")
        content = base64.b64decode(digest).hex()
        component["hashes"].append({"alg": algorithm.upper().replace("SHA", "SHA-"), "content": content})
        if package.get("license"):
            component["licenses"] = [{"license": {"id": package["license"]}}]
        found.append(component)
    return found


def _component(kind: str, name: str, version: str) -> dict[str, Any]:
    reference = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    return {
        "type": "library", "bom-ref": reference, "name": name, "version": version, "purl": reference, "hashes": [],
    }  # fmt: skip


def bill(requirements: str, packages: dict[str, Any]) -> str:
    """The document, the same for the same locks."""
    components = [*python_components(requirements), *browser_components(packages)]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "chalkak", "name": "chalkak"}},
        "components": sorted(components, key=lambda one: str(one["bom-ref"])),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def write() -> None:
    """Write the list beside the locks."""
    FILE.write_text(current(), encoding="utf-8")


def current() -> str:
    """The list as the locks of this folder have it."""
    requirements = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    return bill(requirements, packages)


if __name__ == "__main__":
    write()
