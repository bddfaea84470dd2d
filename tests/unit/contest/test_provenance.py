"""What files declare of their making."""

from __future__ import annotations

from typing import Any

import pytest

from contest.domain.provenance import Marks, Provenance, read_provenance


def read(
    width: int = 4000, height: int = 3000, file_format: str = "JPEG", has_camera: bool = True, **marks: Any
) -> Provenance:
    return read_provenance(
        Marks(**marks), file_format=file_format, width=width, height=height, has_camera=has_camera
    )


@pytest.mark.parametrize(
    "marks",
    [
        {"source_types": ("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",)},
        {"source_types": ("compositeWithTrainedAlgorithmicMedia",)},
        {"png_keys": ("Title", "parameters")},
        {"png_keys": ("workflow",)},
        {"software": "NovelAI"},
        {"software": "Adobe Firefly"},
        {"creator_tool": "Midjourney 6.1"},
        {"software": "DALL-E 3"},
        {"user_comment": "a hill, sunset\nSteps: 20, Sampler: Euler a, CFG scale: 7"},
    ],
)
def test_declarations_of_ai_are_found_and_named(marks: Any) -> None:
    provenance = read(**marks)
    assert provenance.declares_ai
    assert len(provenance.source_types + provenance.generators) == 1


@pytest.mark.parametrize(
    "marks",
    [
        {},
        {"software": "Adobe Lightroom Classic 13.0"},
        {"software": "SM-S928NKSU1AXB7"},
        {"source_types": ("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",)},
        {"has_c2pa": True},
        {"user_comment": "three steps: up the hill"},
    ],
)
def test_nothing_else_declares_ai(marks: Any) -> None:
    assert not read(**marks).declares_ai


def test_ordinary_developers_are_named_once() -> None:
    provenance = read(software="Adobe Photoshop 25.0", creator_tool="Adobe Photoshop 25.0")
    assert provenance.editors == ("Adobe Photoshop 25.0",)
    assert read(software="Ver.1.00").editors == ()
    assert read(software="Firmware Version1.2").editors == ()


def test_screenshots_say_so_or_have_a_screens_shape() -> None:
    assert read(user_comment="Screenshot").screenshot == "Screenshot"
    assert read(1179, 2556, "PNG", has_camera=False).screenshot == "PNG 1179×2556"
    assert read(1440, 3120, "PNG", has_camera=False).screenshot is not None
    assert read(1440, 3120, "JPEG").screenshot is None
    assert read(1440, 1440, "PNG", has_camera=False).screenshot is None


def test_messengers_leave_a_round_size_and_no_camera() -> None:
    assert read(1440, 1080, has_camera=False).messenger == "1440×1080"
    assert read(1440, 1080, has_camera=True).messenger is None
    assert read(4000, 3000, has_camera=False).messenger is None
