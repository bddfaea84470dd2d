"""What two photographs are to each other: one file, one picture, a part of it, one scene, or nothing.

Stages by what was measured: equal files; hashes alone up to 31 bits; hashes up to 64 bits with local features that
agree (else only a weak suspicion); local features alone. Two exposures of one scene cannot be told from an edit by
their pixels: the camera, its clock and the person who handed them in do that. Symmetric: whichever came first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from contest.domain.alignments import Alignment
from contest.domain.fingerprints import SUSPECTED_BITS, Fingerprint, Likeness, Photograph, decide, distance

BURST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Shot:
    """One photograph of a pair. trimmed: hash within its even border; person: who handed it in, if known."""

    sha256: str
    fingerprint: Fingerprint | None
    trimmed: int | None = None
    device: str | None = None
    taken: datetime | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A pair worth showing. Distances in bits of 256; alignment: how the first lies in the second, if it holds."""

    likeness: Likeness
    pdq: int | None
    phash: int | None
    orientation: int
    alignment: Alignment | None


def judge_pair(a: Shot, b: Shot, alignment: Alignment | None) -> Verdict | None:
    """The verdict on a pair; None when nothing connects the two."""
    whole = decide(Photograph(a.sha256, a.fingerprint), Photograph(b.sha256, b.fingerprint))
    agreed = alignment if alignment is not None and alignment.holds else None
    bits = trimmed_distance(a, b)
    likeness = _likeness(
        whole=whole.likeness if whole else None,
        vote=bool(whole and whole.vote),
        is_framed=bits is not None and bits <= SUSPECTED_BITS,
        agreed=agreed is not None,
        again=is_another_exposure(a, b),
        same_person=a.person is not None and a.person == b.person,
    )
    if likeness is None:
        return None
    if whole is None:
        return Verdict(
            likeness, bits if bits is not None and bits <= SUSPECTED_BITS else None, None, 0, agreed
        )
    return Verdict(likeness, whole.pdq, whole.phash256, whole.orientation, agreed)


def _likeness(
    *, whole: Likeness | None, vote: bool, is_framed: bool, agreed: bool, again: bool, same_person: bool
) -> Likeness | None:
    if whole in {Likeness.IDENTICAL, Likeness.NEAR_IDENTICAL}:
        return whole
    if whole is None and not is_framed:
        if not agreed:
            return None
        return Likeness.SCENE if again or same_person else Likeness.PART
    if agreed:
        return Likeness.SCENE if again else Likeness.SUSPECTED
    return Likeness.SUSPECTED if whole is not None and vote else Likeness.WEAK


def is_another_exposure(a: Shot, b: Shot) -> bool:
    """Whether one camera made both within minutes of each other: at one instant would be one exposure."""
    if a.device is None or a.device != b.device or a.taken is None or b.taken is None:
        return False
    return timedelta() < abs(a.taken - b.taken) <= BURST


def trimmed_distance(a: Shot, b: Shot) -> int | None:
    """The smallest distance in bits between one picture without its border and the other; None without borders."""
    found = []
    for one, other in ((a, b), (b, a)):
        if one.trimmed is not None and other.fingerprint is not None:
            found += [distance(one.trimmed, turned) for turned in other.fingerprint.pdq]
    if a.trimmed is not None and b.trimmed is not None:
        found.append(distance(a.trimmed, b.trimmed))
    return min(found, default=None)
