"""Consents: each matter apart, its wording versioned, and which of them an entry needs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class ConsentKind(StrEnum):
    """What a person may be asked to agree to; each has a box of its own, none ticked beforehand."""

    PRIVACY = "privacy"
    LICENCE = "licence"
    PLEDGE = "pledge"
    PORTRAIT = "portrait"
    GUARDIAN = "guardian"
    NAME_PUBLICATION = "name_publication"
    NEXT_CONTEST = "next_contest"
    OPEN_LICENCE = "open_licence"


class Need(StrEnum):
    """Whether an entry can do without a consent."""

    REQUIRED = "required"
    CONDITIONAL = "conditional"
    OPTIONAL = "optional"


_C = ConsentKind

NEEDS: Mapping[ConsentKind, Need] = MappingProxyType(
    {
        _C.PRIVACY: Need.REQUIRED,
        _C.LICENCE: Need.REQUIRED,
        _C.PLEDGE: Need.REQUIRED,
        _C.PORTRAIT: Need.CONDITIONAL,
        _C.GUARDIAN: Need.CONDITIONAL,
        _C.NAME_PUBLICATION: Need.OPTIONAL,
        _C.NEXT_CONTEST: Need.OPTIONAL,
        _C.OPEN_LICENCE: Need.OPTIONAL,
    }
)

# A consent to the use of personal data must name purpose, items, period, and the right to refuse with what
# follows from it (개인정보 보호법 제15조 제2항); the others are one text.
_PERSONAL = ("title", "purpose", "items", "retention", "refusal", "agree")
_PLAIN = ("title", "body", "agree")

PARTS: Mapping[ConsentKind, tuple[str, ...]] = MappingProxyType(
    {
        _C.PRIVACY: _PERSONAL,
        _C.LICENCE: _PLAIN,
        _C.PLEDGE: _PLAIN,
        _C.PORTRAIT: _PLAIN,
        _C.GUARDIAN: _PERSONAL,
        _C.NAME_PUBLICATION: _PERSONAL,
        _C.NEXT_CONTEST: _PERSONAL,
        _C.OPEN_LICENCE: _PLAIN,
    }
)

#: Whoever consents to the collection of an entrant's data is told of the network kept with it.
NETWORK_ASKED = frozenset({_C.PRIVACY, _C.GUARDIAN})
_NETWORK_ITEM = {
    "ko": "접속한 통신망의 확인값(읽을 수 없게 바꾼 값이며, 한 사람이 여러 이름으로 냈는지 살피는 데만 씁니다)",
    "en": "an unreadable code of your network, used only to see whether one person entered under several names",
    "zh": "所用网络的校验值（已转换为不可读的值，仅用于查看是否有人以多个姓名报名）",
}


def with_network(locale: str, parts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The parts of a wording with the network among the items; as they are where no items are written yet."""
    comma = {"zh": "、"}.get(locale, ", ")
    return tuple(
        (name, f"{text}{comma}{_NETWORK_ITEM[locale]}" if name == "items" and text else text)
        for name, text in parts
    )


@dataclass(frozen=True)
class ConsentText:
    """The wording of a consent in one locale, as shown to the person who agreed."""

    kind: ConsentKind
    locale: str
    parts: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        """SHA-256 in hex of kind, locale and wording: the version that a consent row names."""
        canonical = json.dumps(
            [self.kind.value, self.locale, [list(part) for part in self.parts]],
            ensure_ascii=False,
            separators=(",", ":"),
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    def part(self, name: str) -> str:
        """One part of the wording (title, body, purpose, ...); empty where the kind has none."""
        return dict(self.parts).get(name, "")


def needed(*, is_under_14: bool, shows_people: bool) -> frozenset[ConsentKind]:
    """The consents without which this submission cannot be handed in."""
    kinds = {kind for kind, need in NEEDS.items() if need is Need.REQUIRED}
    if shows_people:
        kinds.add(_C.PORTRAIT)
    if is_under_14:
        kinds.add(_C.GUARDIAN)
    return frozenset(kinds)


def missing(
    given: Iterable[ConsentKind], *, is_under_14: bool, shows_people: bool
) -> tuple[ConsentKind, ...]:
    """The needed consents that were not given, in the order they are asked."""
    lacking = needed(is_under_14=is_under_14, shows_people=shows_people) - frozenset(given)
    return tuple(kind for kind in ConsentKind if kind in lacking)
