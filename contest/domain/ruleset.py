"""The rules of an edition as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from contest.domain.consents import ConsentKind, ConsentText
from contest.domain.errors import Invalid
from contest.domain.prizes import PrizeScheme
from contest.domain.screening import FindingKind, Grade


class PhotoFormat(StrEnum):
    """Formats that an edition may take."""

    JPEG = "jpeg"
    PNG = "png"


class Device(StrEnum):
    """What a photograph may be taken with."""

    CAMERA = "camera"
    SMARTPHONE = "smartphone"
    DRONE = "drone"


class ExifPolicy(StrEnum):
    """What is asked of the data in the file: looked at, wanted from winners, or a condition of entry."""

    LOOKED_AT = "looked_at"
    WINNERS = "winners"
    REQUIRED = "required"


class DronePolicy(StrEnum):
    """What a photograph from a drone needs."""

    REFUSED = "refused"
    PERMIT = "permit"
    FREE = "free"


class Method(StrEnum):
    """How a round is judged."""

    RUBRIC = "rubric"
    VOTE = "vote"  # yes, no or abstain on every work: who goes on to the next round
    BALLOT = "ballot"  # each judge puts the works in order: for the final few


class Panel(StrEnum):
    """Which of the jury judge a round."""

    ALL = "all"
    EXTERNAL = "external"
    INTERNAL = "internal"

    def takes(self, *, is_external: bool) -> bool:
        """Whether a judge from outside, or from inside the office, sits in the round."""
        return self is Panel.ALL or (self is Panel.EXTERNAL) == is_external


class Advance(StrEnum):
    """Which works of a round of votes go on: all, those with a share of yes, or the first N."""

    ALL = "all_go_on"
    THRESHOLD = "threshold"
    TOP = "top"


class MissingVotes(StrEnum):
    """What a round of votes does about votes that never come: it waits, or may close and count them as abstained."""

    WAIT = "wait_for_all"
    ABSTAIN = "abstain"


class Shown(StrEnum):
    """What judges see of a work besides its picture."""

    TITLE = "title"
    DESCRIPTION = "description"
    PLACE = "place"


class Succession(StrEnum):
    """Who takes a prize that falls free: all move up, the first reserve takes it, or nobody."""

    CASCADE = "cascade"
    FILL_HOLE = "fill_hole"
    LEAVE_EMPTY = "leave_empty"


# Steps of the ladder that parts works with equal scores; "criterion:CODE" names one criterion.
BY_WEIGHT = "criterion:by_weight"
COUNTS = "counts"  # of the highest level given, then of the next lower
RUNOFF = "panel_runoff"
CHAIR = "chair"
LOT = "lot"


class Aggregation(StrEnum):
    """How the panel's scores of a work become what ranks it."""

    MEAN = "mean"
    TRIMMED = "trimmed"
    MEDIAN = "median"
    Z_SCORE = "z_score"
    BORDA = "borda"
    TOP_COUNTS = "top_counts"


#: Those that weigh a score by what else its judge gave: what one work is worth then depends on the other works.
RELATIVE = frozenset({Aggregation.Z_SCORE, Aggregation.BORDA})
#: Fewest scores of a work that these need: with fewer they say no more than the mean.
THREE_SCORES = frozenset({Aggregation.TRIMMED, Aggregation.MEDIAN})


class RecusalRule(StrEnum):
    """How a work with a recusal is averaged where the others lose their extremes."""

    PLAIN = "plain"
    TRIM = "trim"


class Comparison(StrEnum):
    """Which mean ranks: the one printed in the tally, rounded half up to two places, or the exact one."""

    ROUNDED = "rounded"
    EXACT = "exact"


class Payment(StrEnum):
    """Who pays the prizes; what the office pays itself is not taxed."""

    DIRECT = "direct"
    AGENCY = "agency"


class NameDisplay(StrEnum):
    """How winners are named: always masked, or in full where they agreed to it."""

    MASKED = "masked"
    FULL_WITH_CONSENT = "full_with_consent"


@dataclass(frozen=True)
class Texts:
    """The edition's own texts by locale and key; Korean where a translation is missing."""

    by_locale: Mapping[str, Mapping[str, str]]

    def get(self, locale: str, key: str) -> str:
        """The text in a locale, else in Korean, else empty."""
        return self.own(locale, key) or self.own("ko", key)

    def own(self, locale: str, key: str) -> str:
        """The text in exactly this locale; empty where there is none."""
        return self.by_locale.get(locale, {}).get(key, "")


@dataclass(frozen=True)
class EntryRules:
    """What may be entered. Sizes in pixels and bytes; taken_from and taken_until are Korean days, both in."""

    works_per_person: int
    formats: tuple[PhotoFormat, ...]
    heic: bool
    min_long_side: int
    min_bytes: int
    max_bytes: int
    taken_from: date | None
    taken_until: date | None
    place_required: bool
    in_district: bool
    devices: tuple[Device, ...]
    exif: ExifPolicy
    drone: DronePolicy
    drone_papers: bool
    portrait_papers: bool
    keeps_network: bool
    team_size: int
    grace_minutes: int
    original_days: int

    @property
    def format_names(self) -> str:
        """The formats taken, as people write them: "JPEG, PNG"."""
        return ", ".join([one.value.upper() for one in self.formats] + (["HEIC"] if self.heic else []))


TOTAL_POINTS = 100
#: Works that a judge may be made to meet twice: enough to see by, few enough to be no burden.
MOST_REPEATED = 20
#: Works that a judge may be asked to put in order.
MOST_RANKED = 60


@dataclass(frozen=True)
class Criterion:
    """One line of the rubric; weight in points of 100, name and description by locale."""

    code: str
    name: Mapping[str, str]
    description: Mapping[str, str]
    weight: int


@dataclass(frozen=True)
class Round:
    """One round of judging, by votes, by ranking ballots or by a rubric of 100 points in named levels, worst first.

    `aggregation` makes one figure of a work's scores; by the trimmed mean the highest and lowest fall away from
    trim_from judges on; every judge meets `repeats` works twice, and the second score counts nowhere. A round of
    votes says who
    goes on: `advance`, with the percentage of yes or the number of works; `quorum` judges
    vote on each work (0: every one), and whether it may close with votes missing. After a rubric a deliberation may
    follow: sealed scores and notes are shown to the panel, who may revise them with a reason. opens and closes are
    Korean days, both in, inside the edition's time of judging; None follows that.
    """

    code: str
    name: Mapping[str, str]
    method: Method
    criteria: tuple[Criterion, ...]
    level_names: tuple[Mapping[str, str], ...]
    trim_from: int
    recusal_rule: RecusalRule
    shows: frozenset[Shown]
    panel: Panel = Panel.ALL
    advance: Advance = Advance.ALL
    advance_percent: int = 50
    advance_count: int = 0
    quorum: int = 0
    missing: MissingVotes = MissingVotes.WAIT
    opens: date | None = None
    closes: date | None = None
    aggregation: Aggregation = Aggregation.TRIMMED
    repeats: int = 0
    deliberation: bool = False

    def to_rubric_document(self) -> dict[str, Any]:
        """The rubric as the judging package reads it: criteria, number of levels, total points."""
        return {
            "criteria": [
                {
                    "code": c.code,
                    "name": dict(c.name),
                    "description": dict(c.description),
                    "weight": c.weight,
                }
                for c in self.criteria
            ],
            "levels": len(self.level_names),
            "total": TOTAL_POINTS,
        }


@dataclass(frozen=True)
class Period:
    """How long a class of data is kept, from the announcement unless its name says otherwise."""

    months: int
    days: int


RETENTION = (
    "entrants", "losing_images", "winners", "access_logs", "drafts", "objections", "names", "judges", "news",
)  # fmt: skip
#: Of editions whose document says nothing of them, because it was written before they were asked for.
RETENTION_UNSAID = {"names": Period(36, 0), "judges": Period(60, 0), "news": Period(24, 0)}


@dataclass(frozen=True)
class EditionRules:
    """Everything an edition decides besides its dates."""

    number: int
    year: int
    texts: Texts
    phone: str
    email: str
    entry: EntryRules
    grades: Mapping[FindingKind, Grade]
    rounds: tuple[Round, ...]
    judges: int
    external_judges: int
    scheme: PrizeScheme | None
    prize_ceiling: int
    reserves: int
    verification_days: int
    gap_working_days: int
    succession: Succession
    may_leave_empty: bool
    ties: tuple[str, ...]
    comparison: Comparison
    publish_scores: bool
    one_prize_per_person: bool
    retention: Mapping[str, Period]
    payment: Payment
    licence_years: int
    names: NameDisplay
    consents: Mapping[ConsentKind, Mapping[str, ConsentText]]

    @property
    def has_repeats(self) -> bool:
        """Whether judges meet some works twice in any round."""
        return any(one.repeats for one in self.rounds if one.method is Method.RUBRIC)

    @property
    def prizes(self) -> PrizeScheme:
        """The prize scheme. Raises Invalid in a draft whose scheme does not add up."""
        if self.scheme is None:
            raise Invalid("edition.prizes_unfinished", field="prizes.tiers")
        return self.scheme

    def consent(self, kind: ConsentKind, locale: str) -> ConsentText:
        """The wording of a consent in a locale, else in Korean."""
        wordings = self.consents[kind]
        return wordings.get(locale, wordings["ko"])
