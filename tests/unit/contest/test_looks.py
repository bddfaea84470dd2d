"""Numbers measured on a picture, and what may be said of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.looks import Looks, find_in_looks
from contest.domain.photo_facts import PhotoFacts
from contest.infra.texts import findings as _sentences  # noqa: F401  registers the sentences of findings
from contest.infra.texts import text

SHARP = Looks(
    spread=60.0,
    texture=15.0,
    band=0.9,
    band95=0.95,
    long_side=2048,
    bordered_sides=0,
    stamp_glyphs=0,
    letter_run=3,
    thumbnail=0.98,
)


def kinds(looks: Looks) -> list[str]:
    found = list(find_in_looks(looks, {}))
    for one in found:
        assert text("ko", one.code, **one.facts)
    return [one.kind.value for one in found]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"band": 0.58, "band95": 0.67}, ["upscaled"]),
        ({"band": 0.59, "band95": 0.78}, []),  # detail fades: out of focus, not enlarged
        ({"band": 0.58, "band95": 0.67, "texture": 4.0}, []),  # too smooth to tell
        ({"band": 0.2, "band95": 0.25}, ["soft"]),
        ({"bordered_sides": 2}, []),
        ({"bordered_sides": 3}, ["border"]),
        ({"stamp_glyphs": 5}, ["date_stamp"]),
        ({"letter_run": 12}, ["watermark"]),
        ({"repeated_shapes": 3}, []),
        ({"repeated_shapes": 4}, ["watermark"]),
        ({"repeated_shapes": 9, "letter_run": 12}, ["watermark"]),
        ({"thumbnail": 0.1}, ["thumbnail_differs"]),
        ({"spread": 0.5, "bordered_sides": 4, "letter_run": 99}, ["blank"]),
    ],
)
def test_each_number_says_one_thing(changes: dict[str, float], found: list[str]) -> None:
    assert kinds(replace(SHARP, **changes)) == found


def test_the_size_of_the_detail_is_told() -> None:
    (found,) = find_in_looks(replace(SHARP, band=0.58, band95=0.67), {})
    assert found.facts == {"pixels": 1100}


def test_what_an_older_version_did_not_measure_says_nothing() -> None:
    old = PhotoFacts.from_document({"exif": {}, "marks": {"has_c2pa": True}})
    assert (old.looks, kinds(old.looks)) == (Looks(), [])


@given(st.builds(Looks, band=st.floats(0, 1), spread=st.floats(0, 127), letter_run=st.integers(0, 99)))
def test_looks_come_back_from_their_row_as_they_went(looks: Looks) -> None:
    assert PhotoFacts.from_document(PhotoFacts(looks=looks).to_document()).looks == looks
