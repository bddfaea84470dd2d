"""Codes and orders that tell nothing about who entered or when, and that a fixed source of chance repeats."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Conflict, Invalid
from judging.domain.blinding import CODE_SPACE, common_numbers, judge_order, work_codes

SEED = bytes(range(16))
sets_of_entries = st.sets(st.text("0123456789abcdef", min_size=1, max_size=8), max_size=60)


@given(sets_of_entries, st.integers(0, 9))
def test_codes_are_distinct_readable_and_repeatable(entries: set[str], seed: int) -> None:
    codes = work_codes(entries, Random(seed).randbytes)
    assert set(codes) == entries
    assert len(set(codes.values())) == len(entries)
    assert all(re.fullmatch(r"[AEFHKLMRTWXY]{2}-[2-8]{3}", code) for code in codes.values())
    assert codes == work_codes(sorted(entries, reverse=True), Random(seed).randbytes)


@given(sets_of_entries, st.randoms())
def test_an_order_is_a_judges_own_and_independent_of_arrival(entries: set[str], chance: Random) -> None:
    arrived = sorted(entries)
    chance.shuffle(arrived)
    order = judge_order(arrived, SEED, "j1")
    assert sorted(order) == sorted(entries)
    assert order == judge_order(sorted(entries), SEED, "j1")
    numbers = common_numbers(arrived, Random(1).randbytes)
    assert sorted(numbers.values()) == [f"{n:03d}" for n in range(1, len(entries) + 1)]


def test_judges_and_seeds_differ() -> None:
    entries = [f"{n:03d}" for n in range(50)]
    orders = {
        judge_order(entries, seed, judge) for seed in (SEED, SEED[::-1]) for judge in ("j1", "j2", "j3")
    }
    assert len(orders) == 6


def test_the_order_says_nothing_about_arrival() -> None:
    entries = [f"{n:03d}" for n in range(500)]
    for order in (
        judge_order(entries, SEED, "j1"),
        tuple(sorted(entries, key=work_codes(entries, Random(7).randbytes).__getitem__)),
        tuple(sorted(entries, key=common_numbers(entries, Random(7).randbytes).__getitem__)),
    ):
        squares = sum((place - int(entry)) ** 2 for place, entry in enumerate(order))
        rho = 1 - 6 * squares / (500 * (500**2 - 1))
        assert abs(rho) < 0.1


def test_what_cannot_be_blinded_is_refused() -> None:
    with pytest.raises(Invalid) as twice:
        work_codes(["a", "a"], Random(1).randbytes)
    assert twice.value.code == "blinding.entry_twice"
    with pytest.raises(Invalid) as short:
        judge_order(["a"], b"short", "j1")
    assert short.value.code == "blinding.seed_short"
    with pytest.raises(Conflict) as many:
        work_codes((str(n) for n in range(CODE_SPACE // 2 + 1)), Random(1).randbytes)
    assert many.value.code == "blinding.too_many"
