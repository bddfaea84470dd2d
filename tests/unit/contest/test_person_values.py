"""Names, numbers and addresses: taken generously, kept in one form, masked."""

from __future__ import annotations

import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Invalid
from contest.domain.numbers import entry_number, parse_entry_number, parse_receipt_number, receipt_number
from contest.domain.persons import (
    mask_name,
    name_key,
    parse_email,
    parse_name,
    parse_phone,
    person_material,
)

NAMES = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=20)
MOBILES = st.integers(0, 99_999_999).map(lambda n: f"010{n:08d}")


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("홍길동", "홍*동"),
        ("남궁민수", "남**수"),
        ("김구", "김*"),
        ("홍 길동", "홍*동"),
        ("KIM MINSOO", "KIM ******"),
        ("Li Na", "Li***"),
    ],
)
def test_masked_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(NAMES)
def test_a_masked_name_always_hides_something(name: str) -> None:
    assert "*" in mask_name(name)
    assert len(mask_name(name)) == len(name)


@given(NAMES)
def test_a_name_is_one_however_it_was_typed(name: str) -> None:
    apart = unicodedata.normalize("NFD", name)
    assert parse_name(f" {apart} ") == name
    assert name_key(" ".join(apart)) == name_key(name) or len(apart) != len(name)
    assert name_key(f"{name[0]} {name[1:]}") == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name.missing"),
        ("김", "name.length"),
        ("가" * 21, "name.length"),
        ("홍길동1", "name.characters"),
        ("<b>홍길동", "name.characters"),
        ("\u3164\u3164", "name.missing"),
        ("--", "name.characters"),
    ],
)
def test_what_is_no_name(name: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_name(name)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "typed",
    [
        "01012345678",
        "010-1234-5678",
        "010 1234 5678",
        "+82 10-1234-5678",
        "+82-010-1234-5678",
        "8210 1234 5678",
        "０１０－１２３４－５６７８",
        "010.1234.5678",
        "(010) 1234-5678",
        "010–1234–5678",
    ],
)
def test_one_number_however_it_was_typed(typed: str) -> None:
    phone = parse_phone(typed)
    assert phone.e164 == "+821012345678"
    assert phone.display == "010-1234-5678"
    assert phone.masked == "010-****-5678"
    assert phone.is_mobile


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("0226271234", "02-2627-1234"),
        ("02-123-4567", "02-123-4567"),
        ("0311234567", "031-123-4567"),
        ("07012345678", "070-1234-5678"),
        ("050712345678", "0507-1234-5678"),
        ("0111234567", "011-123-4567"),
    ],
)
def test_other_numbers(typed: str, shown: str) -> None:
    assert parse_phone(typed).display == shown


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone.missing"),
        ("전화", "phone.characters"),
        ("+1 202 555 0100", "phone.not_korean"),
        ("010-123-456", "phone.number"),
        ("1588-1234", "phone.number"),
        ("00000000000", "phone.number"),
    ],
)
def test_what_is_no_number(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_phone(typed)
    assert refused.value.code == code


@given(MOBILES)
def test_a_number_reads_back_from_every_form(digits: str) -> None:
    phone = parse_phone(digits)
    assert phone.national == digits
    assert parse_phone(phone.display) == parse_phone(phone.e164) == phone
    assert digits[3:7] not in phone.masked or digits[3:7] == digits[7:]


@given(NAMES, MOBILES, NAMES, MOBILES)
def test_person_material_tells_persons_apart(a: str, p: str, b: str, q: str) -> None:
    same = person_material(a, parse_phone(p)) == person_material(b, parse_phone(q))
    assert same is ((a, p) == (b, q))


@given(st.text(max_size=40))
def test_nothing_typed_breaks_the_readers(text: str) -> None:
    for read in (parse_name, parse_phone, parse_email, parse_receipt_number, parse_entry_number):
        with contextlib.suppress(Invalid):
            assert read(text)


def test_mail_addresses() -> None:
    assert parse_email("  Kim.M+a@Example.KR ") == "Kim.M+a@example.kr"
    for wrong in (
        "kim",
        "kim@",
        "@a.kr",
        "a b@c.kr",
        "kim@localhost",
        "a..b@c.kr",
        "김@한글.kr",
        "a@b.kr\nBcc: c@d.kr",
    ):
        with pytest.raises(Invalid):
            parse_email(wrong)


@given(st.integers(2000, 2100), st.integers(1, 99), st.integers(1, 99_999), st.integers(1, 9))
def test_numbers_read_back(year: int, edition: int, running: int, ordinal: int) -> None:
    receipt = receipt_number(year, edition, running)
    assert parse_receipt_number(f" {receipt.replace('-', ' – ')} ") == receipt
    assert parse_entry_number(entry_number(receipt, ordinal)) == (receipt, ordinal)


def test_the_numbers_of_the_contest() -> None:
    assert receipt_number(2024, 2, 137) == "2024-02-0137"
    assert entry_number("2024-02-0137", 2) == "2024-02-0137-2"
