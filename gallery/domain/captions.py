"""Words beside a picture: alternative text, the wall caption, and the names of files of the exhibition."""

from __future__ import annotations

import re
import unicodedata

ALTERNATIVE_LENGTH = 200
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_TITLE_IN_NAME = 40
#: Names that Windows keeps for devices, whatever follows the first dot.
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10)})


def default_alternative_text(title: str, place: str | None) -> str:
    """What is read aloud while nobody has described the picture: its title and where it was taken."""
    said = f"{place}에서 찍은 사진, 제목 「{title}」" if place else f"제목 「{title}」의 사진"
    return said[:ALTERNATIVE_LENGTH]


def parse_alternative_text(text: str) -> str | None:
    """What staff wrote, on one line; None where it is empty. At most 200 characters are kept by the form."""
    return " ".join(unicodedata.normalize("NFC", text).split())[:ALTERNATIVE_LENGTH] or None


def exhibition_name(tier: str, number: str, title: str, suffix: str) -> str:
    """`상격_출품번호_작품명.jpg`: NFC, no character a file system refuses, never hidden, never a device."""
    parts = (_safe(tier), _safe(number), _safe(title)[:_TITLE_IN_NAME].rstrip(". "))
    stem = "_".join(part or "무제" for part in parts)
    if stem.split(".", 1)[0].casefold() in _DEVICES:
        stem = f"작품_{stem}"
    return f"{stem}.{_safe(suffix).lstrip('.').lower() or 'jpg'}"


def _safe(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    shown = "".join(c for c in composed if unicodedata.category(c) not in {"Cf", "Cc", "Co", "Cs"})
    return " ".join(_FORBIDDEN.sub(" ", shown).split()).strip(". ")
