"""What a file declares of its making: AI marks, editors, C2PA, tell-tales of screenshots and messengers.

A declaration says something; its absence says nothing: any re-save removes it. Nothing here looks at pixels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from contest.domain.exif import clean

# IPTC digital source types that say a trained model made the picture or part of it.
AI_SOURCE_TYPES = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic")

# Text keys the picture generators write into PNG files.
GENERATOR_PNG_KEYS = ("parameters", "prompt", "workflow", "invokeai_metadata", "sd-metadata", "dream")

_GENERATORS = re.compile(
    r"firefly|midjourney|dall[-·\s]?e\b|stable\s?diffusion|comfyui|automatic1111|invokeai|novelai"
    r"|fooocus|leonardo\.ai|ideogram|gpt-image|gpt-4o|imagen\b|made with google ai|flux\.1",
    re.IGNORECASE,
)
_GENERATOR_COMMENT = re.compile(r"\bsteps:\s*\d+.*\bsampler:", re.IGNORECASE | re.DOTALL)
_EDITORS = re.compile(
    r"photoshop|lightroom|camera raw|capture one|snapseed|gimp|affinity|darktable|rawtherapee|dxo|luminar"
    r"|pixelmator|picsart|vsco|photoscape|paint\.net|acdsee|faststone|xnview|polarr|canva|facetune|meitu"
    r"|\bsnow\b|photo\s?editor|picasa|\bon1\b|topaz|nik collection|acorn|krita",
    re.IGNORECASE,
)
_SCREENSHOT = re.compile(r"screen\s?shot|screen\s?capture|화면\s?캡처|스크린샷", re.IGNORECASE)
_PHONE_SCREEN_WIDTHS = frozenset((720, 750, 828, 1080, 1125, 1170, 1179, 1206, 1242, 1284, 1290, 1320, 1440))
_PHONE_SCREEN_RATIO = (16 / 9 - 0.01, 22 / 9)
_MESSENGER_SIDES = frozenset((960, 1280, 1440, 1600, 2048))


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands in the file, as found; texts are already one clean line each."""

    software: str | None = None
    creator_tool: str | None = None
    user_comment: str | None = None
    source_types: tuple[str, ...] = ()
    png_keys: tuple[str, ...] = ()
    has_c2pa: bool = False
    credentials: str = "none"
    signed_by: str | None = None
    is_signature_intact: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the marks mean.

    source_types: digital source types that declare AI; generators: names and keys picture generators leave;
    both empty = "no declaration found", which is not "no AI";
    editors: names of development and retouching software (ordinary, a note);
    credentials: content credentials (C2PA): "none", "read", "remote" (elsewhere: not fetched, so not checked) or
    "damaged"; signed_by: the name in the certificate, which anybody can write; is_signature_intact: the signature
    fits the bytes, whoever made it;
    screenshot, messenger: the tell-tale, or None.
    """

    source_types: tuple[str, ...] = ()
    generators: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    has_c2pa: bool = False
    screenshot: str | None = None
    messenger: str | None = None
    credentials: str = "none"
    signed_by: str | None = None
    is_signature_intact: bool = False

    @property
    def declares_ai(self) -> bool:
        """Whether the file itself says that AI made or changed it."""
        return bool(self.source_types or self.generators)


def read_provenance(
    marks: Marks, *, file_format: str, width: int, height: int, has_camera: bool
) -> Provenance:
    """Weigh the marks; width and height in pixels as shown, has_camera = EXIF names a maker or model."""
    return Provenance(
        source_types=tuple(
            dict.fromkeys(
                term for kind in marks.source_types if (term := kind.rpartition("/")[2]) in AI_SOURCE_TYPES
            )
        ),
        generators=_generators(marks),
        editors=_editors(marks),
        has_c2pa=marks.has_c2pa,
        screenshot=_screenshot(marks, file_format, width, height, has_camera=has_camera),
        messenger=_messenger(file_format, width, height, has_camera=has_camera),
        credentials=marks.credentials,
        signed_by=marks.signed_by,
        is_signature_intact=marks.is_signature_intact,
    )


def _generators(marks: Marks) -> tuple[str, ...]:
    found = [f"PNG: {key}" for key in marks.png_keys if key.casefold() in GENERATOR_PNG_KEYS]
    found += [name for name in (marks.software, marks.creator_tool) if name and _GENERATORS.search(name)]
    if marks.user_comment and _GENERATOR_COMMENT.search(marks.user_comment):
        found.append("UserComment: Steps, Sampler")
    return tuple(dict.fromkeys(found))


def _editors(marks: Marks) -> tuple[str, ...]:
    names = (clean(marks.software), clean(marks.creator_tool))
    return tuple(dict.fromkeys(name for name in names if name and _EDITORS.search(name)))


def _screenshot(marks: Marks, file_format: str, width: int, height: int, *, has_camera: bool) -> str | None:
    for text in (marks.user_comment, marks.software, marks.creator_tool):
        if text and _SCREENSHOT.search(text):
            return clean(text)
    short, long = sorted((width, height))
    narrowest, widest = _PHONE_SCREEN_RATIO
    if (
        file_format == "PNG"
        and not has_camera
        and short in _PHONE_SCREEN_WIDTHS
        and narrowest <= long / short <= widest
    ):
        return f"PNG {width}×{height}"
    return None


def _messenger(file_format: str, width: int, height: int, *, has_camera: bool) -> str | None:
    # Messengers re-encode at a round size and drop everything the camera wrote.
    if file_format != "PNG" and not has_camera and max(width, height) in _MESSENGER_SIDES:
        return f"{width}×{height}"
    return None
