"""Findings about a work: what was found, how grave this edition holds it, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Grade(StrEnum):
    """How grave a kind of finding is in an edition."""

    UNFIT = "unfit"
    DOUBTFUL = "doubtful"
    NOTE = "note"
    OFF = "off"


class Verdict(StrEnum):
    """What the findings of one work amount to, before a person decides."""

    FIT = "fit"
    DOUBTFUL = "doubtful"
    UNFIT = "unfit"


class FindingKind(StrEnum):
    """Everything the checks can say about a work."""

    NOT_IMAGE = "not_image"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    FORMAT = "format"
    EXTENSION_MISMATCH = "extension_mismatch"
    TOO_SMALL = "too_small"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_FEW_BYTES = "too_few_bytes"
    OVER_CAP = "over_cap"
    LATE = "late"
    SAME_FILE_SAME_PERSON = "same_file_same_person"
    SAME_FILE_OTHER = "same_file_other"
    NEAR_COPY_OTHER = "near_copy_other"
    NEAR_COPY_SAME_PERSON = "near_copy_same_person"
    EARLIER_EDITION_COPY = "earlier_edition_copy"
    LIBRARY_MATCH = "library_match"
    PART_OF_OTHER = "part_of_other"
    SAME_SCENE = "same_scene"
    TAKEN_OUTSIDE_WINDOW = "taken_outside_window"
    OUTSIDE_DISTRICT = "outside_district"
    NEAR_BOUNDARY = "near_boundary"
    PLACE_MISSING = "place_missing"
    AI_DECLARED = "ai_declared"
    GENERATOR_MARK = "generator_mark"
    CREDENTIALS_UNCHECKED = "credentials_unchecked"
    EDITOR_MARK = "editor_mark"
    SCREENSHOT = "screenshot"
    UPSCALED = "upscaled"
    WATERMARK = "watermark"
    BORDER = "border"
    DATE_STAMP = "date_stamp"
    BLANK = "blank"
    SOFT = "soft"
    THUMBNAIL_DIFFERS = "thumbnail_differs"
    MESSENGER = "messenger"
    NO_EXIF = "no_exif"
    NO_GPS = "no_gps"
    IMPOSSIBLE_DATE = "impossible_date"
    DRONE = "drone"
    SCANNED = "scanned"
    SAME_PHONE_OTHER_NAME = "same_phone_other_name"
    PORTRAIT_UNCONSENTED = "portrait_unconsented"
    NAMES_IN_TEXT = "names_in_text"


_K = FindingKind

DEFAULT_GRADES: Mapping[FindingKind, Grade] = MappingProxyType(
    {
        _K.NOT_IMAGE: Grade.UNFIT,
        _K.UNREADABLE: Grade.UNFIT,
        _K.DAMAGED: Grade.UNFIT,
        _K.FORMAT: Grade.UNFIT,
        _K.EXTENSION_MISMATCH: Grade.NOTE,
        _K.TOO_SMALL: Grade.UNFIT,
        _K.TOO_MANY_PIXELS: Grade.UNFIT,
        _K.TOO_MANY_BYTES: Grade.UNFIT,
        _K.TOO_FEW_BYTES: Grade.UNFIT,
        _K.OVER_CAP: Grade.UNFIT,
        _K.LATE: Grade.UNFIT,
        _K.SAME_FILE_SAME_PERSON: Grade.UNFIT,
        _K.SAME_FILE_OTHER: Grade.DOUBTFUL,
        _K.NEAR_COPY_OTHER: Grade.DOUBTFUL,
        _K.NEAR_COPY_SAME_PERSON: Grade.NOTE,
        _K.EARLIER_EDITION_COPY: Grade.DOUBTFUL,
        _K.LIBRARY_MATCH: Grade.DOUBTFUL,
        _K.PART_OF_OTHER: Grade.DOUBTFUL,
        _K.SAME_SCENE: Grade.NOTE,
        _K.TAKEN_OUTSIDE_WINDOW: Grade.DOUBTFUL,
        _K.OUTSIDE_DISTRICT: Grade.DOUBTFUL,
        _K.NEAR_BOUNDARY: Grade.DOUBTFUL,
        _K.PLACE_MISSING: Grade.UNFIT,
        _K.AI_DECLARED: Grade.DOUBTFUL,
        _K.GENERATOR_MARK: Grade.DOUBTFUL,
        _K.CREDENTIALS_UNCHECKED: Grade.NOTE,
        _K.EDITOR_MARK: Grade.NOTE,
        _K.SCREENSHOT: Grade.DOUBTFUL,
        _K.UPSCALED: Grade.DOUBTFUL,
        _K.WATERMARK: Grade.NOTE,
        _K.BORDER: Grade.DOUBTFUL,
        _K.DATE_STAMP: Grade.DOUBTFUL,
        _K.BLANK: Grade.DOUBTFUL,
        _K.SOFT: Grade.NOTE,
        _K.THUMBNAIL_DIFFERS: Grade.NOTE,
        _K.MESSENGER: Grade.NOTE,
        _K.NO_EXIF: Grade.NOTE,
        _K.NO_GPS: Grade.NOTE,
        _K.IMPOSSIBLE_DATE: Grade.NOTE,
        _K.DRONE: Grade.NOTE,
        _K.SCANNED: Grade.NOTE,
        _K.SAME_PHONE_OTHER_NAME: Grade.DOUBTFUL,
        _K.PORTRAIT_UNCONSENTED: Grade.DOUBTFUL,
        _K.NAMES_IN_TEXT: Grade.DOUBTFUL,
    }
)

# The names of the facts each kind carries; its sentence may use no others. Values are JSON scalars, ready to
# be read (dates as "2024. 8. 30.(금) 18:00", sizes in pixels, megabytes and metres as numbers).
FACTS: Mapping[FindingKind, frozenset[str]] = MappingProxyType(
    {
        kind: frozenset(names)
        for kind, names in {
            _K.NOT_IMAGE: (),
            _K.UNREADABLE: (),
            _K.DAMAGED: (),
            _K.FORMAT: ("found", "allowed"),
            _K.EXTENSION_MISMATCH: ("found", "extension"),
            _K.TOO_SMALL: ("long_side", "least"),
            _K.TOO_MANY_PIXELS: ("megapixels", "most"),
            _K.TOO_MANY_BYTES: ("megabytes", "most"),
            _K.TOO_FEW_BYTES: ("megabytes", "least"),
            _K.OVER_CAP: ("works", "cap"),
            _K.LATE: ("received", "deadline"),
            _K.SAME_FILE_SAME_PERSON: ("entry",),
            _K.SAME_FILE_OTHER: ("entry",),
            _K.NEAR_COPY_OTHER: ("entry", "distance"),
            _K.NEAR_COPY_SAME_PERSON: ("entry", "distance"),
            _K.EARLIER_EDITION_COPY: ("edition", "entry", "distance"),
            _K.LIBRARY_MATCH: ("entry",),
            _K.PART_OF_OTHER: ("entry", "points"),
            _K.SAME_SCENE: ("entry",),
            _K.TAKEN_OUTSIDE_WINDOW: ("taken", "opens", "closes"),
            _K.OUTSIDE_DISTRICT: ("metres",),
            _K.NEAR_BOUNDARY: ("metres",),
            _K.PLACE_MISSING: (),
            _K.AI_DECLARED: ("mark",),
            _K.GENERATOR_MARK: ("mark",),
            _K.CREDENTIALS_UNCHECKED: (),
            _K.EDITOR_MARK: ("mark",),
            _K.SCREENSHOT: ("mark",),
            _K.UPSCALED: ("pixels",),
            _K.WATERMARK: (),
            _K.BORDER: (),
            _K.DATE_STAMP: (),
            _K.BLANK: (),
            _K.SOFT: (),
            _K.THUMBNAIL_DIFFERS: (),
            _K.MESSENGER: ("mark",),
            _K.NO_EXIF: (),
            _K.NO_GPS: (),
            _K.IMPOSSIBLE_DATE: ("taken",),
            _K.DRONE: ("device",),
            _K.SCANNED: ("device",),
            _K.SAME_PHONE_OTHER_NAME: ("receipt",),
            _K.PORTRAIT_UNCONSENTED: (),
            _K.NAMES_IN_TEXT: ("found",),
        }.items()
    }
)

# What would tell one entrant that, or what, another has entered; only staff see these.
STAFF_ONLY: frozenset[FindingKind] = frozenset(
    {
        _K.SAME_FILE_OTHER,
        _K.NEAR_COPY_OTHER,
        _K.EARLIER_EDITION_COPY,
        _K.LIBRARY_MATCH,
        _K.SAME_PHONE_OTHER_NAME,
        _K.PART_OF_OTHER,
        _K.SAME_SCENE,
    }
)


@dataclass(frozen=True)
class Finding:
    """One thing found about one work; facts as named in FACTS."""

    kind: FindingKind
    grade: Grade
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The key of its sentence."""
        return f"finding.{self.kind.value}"


def grade_of(kind: FindingKind, grades: Mapping[FindingKind, Grade]) -> Grade:
    """How grave an edition holds a kind of finding; the default where the edition is silent."""
    return grades.get(kind, DEFAULT_GRADES[kind])


def find(kind: FindingKind, grades: Mapping[FindingKind, Grade], **facts: Any) -> Finding:
    """Make a finding with the grade that the edition gives its kind."""
    return Finding(kind, grade_of(kind, grades), facts)


def verdict(findings: Iterable[Finding]) -> Verdict:
    """The gravest grade decides: one unfit makes unfit, else one doubtful makes doubtful."""
    grades = {f.grade for f in findings}
    if Grade.UNFIT in grades:
        return Verdict.UNFIT
    return Verdict.DOUBTFUL if Grade.DOUBTFUL in grades else Verdict.FIT


def shown_to_entrant(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What the entrant's own page may say: nothing switched off, nothing about other people's entries."""
    return tuple(f for f in findings if f.grade is not Grade.OFF and f.kind not in STAFF_ONLY)
