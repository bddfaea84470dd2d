"""Translation catalogues: collected from templates and text tables, compiled where older than their source."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from contest.infra import texts

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
HEADER = "# {} of every sentence that citizens may read. Written by `make translations`.\n#"
NAMES = {"en": "English", "zh_Hans_CN": "Simplified Chinese"}
#: Written into the headers in place of the time, so that nothing changes where no sentence changed.
SINCE = datetime(2024, 8, 9, tzinfo=UTC)
TABLES = "contest/infra/texts/"

#: Sentences that only staff, judges and operators read: their pages are Korean and need no translation.
#: A code belongs here by its beginning; whatever is not named here is public and has to be translated.
STAFF_CODES = (
    "account.", "act.", "activation.", "actor.", "allocation.", "amendment.",
    "backup.", "ballot.", "blinding.", "chair.", "clock.", "closing.", "conflict.", "consent_name.", "credentials.",
    "deliberation.",
    "data_class.", "data_start.", "desk.", "destruction.", "device_class.", "disclosure.", "duty.",
    "edition.", "edition_stage.", "entry_state.", "errand.", "exclusion.", "exclusion_ground.",
    "exhibition.", "finding_name.", "grade.", "grades.", "grant.", "group.", "holiday.",
    "judge.", "judging.", "library.",
    "message.J", "message.O", "message.batch_missing", "message.held", "message.no_address",
    "message.none_due", "message.not_delivered", "message.not_failed", "message.state",
    "milestone.", "note.", "notice.",
    "pair.", "panel.", "password.", "person.", "phase.", "pin.", "pledge.", "prizes.",
    "publication.", "ranking.", "recheck.", "rehearsal.", "release.", "reopening.",
    "repair.", "role.", "round.", "rubric.", "runoff.",
    "score.", "screening.", "search.", "settings.", "sign_in.", "signature.", "spot.", "stage.",
    "stage_effect.", "stage_name.", "standing.", "subject.", "subject_lead.",
    "submission_state.", "succession.", "trail.", "verification.", "verify.",
    "walk_in.", "withdrawal.",
)  # fmt: skip


def staff_sentences() -> set[str]:
    """Sentences of the tables that stand under codes of staff alone."""
    for module in pkgutil.iter_modules(texts.__path__):
        importlib.import_module(f"{texts.__name__}.{module.name}")
    table = texts.codes()
    public = {sentence for code, sentence in table.items() if not code.startswith(STAFF_CODES)}
    return set(table.values()) - public


def collect() -> Catalog:
    """Every sentence that citizens may read, with where it stands."""
    catalogue = Catalog(project="chalkak", charset="utf-8")
    staff = staff_sentences()
    for package in ("contest", "judging", "gallery"):
        for name, line, message, comments, context in extract_from_dir(
            ROOT / package, METHODS, OPTIONS, KEYWORDS, strip_comment_tags=True
        ):
            del line  # line numbers change with every edit and say nothing that the file name does not
            if message in staff and f"{package}/{name}".startswith(TABLES):
                continue
            catalogue.add(message, None, [(f"{package}/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def path_of(locale: str) -> Path:
    """The source of a locale's catalogue."""
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


def load(locale: str) -> Catalog:
    """A locale's catalogue; empty where there is none yet."""
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=locale, project="chalkak", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def updated(locale: str, template: Catalog) -> Catalog:
    """A locale's catalogue with exactly the sentences of the template; translations stay, new ones are empty."""
    kept = load(locale)
    catalogue = Catalog(
        locale=locale,
        header_comment=HEADER.format(NAMES[locale]),
        project="Chalkak",
        version="1",
        charset="utf-8",
        creation_date=SINCE,
        revision_date=SINCE,
        last_translator="Chalkak",
        language_team=NAMES[locale],
        msgid_bugs_address="-",
        fuzzy=False,
    )
    for message in template:
        if message.id:
            held = kept.get(message.id, message.context)
            catalogue.add(
                message.id,
                held.string if held and held.id == message.id else "",
                sorted(set(message.locations)),
                context=message.context,
            )
    return catalogue


def update() -> None:
    """Bring each locale's source up to date with the sentences."""
    template = collect()
    for locale in LOCALES:
        path = path_of(locale)
        catalogue = updated(locale, template)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)


def compile_stale() -> None:
    """Compile catalogues that are older than their source."""
    for locale in LOCALES:
        source = path_of(locale)
        compiled = source.with_suffix(".mo")
        if not source.exists() or (compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime):
            continue
        fresh = compiled.with_suffix(".new")
        with fresh.open("wb") as file:
            write_mo(file, load(locale))
        fresh.replace(compiled)  # a server that reads meanwhile sees the old or the new, never a half


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    compile_stale()
