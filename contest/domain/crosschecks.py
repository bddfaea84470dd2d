"""What staff are told beside each field of an edition: errors keep it from opening, warnings do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise

from contest.domain.consents import ConsentKind
from contest.domain.document_reader import Problem, error, warning
from contest.domain.errors import Invalid
from contest.domain.korean import day_text, instant_text
from contest.domain.persons import parse_email, parse_phone
from contest.domain.round_checks import check_rounds
from contest.domain.ruleset import (
    BY_WEIGHT,
    CHAIR,
    COUNTS,
    LOT,
    RUNOFF,
    EditionRules,
    ExifPolicy,
    Method,
    Payment,
    Succession,
)
from contest.domain.ruleset_reader import read
from contest.domain.schedule import (
    Schedule,
    is_working_day,
    korean_day,
    last_day,
    touched_days,
    working_days_between,
)
from contest.domain.screening import FindingKind, Grade

# Shown to citizens: Korean must be there, English and Chinese are missed but not demanded.
PUBLIC_TEXTS = (
    "title",
    "theme",
    "summary",
    "eligibility",
    "organiser",
    "office",
    "office_short",
    "hours",
    "how_to_enter",
    "correction",
    "generated_images",
    "originals",
    "judging",
    "disqualification",
    "copyright",
    "portraits",
    "minors",
    "verification_method",
    "announcement",
    "awards_ceremony",
    "payment",
    "notes",
)
# Only in the Korean notice.
NOTICE_TEXTS = ("notice_number", "notice_date", "signed_by", "legal_basis", "outsourcing", "attachments")

VERIFICATION_DAYS = 10
USUAL_RESERVES = 5
WINNERS_MONTHS = 60
LONGEST_USUAL_LICENCE = 5
_MEGABYTE = 1024 * 1024
_LARGE = 50

_ROUND_IN_TITLE = re.compile(r"제\s?([0-9]{1,3})\s?회")
# A year as texts and notice numbers write it; a telephone number has no such part.
_YEAR_IN_TEXT = re.compile(r"(?<![0-9])(20[0-9]{2})(?=년|\. ?[0-9]|-[0-9])")

# Rights that pass to the office; "귀속되지 않습니다" and "응모자에게 귀속" are what the law wants.
_PASSES_TO_OFFICE = re.compile(
    r"(?:주최|주관|기관|시청|구청|군청|[가-힣]+[구시군])(?:\s?측|\s?기관)?"
    r"(?:에게|에|으로|로)\s*(?:[가-힣]+\s+){0,2}귀속(?!\s*(?:되지|하지|시키지))"
)


def problems(document: object, schedule: Schedule, holidays: frozenset[date], now: datetime) -> list[Problem]:
    """Everything wrong or odd about an edition, each with its field. Never raises on a broken document."""
    rules, structural = read(document)
    return [
        *structural,
        *_dates(schedule, now),
        *_days(rules, schedule, holidays),
        *_texts(rules),
        *_contact(rules),
        *_entry(rules, schedule),
        *_grades(rules),
        *_panel(rules),
        *check_rounds(rules, schedule),
        *_prizes(rules),
        *_ties(rules),
        *_consents(rules),
        *_rights(rules),
        *_retention(rules),
    ]


def errors(found: list[Problem]) -> list[Problem]:
    """Those that keep the edition from opening."""
    return [problem for problem in found if problem.severity == "error"]


def _dates(schedule: Schedule, now: datetime) -> Iterator[Problem]:
    for name, at in schedule.instants():
        if at is None:
            yield error(f"schedule.{name}", "edition.schedule_missing")
    known = [(name, at) for name, at in schedule.instants() if at is not None]
    opening = ("entry_closes", "judging_closes", "verification_closes")
    for (before, earlier), (name, later) in pairwise(known):
        # A window must last; between two windows there may be no gap at all.
        if later < earlier or (later == earlier and name in opening):
            yield error(
                f"schedule.{name}",
                "edition.schedule_order",
                before=before,
                earlier=instant_text(earlier),
                later=instant_text(later),
            )
    for name in ("entry_closes", "publish_at"):
        at = getattr(schedule, name)
        if at is not None and at <= now:
            yield warning(f"schedule.{name}", "edition.schedule_past", at=instant_text(at))


def _days(rules: EditionRules, schedule: Schedule, holidays: frozenset[date]) -> Iterator[Problem]:
    for name, at in schedule.instants():
        if at is not None and not is_working_day(korean_day(at), holidays):
            yield warning(f"schedule.{name}", "edition.not_working_day", day=day_text(korean_day(at)))
    windows = (
        ("screening_closes", schedule.entry_closes, schedule.screening_closes),
        ("judging_closes", schedule.judging_opens, schedule.judging_closes),
        ("verification_closes", schedule.verification_opens, schedule.verification_closes),
        ("decides_by", schedule.verification_closes, schedule.decides_by),
    )
    for name, opens, closes in windows:
        touched = [] if opens is None or closes is None else touched_days(opens, closes)
        off = [day_text(day) for day in touched if day in holidays]
        if off:
            yield warning(f"schedule.{name}", "edition.holidays_touched", days=", ".join(off))
    closes, publish = schedule.verification_closes, schedule.publish_at
    if schedule.verification_opens is not None and closes is not None:
        days = schedule.verification_days
        if days < rules.verification_days:
            yield error(
                "schedule.verification_closes",
                "edition.verification_short",
                days=days,
                least=rules.verification_days,
            )
    if rules.verification_days < VERIFICATION_DAYS:
        yield warning("verification.days", "edition.verification_usual", usual=VERIFICATION_DAYS)
    if closes is not None and publish is not None and closes < publish:
        gap = working_days_between(last_day(closes), korean_day(publish), holidays)
        if gap < rules.gap_working_days:
            yield warning("schedule.publish_at", "edition.gap_short", days=gap, least=rules.gap_working_days)


def _texts(rules: EditionRules) -> Iterator[Problem]:
    for key in (*PUBLIC_TEXTS, *NOTICE_TEXTS):
        if not rules.texts.own("ko", key):
            yield error(f"texts.ko.{key}", "edition.text_missing")
    yield from _left_over(rules)
    for locale in ("en", "zh"):
        for key in PUBLIC_TEXTS:
            if not rules.texts.own(locale, key):
                yield warning(f"texts.{locale}.{key}", "edition.translation_missing")


def _left_over(rules: EditionRules) -> Iterator[Problem]:
    """What a copy of last year's edition still says of last year."""
    said = _ROUND_IN_TITLE.search(rules.texts.own("ko", "title"))
    if said is not None and int(said[1]) != rules.number:
        yield warning("texts.ko.title", "edition.title_number", said=said[0], number=rules.number)
    for key in (*PUBLIC_TEXTS, *NOTICE_TEXTS):
        old = [year for year in _YEAR_IN_TEXT.findall(rules.texts.own("ko", key)) if int(year) < rules.year]
        if old:
            yield warning(f"texts.ko.{key}", "edition.old_year", years=", ".join(dict.fromkeys(old)))


def _contact(rules: EditionRules) -> Iterator[Problem]:
    for key, value, reader in (("phone", rules.phone, parse_phone), ("email", rules.email, parse_email)):
        try:
            reader(value)
        except Invalid as refused:
            yield error(f"contact.{key}", f"edition.{refused.code.replace('.', '_')}")


def _entry(rules: EditionRules, schedule: Schedule) -> Iterator[Problem]:
    entry = rules.entry
    if not entry.formats:
        yield error("entry.formats", "edition.no_formats")
    if not entry.devices:
        yield error("entry.devices", "edition.no_devices")
    if entry.min_bytes >= entry.max_bytes:
        yield error("entry.min_bytes", "edition.bytes_order")
    if entry.max_bytes > _LARGE * _MEGABYTE:
        yield warning("entry.max_bytes", "edition.bytes_large", most=_LARGE)
    if entry.taken_from is None:
        yield error("entry.taken_from", "edition.taken_missing")
    if entry.taken_until is None:
        yield error("entry.taken_until", "edition.taken_missing")
    elif entry.taken_from is not None and entry.taken_until < entry.taken_from:
        yield error("entry.taken_until", "edition.taken_order")
    closes = schedule.entry_closes
    if entry.taken_until is not None and closes is not None and entry.taken_until > last_day(closes):
        yield warning("entry.taken_until", "edition.taken_after_deadline", day=day_text(last_day(closes)))
    if entry.exif is ExifPolicy.REQUIRED:
        yield warning("entry.exif", "edition.exif_required")


def _grades(rules: EditionRules) -> Iterator[Problem]:
    harsh = (FindingKind.NO_EXIF, FindingKind.NO_GPS, FindingKind.NEAR_BOUNDARY)
    for kind in harsh:
        if rules.grades[kind] is Grade.UNFIT:
            yield warning(f"findings.{kind.value}", "edition.grade_harsh")
    for kind in (FindingKind.SAME_FILE_OTHER, FindingKind.NEAR_COPY_OTHER, FindingKind.EARLIER_EDITION_COPY):
        if rules.grades[kind] is Grade.UNFIT:
            yield warning(f"findings.{kind.value}", "edition.grade_first_comer")


def _panel(rules: EditionRules) -> Iterator[Problem]:
    if rules.external_judges > rules.judges:
        yield error("judges.external", "edition.judges_external_many")
    elif rules.external_judges * 2 <= rules.judges:
        yield error("judges.external", "edition.judges_external_few", least=rules.judges // 2 + 1)
    if rules.judges % 2 == 0:
        yield warning("judges.count", "edition.judges_even")


def _prizes(rules: EditionRules) -> Iterator[Problem]:
    if rules.scheme is not None and rules.scheme.budget > rules.prize_ceiling:
        yield error(
            "prizes.ceiling",
            "edition.over_ceiling",
            over=rules.scheme.budget - rules.prize_ceiling,
            ceiling=rules.prize_ceiling,
        )
    if rules.succession is not Succession.LEAVE_EMPTY and rules.reserves < USUAL_RESERVES:
        yield warning("reserves", "edition.reserves_few", usual=USUAL_RESERVES)
    if rules.scheme is not None and rules.reserves > rules.scheme.winners:
        yield warning("reserves", "edition.reserves_many", winners=rules.scheme.winners)
    if rules.payment is Payment.AGENCY:
        yield warning("payment", "edition.payment_taxed")


def _ties(rules: EditionRules) -> Iterator[Problem]:
    # What a page of another method wrote stays in the document; only a rubric has criteria that decide.
    rubrics = [one for one in rules.rounds if one.method is Method.RUBRIC]
    codes = {criterion.code for one in rubrics for criterion in one.criteria}
    known = {BY_WEIGHT, COUNTS, RUNOFF, CHAIR, LOT} | {f"criterion:{code}" for code in codes}
    for index, step in enumerate(rules.ties):
        if step not in known:
            yield error(f"ties.{index}", "edition.tie_step_unknown")
        elif rules.ties.index(step) != index:
            yield error(f"ties.{index}", "edition.tie_step_twice")
        elif LOT in rules.ties[:index]:
            yield error(f"ties.{index}", "edition.tie_step_after_lot")
        elif step == LOT and CHAIR in rules.ties[:index]:
            yield error(f"ties.{index}", "edition.tie_chair_and_lot")
    if rules.rounds and rules.rounds[-1].method is Method.BALLOT and not rubrics:
        for index, step in enumerate(rules.ties):
            if step.startswith("criterion:"):
                yield warning(f"ties.{index}", "edition.tie_step_idle")
    if rules.ties and rules.ties[-1] not in (CHAIR, LOT):
        yield warning("ties", "edition.ties_open")
    if not rules.ties:
        yield error("ties", "edition.ties_missing")


def _consents(rules: EditionRules) -> Iterator[Problem]:
    for kind, wordings in rules.consents.items():
        for part, text in wordings["ko"].parts:
            if not text:
                yield error(f"consents.{kind.value}.ko.{part}", "edition.consent_missing")
        for locale in ("en", "zh"):
            if locale not in wordings:
                yield warning(f"consents.{kind.value}.{locale}", "edition.translation_missing")


def _rights(rules: EditionRules) -> Iterator[Problem]:
    clauses = {"texts.ko.copyright": rules.texts.own("ko", "copyright")}
    licence: Mapping[str, str] = dict(rules.consents[ConsentKind.LICENCE]["ko"].parts)
    clauses["consents.licence.ko.body"] = licence["body"]
    for path, clause in clauses.items():
        taken = _PASSES_TO_OFFICE.search(clause)
        if taken is not None:
            yield error(path, "edition.copyright_taken", found=taken[0])
    if rules.licence_years > LONGEST_USUAL_LICENCE:
        yield warning("licence.years", "edition.licence_long", usual=LONGEST_USUAL_LICENCE)


def _retention(rules: EditionRules) -> Iterator[Problem]:
    if 0 < rules.retention["winners"].months < WINNERS_MONTHS:
        yield warning("retention.winners", "edition.retention_winners", months=WINNERS_MONTHS)
