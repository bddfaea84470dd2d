"""When works may be decided on, how long a decision may be answered, names in texts, the sketch of a place."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.actors import Role
from contest.domain.boundary_sketch import sketch
from contest.domain.errors import Conflict, Invalid
from contest.domain.exif import Coordinate
from contest.domain.names_in_text import find_names
from contest.domain.place import BAND_METRES, Polygon, Whereabouts, place
from contest.domain.schedule import KST, is_working_day, korean_day
from contest.domain.screening_decisions import (
    may_decide,
    parse_reason,
    reply_deadline,
    require_decidable,
    require_reply_period,
)
from contest.domain.stage_moves import movers
from contest.domain.stages import MOVES, Stage
from contest.infra.boundaries import load_district

CLOSES = dt.datetime(2024, 8, 30, 18, 0, tzinfo=KST)
JUDGING = dt.datetime(2024, 9, 5, 9, 0, tzinfo=KST)
HANGUL = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=4)
PLAIN = st.text(st.sampled_from("봄여름가을겨울 산길에서 본 빛."), max_size=60)


@given(st.sampled_from(list(Stage)), st.integers(-3, 3), st.integers(0, 2))
def test_decisions_lie_between_the_last_change_and_the_first_score(
    stage: Stage, hours: int, grace: int
) -> None:
    now, minutes = CLOSES + dt.timedelta(hours=hours), grace * 60
    allowed = may_decide(stage, CLOSES, minutes, now)
    assert allowed is (stage in {Stage.OPEN, Stage.SCREENING} and hours >= grace)
    if not allowed:
        with pytest.raises(Conflict):
            require_decidable(stage, CLOSES, minutes, now)


@given(
    st.integers(0, 60 * 24 * 60).map(lambda n: CLOSES + dt.timedelta(minutes=n)),
    st.frozensets(st.dates(dt.date(2024, 8, 1), dt.date(2024, 10, 20)), max_size=8),
    st.integers(1, 5),
)
def test_an_answer_has_its_working_days_unless_judging_begins_sooner(now, days_off, days: int) -> None:
    due = reply_deadline(now, JUDGING, days_off, days)
    assert due > now
    if now < JUDGING:
        assert due <= JUDGING
        require_reply_period(due, JUDGING, now)
    if due != JUDGING:
        between = (korean_day(due) - korean_day(now)).days
        after = (korean_day(now) + dt.timedelta(days=n) for n in range(1, between + 1))
        assert sum(is_working_day(day, days_off) for day in after) == days


def test_two_working_days_after_a_friday_is_tuesday_evening() -> None:
    friday = dt.datetime(2024, 8, 30, 19, 0, tzinfo=KST)
    assert reply_deadline(friday, JUDGING, frozenset()) == dt.datetime(2024, 9, 3, 18, 0, tzinfo=KST)


def test_other_reasons_must_be_told() -> None:
    assert parse_reason("copy", " ") == ("copy", None)
    with pytest.raises(Invalid, match="screening.note_missing"):
        parse_reason("other", " ")
    with pytest.raises(Invalid, match="screening.note_length"):
        parse_reason("other", "가" * 501)


def test_only_leaving_entry_is_routine() -> None:
    assert {target for _, target in MOVES if Role.OPERATOR in movers(target)} == {Stage.SCREENING}


@given(HANGUL, PLAIN, PLAIN, st.booleans())
def test_the_entrants_own_name_is_found_and_never_repeated_in_full(
    name: str, before: str, after: str, spaced: bool
) -> None:
    written = " ".join(name) if spaced else name
    found = find_names((f"{before} {written} {after}", None), name)
    assert found
    assert name not in found


@given(
    st.sampled_from(
        [
            "@geumcheon_hong",
            "hong@example.kr",
            "https://example.kr/a",
            "010-1234-5678",
            "사진: 홍길동",
            "촬영자 : 김금천",
        ]
    ),
    PLAIN,
)
def test_marks_of_authorship_are_found_wherever_they_stand(mark: str, words: str) -> None:
    assert find_names((words, f"{words} {mark} "), None)


@given(PLAIN)
def test_ordinary_words_are_left_in_peace(words: str) -> None:
    assert find_names((words, words), "홍길동") == ()


@given(st.floats(37.3, 37.6), st.floats(126.7, 127.1))
def test_every_point_lies_within_the_drawing(latitude: float, longitude: float) -> None:
    land = Polygon.of([[(126.87, 37.44), (126.92, 37.44), (126.92, 37.49), (126.87, 37.49)]])
    drawn = sketch([land], [("exif", Coordinate(latitude, longitude))])
    (mark,) = drawn.marks
    assert 0 <= mark.x <= drawn.width
    assert 0 <= mark.y <= drawn.height
    assert drawn.path.startswith("M")
    assert drawn.path.endswith("Z")


@given(
    latitude=st.floats(37.42, 37.49, allow_nan=False),
    longitude=st.floats(126.86, 126.94, allow_nan=False),
)
def test_the_closeup_shows_the_distance_that_was_measured(latitude: float, longitude: float) -> None:
    district = load_district()
    point = Coordinate(latitude, longitude)
    placing = place(point, district)
    drawn = sketch(district.land, [("declared", Coordinate(37.4569, 126.8955)), ("exif", point)])
    if abs(placing.metres - BAND_METRES) > 2:  # the drawing has two decimals
        assert (drawn.closeup is not None) == (placing.where is Whereabouts.NEAR)
    if drawn.closeup is not None:
        shown = math.dist((drawn.closeup.x, drawn.closeup.y), (drawn.closeup.line_x, drawn.closeup.line_y))
        assert abs(shown / drawn.band * BAND_METRES - placing.metres) < 2
