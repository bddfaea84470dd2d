"""Printed pages: typst templates, Korean fonts from a package, data as JSON and never as template text."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

import typst
from pylopdf_fonts_ko import sans_path, serif_path

from contest.infra.guard import assert_outside_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

TEMPLATES = Path(__file__).resolve().parents[1] / "documents"
_SHARED = "sheet.typ"

Template = Literal[
    "application",
    "captions",
    "tally",
    "scorecard",
    "minutes",
    "dossier",
    "receipt",
    "recovery",
    "ledger",
    "guardian",
]


class DocumentError(RuntimeError):
    """The template and its data do not fit: a programming error; the message is typst's."""


def render_pdf(
    template: Template,
    data: Mapping[str, Any],
    images: Mapping[str, bytes] | None = None,
    *,
    at: datetime | None = None,
) -> bytes:
    """One tagged PDF (PDF/UA-1).

    data: JSON values; the first lines of the template in contest/documents name them. images: bytes by the
    names the data use. at: an aware instant stamped as its making, for equal bytes from equal data.
    """
    return _compile(template, data, images, {"format": "pdf", "pdf_standards": ["ua-1"], "timestamp": at})[0]


def render_png(
    template: Template,
    data: Mapping[str, Any],
    images: Mapping[str, bytes] | None = None,
    *,
    ppi: float = 96,
) -> list[bytes]:
    """The pages as PNG files, `ppi` pixels an inch."""
    return _compile(template, data, images, {"format": "png", "ppi": ppi})


def _compile(
    template: str, data: Mapping[str, Any], images: Mapping[str, bytes] | None, options: dict[str, Any]
) -> list[bytes]:
    assert_outside_transaction("rendering a document")
    # typst-py takes images only from disk, so each rendering has a folder of its own as its root.
    with TemporaryDirectory(prefix="document-") as folder:
        root = Path(folder)
        (root / "images").mkdir()
        for name in (_SHARED, f"{template}.typ"):
            (root / name).write_bytes(_source(name))
        for name, content in (images or {}).items():
            (root / "images" / Path(name).name).write_bytes(content)
        try:
            made = typst.compile(
                root / f"{template}.typ",
                root=root,
                font_paths=_fonts(),
                sys_inputs={"data": json.dumps(data, ensure_ascii=False, allow_nan=False)},
                **options,
            )
        except typst.TypstError as error:
            raise DocumentError(f"{template}: {error.diagnostic}") from error
    return list(made) if isinstance(made, list) else [made]


@cache
def _source(name: str) -> bytes:
    return (TEMPLATES / name).read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Only the packaged fonts, so that a page is the same on every machine."""
    folders = sorted({sans_path().parent, serif_path().parent})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
