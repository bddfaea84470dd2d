"""What stands for an entry before judges: random codes, a random order of each judge's own, one number later.

All randomness is a parameter, so that two contests that differ only in who entered can be made alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from contest.domain.errors import Conflict, Invalid

RandomBytes = Callable[[int], bytes]
_T = TypeVar("_T")

# Read aloud across a table: no letter or digit that looks or sounds like another (B/D/P/V, I/1, O/0 ...).
LETTERS = "AEFHKLMRTWXY"
DIGITS = "2345678"
CODE_SPACE = len(LETTERS) ** 2 * len(DIGITS) ** 3


def work_codes(entries: Iterable[str], random_bytes: RandomBytes) -> dict[str, str]:
    """A distinct random code such as 'KM-472' for each entry; call once per judge, so codes are theirs.

    Raises Invalid `blinding.entry_twice`; Conflict `blinding.too_many` (works, most) past half the codes.
    """
    listed = _distinct(entries)
    if len(listed) * 2 > CODE_SPACE:
        raise Conflict("blinding.too_many", works=len(listed), most=CODE_SPACE // 2)
    stream = _bytes_of(random_bytes)
    codes: dict[str, str] = {}
    given: set[str] = set()
    for entry in listed:
        code = _code(stream)
        while code in given:
            code = _code(stream)
        given.add(code)
        codes[entry] = code
    return codes


def judge_order(entries: Iterable[str], seed: bytes, judge: str) -> tuple[str, ...]:
    """The judge's own random order: the same for the same set, seed and judge, however the set came.

    seed: at least 16 secret random bytes of the round. Raises Invalid `blinding.seed_short`.
    """
    if len(seed) < 16:  # noqa: PLR2004  128 bits, as for every unguessable string
        raise Invalid("blinding.seed_short")
    return tuple(_shuffled(_distinct(entries), _bytes_from_seed(seed, judge)))


def common_numbers(entries: Iterable[str], random_bytes: RandomBytes) -> dict[str, str]:
    """The common 심사번호 of the panel's documents after sealing: '001'.. in an order that tells nothing."""
    order = _shuffled(_distinct(entries), _bytes_of(random_bytes))
    width = max(3, len(str(len(order))))
    return {entry: f"{number:0{width}d}" for number, entry in enumerate(order, start=1)}


def shuffled(items: Sequence[_T], random_bytes: RandomBytes) -> list[_T]:
    """The items in a random order."""
    return _shuffled(items, _bytes_of(random_bytes))


def _distinct(entries: Iterable[str]) -> list[str]:
    listed = sorted(entries)
    if len(set(listed)) < len(listed):
        raise Invalid("blinding.entry_twice")
    return listed


def _code(stream: Iterator[int]) -> str:
    letters = "".join(LETTERS[_below(len(LETTERS), stream)] for _ in range(2))
    digits = "".join(DIGITS[_below(len(DIGITS), stream)] for _ in range(3))
    return f"{letters}-{digits}"


def _shuffled(items: Sequence[_T], stream: Iterator[int]) -> list[_T]:
    shuffled = list(items)
    for last in range(len(shuffled) - 1, 0, -1):
        other = _below(last + 1, stream)
        shuffled[last], shuffled[other] = shuffled[other], shuffled[last]
    return shuffled


def _below(bound: int, stream: Iterator[int]) -> int:
    """A uniform number below `bound` (at most 2**32): the uneven rest of the range is drawn again."""
    limit = 2**32 - 2**32 % bound
    while True:
        drawn = int.from_bytes(bytes(next(stream) for _ in range(4)), "big")
        if drawn < limit:
            return drawn % bound


def _bytes_of(random_bytes: RandomBytes) -> Iterator[int]:
    while True:
        yield from random_bytes(64)


def _bytes_from_seed(seed: bytes, judge: str) -> Iterator[int]:
    counter = 0
    while True:
        yield from hashlib.sha256(b"%d\n%s\n%s" % (counter, seed.hex().encode(), judge.encode())).digest()
        counter += 1
