"""Where two files part ways in what they say of their making."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.capture_chain import Chain, differing
from contest.domain.exif import CaptureTime
from contest.domain.provenance import Provenance

TAKEN = CaptureTime(dt.datetime(2024, 5, 4, 8, 30, tzinfo=dt.UTC), zone_known=True)
WHOLE = Chain(
    TAKEN,
    "samsung SM-S928N",
    "6.3mm f/1.7",
    "S928N",
    4000,
    3000,
    4_000_000,
    provenance=Provenance(editors=("Snapseed",)),
)
words = st.none() | st.sampled_from(["one", "other"])
chains = st.builds(
    Chain,
    taken=st.none() | st.just(TAKEN),
    device=words,
    lens=words,
    software=words,
    width=st.sampled_from([None, 10, 20]),
    height=st.sampled_from([None, 10, 20]),
    bytes=st.integers(0, 2),
    is_read=st.booleans(),
    provenance=st.builds(
        Provenance,
        editors=st.lists(st.sampled_from(["a", "b"]), unique=True, max_size=2).map(tuple),
        credentials=st.sampled_from(["none", "read", "remote", "damaged"]),
        signed_by=words,
    ),
)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({}, set()),
        ({"taken": None}, {"taken"}),
        ({"taken": CaptureTime(TAKEN.at, zone_known=False)}, set()),
        ({"lens": None, "device": "Canon"}, {"lens", "device"}),
        ({"provenance": Provenance()}, {"editors"}),
        ({"provenance": Provenance(editors=("Snapseed",), credentials="read")}, {"credentials"}),
        ({"height": 2000, "bytes": 1}, {"size", "bytes"}),
        ({"is_read": False, "device": None, "bytes": 1}, {"bytes"}),
    ],
)
def test_what_differs_is_named(changed: dict, named: set[str]) -> None:
    assert differing(WHOLE, dataclasses.replace(WHOLE, **changed)) == named


@given(chains, chains)
def test_both_sides_see_the_same_differences(one: Chain, other: Chain) -> None:
    assert differing(one, other) == differing(other, one)
    assert differing(one, one) == frozenset()
