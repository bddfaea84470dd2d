"""Files and names that a public form meets on a bad day, made here: bombs, liars, two-faced files, mutations.

Every maker gives the same bytes each time. What must come of a file is a code of refusal, OK, or EITHER where
more than one honest answer exists; never a crash, a hang or an answer without words.
"""

from __future__ import annotations

import io
import random
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache

from PIL import Image

from factories import photos

OK, EITHER = "ok", "either"
DAMAGED = "photo.damaged"
_PNG = b"\x89PNG\r\n\x1a\n"
_MEGABYTE = 1 << 20


def chunk(kind: bytes, payload: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def in_png(*chunks: bytes) -> bytes:
    """A small PNG with more chunks behind its header."""
    whole = photos.png(1, 96, 64)
    return whole[:33] + b"".join(chunks) + whole[33:]


# Bombs: small files that grow ------------------------------------------------------------------------------


def deflated(megabytes: int) -> bytes:
    """Zeros, a thousandth of their size."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(_MEGABYTE)) for _ in range(megabytes))
    return body + packer.flush()


def profile_bomb_png() -> bytes:
    """A colour profile of 100 MB in a tenth of one."""
    return in_png(chunk(b"iCCP", b"bomb\0\0" + deflated(100)))


def text_bomb_png(kind: bytes = b"zTXt") -> bytes:
    """A text of 100 MB in a tenth of one."""
    head = b"Comment\0\0" if kind == b"zTXt" else b"Comment\0\1\0\0\0"
    return in_png(chunk(kind, head + deflated(100)))


def many_texts_png() -> bytes:
    """Sixty-four texts of four megabytes each: none too long, together a quarter of a gigabyte."""
    one = chunk(b"zTXt", b"Comment\0\0" + deflated(4))
    return in_png(*[one] * 64)


def scan_bomb_jpeg() -> bytes:
    """A progressive JPEG of 100 megapixels whose last scan is repeated four hundred times."""
    small = io.BytesIO()
    Image.new("L", (512, 512)).save(small, "JPEG", progressive=True)
    whole = bytearray(small.getvalue())
    at = whole.index(b"\xff\xc2")
    whole[at + 5 : at + 9] = struct.pack(">HH", 10_000, 10_000)
    last = whole.rindex(b"\xff\xda")
    return bytes(whole[:-2]) + bytes(whole[last:-2]) * 400 + b"\xff\xd9"


def huge_canvas_gif() -> bytes:
    """A GIF of 65,535 pixels square in 30 bytes."""
    return b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0x80, 0, 0) + bytes(6) + b";"


# Liars: headers that say what is not so --------------------------------------------------------------------


def taller_jpeg() -> bytes:
    """A frame header that claims twenty times the rows there are."""
    whole = bytearray(photos.jpeg(1, 320, 240))
    at = whole.index(b"\xff\xc0")
    whole[at + 5 : at + 7] = struct.pack(">H", 4_800)
    return bytes(whole)


def two_frames_jpeg() -> bytes:
    """A second frame header of another size behind the first."""
    whole = photos.jpeg(1, 320, 240)
    at = whole.index(b"\xff\xc0")
    length = struct.unpack_from(">H", whole, at + 2)[0]
    other = bytearray(whole[at : at + 2 + length])
    other[5:9] = struct.pack(">HH", 16_000, 16_000)
    return whole[: at + 2 + length] + bytes(other) + whole[at + 2 + length :]


def long_segment_jpeg() -> bytes:
    """A segment that claims to be longer than the file."""
    return b"\xff\xd8\xff\xe1\xff\xffExif\0\0" + photos.jpeg(1, 96, 64)[2:600]


def circular_exif_jpeg() -> bytes:
    """EXIF directories that name each other for ever."""
    tiff = b"II*\0" + struct.pack("<I", 8)
    tiff += struct.pack("<HHHIII", 2, 0x8769, 4, 1, 8, 0x8825) + struct.pack("<HIII", 4, 1, 8, 8)
    return photos.with_segment(photos.jpeg(1, 320, 240), 0xE1, b"Exif\0\0" + tiff)


def countless_exif_jpeg() -> bytes:
    """Every wanted tag with a count of four thousand million, past the end."""
    tags = (0x010F, 0x0110, 0x0112, 0x0131, 0x8769, 0x8825, 0x9003, 0x927C)
    tiff = b"MM\0*" + struct.pack(">IH", 8, len(tags))
    for tag in tags:
        for_kind = 2 if tag < 0x8000 else 4
        tiff += struct.pack(">HHII", tag, for_kind, 0xFFFFFFFF, 0xFFFFFFF0)
    return photos.with_segment(photos.jpeg(1, 320, 240), 0xE1, b"Exif\0\0" + tiff + bytes(4))


def scripted_exif_jpeg() -> bytes:
    """Tags that would be markup, a formula or a second line wherever they were shown as they are."""
    stamp = photos.ExifStamp(
        make='"><svg onload=alert(1)>', model="=cmd|'/c calc'!A1", software="a\r\nSet-Cookie: b"
    )
    return photos.jpeg(1, 320, 240, stamp)


def wrong_sum_png() -> bytes:
    """Pixels whose checksum is wrong."""
    whole = bytearray(photos.png(1, 96, 64))
    at = whole.index(b"IDAT") + 12
    whole[at] ^= 0xFF
    return bytes(whole)


def no_frames_png() -> bytes:
    """An animation of no pictures."""
    return in_png(chunk(b"acTL", struct.pack(">II", 0, 0)))


def late_frame_png() -> bytes:
    """An animation whose second picture claims 60,000 pixels square."""
    frame = struct.pack(">IIIIIHHBB", 1, 60_000, 60_000, 0, 0, 1, 10, 0, 0)
    return in_png(chunk(b"acTL", struct.pack(">II", 2, 0)), chunk(b"fcTL", frame))


def many_chunks_png() -> bytes:
    """Fifty thousand chunks of nothing."""
    return in_png(chunk(b"teSt", b"") * 50_000)


def many_segments_jpeg() -> bytes:
    """Sixty thousand empty comments before the picture."""
    whole = photos.jpeg(1, 96, 64)
    return whole[:2] + b"\xff\xfe\0\2" * 60_000 + whole[2:]


def profile_chain_jpeg() -> bytes:
    """Two hundred and fifty-five parts of a colour profile that say each of them is the first."""
    part = b"ICC_PROFILE\0\1\xff" + b"x" * 60_000
    whole = photos.jpeg(1, 96, 64)
    return (
        whole[:2]
        + b"".join(b"\xff\xe2" + struct.pack(">H", len(part) + 2) + part for _ in range(255))
        + whole[2:]
    )


def picture_chain_mpo() -> bytes:
    """Sixty pictures in one file, of which only the first is the photograph."""
    buffer = io.BytesIO()
    first = photos.picture(1, 320, 240)
    first.save(buffer, "MPO", save_all=True, append_images=[photos.picture(99, 64, 48)] * 59)
    return buffer.getvalue()


def lost_pictures_mpo() -> bytes:
    """An index of pictures that names places past the end."""
    whole = picture_chain_mpo()
    return whole[: len(whole) // 3]


def claimed_heic(width: int, height: int) -> bytes:
    """A HEIC whose image property says another size than its picture has."""
    whole = bytearray(photos.heic(3))
    at = whole.index(b"ispe")
    while at >= 0:
        whole[at + 8 : at + 16] = struct.pack(">II", width, height)
        at = whole.find(b"ispe", at + 4)
    return bytes(whole)


# Two-faced files: photographs for one program, something else for another ------------------------------------


def with_archive(page: bytes = b"<script>alert(1)</script>") -> bytes:
    """A JPEG that is a ZIP file too."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr(zipfile.ZipInfo("../../index.html"), page)
    return photos.jpeg(1, 320, 240) + archive.getvalue()


def with_page() -> bytes:
    """A JPEG whose comment is a web page."""
    return photos.jpeg(1, 320, 240, comment=b"<html><body><script>alert(1)</script></body></html>")


def with_script() -> bytes:
    """A JPEG whose first segment lets it be read as a script."""
    script = b"=alert(1);/*"
    return b"\xff\xd8\xff\xe0\x2f\x2a" + script.ljust(0x2F28, b" ") + photos.jpeg(1, 320, 240)[2:] + b"*/"


def with_document() -> bytes:
    """A JPEG whose comment begins a PDF within its first kilobyte."""
    return photos.jpeg(
        1, 320, 240, comment=b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/OpenAction<</S/JavaScript>>>>\n"
    )


def with_shell() -> bytes:
    """A PNG whose text is a program of a web server."""
    return in_png(chunk(b"tEXt", b"Comment\0<?php system($_GET['c']); ?>"))


#: name -> (maker, what must come of it)
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    **photos.HOSTILE,
    "profile bomb": (profile_bomb_png, EITHER),
    "text bomb": (text_bomb_png, EITHER),
    "international text bomb": (lambda: text_bomb_png(b"iTXt"), EITHER),
    "many texts": (many_texts_png, EITHER),
    "scan bomb": (scan_bomb_jpeg, EITHER),
    "huge GIF": (huge_canvas_gif, "photo.format"),
    "JPEG taller than it is": (taller_jpeg, EITHER),
    "JPEG of two frames": (two_frames_jpeg, EITHER),
    "segment longer than the file": (long_segment_jpeg, DAMAGED),
    "circular EXIF": (circular_exif_jpeg, OK),
    "countless EXIF": (countless_exif_jpeg, OK),
    "scripts in EXIF": (scripted_exif_jpeg, OK),
    "PNG with a wrong sum": (wrong_sum_png, EITHER),
    "animation of no pictures": (no_frames_png, EITHER),
    "animation with a huge second picture": (late_frame_png, EITHER),
    "fifty thousand chunks": (many_chunks_png, EITHER),
    "sixty thousand comments": (many_segments_jpeg, EITHER),
    "chain of profiles": (profile_chain_jpeg, EITHER),
    "five megabytes of profile": (photos.huge_profile_jpeg, OK),
    "chain of pictures": (picture_chain_mpo, OK),
    "pictures past the end": (lost_pictures_mpo, EITHER),
    "HEIC that claims 60,000 pixels": (lambda: claimed_heic(60_000, 60_000), EITHER),
    "HEIC that claims 16 pixels": (lambda: claimed_heic(16, 16), EITHER),
    "HEIC cut in the middle": (lambda: photos.heic(3)[:4_000], EITHER),
    "JPEG and ZIP": (with_archive, OK),
    "JPEG and HTML": (with_page, OK),
    "JPEG and script": (with_script, EITHER),
    "JPEG and PDF": (with_document, OK),
    "PNG and PHP": (with_shell, OK),
    "motion photo": (photos.motion_photo, OK),
}

#: Names as browsers and scripts send them; none is ever kept, only a harmless ending.
NAMES = (
    "사진.jpg",
    unicodedata.normalize("NFD", "금천구 노을.JPG"),
    "\u202egpj.exe",
    "사진\u202egnp.jpg",
    "a\0.jpg",
    "a.jpg\0.php",
    "가" * 85 + ".jpg",
    "x" * 251 + ".jpg",
    "x" * 10_000 + ".jpg",
    "a\r\nSet-Cookie: canary=1.jpg",
    "../../../../etc/passwd.jpg",
    "..\\..\\windows\\system.ini",
    "C:\\Users\\홍길동\\사진.jpg",
    "/etc/cron.d/x.jpg",
    "photo.jpg.php",
    "photo.php.jpg",
    "photo.svg",
    ".htaccess",
    "CON.jpg",
    "-rf.jpg",
    "$(reboot).jpg",
    "=cmd|'/c calc'!A1.jpg",
    '"><script>alert(1)</script>.jpg',
    "%2e%2e%2f.jpg",
    "\ud800.jpg".encode("utf-8", "replace").decode(),
    " .jpg",
    ".",
    "..",
    "\ufeff.jpg",
    "👩‍👩‍👧‍👦.jpg",
)


@cache
def seeds() -> tuple[bytes, ...]:
    """Small whole files of every kind that is taken: what mutations begin with."""
    return (
        photos.jpeg(1, 160, 120, photos.camera()),
        photos.progressive(2),
        photos.mpo(3),
        photos.png(4, 96, 64, photos.camera()),
        photos.rgb16_png(5),
        photos.grey16_png(64, 48),
        photos.generated_png(),
        photos.heic(6),
        photos.with_c2pa(photos.with_xmp(photos.jpeg(7, 160, 120), 'xmp:CreatorTool="x"'), "digitalCapture"),
        photos.jpeg(
            8, 160, 120, icc=photos.matrix_profile(((0.4, 0.2, 0.0), (0.4, 0.7, 0.1), (0.1, 0.1, 0.7)))
        ),
    )


def mutate(data: bytes, chance: random.Random) -> bytes:
    """A file broken as transfers, programs and attackers break files; most in its first, telling kilobytes."""
    broken = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        near = min(len(broken), chance.choice((64, 512, 4096, len(broken) or 1)))
        at = chance.randrange(near) if near else 0
        match chance.randrange(8):
            case 0:
                broken[at : at + 1] = bytes((chance.randrange(256),))
            case 1:  # a number at its edge
                broken[at : at + 4] = struct.pack(
                    ">I", chance.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFF, 0x10000))
                )
            case 2:
                broken[at : at + 2] = struct.pack("<H", chance.choice((0, 1, 0xFFFF, 0x8000)))
            case 3:
                del broken[at : at + chance.choice((1, 2, 100, 5000))]
            case 4:
                broken[at:at] = broken[at : at + chance.choice((1, 16, 1000))]
            case 5:
                broken[at:at] = chance.randbytes(chance.choice((1, 3, 200)))
            case 6:
                del broken[chance.randrange(len(broken) + 1) :]
            case _:  # a part of another file
                other = chance.choice(seeds())
                start = chance.randrange(len(other))
                broken[at : at + 400] = other[start : start + 400]
    return bytes(broken)


def mutations(count: int, seed: int) -> Iterator[bytes]:
    """So many broken files, always the same for a seed."""
    chance = random.Random(seed)
    for _ in range(count):
        yield mutate(chance.choice(seeds()), chance)
