"""The photographs of a rehearsal: from a folder, EXIF written where absent, filled up with drawn ones."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contest.domain.exif import Coordinate
from contest.infra.imaging.drawn import ExifStamp, drawn, has_exif, size_of, with_exif

SUFFIXES = {".jpg", ".jpeg"}
CAMERAS = (
    ("SAMSUNG", "SM-S928N"),
    ("Apple", "iPhone 15"),
    ("Canon", "EOS R6"),
    ("SONY", "ILCE-7M4"),
    ("NIKON", "Z 5"),
)
PHONES = {"SAMSUNG", "Apple"}
#: Photographs of two entrants, who bring two at most, taken with one camera.
ONE_CAMERA = (1, 4)
DRAWN_SIZE = (3200, 2400)


@dataclass(frozen=True)
class Supply:
    """What the photographers of a rehearsal bring along. No picture comes twice."""

    folder: Path | None
    seed: int
    smallest: int  # the edition's least long side; smaller files of the folder are left out

    def honest(self, places: list[Coordinate], opens: dt.date, closes: dt.date) -> Iterator[bytes]:
        """Photographs that keep the rules, endless: those of the folder first, then drawn ones."""
        chance = random.Random(self.seed)
        days = max(1, (closes - opens).days)
        stamps = (self._stamp(n, chance, places, opens, days) for n in itertools.count(1))
        number = 0
        for original in self._folder():
            yield (original if has_exif(original) else with_exif(original, next(stamps)))
        while True:
            number += 1
            yield drawn(self.seed * 100_000 + number, *DRAWN_SIZE, exif=next(stamps))

    def _folder(self) -> Iterator[bytes]:
        if self.folder is None:
            return
        for path in sorted(self.folder.rglob("*")):
            if path.suffix.lower() in SUFFIXES and path.is_file():
                content = path.read_bytes()
                size = size_of(content)
                if size is not None and max(size) >= self.smallest:
                    yield content

    @staticmethod
    def _stamp(
        number: int, chance: random.Random, places: list[Coordinate], opens: dt.date, days: int
    ) -> ExifStamp:
        make, model = chance.choice(CAMERAS)
        if number in ONE_CAMERA:
            make, model = CAMERAS[-1]
        taken = dt.datetime.combine(
            opens + dt.timedelta(days=chance.randrange(days)),
            dt.time(chance.randrange(6, 20), chance.randrange(60)),
        )
        # Phones strip the place from what browsers upload, so most photographs come without it.
        place = chance.choice(places) if places and chance.random() < 0.3 else None
        serial = 4_700_000 + (0 if number in ONE_CAMERA else number)
        return ExifStamp(
            taken=taken,
            place=place,
            make=make,
            model=model,
            body_serial=None if make in PHONES else str(serial),
        )
