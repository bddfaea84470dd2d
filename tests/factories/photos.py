"""Small real photograph files, planted copies of them, and the hostile files a public form meets."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import struct
import zlib
from collections.abc import Callable
from functools import cache

import pillow_heif
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from contest.domain.exif import KST, Coordinate
from contest.infra.imaging.drawn import ExifStamp, draw_landscape, exif_block, with_exif

__all__ = ["HOSTILE", "IN_DISTRICT", "OUT_OF_DISTRICT", "ExifStamp", "camera", "jpeg", "png", "with_exif"]

IN_DISTRICT = Coordinate(37.4569, 126.8955)  # 금천구청
OUT_OF_DISTRICT = Coordinate(37.4979, 127.0276)  # 강남역
TAKEN = dt.datetime(2024, 5, 4, 17, 30, tzinfo=KST)

_UPRIGHT_TO_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@cache
def picture(seed: int, width: int = 960, height: int = 640) -> Image.Image:
    """The drawn landscape of a seed, shared between tests: do not change it."""
    return draw_landscape(seed, width, height)


def camera(taken: dt.datetime | None = TAKEN, place: Coordinate | None = IN_DISTRICT) -> ExifStamp:
    """What an ordinary phone writes."""
    return ExifStamp(taken=taken, place=place, make="samsung", model="SM-S928N", orientation=1)


@cache
def jpeg(
    seed: int = 1,
    width: int = 960,
    height: int = 640,
    exif: ExifStamp | None = None,
    *,
    mode: str = "RGB",
    quality: int = 88,
    icc: bytes | None = None,
    comment: bytes | None = None,
) -> bytes:
    """A JPEG of a drawn landscape, with EXIF if a stamp is given."""
    buffer = io.BytesIO()
    more = {"comment": comment} if comment else {}
    picture(seed, width, height).convert(mode).save(buffer, "JPEG", quality=quality, icc_profile=icc, **more)
    return with_exif(buffer.getvalue(), exif) if exif else buffer.getvalue()


def turned_jpeg(seed: int, orientation: int) -> bytes:
    """A picture stored as a camera held that way stores it, its EXIF telling how to turn it upright."""
    stored = picture(seed)
    if orientation in _UPRIGHT_TO_STORED:
        stored = stored.transpose(_UPRIGHT_TO_STORED[orientation])
    return with_exif(_saved(stored), ExifStamp(orientation=orientation))


def png(seed: int = 1, width: int = 480, height: int = 320, exif: ExifStamp | None = None) -> bytes:
    """A PNG of a drawn landscape, with EXIF if a stamp is given."""
    buffer = io.BytesIO()
    more = {"exif": exif_block(exif)} if exif else {}
    picture(seed, width, height).save(buffer, "PNG", **more)
    return buffer.getvalue()


def grey16_png(width: int = 480, height: int = 320) -> bytes:
    """A 16-bit grey ramp from black to white, left to right."""
    row = b"".join(struct.pack("<H", x * 65535 // (width - 1)) for x in range(width))
    buffer = io.BytesIO()
    Image.frombytes("I;16", (width, height), row * height).save(buffer, "PNG")
    return buffer.getvalue()


def transparent_png() -> bytes:
    """A picture whose left half is not there."""
    image = picture(3, 480, 320).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 240, 320))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def mpo(seed: int = 1) -> bytes:
    """Two pictures in one file, as phones write them; the first is the photograph."""
    buffer = io.BytesIO()
    picture(seed).save(buffer, "MPO", save_all=True, append_images=[picture(99, 64, 48)])
    return buffer.getvalue()


def ultra_hdr(seed: int = 1) -> bytes:
    """An HDR picture as Android writes it: a gain map behind, and an XMP that says so in front."""
    return with_xmp(mpo(seed), 'hdrgm:Version="1.0"')


def motion_photo(seed: int = 1) -> bytes:
    """A photograph with a film behind its end."""
    return jpeg(seed, exif=camera()) + b"\0\0\0\x18ftypmp42" + b"canary film" * 400


def progressive(seed: int = 1) -> bytes:
    """A JPEG in several passes."""
    buffer = io.BytesIO()
    picture(seed).save(buffer, "JPEG", quality=88, progressive=True)
    return buffer.getvalue()


def rgb16_png(seed: int = 1) -> bytes:
    """A PNG of sixteen bits a colour, which Pillow itself cannot write."""
    image = picture(seed)
    width, height = image.size
    deep = bytes(byte for value in image.tobytes() for byte in (value, 0x5A))
    rows = b"".join(b"\0" + deep[y * width * 6 : (y + 1) * width * 6] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows, 1))
        + _chunk(b"IEND", b"")
    )


def heic(seed: int = 1, orientation: int = 1) -> bytes:
    """What an iPhone keeps for itself; held on its side, its container says how to turn it."""
    pillow_heif.register_heif_opener()
    stored, buffer = picture(seed), io.BytesIO()
    if orientation in _UPRIGHT_TO_STORED:
        stored = stored.transpose(_UPRIGHT_TO_STORED[orientation])
    exif = exif_block(dataclasses.replace(camera(), orientation=orientation))
    stored.save(buffer, "HEIF", quality=90, exif=exif)
    return buffer.getvalue()


def matrix_profile(primaries: tuple[tuple[float, float, float], ...]) -> bytes:
    """An ICC display profile of these three colours (XYZ under D50) and a gamma of 2.2."""

    def number(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def place(xyz: tuple[float, float, float]) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(map(number, xyz))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    words = b"desc\0\0\0\0" + struct.pack(">I", 6) + b"drawn\0" + b"\0" * 79
    tags = {b"desc": words + b"\0" * (-len(words) % 4), b"wtpt": place((0.9642, 1.0, 0.8249))}
    tags |= {name + b"XYZ": place(xyz) for name, xyz in zip((b"r", b"g", b"b"), primaries, strict=True)}
    tags |= {name + b"TRC": curve for name in (b"r", b"g", b"b")}
    table, body, at = b"", b"", 132 + 12 * len(tags)
    for name, value in tags.items():
        table += name + struct.pack(">II", at + len(body), len(value))
        body += value
    head = struct.pack(">I4sI4s4s4s", at + len(body), b"test", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += b"\0" * 12 + b"acsp" + b"\0" * 28 + number(0.9642) + number(1.0) + number(0.8249)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def with_segment(data: bytes, marker: int, payload: bytes) -> bytes:
    """The JPEG with one more segment at its beginning."""
    return data[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload + data[2:]


def with_xmp(data: bytes, properties: str) -> bytes:
    """The JPEG with an XMP packet of these attributes."""
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description {properties}/></x:xmpmeta>'
    return with_segment(data, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode())


def with_c2pa(data: bytes, source_type: str) -> bytes:
    """The JPEG with a content credential in its APP11 segment, cut in two as long ones are."""
    term = f"http://cv.iptc.org/newscodes/digitalsourcetype/{source_type}".encode()
    box = b"\0\0\x10\0jumb" + b"\0\0\0\x1ajumdc2pa" + b"x" * 60 + term + b"x" * 60
    head = b"JP\0\x01" + b"\0\0\0\x01"
    split = box.index(term) + 50
    first, second = head + box[:split], head + box[:8] + box[split:]
    return with_segment(with_segment(data, 0xEB, second), 0xEB, first)


def generated_png() -> bytes:
    """A PNG with the text an image generator leaves."""
    texts = PngInfo()
    texts.add_text("parameters", "a hill at sunset\nSteps: 20, Sampler: Euler a", zip=True)
    buffer = io.BytesIO()
    picture(1, 480, 320).save(buffer, "PNG", pnginfo=texts)
    return buffer.getvalue()


# Planted copies -------------------------------------------------------------------------------------------


def recompressed(seed: int) -> bytes:
    """The same picture saved badly."""
    return jpeg(seed, quality=30)


def resized(seed: int) -> bytes:
    """The same picture at half its size."""
    return _saved(picture(seed).resize((480, 320)))


def mirrored(seed: int) -> bytes:
    """The same picture, left and right changed."""
    return _saved(picture(seed).transpose(Image.Transpose.FLIP_LEFT_RIGHT))


def quarter_turned(seed: int) -> bytes:
    """The same picture lying on its side, without a word in its EXIF."""
    return _saved(picture(seed).transpose(Image.Transpose.ROTATE_90))


def cropped(seed: int) -> bytes:
    """The middle of the same picture: no global hash finds it."""
    return _saved(picture(seed).crop((192, 128, 768, 512)))


def _saved(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


# Hostile files --------------------------------------------------------------------------------------------


def makernote_block() -> bytes:
    """EXIF whose MakerNote counts a thousand million entries: exifread with details never comes back."""
    tiff = b"II*\0" + struct.pack("<I", 8)
    tiff += struct.pack("<HHHIII", 1, 0x8769, 4, 1, 26, 0)
    tiff += struct.pack("<HHHIII", 1, 0x927C, 7, 0x3C000000, 60, 0)
    return b"Exif\0\0" + tiff.ljust(100, b"A")


def makernote_jpeg() -> bytes:
    """122 bytes that hang exifread 3.5.1 with its own defaults."""
    block = makernote_block()
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(block) + 2) + block + b"\xff\xd9"


def endless_makernote(seed: int = 1) -> bytes:
    """A whole photograph with that EXIF."""
    block = makernote_block()
    whole = jpeg(seed)
    return whole[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + whole[2:]


def claimed_png(width: int, height: int) -> bytes:
    """A small PNG that says it is this large, and is all black."""
    body = zlib.compress(b"\0" * 1000)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def black_png(width: int, height: int) -> bytes:
    """A true PNG of a few kilobytes that is this large once decoded."""
    row = b"\0" * (width // 8 + 2)
    body = zlib.compress(row * height, 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def claimed_jpeg(width: int, height: int) -> bytes:
    """A JPEG whose frame header claims this size."""
    whole = bytearray(jpeg())
    at = whole.index(b"\xff\xc0")
    whole[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(whole)


def huge_profile_jpeg() -> bytes:
    """A photograph that carries five megabytes of colour profile."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return jpeg(icc=profile + b"x" * (5 << 20))


def _other(file_format: str) -> bytes:
    buffer = io.BytesIO()
    picture(1, 96, 64).convert("P" if file_format == "GIF" else "RGB").save(buffer, file_format)
    return buffer.getvalue()


#: name -> (maker, the code it is refused with)
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "zero bytes": (lambda: b"", "photo.empty"),
    "words": (lambda: "사진입니다".encode() * 100, "photo.not_image"),
    "zeros": (lambda: b"\0" * 4096, "photo.not_image"),
    "122-byte MakerNote": (makernote_jpeg, "photo.damaged"),
    "three bytes of JPEG": (lambda: b"\xff\xd8\xff", "photo.damaged"),
    "JPEG cut in the middle": (lambda: jpeg()[: len(jpeg()) // 2], "photo.damaged"),
    "JPEG cut before its end": (lambda: jpeg()[:-400], "photo.damaged"),
    "PNG cut in the middle": (lambda: png()[: len(png()) // 2], "photo.damaged"),
    "PNG with a broken chunk": (lambda: png().replace(b"IDAT", b"IDAX"), "photo.damaged"),
    "PNG bomb": (lambda: black_png(10_000, 10_000), "photo.too_many_pixels"),
    "PNG of 4 thousand million pixels": (lambda: claimed_png(65_000, 65_000), "photo.side_too_long"),
    "JPEG of 225 megapixels": (lambda: claimed_jpeg(15_000, 15_000), "photo.too_many_pixels"),
    "JPEG 65,500 wide": (lambda: claimed_jpeg(65_500, 100), "photo.side_too_long"),
    "one pixel": (lambda: _saved(Image.new("RGB", (1, 1))), "photo.too_few_pixels"),
    "PNG without a pixel": (lambda: claimed_png(0, 0), "photo.damaged"),
    "GIF": (lambda: _other("GIF"), "photo.format"),
    "WebP": (lambda: _other("WEBP"), "photo.format"),
    "TIFF": (lambda: _other("TIFF"), "photo.format"),
    "BMP": (lambda: _other("BMP"), "photo.format"),
    "PDF": (lambda: _other("PDF"), "photo.format"),
    "GIF that is HTML": (lambda: b"GIF89a/*<script>alert(1)</script>*/=1", "photo.format"),
    "HTML": (lambda: b"<!DOCTYPE html><script>alert(1)</script>", "photo.format"),
    "SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "photo.format"),
    "EPS": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", "photo.format"),
    "PSD": (lambda: b"8BPS\0\x01" + b"\0" * 64, "photo.format"),
    "ZIP": (lambda: b"PK\x03\x04" + b"\0" * 64, "photo.format"),
    "HEIC": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64, "photo.heic"),
    "PDF behind a JPEG's first bytes": (lambda: b"\xff\xd8\xff" + _other("PDF"), "photo.damaged"),
}
