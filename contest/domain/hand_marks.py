"""What in a file may tell whose camera took it: serial numbers, and the name its owner wrote into it. Read strictly.

Whatever every camera of a kind writes says nothing of anybody and is not a mark.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from contest.domain.exif import RawExif, clean, summarise_device


class Mark(StrEnum):
    """The serial numbers of a camera and a lens; the owner and the author as the file names them."""

    BODY = "body"
    LENS = "lens"
    OWNER = "owner"
    ARTIST = "artist"


_SERIAL = re.compile(r"[0-9A-Z][0-9A-Z ._/-]{2,}[0-9A-Z]")
_SERIAL_LETTERS = range(4, 41)
#: So many different letters and figures a serial number has at least: 0000000 and 1010101 were never counted up to.
_SERIAL_VARIETY = 3
_RUNS = ("0123456789" * 4, "9876543210" * 4, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_NAME_LETTERS = range(2, 61)
_LATIN_NAME = 4  # "Kim", "me", "JH": too many people write that
# What makers, programs and shops write where a name should stand.
_WORDS = (
    "admin administrator anonymous artist author camera cameraman canon casio customer default digital dji "
    "eastman fuji fujifilm gopro hasselblad huawei iphone ipad kodak leica lg lge lightroom lumix me myname "
    "myself name nikon no noname none not null olympus owner ownername panasonic pentax phone photo "
    "photographer photos photoshop picasa pixel ricoh samsung galaxy set sigma sony test unknown undefined "
    "unnamed untitled user username windows xiaomi your yourname apple adobe google microsoft corporation "
    "corp co inc ltd company the of by imaging electronics cameras dsc dcim jpeg jpg na n a "
    "사용자 소유자 작가 촬영자 사진 사진가 이름 성명 없음 미상 삼성 삼성전자 카메라 무제 홍길동"
)
_NOBODY = frozenset(_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+")


def read_hand_marks(raw: RawExif) -> dict[Mark, str]:
    """The marks of a file in a form in which equal ones are equal; what tells nothing is left out.

    A serial number stands with its camera or lens: makers count each for themselves.
    """
    device, lens = summarise_device(raw.make, raw.model), clean(raw.lens)
    own = frozenset(_words(" ".join(filter(None, (raw.make, raw.model, raw.software, raw.lens)))))
    found = {
        Mark.BODY: _serial(raw.body_serial, device),
        Mark.LENS: _serial(raw.lens_serial, lens),
        Mark.OWNER: _name(raw.owner, own),
        Mark.ARTIST: _name(raw.artist, own),
    }
    return {mark: value for mark, value in found.items() if value is not None}


def _serial(text: str | None, of: str | None) -> str | None:
    written = (clean(text) or "").upper()
    plain = "".join(c for c in written if c.isalnum())
    if of is None or _SERIAL.fullmatch(written) is None or len(plain) not in _SERIAL_LETTERS:
        return None
    counted = plain.lstrip("0")
    if len(set(counted)) < _SERIAL_VARIETY or any(plain in run or counted in run for run in _RUNS):
        return None
    if not any(c.isdigit() for c in plain):
        return None  # NONE, UNKNOWN, NOT AVAILABLE: a number has figures
    return f"{of.casefold()}\n{plain}"


def _name(text: str | None, own: frozenset[str]) -> str | None:
    """A name without spaces and case, or None where every word of it is anybody's or the camera's own."""
    written = unicodedata.normalize("NFKC", clean(text) or "").casefold()
    words = _words(written)
    name = "".join(words)
    if len(name) not in _NAME_LETTERS or (name.isascii() and len(name) < _LATIN_NAME):
        return None
    if all(word in _NOBODY or word in own for word in words) or name in _NOBODY or len(set(name)) == 1:
        return None
    return name


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
