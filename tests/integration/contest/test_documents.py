"""Printed pages carry the names as typed, Korean whole, whatever the text looks like to the typesetter."""

from __future__ import annotations

import re
import shutil
import subprocess
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from document_samples import CONTEST, HOSTILE, IMAGES, SAMPLES

from contest.infra.documents import TEMPLATES, DocumentError, Template, render_pdf, render_png
from contest.infra.guard import BytesInsideTransactionError, no_bytes_here

TITLES = {
    "application": "응모신청서",
    "captions": "최우수",
    "tally": "심사 집계표",
    "scorecard": "개인별 채점표",
    "minutes": "심사의결서",
    "dossier": "견고성 보고서",
    "receipt": "접수증",
    "recovery": "복구 코드",
    "ledger": "접수대장",
    "guardian": "법정대리인 동의서",
}


def letters(text: str) -> str:
    """Without blanks: where a line breaks is not the content."""
    return re.sub(r"\s", "", text)


def read(pdf: bytes) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True)
    return letters(done.stdout.decode())


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [each for key, child in value.items() if key not in {"qr", "host"} for each in strings(child)]
    if isinstance(value, list):
        return [each for child in value for each in strings(child)]
    return []


def test_every_template_has_a_sample() -> None:
    files = {path.stem for path in TEMPLATES.glob("*.typ")} - {"sheet"}
    assert files == set(SAMPLES) == set(get_args(Template)) == set(TITLES)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_value_stands_on_the_page(name: Template) -> None:
    text = read(render_pdf(name, SAMPLES[name], IMAGES))
    assert letters(TITLES[name]) in text
    assert [each for each in strings(SAMPLES[name]) if letters(each) not in text] == []


@pytest.mark.parametrize("name", ["captions", "tally", "scorecard", "minutes", "receipt", "ledger"])
def test_markup_in_a_name_is_plain_text(name: Template) -> None:
    text = read(render_pdf(name, SAMPLES[name], IMAGES))
    assert letters(HOSTILE) in text
    assert "root:" not in text


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_pages_are_png(name: Template) -> None:
    pages = render_png(name, SAMPLES[name], IMAGES, ppi=30)
    assert pages
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_two_captions_stand_on_a_page() -> None:
    data = deepcopy(SAMPLES["captions"])
    for count, pages in ((1, 1), (2, 1), (3, 2), (5, 3)):
        data["works"] = SAMPLES["captions"]["works"][:count]
        assert len(render_png("captions", data, IMAGES, ppi=20)) == pages


def test_a_long_tally_repeats_its_header_and_counts_its_pages() -> None:
    data = deepcopy(SAMPLES["tally"])
    data["rows"] = data["rows"] * 20
    text = read(render_pdf("tally", data))
    pages = len(render_png("tally", data, ppi=20))
    assert pages > 2
    assert text.count("심사번호작품명") == pages
    assert f"{pages}/{pages}" in text


def test_equal_data_at_an_equal_time_is_an_equal_file() -> None:
    at = datetime(2024, 9, 6, tzinfo=UTC)
    assert render_pdf("minutes", SAMPLES["minutes"], at=at) == render_pdf(
        "minutes", SAMPLES["minutes"], at=at
    )


def test_missing_data_are_an_error_that_names_the_template() -> None:
    with pytest.raises(DocumentError, match="minutes"):
        render_pdf("minutes", {"contest": CONTEST})


def test_images_cannot_leave_their_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    outside.write_bytes(IMAGES["qr.png"])
    data = deepcopy(SAMPLES["captions"])
    data["works"][0]["qr"] = f"../../../../../../{outside}"
    with pytest.raises(DocumentError):
        render_pdf("captions", data, IMAGES)


def test_no_rendering_inside_a_transaction() -> None:
    with no_bytes_here(), pytest.raises(BytesInsideTransactionError):
        render_pdf("recovery", SAMPLES["recovery"])
