"""What the facts of one photograph amount to: findings with the edition's grades, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from contest.domain.devices import DeviceClass, classify_device
from contest.domain.exif import KST, ExifFacts
from contest.domain.fingerprints import Likeness, PairVerdict
from contest.domain.place import Placing, Whereabouts
from contest.domain.provenance import Provenance
from contest.domain.screening import Finding, FindingKind, Grade, find

_WEEKDAYS = "월화수목금토일"


@dataclass(frozen=True, slots=True)
class CaptureWindow:
    """When photographs of an edition may have been taken: [opens, closes), aware instants."""

    opens: datetime
    closes: datetime


def find_in_photograph(
    exif: ExifFacts,
    provenance: Provenance,
    placing: Placing | None,
    *,
    window: CaptureWindow | None,
    grades: Mapping[FindingKind, Grade],
) -> tuple[Finding, ...]:
    """Every finding in one photograph's EXIF, place and marks.

    placing: where its own GPS lies against the district, None where it has none or the edition asks for none;
    window: None where the edition asks for no date.
    """
    return (
        *_on_exif(exif, window, grades),
        *_on_place(placing, grades),
        *_on_provenance(provenance, grades),
    )


@dataclass(frozen=True, slots=True)
class OtherWork:
    """The other photograph of a pair, as staff know it.

    entry: its entry number; edition: the name of an earlier edition it belongs to, None for this one.
    """

    entry: str
    same_person: bool
    edition: str | None = None


def find_in_pair(pair: PairVerdict, other: OtherWork, *, grades: Mapping[FindingKind, Grade]) -> Finding:
    """The finding that a pair leaves on one of its works; the caller makes one for the other side too.

    distance: PDQ bits of 256, 0 for the same file. A thief may have entered first: neither side is refused.
    """
    distance = pair.pdq or 0
    if other.edition is not None:
        return find(
            FindingKind.EARLIER_EDITION_COPY,
            grades,
            edition=other.edition,
            entry=other.entry,
            distance=distance,
        )
    if pair.likeness is Likeness.IDENTICAL:
        same = FindingKind.SAME_FILE_SAME_PERSON if other.same_person else FindingKind.SAME_FILE_OTHER
        return find(same, grades, entry=other.entry)
    near = FindingKind.NEAR_COPY_SAME_PERSON if other.same_person else FindingKind.NEAR_COPY_OTHER
    return find(near, grades, entry=other.entry, distance=distance)


def _on_exif(
    exif: ExifFacts, window: CaptureWindow | None, grades: Mapping[FindingKind, Grade]
) -> Iterator[Finding]:
    if exif.date_problem in {"impossible", "disputed"}:
        yield find(FindingKind.IMPOSSIBLE_DATE, grades, taken=exif.written_date or "")
    if exif.captured is None and exif.date_problem == "absent" and not exif.has_camera:
        yield find(FindingKind.NO_EXIF, grades)
    elif exif.gps is None:
        yield find(FindingKind.NO_GPS, grades)
    if exif.captured and window and not exif.captured.may_lie_in(window.opens, window.closes):
        yield find(
            FindingKind.TAKEN_OUTSIDE_WINDOW,
            grades,
            taken=_korean(exif.captured.at),
            opens=_korean(window.opens),
            closes=_korean(window.closes),
        )
    kind = {DeviceClass.DRONE: FindingKind.DRONE, DeviceClass.SCANNER: FindingKind.SCANNED}.get(
        classify_device(exif.device)
    )
    if kind is not None:
        yield find(kind, grades, device=exif.device or "")


def _on_place(placing: Placing | None, grades: Mapping[FindingKind, Grade]) -> Iterator[Finding]:
    if placing is None or placing.where is Whereabouts.INSIDE:
        return
    near = placing.where is Whereabouts.NEAR
    yield find(
        FindingKind.NEAR_BOUNDARY if near else FindingKind.OUTSIDE_DISTRICT, grades, metres=placing.metres
    )


def _on_provenance(provenance: Provenance, grades: Mapping[FindingKind, Grade]) -> Iterator[Finding]:
    for kind, marks in (
        (FindingKind.AI_DECLARED, provenance.source_types),
        (FindingKind.GENERATOR_MARK, provenance.generators),
        (FindingKind.EDITOR_MARK, provenance.editors),
    ):
        if marks:
            yield find(kind, grades, mark=", ".join(marks))
    if provenance.credentials in {"remote", "damaged"}:
        yield find(FindingKind.CREDENTIALS_UNCHECKED, grades)
    if provenance.screenshot:
        yield find(FindingKind.SCREENSHOT, grades, mark=provenance.screenshot)
    if provenance.messenger:
        yield find(FindingKind.MESSENGER, grades, mark=provenance.messenger)


def _korean(at: datetime) -> str:
    local = at.astimezone(KST)
    day = f"{local.year}. {local.month}. {local.day}.({_WEEKDAYS[local.weekday()]})"
    return f"{day} {local:%H:%M}"
