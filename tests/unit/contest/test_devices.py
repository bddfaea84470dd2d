"""Kinds of device by what they call themselves."""

from __future__ import annotations

import pytest

from contest.domain.devices import classify_device


@pytest.mark.parametrize(
    ("device", "kind"),
    [
        (None, "unknown"),
        ("ACME Obscura 3", "unknown"),
        ("samsung SM-S928N", "phone"),
        ("SM-S928N", "phone"),
        ("samsung Galaxy S24 Ultra", "phone"),
        ("Apple iPhone 15 Pro", "phone"),
        ("Google Pixel 8", "phone"),
        ("LG Electronics LM-G900N", "phone"),
        ("Sony XQ-DQ44", "phone"),
        ("Sony ILCE-7M4", "camera"),
        ("samsung NX500", "camera"),
        ("Canon EOS R6", "camera"),
        ("NIKON COOLPIX P6000", "camera"),
        ("DJI Osmo Pocket 3", "camera"),
        ("GoPro HERO11 Black", "camera"),
        ("DJI FC3582", "drone"),
        ("Hasselblad L2D-20c", "drone"),
        ("Parrot ANAFI", "drone"),
        ("NORITSU KOKI QSS-32_33", "scanner"),
        ("EPSON Perfection V600", "scanner"),
        ("Nikon SUPER COOLSCAN 5000 ED", "scanner"),
        ("FUJIFILM SP-3000", "scanner"),
    ],
)
def test_a_device_is_known_by_its_name(device: str | None, kind: str) -> None:
    assert classify_device(device) == kind
