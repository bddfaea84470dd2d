"""Korean writing: particles, message bytes, dates and money."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.korean import (
    MessageKind,
    fill,
    instant_text,
    measure_message,
    particle,
    period_text,
    with_particle,
    won,
    won_in_words,
)
from contest.domain.schedule import KST
from contest.infra.texts import codes, text

SYLLABLES = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("사진", "을/를", "사진을"),
        ("공고", "은/는", "공고는"),
        ("서울", "으로/로", "서울로"),
        ("금천", "으로/로", "금천으로"),
        ("독산동", "이/가", "독산동이"),
        ("『찰칵! 렌즈로 만나는 금천』", "을/를", "『찰칵! 렌즈로 만나는 금천』을"),
        ("2024-02-0137", "과/와", "2024-02-0137과"),
        ("2024-02-0132", "과/와", "2024-02-0132와"),
        ("10", "으로/로", "10으로"),
        ("1", "으로/로", "1로"),
        ("JPEG", "을/를", "JPEG를"),
        ("EXIF", "이/가", "EXIF가"),
        ("URL", "으로/로", "URL로"),
        ("Lightroom", "은/는", "Lightroom은"),
        ("★", "은/는", "★은(는)"),
        ("", "으로/로", "(으)로"),
    ],
)
def test_particles(word: str, pair: str, expected: str) -> None:
    assert with_particle(word, pair) == expected


@given(SYLLABLES)
def test_a_particle_follows_the_final_consonant(syllable: str) -> None:
    final = (ord(syllable) - 0xAC00) % 28
    assert particle(syllable, "은/는") == ("은" if final else "는")
    assert particle(syllable, "으로/로") == ("으로" if final not in (0, 8) else "로")


@pytest.mark.parametrize(
    ("sentence", "facts", "expected"),
    [
        ("'{title}'이(가) {tier}을(를)", {"title": "장미", "tier": "금상"}, "'장미'가 금상을"),
        ("{entry}과(와) 같은", {"entry": "2024-02-0137-2"}, "2024-02-0137-2와 같은"),
        ("{value:,}은(는)", {"value": 3000}, "3,000은"),
        ("{day}(으)로", {"day": "5. 5.(일)"}, "5. 5.(일)로"),
        ("{said}(이)라고", {"said": "제3회"}, "제3회라고"),
        ("{title}을(를) {link}", {"title": "은(는)★", "link": "{link:draft}"}, "은(는)★을 {link:draft}"),
    ],
)
def test_a_sentence_settles_its_particles(sentence: str, facts: dict[str, object], expected: str) -> None:
    assert fill(sentence, facts) == expected


def test_no_registered_sentence_leaves_a_particle_open() -> None:
    places = {code: dict.fromkeys(re.findall(r"\{(\w+)[^}]*\}", said), 4) for code, said in codes().items()}
    read = {code: text("ko", code, **facts) for code, facts in places.items()}
    assert [
        said
        for said in read.values()
        if re.search(r"\w\)?[’”'\"]?(은\(는|이\(가|을\(를|과\(와|\(으\)로|\(이\)라)", said)
    ] == []


def test_ninety_bytes_are_forty_five_syllables() -> None:
    assert measure_message("가" * 45).kind is MessageKind.SMS
    assert measure_message("가" * 45 + "a").kind is MessageKind.LMS
    assert measure_message("가" * 1000).kind is MessageKind.LMS
    assert measure_message("가" * 1000 + "a").kind is MessageKind.TOO_LONG


def test_what_telephones_cannot_show_is_reported_once() -> None:
    size = measure_message("축하😀드립니다😀 똠")
    assert size.unencodable == ("😀", "똠")


@given(st.text(max_size=60), st.text(max_size=60))
def test_bytes_add_up(a: str, b: str) -> None:
    separate = measure_message(a + "\n").bytes + measure_message("\n" + b).bytes
    assert measure_message(a + "\n\n" + b).bytes == separate


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=60))
def test_decomposed_text_counts_as_composed(text: str) -> None:
    import unicodedata

    assert measure_message(unicodedata.normalize("NFD", text)) == measure_message(text)


def test_dates_as_in_documents() -> None:
    closes = datetime(2024, 8, 30, 9, tzinfo=UTC)
    assert instant_text(closes) == "2024. 8. 30.(금) 18:00"
    opens = datetime(2024, 8, 9, 9, tzinfo=KST)
    assert period_text(opens, closes) == "2024. 8. 9.(금) 09:00 ~ 8. 30.(금) 18:00"
    assert (
        period_text(datetime(2023, 7, 1, tzinfo=KST), closes)
        == "2023. 7. 1.(토) 00:00 ~ 2024. 8. 30.(금) 18:00"
    )


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (3_000_000, "금삼백만원정"),
        (113_560, "금일십일만삼천오백육십원정"),
        (500_000, "금오십만원정"),
        (1_000_000_000, "금일십억원정"),
        (0, "금영원정"),
    ],
)
def test_money_in_words(amount: int, words: str) -> None:
    assert won_in_words(amount) == words


def test_money_in_figures() -> None:
    assert won(3_000_000) == "3,000,000원"


@given(st.integers(0, 10**16))
def test_money_in_words_reads_back(amount: int) -> None:
    assert _read(won_in_words(amount)) == amount


def _read(words: str) -> int:
    digits = {d: n for n, d in enumerate("영일이삼사오육칠팔구")}
    total = group = digit = 0
    for c in words[1:-2]:
        if c in digits:
            digit = digits[c]
        elif c in "십백천":
            group += digit * 10 ** ("십백천".index(c) + 1)
            digit = 0
        else:
            total += (group + digit) * 10_000 ** ("만억조경".index(c) + 1)
            group = digit = 0
    return total + group + digit
