"""Persons: names, telephone numbers and mail addresses as entered, kept, compared and masked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from contest.domain.errors import Invalid

NAME_LENGTH = range(2, 21)

# Letters that Unicode calls letters but that show nothing.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
_NAME_MARKS = frozenset(" -'.·’")
_LATIN_SHOWN = 4
_MAIL_LENGTH = 254
_SHORT = 2
_MAIL = re.compile(
    r"(?=.{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    re.IGNORECASE,
)
# National digits -> the length of the prefix.
_PHONES = (
    (re.compile(r"010\d{8}"), 3),
    (re.compile(r"01[16789]\d{7,8}"), 3),
    (re.compile(r"02\d{7,8}"), 2),
    (re.compile(r"050\d\d{7,8}"), 4),
    (re.compile(r"0(?:[3-6][1-5]|70|80)\d{7,8}"), 3),
)


def parse_name(text: str) -> str:
    """A name in NFC with single spaces.

    Raises Invalid: name.missing, name.length (2 to 20 characters), name.characters (letters only).
    """
    name = " ".join(_visible(unicodedata.normalize("NFC", text)).split())
    if not name:
        raise Invalid("name.missing", field="name")
    if len(name) not in NAME_LENGTH:
        raise Invalid("name.length", field="name", length=len(name))
    strange = [c for c in name if not (unicodedata.category(c)[0] in "LM" or c in _NAME_MARKS)]
    if strange or not any(c.isalpha() for c in name):
        raise Invalid("name.characters", field="name", found="".join(dict.fromkeys(strange)) or name)
    return name


def parse_members(text: str, *, most: int) -> tuple[str, ...]:
    """The members of a team beside the one who enters: a name a line, or parted by commas.

    Raises Invalid with the field members: members.count, and what a name itself is refused with.
    """
    written = [part for line in text.splitlines() for part in line.split(",") if part.strip()]
    if len(written) > most:
        raise Invalid("members.count", field="members", most=most, written=len(written))
    try:
        return tuple(parse_name(part) for part in written)
    except Invalid as wrong:
        raise Invalid(wrong.code, field="members", **wrong.facts) from wrong


def _visible(text: str) -> str:
    return "".join(c for c in text if c not in _FILLERS and unicodedata.category(c) != "Cf")


def name_key(name: str) -> str:
    """A name for comparison: NFC, no spaces."""
    return "".join(unicodedata.normalize("NFC", name).split())


def mask_name(name: str) -> str:
    """A name as the public sees it: 홍*동, 남**수, 김*; in Latin letters at most four shown: KIM ******."""
    whole = " ".join(unicodedata.normalize("NFC", name).split())
    if any(c.isascii() and c.isalpha() for c in whole):
        shown = min(_LATIN_SHOWN, len(whole) // 2)
        return whole[:shown] + "*" * (len(whole) - shown)
    letters = name_key(whole)
    if len(letters) <= _SHORT:
        return letters[: len(letters) - 1] + "*" if letters else ""
    return letters[0] + "*" * (len(letters) - 2) + letters[-1]


@dataclass(frozen=True)
class Phone:
    """A Korean telephone number; e164 such as +821012345678."""

    e164: str

    @property
    def _parts(self) -> tuple[str, str, str]:
        national = "0" + self.e164.removeprefix("+82")
        for pattern, head in _PHONES:
            if pattern.fullmatch(national):
                return national[:head], national[head:-4], national[-4:]
        raise ValueError("not a Korean number")

    @property
    def national(self) -> str:
        """Digits as dialled in Korea: 01012345678."""
        return "".join(self._parts)

    @property
    def display(self) -> str:
        """As read: 010-1234-5678."""
        return "-".join(self._parts)

    @property
    def masked(self) -> str:
        """As on staff lists: 010-****-5678."""
        head, middle, tail = self._parts
        return f"{head}-{'*' * len(middle)}-{tail}"

    @property
    def is_mobile(self) -> bool:
        """Whether it can be sent a text message."""
        return self._parts[0].startswith("01")


def parse_phone(text: str) -> Phone:
    """A Korean number with or without hyphens, spaces, +82, in half- or full-width digits.

    Raises Invalid: phone.missing, phone.characters, phone.not_korean (a foreign country code), phone.number.
    """
    plain = _visible(unicodedata.normalize("NFKC", text)).strip()
    if not plain:
        raise Invalid("phone.missing", field="phone")
    digits = re.sub(r"[\s().\-‐-―−~ー]", "", plain)
    if re.fullmatch(r"\+?[0-9]+", digits) is None:
        raise Invalid("phone.characters", field="phone")
    if digits.startswith("+") and not digits.startswith("+82"):
        raise Invalid("phone.not_korean", field="phone")
    country = re.fullmatch(r"(?:\+82|0082|82)0?([1-9]\d{7,10})", digits)
    national = "0" + country[1] if country else digits
    if not any(pattern.fullmatch(national) for pattern, _ in _PHONES):
        raise Invalid("phone.number", field="phone")
    return Phone("+82" + national[1:])


def parse_email(text: str) -> str:
    """A mail address with its domain in small letters. Raises Invalid: email.missing, email.address."""
    plain = _visible(unicodedata.normalize("NFKC", text)).strip()
    if not plain:
        raise Invalid("email.missing", field="email")
    if len(plain) > _MAIL_LENGTH or _MAIL.fullmatch(plain) is None:
        raise Invalid("email.address", field="email")
    local, _, domain = plain.rpartition("@")
    return f"{local}@{domain.lower()}"


def misread(name: str, phone: str, email: str = "", *, whose: str = "") -> list[Invalid]:
    """Everything that is wrong with what somebody wrote of a person, at once; a mail address may be left out.

    whose: what stands before the names of the fields.
    """
    wrong = []
    written = [(parse_name, name), (parse_phone, phone), *([(parse_email, email)] if email.strip() else [])]
    for parse, text in written:
        try:
            parse(text)
        except Invalid as error:
            wrong.append(Invalid(error.code, field=f"{whose}{error.field}", **error.facts))
    return wrong


def mask_email(address: str) -> str:
    """A mail address as on staff lists: ho***@example.kr."""
    local, at, domain = address.rpartition("@")
    shown = local[: min(_SHORT, len(local) - 1)]
    return f"{shown}{'*' * (len(local) - len(shown))}{at}{domain}"


def person_material(name: str, phone: Phone) -> str:
    """What the person key is made from: the name in NFC without spaces, then the number in E.164."""
    return name_key(name) + phone.e164
