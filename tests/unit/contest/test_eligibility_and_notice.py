"""Eligibility from plain facts, and the 공고문 of the seed."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import contest.domain
from contest.domain.eligibility import EntryFacts, is_in_time, judge_entry, judge_submission
from contest.domain.errors import Invalid
from contest.domain.notice import build_notice
from contest.domain.rules import parse
from contest.domain.schedule import Schedule
from contest.domain.screening import FindingKind, Verdict, verdict

SEED = json.loads(
    (Path(contest.domain.__file__).resolve().parents[1] / "data/edition-2024.json").read_text("utf-8")
)
RULES = parse(SEED["document"])
SCHEDULE = Schedule.from_document(SEED["schedule"])
GOOD = EntryFacts("JPEG", 3000, 2000, 5_000_000, date(2024, 5, 1), has_place=True)
DEADLINE = datetime(2024, 8, 30, 9, tzinfo=UTC)


def kinds(facts: EntryFacts) -> list[FindingKind]:
    return [f.kind for f in judge_entry(facts, RULES.entry, RULES.grades)]


def test_a_good_entry_has_no_findings() -> None:
    assert kinds(GOOD) == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"format": "HEIC"}, FindingKind.FORMAT),
        ({"width": 2999}, FindingKind.TOO_SMALL),
        ({"bytes": 20 * 1024 * 1024 + 1}, FindingKind.TOO_MANY_BYTES),
        ({"has_place": False}, FindingKind.PLACE_MISSING),
        ({"taken_on": date(2023, 6, 29)}, FindingKind.TAKEN_OUTSIDE_WINDOW),
        ({"taken_on": date(2024, 9, 1)}, FindingKind.TAKEN_OUTSIDE_WINDOW),
    ],
)
def test_each_rule_speaks(change: dict[str, Any], kind: FindingKind) -> None:
    assert kinds(dataclasses.replace(GOOD, **change)) == [kind]


def test_limits_themselves_are_taken() -> None:
    assert kinds(dataclasses.replace(GOOD, width=2000, height=3000, bytes=20 * 1024 * 1024)) == []
    for day in (date(2023, 6, 30), date(2024, 8, 31)):
        assert kinds(dataclasses.replace(GOOD, taken_on=day)) == []


def test_a_byte_over_the_limit_does_not_read_as_the_limit() -> None:
    over = dataclasses.replace(GOOD, bytes=20 * 1024 * 1024 + 1)
    assert judge_entry(over, RULES.entry, RULES.grades)[0].facts == {"megabytes": "20.01", "most": "20"}


def test_too_many_and_too_late_are_unfit() -> None:
    found = judge_submission(3, DEADLINE, RULES.entry, SCHEDULE, RULES.grades)
    assert [f.kind for f in found] == [FindingKind.OVER_CAP, FindingKind.LATE]
    assert found[1].facts["deadline"] == "2024. 8. 30.(금) 18:00"
    assert verdict(found) is Verdict.UNFIT
    early = DEADLINE - timedelta(microseconds=1)
    assert judge_submission(2, early, RULES.entry, SCHEDULE, RULES.grades) == ()


@given(st.integers(-7200, 7200), st.integers(0, 60), st.none() | st.integers(-7200, 7200))
def test_grace_helps_only_uploads_begun_before_the_deadline(
    received: int, grace: int, began: int | None
) -> None:
    at = DEADLINE + timedelta(seconds=received)
    start = None if began is None else DEADLINE + timedelta(seconds=began)
    in_grace = began is not None and began < 0 and received < grace * 60
    assert is_in_time(at, DEADLINE, grace, start) is (received < 0 or in_grace)


def test_the_notice_carries_every_value() -> None:
    notice = build_notice(RULES, SCHEDULE, "https://photo.example/")
    assert [line for line in notice.splitlines() if re.match(r"\d+\. [가-힣]", line)] == [
        "1. 공모개요",
        "2. 출품규격",
        "3. 접수방법",
        "4. 심사",
        "5. 공개검증",
        "6. 결과발표",
        "7. 시상내역",
        "8. 저작권",
        "9. 유의사항",
        "10. 개인정보",
        "11. 문의",
    ]
    for value in (
        "2024. 8. 9.(금) 09:00 ~ 8. 30.(금) 18:00까지",
        "긴 변 3,000픽셀 이상",
        "20MB 이하",
        "1인 2점 이내",
        "9. 28.(토) 18:00 (10일)",
        "2024. 10. 1.(화) 10:00",
        "25명, 3,000,000원(금삼백만원정)",
        "주제적합성 30점, 창의성 25점, 작품성 25점, 활용성 20점",
        "02-2627-1234",
        "https://photo.example/",
        "응모자 3개월, 수상자 5년",
    ):
        assert value in notice
    assert not re.search(r": *$|\[ *\]|○", notice, re.MULTILINE)


def test_the_notice_follows_the_edition() -> None:
    changed = dataclasses.replace(RULES, entry=dataclasses.replace(RULES.entry, works_per_person=3))
    before, after = (build_notice(r, SCHEDULE, "x").splitlines() for r in (RULES, changed))
    assert [(b, a) for b, a in zip(before, after, strict=True) if a != b] == [
        ("  라. 출품 수: 1인 2점 이내", "  라. 출품 수: 1인 3점 이내")
    ]


def test_a_notice_with_many_tiers_loses_none() -> None:
    tiers = tuple(dataclasses.replace(RULES.prizes.tiers[0], code=f"t{n}", amount=1000) for n in range(16))
    scheme = dataclasses.replace(RULES.prizes, tiers=tiers, winners=16, budget=16_000)
    notice = build_notice(dataclasses.replace(RULES, scheme=scheme), SCHEDULE, "x")
    assert notice.count("대상: 1명, 각 1,000원") == 16
    assert "  하. 대상" in notice
    assert "  거. 대상" in notice
    assert "  너. 대상" in notice


def test_an_unfinished_edition_has_no_notice() -> None:
    with pytest.raises(Invalid):
        build_notice(RULES, dataclasses.replace(SCHEDULE, publish_at=None), "x")
    with pytest.raises(Invalid):
        build_notice(dataclasses.replace(RULES, scheme=None), SCHEDULE, "x")
