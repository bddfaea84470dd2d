"""What it means for a work that its photograph is like another: whose, of which edition, how alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from contest.domain.fingerprints import Likeness
from contest.domain.screening import Finding, FindingKind, Grade, find

#: Of one photograph as many look-alikes are kept and told: enough to see what it is, whatever floods in.
MOST_ALIKE = 20


@dataclass(frozen=True)
class Match:
    """Another photograph like this work's.

    entry: the other work's number or name as staff read it; edition: the other's edition, as read;
    is_of_library: the other is a winner of another contest, of no edition and nobody here;
    is_earlier: whether the other was stored first; distance in bits of 256;
    points: how many points of the two pictures agree.
    """

    likeness: Likeness
    distance: int | None
    is_same_person: bool
    is_same_edition: bool
    is_earlier: bool
    entry: str
    edition: str
    points: int = 0
    is_of_library: bool = False


def find_copies(matches: Iterable[Match], grades: Mapping[FindingKind, Grade]) -> Iterator[Finding]:
    """Findings on the likeness of photographs.

    Between two persons both works are told: refusing the later would let a thief who enters first shut out
    the author. Between two works of one person only the later is.
    """
    for match in matches:
        distance = match.distance or 0
        if match.likeness is Likeness.WEAK:
            continue  # shown last in the list of pairs; it must hold nobody up
        if match.is_of_library:
            yield find(FindingKind.LIBRARY_MATCH, grades, entry=match.entry)
            continue
        if match.likeness in {Likeness.SCENE, Likeness.PART}:
            if match.is_same_edition or match.is_earlier:
                yield _of_parts(match, grades)
        elif not match.is_same_edition:
            if match.is_earlier:
                yield find(
                    FindingKind.EARLIER_EDITION_COPY,
                    grades,
                    edition=match.edition,
                    entry=match.entry,
                    distance=distance,
                )
        elif match.is_same_person:
            if not match.is_earlier:
                continue
            if match.likeness is Likeness.IDENTICAL:
                yield find(FindingKind.SAME_FILE_SAME_PERSON, grades, entry=match.entry)
            else:
                yield find(FindingKind.NEAR_COPY_SAME_PERSON, grades, entry=match.entry, distance=distance)
        elif match.likeness is Likeness.IDENTICAL:
            yield find(FindingKind.SAME_FILE_OTHER, grades, entry=match.entry)
        else:
            yield find(FindingKind.NEAR_COPY_OTHER, grades, entry=match.entry, distance=distance)


def _of_parts(match: Match, grades: Mapping[FindingKind, Grade]) -> Finding:
    other = match.entry if match.is_same_edition else f"{match.edition} {match.entry}"
    if match.likeness is Likeness.SCENE:
        return find(FindingKind.SAME_SCENE, grades, entry=other)
    return find(FindingKind.PART_OF_OTHER, grades, entry=other, points=match.points)
