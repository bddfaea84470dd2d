"""Photographs in the real imaging process: what is refused, what comes out, and that it lives on."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from factories import photos
from PIL import Image, ImageCms

from contest.domain.fingerprints import Likeness, Photograph, decide
from contest.domain.formats import Refusal
from contest.infra.fingerprint_index import FingerprintIndex
from contest.infra.guard import BytesInsideTransactionError, no_bytes_here
from contest.infra.imaging.client import Imaging
from contest.infra.imaging.results import HEIC_MEGAPIXELS, Inspection, Limits
from contest.infra.texts import photographs as _sentences  # noqa: F401  registers the sentences of refusals
from contest.infra.texts import text

PHOTOGRAPHS = Path(__file__).resolve().parents[3].parent / "shared" / "photos"
BARE = {0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9}


@pytest.fixture(scope="module")
def imaging() -> Iterator[Imaging]:
    one = Imaging()
    yield one
    one.close()


def pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"), dtype=np.int16)


def markers(data: bytes) -> list[int]:
    """Every marker of a JPEG to its last byte, walked here rather than by the code under test."""
    found, at = [0xD8], 2
    assert data[:2] == b"\xff\xd8"
    while True:
        assert data[at] == 0xFF
        marker = data[at + 1]
        found.append(marker)
        if marker == 0xD9:
            assert at + 2 == len(data)
            return found
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
        if marker == 0xDA:
            while not (data[at] == 0xFF and data[at + 1] not in {0x00, *range(0xD0, 0xD8)}):
                at += 1


PLAIN = {"ExifTool", "System", "File", "JFIF", "Composite"}


def told_by_exiftool(path: Path) -> set[str]:
    """The groups of what an independent reader finds in a file; none where it is not installed."""
    if not shutil.which("exiftool"):
        return set()
    told = subprocess.run(["exiftool", "-j", "-G1", path], capture_output=True, check=True).stdout
    return {key.partition(":")[0] for key in json.loads(told)[0] if ":" in key}


def likeness(imaging: Imaging, one: bytes, other: bytes) -> Likeness | None:
    verdict = decide(
        Photograph("a", imaging.inspect(one).fingerprint), Photograph("b", imaging.inspect(other).fingerprint)
    )
    return None if verdict is None else verdict.likeness


@pytest.mark.parametrize("name", photos.HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_the_process_lives_on(imaging: Imaging, name: str) -> None:
    make, code = photos.HOSTILE[name]
    assert imaging.inspect(photos.jpeg()).ok
    process = imaging._process
    inspection = imaging.inspect(make(), filename_suffix=".jpg")
    assert (inspection.refusal, inspection.cause) == (code, None)
    assert inspection.renditions == {}
    assert text("ko", code, **inspection.facts).endswith("주십시오.")
    assert imaging.render_zoom(make()) is None
    assert imaging.inspect(photos.jpeg()).ok
    assert imaging._process is process


def test_an_endless_makernote_costs_nothing(imaging: Imaging) -> None:
    assert len(photos.makernote_jpeg()) <= 122
    inspection = imaging.inspect(photos.endless_makernote())
    assert inspection.ok


def test_an_ordinary_photograph(imaging: Imaging, tmp_path: Path) -> None:
    path = tmp_path / "사진.JPG"
    path.write_bytes(photos.jpeg(5, 3200, 2400, photos.camera()))
    inspection = imaging.inspect(path, filename_suffix=path.suffix)
    assert inspection.ok
    assert (inspection.format, inspection.width, inspection.height) == ("JPEG", 3200, 2400)
    assert inspection.suffix_agrees
    assert inspection.exif.device == "samsung SM-S928N"
    assert inspection.exif.captured is not None
    assert inspection.exif.captured.at == photos.TAKEN
    assert inspection.exif.gps is not None
    assert inspection.exif.gps.latitude == pytest.approx(37.4569, abs=1e-5)
    assert inspection.fingerprint is not None
    assert inspection.fingerprint.quality >= 50
    sizes = {name: (one.width, one.height) for name, one in inspection.renditions.items()}
    assert sizes == {"preview": (2048, 1536), "judge": (2048, 1536), "thumb": (400, 300)}
    zoom = imaging.render_zoom(path)
    assert zoom is not None
    assert (zoom.width, zoom.height) == (3200, 2400)
    for rendition in (*inspection.renditions.values(), zoom):
        with Image.open(io.BytesIO(rendition.data)) as image:
            assert image.size == (rendition.width, rendition.height)


def test_a_zone_and_png_exif_are_read(imaging: Imaging) -> None:
    stamp = photos.ExifStamp(taken=photos.TAKEN, with_zone=True, software="Adobe Lightroom 7")
    for data, file_format in ((photos.jpeg(exif=stamp), "JPEG"), (photos.png(exif=stamp), "PNG")):
        inspection = imaging.inspect(data, filename_suffix=".jpg")
        assert inspection.format == file_format
        assert inspection.suffix_agrees is (file_format == "JPEG")
        assert inspection.exif.captured is not None
        assert inspection.exif.captured.zone_known
        assert inspection.provenance.editors == ("Adobe Lightroom 7",)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_shown_upright(imaging: Imaging, orientation: int) -> None:
    inspection = imaging.inspect(photos.turned_jpeg(7, orientation))
    assert (inspection.width, inspection.height) == (960, 640)
    upright = np.asarray(photos.picture(7), dtype=np.int16)
    assert np.abs(pixels(inspection.renditions["judge"].data) - upright).mean() < 8
    zoom = imaging.render_zoom(photos.turned_jpeg(7, orientation))
    assert zoom is not None
    assert np.abs(pixels(zoom.data) - upright).mean() < 8


def test_renditions_hold_pixels_and_nothing_else(imaging: Imaging, tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    original = (
        photos.jpeg(2, 2400, 1600, photos.camera(), icc=profile, comment=b"canary") + b"PK\x03\x04canary"
    )
    inspection = imaging.inspect(original)
    zoom = imaging.render_zoom(original)
    assert zoom is not None
    for name, rendition in (*inspection.renditions.items(), ("zoom", zoom)):
        assert set(markers(rendition.data)) <= BARE
        assert b"canary" not in rendition.data
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(rendition.data)
        assert told_by_exiftool(path) <= PLAIN


def test_the_same_pixels_give_the_same_bytes_whoever_took_them(imaging: Imaging) -> None:
    mine = imaging.inspect(photos.jpeg(4, exif=photos.camera()))
    theirs = photos.jpeg(
        4, exif=photos.ExifStamp(make="Canon", model="R6", software="GIMP 2.10", orientation=1)
    )
    assert imaging.inspect(theirs).renditions == mine.renditions


def test_declarations_of_ai_are_found_where_files_keep_them(imaging: Imaging) -> None:
    iptc = "http://cv.iptc.org/newscodes/digitalsourcetype/"
    by_xmp = photos.with_xmp(
        photos.jpeg(),
        f'xmp:CreatorTool="Adobe Firefly" Iptc4xmpExt:DigitalSourceType="{iptc}trainedAlgorithmicMedia"',
    )
    found = imaging.inspect(by_xmp).provenance
    assert (found.source_types, found.generators) == (("trainedAlgorithmicMedia",), ("Adobe Firefly",))
    signed = imaging.inspect(
        photos.with_c2pa(photos.jpeg(), "compositeWithTrainedAlgorithmicMedia")
    ).provenance
    assert (signed.has_c2pa, signed.source_types) == (True, ("compositeWithTrainedAlgorithmicMedia",))
    camera = imaging.inspect(photos.with_c2pa(photos.jpeg(), "digitalCapture")).provenance
    assert (camera.has_c2pa, camera.declares_ai) == (True, False)
    assert imaging.inspect(photos.generated_png()).provenance.generators == ("PNG: parameters",)
    assert not imaging.inspect(photos.jpeg(exif=photos.camera())).provenance.declares_ai


def test_unusual_but_honest_photographs(imaging: Imaging) -> None:
    for data in (photos.mpo(), photos.jpeg(mode="CMYK"), photos.jpeg(mode="L"), photos.huge_profile_jpeg()):
        inspection = imaging.inspect(data)
        assert inspection.ok
        assert (inspection.format, inspection.width) == ("JPEG", 960)
    ramp = pixels(imaging.inspect(photos.grey16_png()).renditions["preview"].data)
    assert [int(ramp[100, x, 0]) for x in (0, 240, 479)] == pytest.approx([0, 128, 255], abs=4)
    glass = pixels(imaging.inspect(photos.transparent_png()).renditions["preview"].data)
    assert glass[:, :200].min() > 240


WITH_HEIC = Limits(heic_megapixels=HEIC_MEGAPIXELS)
KINDS = {
    "baseline": lambda: photos.jpeg(3, exif=photos.camera(), comment=b"canary"),
    "progressive": lambda: photos.progressive(3),
    "CMYK": lambda: photos.jpeg(3, mode="CMYK"),
    "MPO": lambda: photos.mpo(3),
    "Ultra HDR": lambda: photos.ultra_hdr(3),
    "motion photo": lambda: photos.motion_photo(3),
    "PNG of 16 bits": lambda: photos.rgb16_png(3),
    "HEIC": lambda: photos.heic(3),
    "HEIC held on its side": lambda: photos.heic(3, orientation=6),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_photograph_becomes_the_same_clean_picture(
    imaging: Imaging, kind: str, tmp_path: Path
) -> None:
    data = KINDS[kind]()
    found, zoom = imaging.inspect(data, limits=WITH_HEIC), imaging.render_zoom(data, limits=WITH_HEIC)
    assert found.ok
    assert zoom is not None
    assert (found.width, found.height, zoom.width, zoom.height) == (960, 640, 960, 640)
    drawn = np.asarray(photos.picture(3), dtype=np.int16)
    for name, rendition in (*found.renditions.items(), ("zoom", zoom)):
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(rendition.data)
        assert told_by_exiftool(path) <= PLAIN
        if name != "thumb":
            assert np.abs(pixels(rendition.data) - drawn).mean() < 8


def test_heic_is_read_only_where_it_is_taken(imaging: Imaging) -> None:
    data = photos.heic(3)
    assert imaging.inspect(data).refusal is Refusal.HEIC
    assert imaging.render_zoom(data) is None
    found = imaging.inspect(data, filename_suffix=".HEIC", limits=WITH_HEIC)
    assert (found.format, found.suffix_agrees, found.exif.device) == ("HEIC", True, "samsung SM-S928N")
    assert not imaging.inspect(data, filename_suffix=".jpg", limits=WITH_HEIC).suffix_agrees
    for broken in (data[: len(data) // 2], data[:600], data.replace(b"hvcC", b"hvcX")):
        assert imaging.inspect(broken, limits=WITH_HEIC).refusal is Refusal.DAMAGED
    assert imaging.inspect(photos.jpeg()).ok


P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))


@pytest.mark.parametrize("primaries", [P3, ADOBE], ids=["Display P3", "Adobe RGB"])
def test_colours_of_a_wider_space_are_shown_as_they_were_seen(
    imaging: Imaging, primaries: tuple[tuple[float, float, float], ...]
) -> None:
    stored = (190, 120, 90)
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480), stored).save(
        buffer, "JPEG", quality=98, icc_profile=photos.matrix_profile(primaries)
    )
    light = np.linalg.inv(np.array(SRGB).T) @ np.array(primaries).T @ (np.array(stored) / 255) ** 2.2
    seen = 255 * np.where(light > 0.0031308, 1.055 * light ** (1 / 2.4) - 0.055, 12.92 * light)
    shown = pixels(imaging.inspect(buffer.getvalue()).renditions["judge"].data)[240, 320]
    assert np.abs(shown - seen).max() < 4
    assert np.abs(shown - np.array(stored)).max() > 8


def test_a_broken_profile_is_no_profile(imaging: Imaging) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    broken = imaging.inspect(photos.jpeg(6, icc=b"not a profile" * 20))
    foreign = imaging.inspect(photos.jpeg(6, icc=lab.tobytes()))
    plain = imaging.inspect(photos.jpeg(6))
    assert broken.renditions == plain.renditions
    assert foreign.ok


@pytest.mark.parametrize(
    "copy", [photos.recompressed, photos.resized, photos.mirrored, photos.quarter_turned]
)
def test_planted_copies_are_near_identical(imaging: Imaging, copy: object) -> None:
    assert callable(copy)
    assert likeness(imaging, photos.jpeg(11), copy(11)) is Likeness.NEAR_IDENTICAL


def test_different_photographs_are_no_pair_and_the_index_agrees(imaging: Imaging) -> None:
    inspections = {seed: imaging.inspect(photos.jpeg(seed, 480, 320)) for seed in range(20, 44)}
    prints = {seed: one.fingerprint for seed, one in inspections.items() if one.fingerprint}
    assert len(prints) == 24
    index = FingerprintIndex((seed, one.pdq[0]) for seed, one in prints.items())
    for seed, one in prints.items():
        assert one.quality >= 50
        assert index.search(one.pdq) == [(seed, 0)]
    copy = imaging.inspect(photos.mirrored(30)).fingerprint
    assert copy is not None
    assert [key for key, _ in index.search(copy.pdq)] == [30]


def test_the_index_is_exact_and_grows() -> None:
    rng = np.random.default_rng(5)
    hashes = [int.from_bytes(rng.bytes(32)) for _ in range(1500)]
    index = FingerprintIndex(enumerate(hashes[:1000]))
    for key, value in enumerate(hashes[1000:], start=1000):
        index.add(key, value)
    index.add(3, hashes[3])
    assert len(index) == 1500
    near = hashes[3] ^ 0b1011
    found = index.search([near, *hashes[10:12]], radius=110)
    expected = {
        key: least
        for key, value in enumerate(hashes)
        if (least := min((value ^ turned).bit_count() for turned in (near, *hashes[10:12]))) <= 110
    }
    assert dict(found) == expected
    assert found[0][1] == 0
    assert dict(found)[3] == 3
    assert FingerprintIndex().search([near]) == []


def test_one_who_takes_too_long_or_too_much_is_ended_alone(imaging: Imaging) -> None:
    late = imaging.inspect(photos.jpeg(), limits=Limits(wall_seconds=0.0005))
    assert (late.refusal, late.cause) == (Refusal.UNREADABLE, "timeout")
    greedy = imaging.inspect(photos.black_png(7000, 7000), limits=Limits(memory_bytes=260 << 20))
    assert greedy.refusal is Refusal.UNREADABLE
    assert greedy.cause in {"memory", "crash"}
    assert imaging.inspect(photos.jpeg()).ok


def test_a_dead_process_is_replaced(imaging: Imaging) -> None:
    assert imaging.inspect(photos.jpeg()).ok
    assert imaging._process is not None
    os.kill(imaging._process.pid, signal.SIGKILL)
    assert imaging.inspect(photos.jpeg()).ok
    imaging.close()
    assert imaging.inspect(photos.jpeg()).ok


def test_threads_share_one_process(imaging: Imaging) -> None:
    def inspect(seed: int) -> Inspection:
        return imaging.inspect(photos.jpeg(seed, 480, 320))

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(inspect, [20, 21, 22, 23] * 2))
    assert together == [inspect(seed) for seed in (20, 21, 22, 23)] * 2


def test_the_process_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://canary")
    imaging = Imaging()
    try:
        told = imaging.isolation()
        assert told["running"]
        assert isinstance(told["network_isolated"], bool)
        assert imaging._process is not None
        environment = Path(f"/proc/{imaging._process.pid}/environ").read_bytes()
        assert b"canary" not in environment
        assert b"OPENBLAS_NUM_THREADS=1" in environment
    finally:
        imaging.close()


CONFINED = """
import os, socket
from contest.infra.imaging.results import Limits
from contest.infra.imaging.sandbox import confine

readable, writable = os.pipe()
inherited = os.open("/etc/passwd", os.O_RDONLY)
if os.fork() == 0:
    confine(Limits(), writable)
    told = []
    for name, attempt in {
        "file": lambda: open("/etc/passwd"),
        "socket": lambda: socket.socket(),
        "write": lambda: os.open("/tmp/never-made", os.O_CREAT | os.O_WRONLY),
        "inherited": lambda: os.read(inherited, 1),
        "fork": lambda: os.pipe(),
    }.items():
        try:
            attempt()
        except OSError:
            told.append(name)
    os.write(1, " ".join(told).encode())
    os._exit(0)
os.close(writable)
print(os.read(readable, 1000).decode())
"""


def test_a_confined_child_reaches_no_file_and_no_socket() -> None:
    root = Path(__file__).resolve().parents[3]
    run = subprocess.run(
        [sys.executable, "-c", CONFINED], cwd=root, capture_output=True, check=True, text=True
    )
    assert run.stdout.split() == ["file", "socket", "write", "inherited", "fork"]


def test_imaging_refuses_inside_a_unit_of_work(imaging: Imaging) -> None:
    with no_bytes_here(), pytest.raises(BytesInsideTransactionError):
        imaging.inspect(photos.jpeg())


@pytest.mark.full
def test_the_largest_phone_photograph_fits_the_limits(imaging: Imaging) -> None:
    buffer = io.BytesIO()
    large = photos.picture(3).resize((16_320, 12_240))
    large.save(buffer, "JPEG", quality=80, progressive=True)
    inspection = imaging.inspect(buffer.getvalue())
    assert inspection.ok
    assert inspection.renditions["judge"].width == 2048
    zoom = imaging.render_zoom(buffer.getvalue())
    assert zoom is not None
    assert (zoom.width, zoom.height) == (8160, 6120)


def real_photographs() -> list[Path]:
    if not PHOTOGRAPHS.is_dir():
        pytest.skip("../shared/photos is not there: real photographs not tried")
    return sorted(path for path in PHOTOGRAPHS.rglob("*.*") if path.suffix.lower() in {".jpg", ".heic"})


@pytest.fixture(scope="module", params=[6, pytest.param(1, marks=pytest.mark.full)])
def inspected(imaging: Imaging, request: pytest.FixtureRequest) -> dict[Path, Inspection]:
    """The real photographs, each examined once: every odd one, and of the landscapes every sixth or all."""
    found = real_photographs()
    scenes = [path for path in found if path.parent.name == "scenes"]
    kept = {*found} - {*scenes} | {*scenes[:: request.param]}
    return {path: imaging.inspect(path) for path in found if path in kept}


def test_real_photographs_are_read(imaging: Imaging, inspected: dict[Path, Inspection]) -> None:
    for path, examined in inspected.items():
        inspection = examined
        if path.suffix == ".HEIC":
            assert examined.refusal is Refusal.HEIC
            inspection = imaging.inspect(path, limits=WITH_HEIC)
        assert inspection.ok, path.name
        assert set(markers(inspection.renditions["judge"].data)) <= BARE
        if path.parent.name == "cameras":
            assert inspection.exif.captured is not None
            assert inspection.exif.device is not None
        if path.parent.name == "hdr":
            assert inspection.exif.device == "Google Pixel 6 Pro"
        if path.parent.name == "provenance":
            assert inspection.provenance.has_c2pa is (path.name != "A.jpg")


def test_real_orientations_are_one_picture(inspected: dict[Path, Inspection]) -> None:
    turned = {path.name: one for path, one in inspected.items() if path.parent.name == "orientation"}
    for shape in ("Landscape", "Portrait"):
        upright = [one for name, one in turned.items() if name.startswith(shape)]
        assert len({(one.width, one.height) for one in upright}) == 1
        first = pixels(upright[0].renditions["thumb"].data)
        for one in upright[1:]:
            assert np.abs(pixels(one.renditions["thumb"].data) - first).mean() < 20


def test_real_scenes_are_all_different(inspected: dict[Path, Inspection]) -> None:
    scenes = {path.name: one for path, one in inspected.items() if path.parent.name == "scenes"}
    prints = [Photograph(name, one.fingerprint) for name, one in scenes.items()]
    assert [
        (one.sha256, other.sha256)
        for at, one in enumerate(prints)
        for other in prints[at + 1 :]
        if decide(one, other) is not None
    ] == []
