"""Korean as an office writes it: particles, dates, money, and the bytes of a text message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from string import Formatter
from typing import Any

from contest.domain.schedule import KST

WEEKDAYS = "월화수목금토일"

_HANGUL_FIRST, _HANGUL_LAST = 0xAC00, 0xD7A3
_FINALS = 28
_RIEUL = 8
# Digits as they are read: 영 일 이 삼 사 오 육 칠 팔 구.
_DIGIT_FINAL = {
    "0": "o",
    "1": "l",
    "2": "",
    "3": "o",
    "4": "",
    "5": "",
    "6": "o",
    "7": "l",
    "8": "l",
    "9": "",
}
_CAPITAL_FINAL = {"L": "l", "M": "o", "N": "o", "R": "l"}
_SMALL_FINAL = {"l": "l", "m": "o", "n": "o", "b": "o", "c": "o", "k": "o", "p": "o", "t": "o"}

SMS_BYTES = 90
LMS_BYTES = 2000
_WIDE = 2


def particle(word: str, pair: str) -> str:
    """The particle that fits a word, of a pair such as "은/는", "을/를", "으로/로".

    The first of the pair follows a final consonant. Of a word whose reading is not known, both: "은(는)".
    """
    closed, opened = pair.split("/")
    final = _final_sound(word)
    if final is None:
        return f"({closed[0]}){opened}" if closed.endswith(opened) else f"{closed}({opened})"
    if final == "l" and closed == "으로":
        return opened
    return closed if final else opened


def with_particle(word: str, pair: str) -> str:
    """A word followed by the particle that fits it."""
    return word + particle(word, pair)


#: How a sentence with a place for a word writes the pair, after what closes a quotation.
_WRITTEN = {
    "은(는)": "은/는",
    "이(가)": "이/가",
    "을(를)": "을/를",
    "과(와)": "과/와",
    "(으)로": "으로/로",
    "(이)라고": "이라고/라고",
}
_FOLLOWS = re.compile(f"([’”'\"』」)]*)({'|'.join(map(re.escape, _WRITTEN))})")


def fill(sentence: str, facts: Mapping[str, Any]) -> str:
    """`sentence.format(**facts)`, with each particle written 은(는), (으)로 … after a place settled by its word.

    What the words themselves contain is left as it is.
    """
    read, word = "", ""
    for literal, name, spec, conversion in Formatter().parse(sentence):
        follows = _FOLLOWS.match(literal) if word else None
        if follows:
            read += follows[1] + particle(word, _WRITTEN[follows[2]])
        word = "" if name is None else _place(name, spec, conversion).format(**facts)
        read += literal[follows.end() if follows else 0 :] + word
    return read


def _place(name: str, spec: str | None, conversion: str | None) -> str:
    return "{" + name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}"


def _final_sound(word: str) -> str | None:
    """How a word ends when read: "" in a vowel, "l" in ㄹ, "o" in another consonant, None unknown."""
    spoken = unicodedata.normalize("NFKC", word)
    while spoken and not spoken[-1].isalnum():
        spoken = spoken[:-1]
    if not spoken:
        return None
    last = spoken[-1]
    if _HANGUL_FIRST <= ord(last) <= _HANGUL_LAST:
        final = (ord(last) - _HANGUL_FIRST) % _FINALS
        return "l" if final == _RIEUL else "o" if final else ""
    if last in _DIGIT_FINAL:
        return _DIGIT_FINAL[last]
    if not last.isascii():
        return None
    if last.isupper():
        return _CAPITAL_FINAL.get(last, "")
    return "o" if spoken.endswith("ng") else _SMALL_FINAL.get(last, "")


class MessageKind(StrEnum):
    """What a text message is sent as."""

    SMS = "SMS"
    LMS = "LMS"
    TOO_LONG = "TOO_LONG"


@dataclass(frozen=True)
class MessageSize:
    """Bytes of a text message, what it is sent as, and the characters that telephones may not show."""

    bytes: int
    kind: MessageKind
    unencodable: tuple[str, ...]


def measure_message(text: str) -> MessageSize:
    """Count a text message in EUC-KR: one byte for ASCII, two for everything else (NFC)."""
    composed = unicodedata.normalize("NFC", text)
    size = sum(1 if c.isascii() else _WIDE for c in composed)
    kind = (
        MessageKind.SMS
        if size <= SMS_BYTES
        else MessageKind.LMS
        if size <= LMS_BYTES
        else MessageKind.TOO_LONG
    )
    unknown = tuple(dict.fromkeys(c for c in composed if not _is_in_euc_kr(c)))
    return MessageSize(size, kind, unknown)


def _is_in_euc_kr(character: str) -> bool:
    try:
        # Syllables outside KS X 1001 come back as a make-up sequence of eight bytes that no telephone reads.
        return len(character.encode("euc_kr")) <= _WIDE
    except UnicodeEncodeError:
        return False


def day_text(day: date) -> str:
    """A day as in documents: 2024. 8. 30.(금)."""
    return f"{day.year}. {day.month}. {day.day}.({WEEKDAYS[day.weekday()]})"


def instant_text(instant: datetime) -> str:
    """An instant in Korean time as in documents: 2024. 8. 30.(금) 18:00."""
    local = instant.astimezone(KST)
    return f"{day_text(local.date())} {local:%H:%M}"


def period_text(start: datetime, end: datetime) -> str:
    """A period in Korean time, the year once: 2024. 8. 9.(금) 09:00 ~ 8. 30.(금) 18:00."""
    first, last = instant_text(start), instant_text(end)
    year = f"{start.astimezone(KST).year}. "
    return f"{first} ~ {last.removeprefix(year)}"


def won(amount: int) -> str:
    """Money in figures: 3,000,000원."""
    return f"{amount:,}원"


_DIGITS = ("", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구")
_PLACES = ("", "십", "백", "천")
_MYRIADS = ("", "만", "억", "조", "경")


def won_in_words(amount: int) -> str:
    """Money in words as on a certificate of payment: 금삼백만원정; ValueError outside 0..10^20-1."""
    if not 0 <= amount < 10 ** (4 * len(_MYRIADS)):
        raise ValueError(f"no words for {amount}")
    words = ""
    for power, myriad in enumerate(_MYRIADS):
        group = amount // 10_000**power % 10_000
        spelt = "".join(
            _DIGITS[group // 10**place % 10] + _PLACES[place]
            for place in reversed(range(4))
            if group // 10**place % 10
        )
        if spelt:
            words = spelt + myriad + words
    return f"금{words or '영'}원정"
