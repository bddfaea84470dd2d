"""What stands in a file beside its pixels: EXIF by two readers, XMP, PNG texts, the presence of C2PA."""

from __future__ import annotations

import io
import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

import exifread
from PIL import Image

from contest.domain.exif import RawExif, clean
from contest.domain.provenance import AI_SOURCE_TYPES, Marks
from contest.infra.imaging.credentials import Credentials, read_credentials
from contest.infra.imaging.segments import walk_boxes, walk_jpeg, walk_png

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_MAKE, _MODEL, _SOFTWARE, _ORIENTATION = 0x010F, 0x0110, 0x0131, 0x0112
_DATE_ORIGINAL, _OFFSET_ORIGINAL, _USER_COMMENT = 0x9003, 0x9011, 0x9286
_LENS = 0xA434
_ARTIST, _OWNER, _BODY_SERIAL, _LENS_SERIAL = 0x013B, 0xA430, 0xA431, 0xA435
_IFD1, _JPEG_AT, _JPEG_LENGTH = -1, 0x0201, 0x0202
_LAT_REF, _LAT, _LON_REF, _LON = 1, 2, 3, 4
_EXIFREAD_SECONDS = 2.0  # it is written in Python and loops over counts a file names
_XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_XMP_EXTENSION_HEAD = len(_XMP_EXTENSION) + 40
_LONGEST_XMP = 2 << 20
_SOURCE_TYPE = re.compile(r"DigitalSourceType\W{1,4}(?:rdf:resource\W{1,3})?([\w:/.\-]{1,120})")
_CREATOR_TOOL = re.compile(r"CreatorTool(?:=[\"']|>)([^\"'<]{1,120})")
_XMP_COMMENT = re.compile(r"UserComment.{0,200}?>\s*(Screenshot)\s*<", re.DOTALL)
_APP1, _APP11 = 0xE1, 0xEB
_JUMBF_HEAD, _JUMBF_AGAIN = 8, 16
_COMMENT_CHARSET = 8
_LONGEST_COMMENT = 4000
_GPS_PARTS = 3


def read_exif_tags(data: bytes, image: Image.Image) -> RawExif:
    """The few tags looked at, by exifread with Pillow as the second witness; never raises."""
    first, second = _by_exifread(data), _by_pillow(image)
    one, other = first.get("date_original"), second.get("date_original")
    disagree = bool(one and other and one.strip(" \0") != other.strip(" \0"))
    merged = {name: second.get(name) if value is None else value for name, value in first.items()}
    # libjpeg's own world turns pictures by what Pillow reads, as browsers do.
    # A HEIC is turned by its container, which its decoder has done already.
    turned = image.format == "HEIF"
    merged["orientation"] = None if turned else second.get("orientation") or first.get("orientation")
    return RawExif(**merged, readers_disagree=disagree)


def _by_exifread(data: bytes) -> dict[str, Any]:
    tags: Mapping[str, Any] = {}
    try:
        with _alarm(_EXIFREAD_SECONDS):
            # With details a 122-byte MakerNote of a billion entries never ends.
            tags = exifread.process_file(io.BytesIO(data), details=False, extract_thumbnail=False)
    except Exception:  # noqa: BLE001  43 of 2,159 real files raise a dozen kinds; Pillow still bears witness
        tags = {}

    def value(name: str) -> Any:
        tag = tags.get(name)
        return None if tag is None else tag.values

    orientation = value("Image Orientation")
    return {
        "date_original": _text(value("EXIF DateTimeOriginal")),
        "offset_original": _text(value("EXIF OffsetTimeOriginal")),
        "make": _text(value("Image Make")),
        "model": _text(value("Image Model")),
        "software": _text(value("Image Software")),
        "lens": _text(value("EXIF LensModel")),
        "body_serial": _words(value("EXIF BodySerialNumber")),
        "lens_serial": _words(value("EXIF LensSerialNumber")),
        "owner": _words(value("EXIF CameraOwnerName")),
        "artist": _words(value("Image Artist")),
        "orientation": _whole(orientation[0] if isinstance(orientation, list) and orientation else None),
        "latitude": _numbers(value("GPS GPSLatitude")),
        "latitude_ref": _text(value("GPS GPSLatitudeRef")),
        "longitude": _numbers(value("GPS GPSLongitude")),
        "longitude_ref": _text(value("GPS GPSLongitudeRef")),
    }


def _by_pillow(image: Image.Image) -> dict[str, Any]:
    main, exif, gps = _directories(image)
    return {
        "date_original": _text(exif.get(_DATE_ORIGINAL)),
        "offset_original": _text(exif.get(_OFFSET_ORIGINAL)),
        "make": _text(main.get(_MAKE)),
        "model": _text(main.get(_MODEL)),
        "software": _text(main.get(_SOFTWARE)),
        "lens": _text(exif.get(_LENS)),
        "body_serial": _words(exif.get(_BODY_SERIAL)),
        "lens_serial": _words(exif.get(_LENS_SERIAL)),
        "owner": _words(exif.get(_OWNER)),
        "artist": _words(main.get(_ARTIST)),
        "orientation": _whole(main.get(_ORIENTATION)),
        "latitude": _numbers(gps.get(_LAT)),
        "latitude_ref": _text(gps.get(_LAT_REF)),
        "longitude": _numbers(gps.get(_LON)),
        "longitude_ref": _text(gps.get(_LON_REF)),
    }


def _directories(image: Image.Image) -> tuple[Mapping[int, Any], Mapping[int, Any], Mapping[int, Any]]:
    try:
        main = image.getexif()
        return dict(main), main.get_ifd(_EXIF_IFD), main.get_ifd(_GPS_IFD)
    except Exception:  # noqa: BLE001  whatever crafted bytes raise, such EXIF says nothing
        return {}, {}, {}


def read_marks(data: bytes, image: Image.Image, raw: RawExif) -> Marks:
    """Marks of editors, generators and C2PA; never raises for any bytes."""
    xmp, jumbf, png_texts = _texts_of_heic(data, image) if image.format == "HEIF" else _texts(data)
    _, exif, _ = _directories(image)
    credentials = _credentials(data, image, jumbf, xmp)
    sources = [match[1] for match in _SOURCE_TYPE.finditer(xmp)]
    sources += credentials.source_types
    # Every manifest and ingredient writes its terms as plain text: a damaged box is found to declare it too.
    sources += [term for term in AI_SOURCE_TYPES if f"/{term}".encode() in jumbf]
    tool = _CREATOR_TOOL.search(xmp)
    screenshot = _XMP_COMMENT.search(xmp)
    return Marks(
        software=clean(raw.software) or clean(png_texts.get("software")),
        creator_tool=clean(tool[1]) if tool else None,
        user_comment=screenshot[1] if screenshot else _comment(exif.get(_USER_COMMENT)),
        source_types=tuple(dict.fromkeys(sources)),
        png_keys=tuple(clean(key) or "" for key in png_texts),
        has_c2pa=credentials.state != "none",
        credentials=credentials.state,
        signed_by=credentials.signer,
        is_signature_intact=credentials.is_intact,
    )


def _credentials(data: bytes, image: Image.Image, jumbf: bytes, xmp: str) -> Credentials:
    embedded = b"jumb" in jumbf and b"c2pa" in jumbf
    if not embedded and "provenance" not in xmp:
        return Credentials()
    found = read_credentials(data, {"PNG": "PNG", "HEIF": "HEIC"}.get(image.format or "", "JPEG"))
    return Credentials("damaged") if embedded and found.state == "none" else found


def read_thumbnail(image: Image.Image) -> bytes | None:
    """The JPEG that a camera put into its EXIF; None where there is none to be found."""
    block = image.info.get("exif")
    try:
        first = image.getexif().get_ifd(_IFD1)
        at, length = int(first[_JPEG_AT]), int(first[_JPEG_LENGTH])
    except Exception:  # noqa: BLE001  whatever crafted bytes raise, there is no thumbnail
        return None
    if not isinstance(block, bytes) or at <= 0 or length <= 0:
        return None
    found = block.removeprefix(b"Exif\0\0")[at : at + length]
    return found if found.startswith(b"\xff\xd8") else None


def _texts_of_heic(data: bytes, image: Image.Image) -> tuple[str, bytes, dict[str, str]]:
    xmp = image.info.get("xmp")
    jumbf = b"".join(payload for kind, payload in walk_boxes(data) if kind == b"uuid")
    return xmp[:_LONGEST_XMP].decode("utf-8", "replace") if isinstance(xmp, bytes) else "", jumbf, {}


def _texts(data: bytes) -> tuple[str, bytes, dict[str, str]]:
    """XMP text, the JUMBF box, PNG texts by lower-case key."""
    xmp, jumbf, png_texts = bytearray(), bytearray(), dict[str, str]()
    if data.startswith(b"\xff\xd8"):
        for marker, _, payload in walk_jpeg(data):
            if marker == _APP1 and payload.startswith(_XMP_HEADER):
                xmp += payload[len(_XMP_HEADER) :]
            elif marker == _APP1 and payload.startswith(_XMP_EXTENSION):
                xmp += payload[_XMP_EXTENSION_HEAD:]
            elif marker == _APP11 and payload.startswith(b"JP"):
                jumbf += payload[_JUMBF_AGAIN if jumbf else _JUMBF_HEAD :]
    else:
        for kind, payload in walk_png(data):
            if kind == b"caBX":
                jumbf += payload
            elif kind in {b"tEXt", b"zTXt", b"iTXt"}:
                key, _, value = payload.partition(b"\0")
                name = key.decode("latin-1").casefold()
                png_texts[name] = value[:_LONGEST_COMMENT].decode("latin-1") if kind == b"tEXt" else ""
                if name == "xml:com.adobe.xmp":
                    xmp += value
    return xmp[:_LONGEST_XMP].decode("utf-8", "replace"), bytes(jumbf), png_texts


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    return value[:_LONGEST_COMMENT].rstrip("\0") or None


def _words(value: Any) -> str | None:
    """Text in whichever letters it was written, the same by both readers: Pillow takes each byte for a letter."""
    if isinstance(value, str):
        try:
            value = value.encode("latin-1")
        except UnicodeEncodeError:
            return _text(value)
    if not isinstance(value, bytes):
        return None
    for encoding in ("utf-8", "cp949"):
        try:
            return _text(value.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _text(value.decode("latin-1"))


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _numbers(value: Any) -> tuple[float, ...] | None:
    if not isinstance(value, (list, tuple)) or not value:
        return None
    return tuple(_number(part) for part in value[:_GPS_PARTS])


def _number(part: Any) -> float:
    try:
        return float(part)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return float("nan")


def _comment(value: Any) -> str | None:
    if isinstance(value, str):
        return value[:_LONGEST_COMMENT] or None
    if not isinstance(value, bytes):
        return None
    charset, body = value[:_COMMENT_CHARSET], value[_COMMENT_CHARSET:_LONGEST_COMMENT]
    if charset.startswith(b"UNICODE"):
        return body.decode("utf-16-be" if body[:1] == b"\0" else "utf-16-le", "replace") or None
    return body.decode("utf-8", "replace").strip(" \0") or None
