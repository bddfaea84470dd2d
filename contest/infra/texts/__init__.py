"""Sentences from codes: one table per subject, Korean as the source, translated by the catalogues."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations

from contest.domain.korean import fill

LOCALES = ("ko", "en", "zh")
CATALOGUES = Path(__file__).resolve().parents[2] / "translations"
_BABEL_NAMES = {"en": "en", "zh": "zh_Hans_CN"}

_table: dict[str, str] = {}
_catalogues: dict[str, NullTranslations] = {}


def register(table: dict[str, str]) -> None:
    """Add sentences by code; a code that already means something else is a programming error."""
    for code, sentence in table.items():
        if _table.setdefault(code, sentence) != sentence:
            raise ValueError(f"two sentences for {code}")


def codes() -> dict[str, str]:
    """Every registered code with its Korean sentence."""
    return dict(_table)


def mark(sentence: str) -> str:
    """Mark a Korean sentence for extraction into the catalogues; returns it unchanged."""
    return sentence


def catalogue(locale: str) -> NullTranslations:
    """The message catalogue of a locale; Korean is the source and needs none."""
    if locale not in _catalogues:
        name = _BABEL_NAMES.get(locale)
        _catalogues[locale] = (
            Translations.load(CATALOGUES, [name]) if name is not None else NullTranslations()
        )
    return _catalogues[locale]


def text(locale: str, code: str, **facts: Any) -> str:
    """The sentence of a code in a locale (ko, en, zh), with its facts filled in; a tuple reads 'a, b'."""
    sentence = catalogue(locale).gettext(_table[code])
    read = {
        name: ", ".join(map(str, fact)) if isinstance(fact, tuple) else fact for name, fact in facts.items()
    }
    return fill(sentence, read)


def sentence(locale: str, code: str, **facts: Any) -> str | None:
    """As `text`, but None for a code without a sentence."""
    return text(locale, code, **facts) if code in _table else None
