"""What the examination read from a photograph, as the JSON object of its row and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from contest.domain.devices import DeviceClass, classify_device
from contest.domain.exif import KST, CaptureTime, Coordinate, ExifFacts
from contest.domain.looks import Looks
from contest.domain.place import Placing, Whereabouts
from contest.domain.provenance import Provenance


@dataclass(frozen=True)
class PhotoFacts:
    """EXIF as believed, where its GPS lies against the district, what its marks mean, the dong of its GPS."""

    exif: ExifFacts = field(default_factory=ExifFacts)
    placing: Placing | None = None
    dong: str | None = None
    provenance: Provenance = field(default_factory=Provenance)
    suffix_agrees: bool = True
    looks: Looks = field(default_factory=Looks)

    @property
    def taken_on(self) -> date | None:
        """The Korean day of capture, where the file says it."""
        return self.exif.captured.at.astimezone(KST).date() if self.exif.captured else None

    @property
    def device_class(self) -> DeviceClass:
        """What kind of device the file names."""
        return classify_device(self.exif.device)

    def to_document(self) -> dict[str, Any]:
        """JSON: {exif, place, dong, marks, suffix_agrees, looks}."""
        exif = asdict(self.exif)
        if self.exif.captured:
            exif["captured"]["at"] = self.exif.captured.at.isoformat()
        return {
            "exif": exif,
            "place": asdict(self.placing) if self.placing else None,
            "dong": self.dong,
            "marks": {
                name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self.provenance).items()
            },
            "suffix_agrees": self.suffix_agrees,
            "looks": asdict(self.looks),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> PhotoFacts:
        """Read it back; what is not there says nothing."""
        exif = dict(document.get("exif") or {})
        if captured := exif.get("captured"):
            exif["captured"] = CaptureTime(
                datetime.fromisoformat(captured["at"]), zone_known=captured["zone_known"]
            )
        if gps := exif.get("gps"):
            exif["gps"] = Coordinate(gps["latitude"], gps["longitude"])
        place = document.get("place")
        marks: dict[str, Any] = {
            name: tuple(v) if isinstance(v, list) else v
            for name, v in dict(document.get("marks") or {}).items()
        }
        return cls(
            exif=ExifFacts(**exif),
            placing=Placing(Whereabouts(place["where"]), place["metres"], is_inside=place["is_inside"])
            if place
            else None,
            dong=document.get("dong"),
            provenance=Provenance(**marks),
            suffix_agrees=bool(document.get("suffix_agrees", True)),
            looks=Looks(**dict(document.get("looks") or {})),
        )
