"""Translation catalogues: collected from templates and text tables, compiled where older than their source."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "contest" / "translations"
LOCALES = ("en", "zh_Hans_CN")
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"silent": "false", "trimmed": "true"}}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "_l": None,
    "mark": None,
}


def collect() -> Catalog:
    """Every sentence that citizens may read, with where it stands."""
    catalogue = Catalog(project="chalkak", charset="utf-8")
    for package in ("contest", "judging", "gallery"):
        for name, line, message, comments, context in extract_from_dir(
            ROOT / package, METHODS, OPTIONS, KEYWORDS, strip_comment_tags=True
        ):
            del line  # line numbers change with every edit and say nothing that the file name does not
            catalogue.add(message, None, [(f"{package}/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def path_of(locale: str) -> Path:
    """The source of a locale's catalogue."""
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


def load(locale: str) -> Catalog:
    """A locale's catalogue; empty where there is none yet."""
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=locale, project="chalkak", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def update() -> None:
    """Bring each locale's source up to date with the sentences; translations stay, new ones are empty."""
    template = collect()
    for locale in LOCALES:
        catalogue = load(locale)
        catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        path = path_of(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, omit_header=False, sort_output=True, include_lineno=False)


def compile_stale() -> None:
    """Compile catalogues that are older than their source."""
    for locale in LOCALES:
        source = path_of(locale)
        compiled = source.with_suffix(".mo")
        if not source.exists() or (compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime):
            continue
        with compiled.open("wb") as file:
            write_mo(file, load(locale))


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    compile_stale()
