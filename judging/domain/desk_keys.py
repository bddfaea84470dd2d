"""Which key does what on the desk: each judge may change it, switch it off, and never has two acts on one key.

A key is named by one character: a letter by its place on the keyboard, so that it works while Korean is typed, a
sign by what stands on it without Shift.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from contest.domain.errors import Invalid

Page = Literal["work", "sheet", "compare"]
SIGNS = "-=[]\\;',./`"
#: What a letter's key gives while Korean is typed (두벌식).
_KOREAN = {
    letter: key
    for typed, keys in (
        ("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "qwertyuiop"), ("ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "asdfghjkl"), ("ㅋㅌㅊㅍㅠㅜㅡ", "zxcvbnm"),
        ("ㅃㅉㄸㄲㅆㅒㅖ", "qwertop"),
    )
    for letter, key in zip(typed, keys, strict=True)
}  # fmt: skip
_SHIFTED = dict(zip('_+{}|:"<>?~', SIGNS, strict=True))
_KEYS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789" + SIGNS)
#: Signs that people know by what Shift makes of them.
_SHOWN = {"/": "?", "=": "+"}


@dataclass(frozen=True)
class Act:
    """Something a key does; pages: where."""

    code: str
    name: str
    key: str
    pages: frozenset[Page]


def _act(code: str, name: str, key: str, *pages: Page) -> Act:
    return Act(code, name, key, frozenset(pages))


ACTS: tuple[Act, ...] = (
    *(_act(f"level-{n}", f"{n}단계 주기", str(n), "work") for n in range(1, 10)),
    _act("flag", "다시 볼 작품으로 표시하기, 풀기", "f", "work"),
    _act("zoom", "100 % 크기로 보기, 되돌리기", "z", "work", "compare"),
    _act("loupe", "누르고 있는 동안 돋보기", "l", "work"),
    _act("wide", "사진만 창 가득 크게 보기, 되돌리기", "b", "work", "compare"),
    _act("spread", "지금까지 내가 준 점수를 심사기준과 나란히 보기", "d", "work"),
    _act("choose", "나란히 볼 작품으로 고르기, 빼기", "c", "work", "sheet"),
    _act("compare", "고른 작품 나란히 보기", "v", "work", "sheet"),
    _act("closer", "나란히 볼 때 더 크게", "=", "compare"),
    _act("further", "나란히 볼 때 더 작게", "-", "compare"),
    *(_act(f"open-{n}", f"나란히 볼 때 {n}번째 작품으로 가기", str(n), "compare") for n in range(1, 5)),
    _act("help", "단축키 안내 보기", "/", "work", "sheet", "compare"),
)
_BY_CODE = {act.code: act for act in ACTS}


def acts_for(levels: int | None) -> list[Act]:
    """The acts of a desk whose criteria have so many levels; None: not known yet, the usual five."""
    none = {f"level-{n}" for n in range((levels or 5) + 1, 10)}
    return [act for act in ACTS if act.code not in none]


@dataclass(frozen=True)
class DeskKeys:
    """A judge's keys. own: act -> key where it is not the usual one, "" where it has none."""

    is_on: bool = True
    own: Mapping[str, str] = field(default_factory=dict, hash=False)

    def key_of(self, code: str) -> str:
        """The key of an act; "" where it has none."""
        return self.own.get(code, _BY_CODE[code].key)

    def shown(self, code: str) -> str:
        """The key of an act as people read it; "" where it has none or keys are off."""
        return show_key(self.key_of(code)) if self.is_on else ""

    def on_page(self, page: Page) -> dict[str, str]:
        """Key -> act on a page; nothing while keys are off."""
        here = [act.code for act in ACTS if self.is_on and page in act.pages]
        return {key: code for code in here if (key := self.key_of(code))}

    def to_document(self) -> dict[str, Any]:
        """The JSON document that `from_document` reads back."""
        return {"on": self.is_on, "keys": dict(self.own)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any] | None) -> DeskKeys:
        """The keys that `to_document` wrote; acts that are no more are passed over. None: the usual keys."""
        if document is None:
            return cls()
        own = {str(code): str(key) for code, key in document["keys"].items() if code in _BY_CODE}
        return cls(is_on=bool(document["on"]), own=own)


def choose_keys(given: Mapping[str, str], *, is_on: bool) -> DeskKeys:
    """Keys as a judge typed them, act -> one character or nothing; acts not named keep their usual key.

    Raises Invalid `desk.keys_unfit` (act, given), `desk.keys_double` (first, second, key), the field being the act.
    """
    own: dict[str, str] = {}
    named = [act for act in ACTS if act.code in given]
    for act in named:
        typed = given[act.code].strip()
        key = key_named(typed)
        if key is None:
            raise Invalid("desk.keys_unfit", field=act.code, act=act.name, given=typed[:10])
        if key != act.key:
            own[act.code] = key
    chosen = DeskKeys(is_on=is_on, own=own)
    for first, second in itertools.combinations(named, 2):
        key = chosen.key_of(first.code)
        if key and key == chosen.key_of(second.code) and first.pages & second.pages:
            raise Invalid(
                "desk.keys_double", field=second.code, first=first.name, second=second.name, key=show_key(key)
            )
    return chosen


def key_named(typed: str) -> str | None:
    """The key that a typed character stands for, "" for none; None where it is no key that can be used."""
    if not typed:
        return ""
    key = typed.lower()
    key = _SHIFTED.get(key, _KOREAN.get(key, key))
    return key if key in _KEYS else None


def show_key(key: str) -> str:
    """A key as people read it."""
    return _SHOWN.get(key, key.upper())
