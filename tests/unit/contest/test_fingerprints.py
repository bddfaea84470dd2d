"""The decision on a pair of photographs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.fingerprints import Fingerprint, Likeness, PairVerdict, Photograph, decide, distance


def fingerprint(
    *, flipped: int = 0, phash_flipped: int = 0, quality: int = 90, turned: int = 0
) -> Fingerprint:
    """A fingerprint that differs from the plain one in so many bits."""
    base = int.from_bytes(b"\x5a" * 32)
    pdq = [base ^ ((1 << 256) - 1)] * 8
    pdq[turned] = base ^ ((1 << flipped) - 1)
    phash = [base ^ ((1 << 256) - 1)] * 8
    phash[turned] = base ^ ((1 << phash_flipped) - 1)
    return Fingerprint(quality, tuple(pdq), (0,) * 8, tuple(phash))


def pair(same: bool = False, **other: Any) -> PairVerdict | None:
    return decide(
        Photograph("a" * 64, fingerprint(**other)), Photograph("a" * 64 if same else "b" * 64, fingerprint())
    )


@pytest.mark.parametrize(
    ("bits", "likeness"),
    [(0, "near_identical"), (31, "near_identical"), (32, "suspected"), (64, "suspected"), (65, None)],
)
def test_distance_decides(bits: int, likeness: str | None) -> None:
    verdict = pair(flipped=bits)
    assert (verdict and verdict.likeness) == likeness
    if verdict:
        assert (verdict.pdq, verdict.phash256, verdict.vote) == (bits, 0, True)


def test_the_same_file_is_identical_whatever_its_hashes() -> None:
    verdict = pair(same=True, flipped=200, phash_flipped=200, quality=3)
    assert verdict is not None
    assert verdict.likeness is Likeness.IDENTICAL
    bare = decide(Photograph("a" * 64, None), Photograph("a" * 64, None))
    assert bare is not None
    assert (bare.likeness, bare.vote) == (Likeness.IDENTICAL, None)
    assert decide(Photograph("a" * 64, None), Photograph("b" * 64, fingerprint())) is None


def test_phash_votes_and_both_distances_are_kept() -> None:
    verdict = pair(flipped=40, phash_flipped=100)
    assert verdict is not None
    assert (verdict.pdq, verdict.phash256, verdict.vote, verdict.is_weak) == (40, 100, False, True)
    near = pair(flipped=10, phash_flipped=100)
    assert near is not None
    assert (near.likeness, near.vote, near.is_weak) == (Likeness.NEAR_IDENTICAL, False, False)


def test_a_picture_without_detail_is_only_suspected_and_only_with_both_votes() -> None:
    foggy = pair(flipped=0, quality=49)
    assert foggy is not None
    assert foggy.likeness is Likeness.SUSPECTED
    assert pair(flipped=0, phash_flipped=72, quality=49) is None


def test_a_turned_copy_is_found_and_its_turn_named() -> None:
    verdict = pair(flipped=3, turned=5)
    assert verdict is not None
    assert (verdict.likeness, verdict.orientation) == (Likeness.NEAR_IDENTICAL, 5)


hashes256 = st.lists(st.integers(0, 2**256 - 1), min_size=8, max_size=8).map(tuple)
hashes64 = st.lists(st.integers(0, 2**64 - 1), min_size=8, max_size=8).map(tuple)
fingerprints = st.builds(Fingerprint, st.integers(0, 100), hashes256, hashes64, hashes256)


@given(fingerprints)
def test_packing_loses_nothing(one: Fingerprint) -> None:
    packed = one.pack()
    assert len(packed) == 577
    assert Fingerprint.unpack(packed) == one


def test_other_bytes_are_no_fingerprint() -> None:
    with pytest.raises(ValueError, match="fingerprint"):
        Fingerprint.unpack(b"\0" * 576)


@given(fingerprints, fingerprints, st.integers(0, 2**256 - 1))
def test_a_pair_has_one_verdict_whichever_came_first(one: Fingerprint, other: Fingerprint, mask: int) -> None:
    near = Fingerprint(
        other.quality, (one.pdq[3] ^ (mask & 0xFFFF), *other.pdq[1:]), other.phash64, other.phash256
    )
    for right in (other, near):
        there = decide(Photograph("a", one), Photograph("b", right))
        back = decide(Photograph("b", right), Photograph("a", one))
        assert (there and (there.likeness, there.pdq, there.phash256, there.phash64, there.vote)) == (
            back and (back.likeness, back.pdq, back.phash256, back.phash64, back.vote)
        )


@given(st.integers(0, 2**256 - 1), st.integers(0, 2**256 - 1), st.integers(0, 2**256 - 1))
def test_distance_is_a_metric(a: int, b: int, c: int) -> None:
    assert distance(a, a) == 0
    assert distance(a, b) == distance(b, a)
    assert distance(a, c) <= distance(a, b) + distance(b, c)
