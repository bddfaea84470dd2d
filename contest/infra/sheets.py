"""Tables for spreadsheets: what was typed is text, never a formula, and telephone numbers keep their 0."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Cell = str | int | float | Decimal | Fraction | bool | date | datetime | time | None

_WIDTH_ROWS = 200  # column widths follow the header and this many first rows
_WIDEST = 60
_FORMULA = re.compile(
    r"^[\s\x00]*[=+\-@＝＋－＠]"
)  # spreadsheets skip leading blanks and fold full-width signs
_XML_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]], sheet: str = "목록") -> bytes:
    """One sheet with a fixed header row and a filter. Strings are always text; numbers stay numbers."""
    head: list[Sequence[Cell]] = []
    rest = iter(rows)
    for row in rest:
        head.append(row)
        if len(head) == _WIDTH_ROWS:
            break
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options | {"strings_to_numbers": False}) as book:
        page = book.add_worksheet(sheet)
        bold = book.add_format(
            {"bold": True, "bg_color": "#E9EEF6", "bottom": 1, "text_wrap": True, "num_format": "@"}
        )
        text = book.add_format({"num_format": "@"})  # as text also when a clerk edits the cell
        for column in range(len(header)):
            widths = [_width(row[column]) for row in (header, *head) if column < len(row)]
            page.set_column(column, column, min(max(widths) + 2, _WIDEST))
        page.freeze_panes(1, 0)
        last = _write(page, 0, header, bold)
        for row in head:
            last = _write(page, last, row, text)
        for row in rest:
            last = _write(page, last, row, text)
        if header:
            page.autofilter(0, 0, last - 1, len(header) - 1)
    return out.getvalue()


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark, CRLF; text a spreadsheet would compute gets an apostrophe before it.

    A telephone number in E.164 (+82…) gets one too, so that its leading sign stays.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (header, *rows):
        writer.writerow([_neutral(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def _write(page: Any, number: int, row: Sequence[Cell], text: Any) -> int:
    for column, cell in enumerate(row):
        if cell is None or cell == "":
            continue
        if isinstance(cell, bool):
            page.write_string(number, column, _shown(cell), text)
        elif isinstance(cell, int | float | Decimal | Fraction):
            page.write_number(number, column, float(cell))
        else:
            page.write_string(number, column, _XML_FORBIDDEN.sub("\ufffd", _shown(cell)), text)
    return number + 1


def _neutral(cell: Cell) -> str | int | float | Decimal:
    if cell is None:
        return ""
    if isinstance(cell, Fraction):
        return float(cell)
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return cell
    shown = _shown(cell).replace("\x00", "")
    return f"'{shown}" if _FORMULA.match(shown) or (shown[:1] in "\t\r" and shown) else shown


def _shown(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "예" if cell else "아니오"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return str(cell)


def _width(cell: Cell) -> int:
    """Columns a cell takes: a Korean letter takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in _shown(cell)[:_WIDEST])
