"""A judge's PIN: six digits or more, typed twice, not one that anybody would try first."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from contest.domain.errors import Invalid

LEAST = 6
MOST = 20


def parse_pin(typed: str) -> str:
    """The digits of a PIN as typed, full-width ones and spaces put right; whatever it holds."""
    return "".join(unicodedata.normalize("NFKC", typed).split())


def check_new_pin(typed: str, again: str) -> str:
    """The new PIN. Raises Invalid `pin.short`, `pin.digits`, `pin.simple` (field pin), `pin.differs` (again)."""
    pin = parse_pin(typed)
    if not pin.isascii() or not pin.isdigit():
        raise Invalid("pin.digits", field="pin", least=LEAST)
    if not LEAST <= len(pin) <= MOST:
        raise Invalid("pin.short", field="pin", least=LEAST, most=MOST)
    steps = {int(right) - int(left) for left, right in pairwise(pin)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:  # 111111, 123456, 987654
        raise Invalid("pin.simple", field="pin")
    if parse_pin(again) != pin:
        raise Invalid("pin.differs", field="again")
    return pin
