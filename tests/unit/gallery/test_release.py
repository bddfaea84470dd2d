"""When results are public, whose names they show, in which order, in which words."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Conflict, Denied, Invalid
from contest.domain.ruleset import NameDisplay
from gallery.domain.captions import default_alternative_text, exhibition_name, parse_alternative_text
from gallery.domain.credits import Credit, is_masked, masked_afterwards, shown_names
from gallery.domain.release import (
    Release,
    Standing,
    check_approver,
    check_hold,
    check_reason,
    check_withdrawal,
    reminder_due,
    resumed_minute,
)
from gallery.domain.selection import in_order, neighbours
from gallery.domain.self_check import Expected, Seen, judge
from gallery.domain.winners_notice import Line, Office, winners_notice

T = dt.datetime(2024, 10, 1, 1, 0, tzinfo=dt.UTC)
instants = st.integers(0, 60 * 86_400_000_000).map(
    lambda n: dt.datetime(2024, 9, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=n)
)


@given(now=instants, edition=st.none() | instants, approved=st.none() | instants, held=st.booleans())
def test_public_needs_an_approval_no_hold_and_both_minutes(now, edition, approved, held):
    release = Release(edition, approved, held)
    expected = approved is not None and not held and approved <= now and (edition is None or edition <= now)
    assert release.is_public(now) == expected


@given(now=instants, minute=instants)
def test_the_minute_itself_is_public_and_not_a_microsecond_before(now, minute):
    release = Release(minute, minute, is_held=False)
    assert release.is_public(minute)
    assert not release.is_public(minute - dt.timedelta(microseconds=1))
    if release.is_public(now):
        with pytest.raises(Conflict, match=r"publication\.public"):
            check_hold(release, now)
    else:
        check_hold(release, now)


def test_a_hold_in_the_last_second_is_taken():
    check_hold(Release(T, T, is_held=False), T - dt.timedelta(seconds=1))
    check_hold(Release(T, T, is_held=False), T - dt.timedelta(microseconds=1))


def test_an_amended_minute_outdates_an_earlier_approval():
    later = T + dt.timedelta(days=3)
    release = Release(later, T, is_held=False)
    assert release.is_outdated
    assert release.minute == later
    assert not release.is_public(T)
    assert not Release(T, later, is_held=False).is_outdated


def test_withdrawing_needs_an_approval_that_is_not_public_yet():
    with pytest.raises(Conflict, match="not_approved"):
        check_withdrawal(Release(T, None, is_held=False), T)
    with pytest.raises(Conflict, match=r"publication\.public"):
        check_withdrawal(Release(T, T, is_held=False), T)
    check_withdrawal(Release(T, T, is_held=True), T + dt.timedelta(days=1))


def test_whoever_prepared_may_not_approve():
    check_approver("a", frozenset({"b"}))
    with pytest.raises(Denied):
        check_approver("a", frozenset({"a", "b"}))


def test_after_a_hold_the_minute_is_the_wanted_one_the_approved_one_or_now():
    held = Release(T, T, is_held=True)
    before, after = T - dt.timedelta(hours=1), T + dt.timedelta(hours=1)
    assert resumed_minute(held, None, before) == T
    assert resumed_minute(held, None, after) == after
    assert resumed_minute(held, after, T) == after
    assert resumed_minute(Release(T, None, is_held=True), after, T) is None
    with pytest.raises(Invalid):
        resumed_minute(held, before, after)


def test_reminders_come_a_day_and_an_hour_before_and_at_the_minute():
    second = dt.timedelta(seconds=1)
    assert reminder_due(T, T - dt.timedelta(days=1) - second) is None
    assert reminder_due(T, T - dt.timedelta(days=1)) == "day"
    assert reminder_due(T, T - dt.timedelta(hours=1) - second) == "day"
    assert reminder_due(T, T - dt.timedelta(hours=1)) == "hour"
    assert reminder_due(T, T) == "minute"
    assert reminder_due(None, T) is None


def test_standing_is_one_of_four():
    assert Release(T, None, is_held=False).standing(T) is Standing.UNAPPROVED
    assert Release(T, T, is_held=True).standing(T) is Standing.HELD
    assert Release(T, T, is_held=False).standing(T - dt.timedelta(1)) is Standing.SCHEDULED
    assert Release(T, T, is_held=False).standing(T) is Standing.PUBLISHED


@pytest.mark.parametrize("reason", ["", "  ", "네", "a  b"])
def test_a_reason_says_something(reason):
    with pytest.raises(Invalid):
        check_reason(reason)


def test_names_are_whole_only_where_allowed_and_agreed():
    people = [Credit("2024-0001-1", "홍길동", True), Credit("2024-0002-1", "김금천", False)]
    assert shown_names(people, NameDisplay.FULL_WITH_CONSENT) == {
        "2024-0001-1": "홍길동",
        "2024-0002-1": "김*천",
    }
    assert shown_names(people, NameDisplay.MASKED) == {"2024-0001-1": "홍*동", "2024-0002-1": "김*천"}


def test_two_masked_alike_are_told_apart_by_their_number():
    people = [Credit("2024-0012-1", "김철수", False), Credit("2024-0034-2", "김영수", False)]
    assert shown_names(people, NameDisplay.FULL_WITH_CONSENT) == {
        "2024-0012-1": "김*수(2024-0012-1)",
        "2024-0034-2": "김*수(2024-0034-2)",
    }


def test_works_stand_by_tier_and_number_never_by_rank():
    works = [("selected", "2024-0010-1"), ("grand", "2024-0100-1"), ("selected", "2024-0009-2")]
    shown = in_order(works, ["grand", "selected"], lambda w: w[0], lambda w: w[1])
    assert shown == [works[1], works[2], works[0]]
    assert neighbours(["a", "b", "c"], "b") == ("a", "c")
    assert neighbours(["a", "b"], "a") == (None, "b")
    assert neighbours(["a"], "x") == (None, None)


def test_files_of_the_exhibition_have_names_every_system_takes():
    assert (
        exhibition_name("대상", "2024-0001-1", "안양천의 아침", "jpg") == "대상_2024-0001-1_안양천의 아침.jpg"
    )
    assert exhibition_name("대상", "2024-0001-1", "../a/b:c*?", ".PNG") == "대상_2024-0001-1_a b c.png"
    assert exhibition_name("대상", "1", "", "jpg") == "대상_1_무제.jpg"
    assert exhibition_name("대상", "1", "가\u202e나", "jpg") == "대상_1_가나.jpg"
    decomposed = "\u1100\u1161"
    assert exhibition_name("대상", "1", decomposed, "jpg") == "대상_1_가.jpg"


@given(tier=st.text(max_size=10), number=st.text(max_size=12), title=st.text(max_size=80))
def test_no_title_makes_a_path(tier, number, title):
    name = exhibition_name(tier, number, title, "jpg")
    assert not set(name) & set('/\\:*?"<>|\x00\n\r')
    assert not name.startswith(".")
    assert name.endswith(".jpg")
    assert len(name) <= 10 + 12 + 40 + 10


def test_alternative_text_falls_back_to_title_and_place():
    assert default_alternative_text("노을", "호암산") == "호암산에서 찍은 사진, 제목 「노을」"
    assert default_alternative_text("노을", None) == "제목 「노을」의 사진"
    assert parse_alternative_text("  해가\n지는  산 ") == "해가 지는 산"
    assert parse_alternative_text("   ") is None


def test_the_notice_holds_every_line_and_the_sum():
    office = Office(
        "제2회 공모전", "금천구", "금천구청장", "따로 알립니다.", "계좌로 드립니다.", "홍보팀", "02-1"
    )
    lines = [
        Line("대상", 500_000, "2024-0001-1", "아침", "김*천"),
        Line("입선", 50_000, "2024-0002-1", "저녁", "이*흥"),
    ]
    text = winners_notice(office, lines, T, "http://localhost/results")
    assert "1. 발표 일시: 2024. 10. 1.(화) 10:00" in text
    assert "2점 (상금 합계 550,000원)" in text
    assert "2\t입선\t2024-0002-1\t저녁\t이*흥" in text
    assert text.endswith("금천구청장")


def _seen(**changed):
    whole = {"page_status": 200, "linked": frozenset({"a", "b"}), "amounts": {"a": 5, "b": 7}, "pictures": 2}
    return Seen(**(whole | changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"page_status": 500},
        {"linked": frozenset({"a"})},
        {"amounts": {"a": 5, "b": 8}},
        {"amounts": {"a": 5}},
        {"pictures": 1},
    ],
)
def test_one_thing_missing_is_a_failure(changed):
    expected = Expected({"a": 5, "b": 7})
    assert judge(expected, _seen()).ok
    assert not judge(expected, _seen(**changed)).ok


def test_nothing_published_is_no_success():
    assert not judge(Expected({}), _seen(linked=frozenset(), amounts={}, pictures=0)).ok


NAMES = ("김금천", "김은천", "남궁민수", "이*흥", "김*천", "김*천(2024-0009-1)", "KIM MINSU", "")


@given(st.dictionaries(st.integers(1, 9999).map(lambda n: f"2024-{n:04}-1"), st.sampled_from(NAMES)))
def test_names_masked_afterwards_show_nobody_whole_and_stay_apart(shown: dict[str, str]) -> None:
    after = masked_afterwards(shown)
    assert after.keys() == shown.keys()
    for number, name in shown.items():
        assert after[number] == name if is_masked(name) or not name else is_masked(after[number])
    fresh = [after[number] for number, name in shown.items() if name and not is_masked(name)]
    assert len(fresh) == len(set(fresh))
    assert masked_afterwards(after) == after
