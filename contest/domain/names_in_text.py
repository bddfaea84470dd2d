"""Names, accounts and contacts in what judges will read: titles and descriptions."""

from __future__ import annotations

import re

from contest.domain.persons import mask_name, name_key

_MARKS = (
    re.compile(r"(?<![\w.])@[A-Za-z0-9._]{3,30}"),
    re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z]{2,})+"),
    re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE),
    re.compile(r"(?<!\d)0\d{1,2}[-. ]?\d{3,4}[-. ]?\d{4}(?!\d)"),
    re.compile(r"(?:인스타(?:그램)?|블로그|유튜브|페이스북|instagram|insta)\s*[:=]\s*\S+", re.IGNORECASE),
    re.compile(r"(?:촬영자?|작가|글·?사진|사진)\s*[:=]\s*[가-힣A-Za-z]{2,20}"),
)


def find_names(texts: tuple[str | None, ...], name: str | None) -> tuple[str, ...]:
    """What would tell a judge who entered, as it may be shown: the entrant's own name only masked."""
    whole = "\n".join(text for text in texts if text)
    found = [match.group().strip() for mark in _MARKS for match in mark.finditer(whole)]
    if name and len(name_key(name)) > 1 and name_key(name).casefold() in name_key(whole).casefold():
        masked = mask_name(name)
        found = [masked, *(one for one in found if name_key(name) not in name_key(one))]
    return tuple(dict.fromkeys(found))
