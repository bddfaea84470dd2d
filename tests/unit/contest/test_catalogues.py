"""Pages in English and Chinese: every public sentence is collected, translated, and looked up as collected."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2.lexer import Token

from contest.infra import catalogues
from contest.infra.texts import codes, text

HANGUL = re.compile(r"[\uac00-\ud7a3]")
FIELDS = re.compile(r"%\(\w+\)\w|\{[^{}]*\}")
#: Hangul that stays in translations: what stands so on papers and pages of every language.
NAMES = ("이의-2024-02-003",)
#: Templates that citizens see. The name of the program is written in Hangul in every language.
PUBLIC = (
    "contest/web/templates/contest/*.html",
    "contest/web/templates/contest/macros/*.html",
    "contest/web/templates/contest/call/*.html",
    "contest/web/templates/contest/entries/*.html",
    "judging/web/templates/judging/*.html",
    "gallery/web/templates/gallery/*.html",
)
#: In the same folders, but for staff and judges, besides whatever stands in the frame of staff.
OF_STAFF = ("staff_base.html", "desk_base.html", "diff.html", "staff_cases_card.html")
STAFF_FRAME = '{% extends "contest/staff_base.html" %}'
PROGRAM = "찰칵"


def strings(message: str | tuple[str, ...] | list[str]) -> list[str]:
    return [message] if isinstance(message, str) else list(message)


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_translations_hold_no_hangul_but_names(locale: str) -> None:
    for message in catalogues.load(locale):
        for translated in strings(message.string) if message.id else []:
            left = translated
            for name in NAMES:
                left = left.replace(name, "")
            assert not HANGUL.search(left), translated


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_a_translation_fills_in_what_its_sentence_does(locale: str) -> None:
    for message in catalogues.load(locale):
        if message.id:
            assert list(message.check(None)) == []
            expected = sorted(FIELDS.findall(strings(message.id)[-1]))
            for translated in strings(message.string):
                assert not translated or sorted(FIELDS.findall(translated)) == expected, translated


def test_collecting_keeps_translations_and_again_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {locale: translations(locale) for locale in catalogues.LOCALES}
    held = {locale: catalogues.path_of(locale) for locale in catalogues.LOCALES}
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    for locale, path in held.items():
        catalogues.path_of(locale).parent.mkdir(parents=True)
        shutil.copy(path, catalogues.path_of(locale))
    catalogues.update()
    first = {locale: catalogues.path_of(locale).read_bytes() for locale in catalogues.LOCALES}
    for locale, kept in before.items():
        after = translations(locale)
        assert {one: after[one] for one in kept if one in after} == {
            one: kept[one] for one in kept if one in after
        }
    catalogues.update()
    assert {locale: catalogues.path_of(locale).read_bytes() for locale in catalogues.LOCALES} == first


def translations(locale: str) -> dict[object, object]:
    return {message.id: message.string for message in catalogues.load(locale) if message.id}


def test_every_beginning_of_staff_names_a_code() -> None:
    """A beginning that no code has any more would one day hide a public sentence."""
    catalogues.staff_sentences()
    assert [one for one in catalogues.STAFF_CODES if not any(code.startswith(one) for code in codes())] == []


def test_tables_speak_the_readers_language() -> None:
    assert text("en", "http.401") == "You need to sign in. Please sign in again."
    assert text("zh", "http.401") == "需要登录，请重新登录。"
    assert text("en", "throttled", minutes=3).endswith("in 3 min.")
    assert text("zh", "upload.over_cap", cap=2).startswith("最多可上传2张照片")


def spoken(tokens: list[Token]) -> list[str]:
    """Texts of a template outside `_()` and `{% trans %}`."""
    found, in_trans, depth, calls = [], False, 0, [0]
    for at, token in enumerate(tokens):
        kind, value = token.type, str(token.value)
        if kind == "block_begin" and tokens[at + 1].value in ("trans", "endtrans"):
            in_trans = tokens[at + 1].value == "trans"
        elif kind == "lparen":
            depth += 1
            if at and tokens[at - 1].value in ("_", "ngettext"):
                calls.append(depth)
        elif kind == "rparen":
            if calls[-1] == depth:
                calls.pop()
            depth -= 1
        elif (kind == "data" and not in_trans) or (kind == "string" and len(calls) == 1):
            found.append(value)
    return found


def public_templates() -> list[Path]:
    return sorted(
        path
        for pattern in PUBLIC
        for path in catalogues.ROOT.glob(pattern)
        if path.name not in OF_STAFF and STAFF_FRAME not in path.read_text("utf-8")
    )


def test_public_templates_say_nothing_in_korean_alone() -> None:
    jinja = Environment(autoescape=True)  # only splits templates into tokens
    alone = [
        f"{path.relative_to(catalogues.ROOT)}: {said.strip()}"
        for path in public_templates()
        for said in spoken(list(jinja._tokenize(path.read_text("utf-8"), path.name)))
        if HANGUL.search(said.replace(PROGRAM, ""))
    ]
    assert alone == []


def test_the_scan_finds_korean_alone() -> None:
    jinja = Environment(autoescape=True)
    source = '{# 말 #}{{ _("가", n="나") }}<p>다</p>{{ f("라") }}{% trans %}마{% endtrans %}<b title="{{ g(_("바"), "사") }}">'
    said = spoken(list(jinja._tokenize(source, "test")))
    assert [one for one in said if HANGUL.search(one)] == ["<p>다</p>", "라", "사"]


@pytest.fixture(scope="module")
def public_sentences() -> set[object]:
    return {(message.id, message.context) for message in catalogues.collect() if message.id}


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_the_catalogue_holds_exactly_the_public_sentences(locale: str, public_sentences: set[object]) -> None:
    """Where this fails: run `make translations`, then fill in what is empty (or name staff's codes)."""
    held = {(message.id, message.context) for message in catalogues.load(locale) if message.id}
    assert (public_sentences - held, held - public_sentences) == (set(), set())


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_every_public_sentence_is_translated(locale: str) -> None:
    """Where this fails: the sentence named has no translation in contest/translations/<locale> yet."""
    catalogue = catalogues.load(locale)
    empty = [
        message.id
        for message in catalogue
        if message.id and (message.fuzzy or not all(map(str.strip, strings(message.string))))
    ]
    assert empty == []
    assert list(catalogue.obsolete) == []
    for message in catalogue:
        assert list(message.check(catalogue)) == []
