"""The fields of an edition by subject, as staff edit them; what they are called is the text tables' matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contest.domain.consents import PARTS, ConsentKind
from contest.domain.dotted import value_at
from contest.domain.ruleset import (
    BY_WEIGHT,
    CHAIR,
    COUNTS,
    LOT,
    RETENTION,
    RUNOFF,
    Advance,
    Aggregation,
    Comparison,
    Device,
    DronePolicy,
    ExifPolicy,
    Method,
    MissingVotes,
    NameDisplay,
    Panel,
    Payment,
    PhotoFormat,
    RecusalRule,
    Shown,
    Succession,
)
from contest.domain.schedule import FIELDS as INSTANTS
from contest.domain.screening import DEFAULT_GRADES

Document = Mapping[str, Any]


class Kind(StrEnum):
    """How a value is typed and read."""

    LINE = "line"
    TEXT = "text"
    WHOLE = "whole"
    MEGABYTES = "megabytes"
    DAY = "day"
    INSTANT = "instant"
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"


@dataclass(frozen=True)
class Field:
    """One value at its dotted path; an optional one is left out of the document when empty."""

    path: str
    kind: Kind
    choices: tuple[str, ...] = ()
    optional: bool = False
    default: str = ""  # of a choice or flag that the document leaves out


@dataclass(frozen=True)
class Row:
    """One item of a list that may be moved and removed."""

    path: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Group:
    """Fields that stand together; `path` names the group and takes the messages that name no field of it.

    A group with `rows` is the list at `path`; `grows` says whether rows may be added and removed.
    """

    path: str
    fields: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()
    is_list: bool = False
    grows: bool = True


@dataclass(frozen=True)
class Subject:
    """One editing page. `texts` are the keys of the edition's texts that stand on it."""

    slug: str
    roots: tuple[str, ...]
    texts: tuple[str, ...]
    build: Callable[[Document], tuple[Group, ...]]
    notices: tuple[str, ...] = ()  # texts that only the Korean notice has

    @property
    def is_translated(self) -> bool:
        """Whether the page has English and Chinese forms."""
        return bool(self.texts) or "consents" in self.roots

    def groups(self, document: Document, language: str = "ko") -> tuple[Group, ...]:
        """The groups of the page; in another language only what is translated."""
        written = Group("texts", tuple(_text(language, key) for key in self.texts)) if self.texts else None
        texts = (written,) if written else ()
        if language != "ko":
            return (*texts, *(_consents(language) if "consents" in self.roots else ()))
        notices = tuple(_text("ko", key) for key in self.notices)
        return (*self.build(document), *texts, *((Group("notice", notices),) if notices else ()))


def fields_of(groups: tuple[Group, ...]) -> tuple[Field, ...]:
    """Every field of the groups, in their order."""
    return tuple(
        field
        for group in groups
        for field in (*group.fields, *(inner for row in group.rows for inner in row.fields))
    )


_LINES = frozenset(
    {
        "title", "theme", "eligibility", "organiser", "office", "office_short", "hours",
        "notice_number", "notice_date", "signed_by", "legal_basis",
    }
)  # fmt: skip


def _text(language: str, key: str) -> Field:
    return Field(f"texts.{language}.{key}", Kind.LINE if key in _LINES else Kind.TEXT)


def _whole(path: str, *, optional: bool = False) -> Field:
    return Field(path, Kind.WHOLE, optional=optional)


def _choice(path: str, default: StrEnum) -> Field:
    return Field(path, Kind.CHOICE, tuple(type(default)), default=default)


def _flag(path: str, default: str = "") -> Field:
    return Field(path, Kind.FLAG, default=default)


def _names(path: str) -> tuple[Field, ...]:
    return tuple(Field(f"{path}.{language}", Kind.LINE) for language in ("ko", "en", "zh"))


def _length(document: Document, path: str) -> int:
    value = value_at(document, path)
    return len(value) if isinstance(value, list) else 0


def _basics(_: Document) -> tuple[Group, ...]:
    return (Group("identity", (_whole("year"), _whole("number"))),)


def _schedule(_: Document) -> tuple[Group, ...]:
    return (Group("schedule", tuple(Field(f"schedule.{name}", Kind.INSTANT) for name in INSTANTS)),)


def _entry(_: Document) -> tuple[Group, ...]:
    return (
        Group(
            "entry",
            (
                _whole("entry.works_per_person"),
                Field("entry.formats", Kind.CHOICES, tuple(PhotoFormat)),
                _flag("entry.heic"),
                _whole("entry.min_long_side"),
                Field("entry.max_bytes", Kind.MEGABYTES),
                Field("entry.min_bytes", Kind.MEGABYTES, optional=True),
                Field("entry.taken_from", Kind.DAY),
                Field("entry.taken_until", Kind.DAY),
                _flag("entry.place_required", "y"),
                _flag("entry.in_district", "y"),
                Field("entry.devices", Kind.CHOICES, tuple(Device)),
                _choice("entry.exif", ExifPolicy.LOOKED_AT),
                _choice("entry.drone", DronePolicy.PERMIT),
                _flag("entry.drone_papers"),
                _flag("entry.portrait_papers"),
                _flag("entry.keeps_network"),
                _whole("entry.team_size", optional=True),
                _whole("entry.grace_minutes", optional=True),
                _whole("entry.original_days", optional=True),
            ),
        ),
    )


def _findings(_: Document) -> tuple[Group, ...]:
    return (
        Group(
            "findings",
            tuple(_choice(f"findings.{kind.value}", grade) for kind, grade in DEFAULT_GRADES.items()),
        ),
    )


def _judging(document: Document) -> tuple[Group, ...]:
    groups = [Group("judges", (_whole("judges.count"), _whole("judges.external")))]
    rounds = range(_length(document, "rounds"))
    groups.append(Group("rounds", rows=tuple(Row(f"rounds.{n}", ()) for n in rounds), is_list=True))
    for n in rounds:
        at = f"rounds.{n}"
        groups.append(Group(at, _round(at, document)))
        if value_at(document, f"{at}.method") in (Method.VOTE, Method.BALLOT):
            continue
        criteria = f"{at}.criteria"
        rows = tuple(
            Row(
                f"{criteria}.{m}",
                (
                    *_names(f"{criteria}.{m}.name"),
                    _whole(f"{criteria}.{m}.weight"),
                    *_names(f"{criteria}.{m}.description"),
                ),
            )
            for m in range(_length(document, criteria))
        )
        groups.append(Group(criteria, rows=rows, is_list=True))
        levels = f"{at}.level_names"
        named = tuple(Row(f"{levels}.{m}", _names(f"{levels}.{m}")) for m in range(_length(document, levels)))
        groups.append(Group(levels, rows=named, is_list=True))
    return tuple(groups)


def _round(at: str, document: Document) -> tuple[Field, ...]:
    """The fields of a round: what its method asks, and what every round has."""
    counted = value_at(document, f"{at}.aggregation")
    usual = Aggregation.MEAN if value_at(document, f"{at}.trim_from") == 0 else Aggregation.TRIMMED
    trims = (_whole(f"{at}.trim_from", optional=True), _choice(f"{at}.recusal_rule", RecusalRule.PLAIN))
    own: tuple[Field, ...] = (
        _choice(f"{at}.aggregation", usual),
        *(trims if (counted or usual) == Aggregation.TRIMMED else ()),
        _whole(f"{at}.quorum", optional=True),
        _whole(f"{at}.repeats", optional=True),
        _flag(f"{at}.deliberation"),
    )
    if value_at(document, f"{at}.method") == Method.BALLOT:
        own = ()
    if (
        value_at(document, f"{at}.method") != Method.VOTE
        and at != f"rounds.{_length(document, 'rounds') - 1}"
    ):
        goes_on = Field(f"{at}.advance", Kind.CHOICE, (Advance.TOP,), default=Advance.TOP)
        own = (*own, goes_on, _whole(f"{at}.advance_count", optional=True))
    if value_at(document, f"{at}.method") == Method.VOTE:
        own = (
            _choice(f"{at}.advance", Advance.ALL),
            _whole(f"{at}.advance_percent", optional=True),
            _whole(f"{at}.advance_count", optional=True),
            _whole(f"{at}.quorum", optional=True),
            _choice(f"{at}.missing", MissingVotes.WAIT),
        )
    return (
        *_names(f"{at}.name"),
        _choice(f"{at}.method", Method.RUBRIC),
        _choice(f"{at}.panel", Panel.ALL),
        *_round_days(at),
        *own,
        Field(f"{at}.shows", Kind.CHOICES, tuple(Shown)),
    )


def _round_days(at: str) -> tuple[Field, ...]:
    return (
        Field(f"{at}.opens", Kind.DAY, optional=True),
        Field(f"{at}.closes", Kind.DAY, optional=True),
    )


def _prizes(document: Document) -> tuple[Group, ...]:
    tiers = tuple(
        Row(
            f"prizes.tiers.{n}",
            (
                *_names(f"prizes.tiers.{n}.name"),
                _whole(f"prizes.tiers.{n}.count"),
                _whole(f"prizes.tiers.{n}.amount"),
            ),
        )
        for n in range(_length(document, "prizes.tiers"))
    )
    sums = (_whole("prizes.winners"), _whole("prizes.budget"), _whole("prizes.ceiling"))
    return (
        Group("prizes.tiers", rows=tiers, is_list=True),
        Group("prizes", (*sums, _choice("payment", Payment.DIRECT))),
    )


def tie_steps(document: Document) -> tuple[str, ...]:
    """Every step that a tie ladder may take, given the criteria of the rounds."""
    codes = [
        code
        for n in range(_length(document, "rounds"))
        for m in range(_length(document, f"rounds.{n}.criteria"))
        if isinstance(code := value_at(document, f"rounds.{n}.criteria.{m}.code"), str) and code
    ]
    return (BY_WEIGHT, *(f"criterion:{code}" for code in codes), COUNTS, RUNOFF, CHAIR, LOT)


def _verification(document: Document) -> tuple[Group, ...]:
    steps = tie_steps(document)
    ties = tuple(
        Row(f"ties.{n}", (Field(f"ties.{n}", Kind.CHOICE, steps),)) for n in range(_length(document, "ties"))
    )
    return (
        Group("verification", (_whole("verification.days"), _whole("verification.gap_working_days"))),
        Group(
            "succession",
            (
                _whole("reserves"),
                _choice("succession", Succession.CASCADE),
                _flag("may_leave_empty"),
                _flag("one_prize_per_person", "y"),
                _choice("names", NameDisplay.FULL_WITH_CONSENT),
            ),
        ),
        Group("ties", rows=ties, is_list=True),
        Group("ranking", (_choice("compare", Comparison.ROUNDED), _flag("publish_scores"))),
    )


def _consents(language: str) -> tuple[Group, ...]:
    return tuple(
        Group(
            f"consents.{kind.value}",
            tuple(
                Field(
                    f"consents.{kind.value}.{language}.{part}",
                    Kind.LINE if part in ("title", "agree") else Kind.TEXT,
                )
                for part in PARTS[kind]
            ),
        )
        for kind in ConsentKind
    )


def _rights(_: Document) -> tuple[Group, ...]:
    return (Group("licence", (_whole("licence.years"),)), *_consents("ko"))


def _retention(_: Document) -> tuple[Group, ...]:
    return tuple(
        Group(
            f"retention.{name}",
            (
                _whole(f"retention.{name}.months", optional=True),
                _whole(f"retention.{name}.days", optional=True),
            ),
        )
        for name in RETENTION
    )


def _contact(_: Document) -> tuple[Group, ...]:
    return (Group("contact", (Field("contact.phone", Kind.LINE), Field("contact.email", Kind.LINE))),)


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        "basics",
        ("year", "number"),
        ("title", "theme", "summary", "eligibility", "organiser", "notes"),
        _basics,
        ("notice_number", "notice_date", "signed_by", "legal_basis", "attachments"),
    ),
    Subject("schedule", ("schedule",), (), _schedule),
    Subject(
        "entry",
        ("entry",),
        ("how_to_enter", "correction", "generated_images", "originals", "portraits", "minors"),
        _entry,
    ),
    Subject("findings", ("findings",), (), _findings),
    Subject("judging", ("judges", "rounds"), ("judging",), _judging),
    Subject("prizes", ("prizes", "payment"), ("payment", "awards_ceremony"), _prizes),
    Subject(
        "verification",
        (
            "verification", "reserves", "succession", "may_leave_empty", "ties", "compare", "publish_scores",
            "one_prize_per_person", "names",
        ),
        ("verification_method", "disqualification", "announcement"),
        _verification,
    ),
    Subject("consents", ("licence", "consents"), ("copyright",), _rights, ("outsourcing",)),
    Subject("retention", ("retention",), (), _retention),
    Subject("contact", ("contact",), ("office", "office_short", "hours"), _contact),
)  # fmt: skip


def amendable(document: Document) -> tuple[Group, ...]:
    """What a 변경 공고 may change, in one form: dates and days of rounds, contact, every text in every language."""
    keys = tuple(key for subject in SUBJECTS for key in subject.texts)
    notices = tuple(key for subject in SUBJECTS for key in subject.notices)
    texts = {language: (*keys, *(notices if language == "ko" else ())) for language in ("ko", "en", "zh")}
    return (
        *_schedule({}),
        *(Group(f"rounds.{n}", _round_days(f"rounds.{n}")) for n in range(_length(document, "rounds"))),
        *_contact({}),
        *(
            Group(f"texts.{language}", tuple(_text(language, key) for key in held))
            for language, held in texts.items()
        ),
    )


BY_SLUG: Mapping[str, Subject] = {subject.slug: subject for subject in SUBJECTS}


@dataclass(frozen=True)
class Place:
    """Where a path is edited: the page, its language, the anchor on it (empty: its head)."""

    slug: str
    language: str
    anchor: str


def place_of(path: str, document: Document) -> Place:
    """Where the value at a path is edited; what stands on no page leads to the first."""
    parts = path.split(".")
    language = next((part for part in parts if part in ("en", "zh")), "ko")
    subject = _subject_of(parts)
    if parts[0] not in ("texts", "consents"):
        language = "ko"  # names of rows stand on the Korean page in all three languages
    groups = subject.groups(document, language)
    anchors = {
        *(group.path for group in groups),
        *(row.path for group in groups for row in group.rows),
        *(field.path for field in fields_of(groups)),
    }
    for end in range(len(parts), 0, -1):
        if (held := ".".join(parts[:end])) in anchors:
            return Place(subject.slug, language, held)
    return Place(subject.slug, language, "")


def _subject_of(parts: list[str]) -> Subject:
    for subject in SUBJECTS:
        if parts[0] == "texts" and parts[-1] in (*subject.texts, *subject.notices):
            return subject
        if parts[0] in subject.roots:
            return subject
    return SUBJECTS[0]
