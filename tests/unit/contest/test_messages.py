"""Messages: every code renders with exactly what it declares; hours; channels; one line of what people wrote."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.korean import MessageKind, measure_message
from contest.domain.messages import COMMON, FORMS, SAMPLES, Channel, channels_for, sample_facts, send_window
from contest.domain.schedule import KST
from contest.infra.texts.messages import render

COMMON_FACTS = {
    "prefix": "금천구",
    "contest": "제2회 『찰칵! 렌즈로 만나는 금천』 사진 공모전",
    "office": "금천구청 소통담당관 홍보미디어팀",
    "phone": "02-2627-1234",
}
#: Groups of DOMAIN 7.2 and how many codes each has.
GROUPS = {"A": 10, "C": 5, "W": 7, "L": 2, "N": 1, "R": 2, "J": 9, "O": 9}


def test_the_table_holds_every_code_once():
    assert set(FORMS) == {f"{letter}{n}" for letter, last in GROUPS.items() for n in range(1, last + 1)}
    assert {code for code, kind in FORMS.items() if kind.at_once} == {"A1", "A5", "W1"}
    assert set(COMMON) == set(COMMON_FACTS)


def test_nothing_forbidden_can_be_named():
    names = {name for kind in FORMS.values() for name in kind.variables}
    assert names == set(SAMPLES)
    assert not names & {"score", "rank", "account_number", "bank", "phone_of", "objector"}
    told = {kind.to.value for kind in FORMS.values() if "judge" in kind.variables}
    assert told == {"staff"}


@pytest.mark.parametrize("code", FORMS)
@pytest.mark.parametrize("locale", ["ko", "en", "zh"])
def test_every_code_renders_what_it_declares(code, locale):
    facts = {**sample_facts(code), **COMMON_FACTS}
    title, sms, mail = render(code, locale, facts)
    assert title.startswith("[금천구] ")
    assert sms.startswith("[금천구] ")
    for text in (title, sms, mail):
        assert not re.search(r"\{(?!link)", text)
    for name in facts:
        with pytest.raises(ValueError):
            render(code, locale, {n: v for n, v in facts.items() if n != name})
    with pytest.raises(ValueError):
        render(code, locale, {**facts, "score": 91})


@pytest.mark.parametrize("code", FORMS)
def test_a_korean_text_message_is_readable_on_a_telephone(code):
    _, sms, _ = render(code, "ko", {**sample_facts(code), **COMMON_FACTS})
    address = "https://photo.geumcheon.go.kr/receipt/" + "a" * 60
    size = measure_message(re.sub(r"\{link[^}]*\}", address, sms))
    assert size.kind is not MessageKind.TOO_LONG
    assert size.unencodable == ()


@given(st.text(max_size=80))
def test_what_people_write_stays_one_line_without_a_link_of_its_own(written):
    facts = {**sample_facts("C1"), **COMMON_FACTS, "title": written}
    title, sms, mail = render("C1", "ko", facts)
    assert not [c for c in title + sms if unicodedata.category(c) in {"Cc", "Zl", "Zp"}]
    assert sms.count("{link") == mail.count("{link") == 1


@given(st.text(max_size=60))
def test_bytes_are_two_for_all_but_ascii(written):
    facts = {**sample_facts("A10"), **COMMON_FACTS, "prefix": written}
    _, sms, _ = render("A10", "ko", facts)
    composed = unicodedata.normalize("NFC", sms)
    assert measure_message(sms).bytes == len(composed) + sum(not c.isascii() for c in composed)


@given(st.integers(0, 2 * 366 * 86_400_000_000), st.sampled_from(sorted(FORMS)))
def test_messages_leave_by_day_unless_they_must_leave_at_once(microseconds, code):
    now = dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=microseconds)
    due = send_window(now, code)
    if FORMS[code].at_once:
        assert due == now
        return
    local = due.astimezone(KST).time()
    assert dt.time(9) <= local < dt.time(20)
    assert dt.timedelta() <= due - now <= dt.timedelta(hours=13)
    assert due == now or local == dt.time(9)


def test_hours_are_half_open():
    night = dt.datetime(2024, 8, 20, 20, 0, tzinfo=KST)
    assert send_window(night - dt.timedelta(microseconds=1), "A3") == night - dt.timedelta(microseconds=1)
    assert send_window(night, "A3") == dt.datetime(2024, 8, 21, 9, 0, tzinfo=KST)
    early = dt.datetime(2024, 8, 20, 3, 0, tzinfo=KST)
    assert send_window(early, "A3") == dt.datetime(2024, 8, 20, 9, 0, tzinfo=KST)


def test_channels_follow_the_table_then_what_the_person_gave():
    assert channels_for("A1", mobile=True, landline=False, mail=True) == (Channel.SMS, Channel.MAIL)
    assert channels_for("A2", mobile=True, landline=False, mail=True) == (Channel.SMS,)
    assert channels_for("A2", mobile=False, landline=False, mail=True) == (Channel.MAIL,)
    assert channels_for("A8", mobile=True, landline=False, mail=False) == (Channel.SMS,)
    assert channels_for("A8", mobile=False, landline=True, mail=False) == (Channel.PHONE,)
    assert channels_for("O2", mobile=True, landline=True, mail=True) == ()
    assert channels_for("A1", mobile=False, landline=False, mail=False) == ()
