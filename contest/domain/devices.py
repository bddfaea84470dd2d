"""What kind of device made a photograph, by the maker and model that it wrote."""

from __future__ import annotations

import re
from enum import StrEnum


class DeviceClass(StrEnum):
    """The kinds of device that rules and staff tell apart."""

    PHONE = "phone"
    CAMERA = "camera"
    DRONE = "drone"
    SCANNER = "scanner"
    UNKNOWN = "unknown"


# In this order: the maker of the commonest drones makes hand-held cameras too, and camera makers made scanners.
_DRONE = re.compile(
    r"\bFC\d{3,4}\w?\b|mavic|phantom|inspire\s?\d|\bL[12]D-20c|\bL2D-20c|\bmini\s?[1-9]\b.*\bdji|\bdji\b.*\bmini"
    r"|\bM(?:2|3)E\b|\bM3T\b|anafi|parrot|autel|\bXT\d{3}\b|skydio|hasselblad l\d|yuneec|fimi|holy stone",
    re.IGNORECASE,
)
_DJI_HANDHELD = re.compile(r"osmo|pocket|action|ronin", re.IGNORECASE)
_SCANNER = re.compile(
    r"scan|noritsu|frontier|\bSP-[23]000\b|\bSP-2500\b|perfection|\bGT-X|coolscan|plustek|dimage scan|opticfilm",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"iphone|\bipad|samsung (?:SM-|galaxy|GT-|SH[VW]-)|^(?:SM|GT|SH[VW])-|galaxy|\bpixel\b|google|huawei|honor"
    r"|xiaomi|redmi|poco|oneplus|oppo|vivo|realme|motorola|\bmoto\b|nokia|hmd|jolla|\bLGE?\b|\bLM-|\bLG-|\bhtc\b"
    r"|sony (?:[A-H]\d{4}|XQ-|SO-)|xperia|pantech|\bIM-A|asus|zte|nothing|fairphone|blackberry|meizu|lenovo",
    re.IGNORECASE,
)
_CAMERA = re.compile(
    r"canon|nikon|sony|fuji|olympus|om digital|panasonic|lumix|pentax|ricoh|leica|sigma|hasselblad|kodak|casio"
    r"|minolta|konica|samsung (?:NX|WB|EX|EK-|ES|ST|PL|Digimax)|gopro|insta360|dji"
    r"|epson r-d|phase one|mamiya|sanyo|polaroid|kyocera",
    re.IGNORECASE,
)


def classify_device(device: str | None) -> DeviceClass:
    """The class of a device summarised as "maker model"; UNKNOWN for nothing and for what is not known."""
    if not device:
        return DeviceClass.UNKNOWN
    if _DRONE.search(device) and not _DJI_HANDHELD.search(device):
        return DeviceClass.DRONE
    for pattern, kind in (
        (_SCANNER, DeviceClass.SCANNER),
        (_PHONE, DeviceClass.PHONE),
        (_CAMERA, DeviceClass.CAMERA),
    ):
        if pattern.search(device):
            return kind
    return DeviceClass.UNKNOWN
