"""Numbers that people read out: 접수번호 2024-02-0137 of a submission, 출품번호 2024-02-0137-1 of a work."""

from __future__ import annotations

import re
import unicodedata

from contest.domain.errors import Invalid

_RECEIPT = re.compile(r"(\d{4})-(\d{2,3})-(\d{4,6})")
_ENTRY = re.compile(r"(\d{4}-\d{2,3}-\d{4,6})-([1-9]\d?)")
_DASHES = re.compile(r"\s*[\-‐-―−ー]\s*")


def receipt_number(year: int, edition: int, running: int) -> str:
    """The number of a submission: year, edition in two digits, running number in four or more."""
    if min(year, edition, running) < 1:
        raise ValueError("numbers start at 1")
    return f"{year:04d}-{edition:02d}-{running:04d}"


def entry_number(receipt: str, ordinal: int) -> str:
    """The number of a work: its submission's number and its place in it, from 1."""
    if ordinal < 1:
        raise ValueError("works are counted from 1")
    return f"{receipt}-{ordinal}"


def parse_receipt_number(text: str) -> str:
    """A receipt number as typed, full-width digits and odd dashes put right; Invalid if it is none."""
    number = _tidy(text)
    if _RECEIPT.fullmatch(number) is None:
        raise Invalid("number.receipt", field="receipt_number")
    return number


def parse_entry_number(text: str) -> tuple[str, int]:
    """An entry number as typed: its receipt number and the work's place; Invalid if it is none."""
    match = _ENTRY.fullmatch(_tidy(text))
    if match is None:
        raise Invalid("number.entry", field="entry_number")
    return match[1], int(match[2])


def _tidy(text: str) -> str:
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text).strip())
