"""Which files are photographs: told by their first bytes, never by their name; and why a file is refused."""

from __future__ import annotations

from enum import StrEnum

ACCEPTED = frozenset({"JPEG", "PNG"})
EXTENSIONS = {
    "JPEG": frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"}),
    "PNG": frozenset({".png"}),
    "HEIC": frozenset({".heic", ".heif", ".hif"}),
}

# First bytes of what people hand in instead of a photograph, so that the answer can name it.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"%PDF-", "PDF"),
    (b"%!PS", "EPS"),
    (b"8BPS", "PSD"),
    (b"PK\x03\x04", "ZIP"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"SIMPLE  =", "FITS"),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
_HEAD = 1024


class Refusal(StrEnum):
    """Why a file is not taken as a photograph; each is the code of a sentence that says what to do."""

    EMPTY = "photo.empty"
    NOT_IMAGE = "photo.not_image"
    FORMAT = "photo.format"
    HEIC = "photo.heic"
    TOO_MANY_PIXELS = "photo.too_many_pixels"
    SIDE_TOO_LONG = "photo.side_too_long"
    TOO_FEW_PIXELS = "photo.too_few_pixels"
    DAMAGED = "photo.damaged"
    UNREADABLE = "photo.unreadable"


def sniff(head: bytes) -> str | None:
    """The name of the format of a file from its first kilobyte; None for no known one.

    A name that is neither in ACCEPTED nor HEIC is known only to be named in the refusal; nothing opens it.
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        return _iso_media(head[8:12])
    text = head[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"<svg") or (text.startswith(b"<?xml") and b"<svg" in text):
        return "SVG"
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<script", b"<body")):
        return "HTML"
    return None


def _iso_media(brand: bytes) -> str:
    if brand in _HEIC_BRANDS:
        return "HEIC"
    return "AVIF" if brand in {b"avif", b"avis"} else "MP4"


def refuse_format(head: bytes, *, is_heic_taken: bool = False) -> Refusal | None:
    """The refusal that a file's first bytes alone call for; None for JPEG, PNG and, where taken, HEIC."""
    if not head:
        return Refusal.EMPTY
    name = sniff(head)
    if name in ACCEPTED:
        return None
    if name == "HEIC":
        return None if is_heic_taken else Refusal.HEIC
    return Refusal.NOT_IMAGE if name is None else Refusal.FORMAT


def suffix_agrees(suffix: str, file_format: str) -> bool:
    """Whether a file name's ending (".jpg") fits its format; a name without an ending says nothing."""
    return not suffix or suffix.casefold() in EXTENSIONS.get(file_format, frozenset())
