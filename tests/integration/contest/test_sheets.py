"""A spreadsheet shows what was typed and computes none of it."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # its types are a package of their own
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.infra.qr import qr_png, qr_svg
from contest.infra.sheets import Cell, csv_bytes, xlsx

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    " =1+1",
    "\t=1",
    "＝1+1",
    '=HYPERLINK("http://x")',
    "=cmd|' /C calc'!A0",
]


def read_back(data: bytes) -> list[list[Any]]:
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert page is not None
    return [[cell.value for cell in row] for row in page.iter_rows()]


def types(data: bytes) -> set[str]:
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert page is not None
    return {cell.data_type for row in page.iter_rows() for cell in row}


def test_xlsx_reads_back_as_typed() -> None:
    rows: list[list[Cell]] = [
        ["김민수", "01012345678", 3_000_000, Fraction(1, 4), True, None],
        ["뷁", "+821012345678", 0, 1.5, False, ""],
    ]
    data = xlsx(["이름", "전화", "금액", "점수", "동의", "비고"], rows)
    assert read_back(data) == [
        ["이름", "전화", "금액", "점수", "동의", "비고"],
        ["김민수", "01012345678", 3_000_000, 0.25, "예", None],
        ["뷁", "+821012345678", 0, 1.5, "아니오", None],
    ]


def test_nothing_typed_becomes_a_formula_or_a_link() -> None:
    data = xlsx(["제목"], [[text] for text in [*HOSTILE, "http://example.org"]])
    assert types(data) == {"s"}
    assert [row[0] for row in read_back(data)[1:]] == [*HOSTILE, "http://example.org"]


def test_more_rows_than_are_measured_keep_their_order() -> None:
    rows: list[list[Cell]] = [[number, f"작품 {number}"] for number in range(450)]
    assert read_back(xlsx(["번호", "제목"], iter(rows)))[1:] == rows


def test_control_characters_do_not_break_the_file() -> None:
    assert read_back(xlsx(["제목"], [["a\x01b\x0cc"]]))[1] == ["a\ufffdb\ufffdc"]


def test_an_empty_table_is_a_table() -> None:
    assert read_back(xlsx(["이름"], [])) == [["이름"]]
    assert csv_bytes(["이름"], []) == "\ufeff이름\r\n".encode()


def test_csv_has_a_mark_for_excel_and_neutral_cells() -> None:
    data = csv_bytes(["제목", "전화"], [[text, "010-1234-5678"] for text in HOSTILE])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[1:] == [[f"'{text}", "010-1234-5678"] for text in HOSTILE]


def test_csv_keeps_numbers_negative() -> None:
    assert csv_bytes(["값"], [[-1]]).decode("utf-8-sig") == "값\r\n-1\r\n"


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20),
        min_size=1,
        max_size=5,
    )
)
def test_csv_reads_back_whatever_was_typed(cells: list[str]) -> None:
    data = csv_bytes(["a"] * len(cells), [cells])
    [_, row] = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    for was, now in zip(cells, row, strict=True):
        assert now in {was, f"'{was}"}
        assert now.lstrip()[:1] not in {"=", "+", "-", "@"}


@pytest.mark.parametrize("address", ["https://contest.example/r/ABC", "한글"])
def test_qr_codes(address: str) -> None:
    svg = qr_svg(address)
    assert svg.startswith("<svg")
    assert "style=" not in svg
    assert qr_png(address).startswith(b"\x89PNG")
