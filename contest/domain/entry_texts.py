"""What an entrant writes about a work: title, description, place in words; kept in NFC, checked for length."""

from __future__ import annotations

import re
import unicodedata

from contest.domain.errors import Invalid

TITLE_LENGTH = 40
DESCRIPTION_LENGTH = 500
PLACE_LENGTH = 60
REPLY_LENGTH = 2000

_BREAKS = re.compile(r"\r\n?|\n")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")


def parse_title(text: str) -> str:
    """One line of 1 to 40 characters. Raises Invalid: title.missing, title.length."""
    title = one_line(text)
    if not title:
        raise Invalid("title.missing", field="title")
    if len(title) > TITLE_LENGTH:
        raise Invalid("title.length", field="title", length=len(title), most=TITLE_LENGTH)
    return title


def parse_description(text: str) -> str | None:
    """Up to 500 characters, or None for nothing. Raises Invalid: description.length."""
    description = many_lines(text)
    if len(description) > DESCRIPTION_LENGTH:
        raise Invalid(
            "description.length", field="description", length=len(description), most=DESCRIPTION_LENGTH
        )
    return description or None


def parse_place_words(text: str) -> str | None:
    """A place in words, up to 60 characters, or None for nothing. Raises Invalid: place.length."""
    words = one_line(text)
    if len(words) > PLACE_LENGTH:
        raise Invalid("place.length", field="words", length=len(words), most=PLACE_LENGTH)
    return words or None


def parse_reply(text: str) -> str:
    """An answer to a decision. Raises Invalid: reply.missing, reply.length."""
    reply = many_lines(text)
    if not reply:
        raise Invalid("reply.missing", field="reply")
    if len(reply) > REPLY_LENGTH:
        raise Invalid("reply.length", field="reply", length=len(reply), most=REPLY_LENGTH)
    return reply


def one_line(text: str) -> str:
    """NFC, no control or format characters, single spaces."""
    visible = (" " if unicodedata.category(c)[0] == "Z" else c for c in _shown(text, keep=""))
    return " ".join("".join(visible).split())


def many_lines(text: str) -> str:
    """NFC, line breaks as line feeds and never more than one blank line, no other control characters."""
    plain = _shown(_BREAKS.sub("\n", text), keep="\n")
    lines = [line.rstrip() for line in plain.split("\n")]
    return _MANY_BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _shown(text: str, *, keep: str) -> str:
    composed = unicodedata.normalize("NFC", text.replace("\t", " "))
    if not keep:
        composed = composed.replace("\n", " ").replace("\r", " ")
    return "".join(
        c for c in composed if c in keep or c == "\u200d" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"}
    )
