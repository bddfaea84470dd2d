"""A file is what its first bytes say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.formats import Refusal, refuse_format, sniff, suffix_agrees
from contest.infra.texts import photographs as _sentences  # noqa: F401  registers the sentences of refusals
from contest.infra.texts import text


@pytest.mark.parametrize(
    ("head", "name", "refusal"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG", None),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG", None),
        (b"", None, Refusal.EMPTY),
        (b"GIF89a\x01", "GIF", Refusal.FORMAT),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP", Refusal.FORMAT),
        (b"\0\0\0\x18ftypheic", "HEIC", Refusal.HEIC),
        (b"\0\0\0\x18ftypavif", "AVIF", Refusal.FORMAT),
        (b"\0\0\0\x18ftypisom", "MP4", Refusal.FORMAT),
        (b"%PDF-1.7", "PDF", Refusal.FORMAT),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<svg xmlns=', "SVG", Refusal.FORMAT),
        (b"  <SVG onload=alert(1)>", "SVG", Refusal.FORMAT),
        (b"<!DOCTYPE html><html>", "HTML", Refusal.FORMAT),
        (b"\0\0\0\0", None, Refusal.NOT_IMAGE),
        ("사진입니다".encode(), None, Refusal.NOT_IMAGE),
    ],
)
def test_the_first_bytes_name_the_format(head: bytes, name: str | None, refusal: Refusal | None) -> None:
    assert sniff(head) == name
    assert refuse_format(head) == refusal


@given(st.binary(max_size=64))
def test_no_bytes_break_the_sniffer(head: bytes) -> None:
    assert (refuse_format(head) is None) == (sniff(head) in {"JPEG", "PNG"})
    assert (refuse_format(head, is_heic_taken=True) is None) == (sniff(head) in {"JPEG", "PNG", "HEIC"})


def test_the_ending_of_a_name_is_only_compared() -> None:
    assert suffix_agrees(".JPG", "JPEG")
    assert suffix_agrees("", "PNG")
    assert not suffix_agrees(".jpg", "PNG")


def test_every_refusal_has_a_sentence_that_says_what_to_do() -> None:
    facts = {"found": "GIF", "megapixels": 400, "most": 220, "long_side": 30_000, "width": 1, "height": 1}
    for refusal in Refusal:
        assert text("ko", refusal.value, **facts).endswith("주십시오.")
