"""What the plain facts of an entry amount to: count, deadline, format, size, bytes, declared date and place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contest.domain.korean import day_text, instant_text
from contest.domain.ruleset import EntryRules
from contest.domain.schedule import Schedule
from contest.domain.screening import Finding, FindingKind, Grade, find

# A declared day, or a camera's clock without a zone, may be off by one.
SLACK = timedelta(days=1)

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class EntryFacts:
    """One work: format as sniffed ("JPEG", "PNG", ...), upright size in pixels, bytes, the day it was taken.

    taken_on: a Korean day, None where unknown.
    """

    format: str
    width: int
    height: int
    bytes: int
    taken_on: date | None
    has_place: bool


def judge_entry(
    facts: EntryFacts, rules: EntryRules, grades: Mapping[FindingKind, Grade]
) -> tuple[Finding, ...]:
    """Every finding on the facts of one work, with the edition's grades."""
    return (*_on_file(facts, rules, grades), *_on_capture(facts, rules, grades))


def judge_submission(
    works: int,
    received: datetime,
    rules: EntryRules,
    schedule: Schedule,
    grades: Mapping[FindingKind, Grade],
    *,
    uploads_began: datetime | None = None,
) -> tuple[Finding, ...]:
    """Findings that concern all works of a person: works counts all they have, received is when it was sent.

    uploads_began: when the last upload began; before the deadline it may use the edition's grace.
    """
    found = []
    if works > rules.works_per_person:
        found.append(find(FindingKind.OVER_CAP, grades, works=works, cap=rules.works_per_person))
    deadline = schedule.entry_closes
    if deadline is not None and not is_in_time(received, deadline, rules.grace_minutes, uploads_began):
        found.append(
            find(FindingKind.LATE, grades, received=instant_text(received), deadline=instant_text(deadline))
        )
    return tuple(found)


def is_in_time(
    received: datetime, deadline: datetime, grace_minutes: int = 0, uploads_began: datetime | None = None
) -> bool:
    """Whether a submission reached us before the deadline, or within the grace for uploads begun before it."""
    if received < deadline:
        return True
    began = uploads_began is not None and uploads_began < deadline
    return began and received < deadline + timedelta(minutes=grace_minutes)


def _on_file(facts: EntryFacts, rules: EntryRules, grades: Mapping[FindingKind, Grade]) -> Iterator[Finding]:
    allowed = [one.value for one in rules.formats] + (["heic"] if rules.heic else [])
    if facts.format.lower() not in allowed:
        found, names = facts.format.upper(), rules.format_names
        yield find(FindingKind.FORMAT, grades, found=found, allowed=names)
    long_side = max(facts.width, facts.height)
    if long_side < rules.min_long_side:
        yield find(FindingKind.TOO_SMALL, grades, long_side=long_side, least=rules.min_long_side)
    if facts.bytes > rules.max_bytes:
        yield find(
            FindingKind.TOO_MANY_BYTES,
            grades,
            megabytes=_megabytes(facts.bytes, up=True),
            most=_megabytes(rules.max_bytes),
        )
    if facts.bytes < rules.min_bytes:
        yield find(
            FindingKind.TOO_FEW_BYTES,
            grades,
            megabytes=_megabytes(facts.bytes),
            least=_megabytes(rules.min_bytes),
        )


def _on_capture(
    facts: EntryFacts, rules: EntryRules, grades: Mapping[FindingKind, Grade]
) -> Iterator[Finding]:
    if rules.place_required and not facts.has_place:
        yield find(FindingKind.PLACE_MISSING, grades)
    opens, closes = rules.taken_from, rules.taken_until
    if facts.taken_on is None or opens is None or closes is None:
        return
    if not opens - SLACK <= facts.taken_on <= closes + SLACK:
        yield find(
            FindingKind.TAKEN_OUTSIDE_WINDOW,
            grades,
            taken=day_text(facts.taken_on),
            opens=day_text(opens),
            closes=day_text(closes),
        )


def _megabytes(size: int, *, up: bool = False) -> str:
    """Megabytes to two places, cut or rounded up, so that what breaks a limit never reads as being at it."""
    hundredths = -(-size * 100 // _MEGABYTE) if up else size * 100 // _MEGABYTE
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")
