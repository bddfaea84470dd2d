"""What two photographs are to each other, and how one lies in the other."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from contest.domain.alignments import LEAST_INLIERS, Alignment
from contest.domain.fingerprints import Fingerprint, Likeness
from contest.domain.pair_rule import BURST, Shot, judge_pair

NOON = datetime(2024, 8, 1, 3, tzinfo=UTC)


def prints(bits: int, phash: int = 0) -> Fingerprint:
    far = tuple((((1 << 100) - 1) << 156) ^ n for n in range(1, 8))
    value = (1 << bits) - 1
    return Fingerprint(90, (value, *far), (0,) * 8, ((1 << phash) - 1, *((1 << 256) - 1,) * 7))


def aligned(inliers: int = LEAST_INLIERS, cells: int = 5, **changes: object) -> Alignment:
    given_: dict[str, object] = {
        "homography": (0.5, 0, 20, 0, 0.5, 30, 0, 0, 1), "is_mirrored": False, "inliers": inliers, "cells": cells,
        "first_size": (512, 384), "second_size": (512, 384),
    }  # fmt: skip
    return Alignment(**(given_ | changes))  # type: ignore[arg-type]  # a mapping of mixed values


def judged(a: Shot, b: Shot, alignment: Alignment | None = None) -> Likeness | None:
    verdict = judge_pair(a, b, alignment)
    return verdict.likeness if verdict else None


def shot(bits: int, phash: int = 0, **more: object) -> Shot:
    return Shot(f"{bits:064x}", prints(bits, phash), **more)  # type: ignore[arg-type]  # a mapping of mixed values


def test_hashes_alone_stand_to_31_bits_and_need_features_or_both_hashes_to_64() -> None:
    assert judged(shot(0), shot(31)) is Likeness.NEAR_IDENTICAL
    assert judged(shot(0), shot(32)) is Likeness.SUSPECTED
    assert judged(shot(0), shot(64, 90)) is Likeness.WEAK
    assert judged(shot(0), shot(64, 90), aligned()) is Likeness.SUSPECTED
    assert judged(shot(0), shot(65)) is None


def test_features_alone_make_a_part_and_too_few_or_huddled_ones_nothing() -> None:
    assert judged(shot(0), shot(120), aligned()) is Likeness.PART
    assert judged(shot(0), shot(120), aligned(LEAST_INLIERS - 1)) is None
    assert judged(shot(0), shot(120), aligned(80, cells=2)) is None


def test_a_trimmed_border_counts_as_the_picture_within_and_alone_is_weak() -> None:
    framed = shot(120, trimmed=(1 << 20) - 1)
    assert judged(framed, shot(0)) is Likeness.WEAK
    assert judged(framed, shot(0), aligned()) is Likeness.SUSPECTED


def test_another_frame_of_one_camera_or_of_one_person_is_a_scene_and_one_exposure_is_a_copy() -> None:
    def pair(after: timedelta, **more: object) -> tuple[Shot, Shot]:
        return shot(0, device="N", taken=NOON, **more), shot(120, device="N", taken=NOON + after, **more)

    assert judged(*pair(timedelta(seconds=1)), aligned()) is Likeness.SCENE
    assert judged(*pair(BURST), aligned()) is Likeness.SCENE
    assert judged(*pair(BURST + timedelta(seconds=1)), aligned()) is Likeness.PART
    assert judged(*pair(timedelta(0)), aligned()) is Likeness.PART
    assert judged(*pair(timedelta(days=9), person="p"), aligned()) is Likeness.SCENE


SHOTS = st.builds(
    shot, st.integers(0, 140), st.integers(0, 140),
    trimmed=st.none() | st.integers(0, 90).map(lambda bits: (1 << bits) - 1),
    device=st.sampled_from((None, "N", "S")), person=st.sampled_from((None, "p", "q")),
    taken=st.none() | st.integers(0, 1500).map(lambda s: NOON + timedelta(seconds=s)),
)  # fmt: skip


@given(SHOTS, SHOTS, st.none() | st.builds(aligned, st.integers(5, 40), st.integers(1, 16)))
def test_a_verdict_is_the_same_whichever_came_first(a: Shot, b: Shot, alignment: Alignment | None) -> None:
    one, other = judge_pair(a, b, alignment), judge_pair(b, a, alignment)
    assert (one is None) == (other is None)
    if one and other:
        assert (one.likeness, one.pdq, one.phash) == (other.likeness, other.pdq, other.phash)


@given(SHOTS, SHOTS, st.integers(LEAST_INLIERS, 90))
def test_more_evidence_never_makes_a_pair_vanish(a: Shot, b: Shot, inliers: int) -> None:
    assume(judge_pair(a, b, None) is not None)
    assert judge_pair(a, b, aligned(inliers)) is not None


@given(
    st.tuples(
        st.floats(0.2, 3),
        st.floats(-3, 3),
        st.floats(-200, 200),
        st.floats(-200, 200),
        st.floats(-1e-4, 1e-4),
    ),
    st.booleans(),
)
def test_turned_round_twice_is_where_it_was(values: tuple[float, ...], mirror: bool) -> None:
    scale, angle, x, y, tilt = values
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    one = aligned(homography=(c, -s, x, s, c, y, tilt, 0, 1), is_mirrored=mirror, second_size=(640, 400))
    there, back = one.outline(), one.turned_round().turned_round().outline()
    assert all(
        abs(p - q) < 1e-5
        for left, right in zip(there, back, strict=True)
        for p, q in zip(left, right, strict=True)
    )
    # a corner of the second, taken to the first and back, is that corner
    corner = one.turned_round()._place((0.0, 0.0))
    again = one._place(corner)
    assert abs(again[0]) < 1e-3
    assert abs(again[1]) < 1e-3


def test_an_alignment_is_kept_whole() -> None:
    assert Alignment.from_document(aligned(33).to_document()) == aligned(
        33, homography=(0.5, 0.0, 20.0, 0.0, 0.5, 30.0, 0.0, 0.0, 1.0)
    )
    assert aligned().degrees == 0
    assert aligned(homography=(0, -1, 384, 1, 0, 0, 0, 0, 1)).degrees == 90
