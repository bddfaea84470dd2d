"""What kind of device took a photograph, by the name that its file gives."""

from __future__ import annotations

from enum import StrEnum


class DeviceClass(StrEnum):
    """Kinds of devices; UNKNOWN is a file that names none."""

    PHONE = "phone"
    DRONE = "drone"
    CAMERA = "camera"
    UNKNOWN = "unknown"


#: Parts of names, in lower case, that only telephones have; makers of both kinds are told apart by model.
PHONE_MARKS = (
    "iphone", "samsung sm-", "galaxy", "sm-s", "sm-n", "sm-a", "sm-f", "sm-g", "lge ", "lg-", "lm-", "pixel",
    "xiaomi", "redmi", "huawei", "honor", "oneplus", "oppo", "vivo", "motorola", "nothing", "xperia",
)  # fmt: skip
DRONE_MARKS = ("dji", "mavic", "autel", "parrot", "skydio", "fc3", "fc7", "fc8")


def device_class(device: str | None) -> DeviceClass:
    """The kind of a device by its maker and model; what is neither telephone nor drone is a camera."""
    name = (device or "").lower()
    if not name:
        return DeviceClass.UNKNOWN
    if any(mark in name for mark in DRONE_MARKS):
        return DeviceClass.DRONE
    if any(mark in name for mark in PHONE_MARKS):
        return DeviceClass.PHONE
    return DeviceClass.CAMERA
