"""Edition rules: the seed is right, every cross-check speaks, and no draft breaks the reading."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import contest.domain
from contest.domain.errors import Invalid
from contest.domain.notice import build_notice
from contest.domain.rules import Problem, errors, parse, preview, problems
from contest.domain.schedule import FIELDS, KST, Schedule
from contest.infra.texts import editions as _editions  # noqa: F401  registers its sentences
from contest.infra.texts import text

DATA = Path(contest.domain.__file__).resolve().parents[1] / "data"
SEED: dict[str, Any] = json.loads((DATA / "edition-2024.json").read_text("utf-8"))
HOLIDAYS = frozenset(
    date.fromisoformat(row["date"])
    for row in json.loads((DATA / "holidays.json").read_text("utf-8"))
    if row["added_on"] is None
)
NOW = datetime(2024, 8, 1, tzinfo=KST)
SCHEDULE = Schedule.from_document(SEED["schedule"])


def put(path: str, value: Any) -> dict[str, Any]:
    document: dict[str, Any] = copy.deepcopy(SEED["document"])
    *way, last = path.split(".")
    place: Any = document
    for key in way:
        place = place[int(key)] if isinstance(place, list) else place[key]
    place[int(last) if isinstance(place, list) else last] = value
    return document


def found(document: object, schedule: Schedule = SCHEDULE) -> set[tuple[str, str, str]]:
    return {(p.field, p.severity, p.code) for p in problems(document, schedule, HOLIDAYS, NOW)}


EXPECTED = {
    ("schedule.verification_closes", "warning", "edition.not_working_day"),
    ("schedule.publish_at", "warning", "edition.gap_short"),
}


def test_the_seed_has_no_errors_and_only_the_known_warnings() -> None:
    assert found(SEED["document"]) == EXPECTED


def test_the_seed_is_the_contest_of_2024() -> None:
    rules = parse(SEED["document"])
    assert rules.prizes.winners == 25
    assert rules.prizes.budget == 3_000_000
    assert [(t.count, t.amount) for t in rules.prizes.tiers] == [
        (1, 500_000),
        (2, 300_000),
        (3, 200_000),
        (7, 100_000),
        (12, 50_000),
    ]
    assert [(c.code, c.weight) for c in rules.rounds[0].criteria] == [
        ("theme", 30),
        ("creativity", 25),
        ("artistry", 25),
        ("usability", 20),
    ]
    assert SCHEDULE.verification_days == 10
    assert rules.texts.get("fr", "title") == rules.texts.get("ko", "title")
    assert rules.texts.get("en", "title") != rules.texts.get("ko", "title")


def test_a_round_of_ballots_says_what_it_needs() -> None:
    alone = put("rounds.0.method", "ballot")
    assert found(alone) - EXPECTED == {
        ("rounds.0.method", "warning", "edition.ballot_unbounded"),
        ("ties.0", "warning", "edition.tie_step_idle"),
    }
    for count, said in ((61, {("rounds.1.method", "error", "edition.ballot_many")}), (60, set())):
        vote = {
            "code": "first", "name": {"ko": "예심"}, "method": "vote", "advance": "top", "advance_count": count,
            "closes": "2024-09-06", "shows": ["title"], "criteria": [], "level_names": [],
        }  # fmt: skip
        both = {**alone, "rounds": [vote, *alone["rounds"]], "ties": ["counts", "panel_runoff", "chair"]}
        assert found(both) - EXPECTED == said


def test_a_high_threshold_is_warned_of_because_nobody_may_reach_it() -> None:
    vote = {
        "code": "first", "name": {"ko": "예심"}, "method": "vote", "advance": "threshold", "advance_percent": 60,
        "closes": "2024-09-06", "shows": ["title"], "criteria": [], "level_names": [],
    }  # fmt: skip
    both = {**SEED["document"], "rounds": [vote, *SEED["document"]["rounds"]]}
    assert found(both) - EXPECTED == {("rounds.0.advance_percent", "warning", "edition.threshold_high")}
    both["rounds"][0]["advance_percent"] = 50
    assert found(both) - EXPECTED == set()


def test_scores_of_some_judges_a_work_are_warned_of_and_need_no_chair() -> None:
    few = {**put("rounds.0.quorum", 3), "ties": ["criterion:by_weight", "panel_runoff", "lot"]}
    assert found(few) - EXPECTED == {
        ("rounds.0.quorum", "warning", "edition.quorum_of_scores"),
        ("rounds.0.trim_from", "warning", "edition.trim_never"),
    }
    assert ("ties.1", "error", "edition.chair_not_all") in found(put("rounds.0.quorum", 5))
    assert ("rounds.0.quorum", "error", "edition.quorum_many") in found(put("rounds.0.quorum", 6))


def test_a_deliberation_needs_three_judges_and_a_day() -> None:
    asked = put("rounds.0.deliberation", True)
    assert found(asked) - EXPECTED == set()
    assert parse(asked).rounds[0].deliberation
    assert not parse(SEED["document"]).rounds[0].deliberation
    dealt = {**asked, "rounds": [{**asked["rounds"][0], "quorum": 2}]}
    assert ("rounds.0.deliberation", "error", "edition.deliberation_few") in found(dealt)
    assert SCHEDULE.verification_opens is not None
    late = replace(SCHEDULE, judging_closes=SCHEDULE.verification_opens - timedelta(hours=23))
    assert ("rounds.0.deliberation", "warning", "edition.deliberation_hurried") in found(asked, late)
    plain, talked = (build_notice(parse(one), SCHEDULE, "/") for one in (SEED["document"], asked))
    assert "봉인값을 공개한 뒤 심의함" in talked
    assert "심의함" not in plain


def test_what_a_way_of_counting_needs_is_said_before_it_is_declared() -> None:
    at = "rounds.0.aggregation"
    for method, said in (
        ("mean", set()), ("median", set()), ("trimmed", set()),
        ("z_score", {(at, "warning", "edition.aggregation_z_score")}),
        ("borda", {(at, "warning", "edition.aggregation_borda")}),
        ("top_counts", {(at, "warning", "edition.aggregation_top_counts")}),
        ("best", {(at, "error", "edition.not_choice")}),
    ):  # fmt: skip
        assert found(put(at, method)) - EXPECTED == said
    few = {**put(at, "median"), "judges": {"count": 2, "external": 2}}
    assert (at, "error", "edition.aggregation_three") in found(few)
    two = put("rounds.0.quorum", 2)
    assert (at, "error", "edition.aggregation_three") in found(two)
    assert (at, "error", "edition.aggregation_three") not in found(put("rounds.0.quorum", 3))
    assert ("rounds.0.trim_from", "error", "edition.trim_zero") in found(put("rounds.0.trim_from", 0))
    first = SEED["document"]["rounds"][0]
    plain = {
        **SEED["document"],
        "rounds": [{k: v for k, v in first.items() if k != "aggregation"} | {"trim_from": 0}],
    }
    assert found(plain) == EXPECTED  # as it was written before there were six
    dealt = {**SEED["document"], "rounds": [{**first, "quorum": 3, "aggregation": "top_counts"}]}
    assert (at, "error", "edition.aggregation_dealt") in found(dealt)
    scaled = {**SEED["document"], "rounds": [{**first, "quorum": 3, "aggregation": "z_score"}]}
    assert ("rounds.0.quorum", "warning", "edition.quorum_of_scores") not in found(scaled)


def test_a_round_that_ranks_may_come_before_the_last_one_and_says_how_many_go_on() -> None:
    rubric = SEED["document"]["rounds"][0]
    ballot = {**rubric, "code": "last", "method": "ballot", "criteria": [], "level_names": []}
    winners, reserves = 25, SEED["document"]["reserves"]

    def before(**rule: object) -> set[tuple[str, str, str]]:
        return found({**SEED["document"], "rounds": [{**rubric, **rule}, ballot]}) - EXPECTED

    assert ("rounds.0.advance", "error", "edition.round_ranks_top") in before()
    at = "rounds.0.advance_count"
    assert (at, "error", "edition.advance_count_missing") in before(advance="top")
    assert (at, "error", "edition.advance_count_few") in before(advance="top", advance_count=winners - 1)
    assert before(advance="top", advance_count=winners + reserves - 1) == {
        (at, "warning", "edition.advance_count_reserves")
    }
    assert before(advance="top", advance_count=winners + reserves) == set()
    assert ("rounds.0.deliberation", "error", "edition.deliberation_last") in before(
        advance="top", advance_count=40, deliberation=True
    )


def test_meeting_works_twice_is_better_done_by_the_picture_alone() -> None:
    told = ("rounds.0.repeats", "warning", "edition.repeats_told")
    assert found(put("rounds.0.repeats", 5)) - EXPECTED == {told}
    bare = {**put("rounds.0.repeats", 5)}
    bare["rounds"] = [{**bare["rounds"][0], "shows": []}]
    assert found(bare) - EXPECTED == set()
    assert ("rounds.0.repeats", "error", "edition.out_of_range") in found(put("rounds.0.repeats", 21))


def test_nothing_stands_behind_a_lot() -> None:
    document = put("ties", ["criterion:by_weight", "lot", "chair"])
    assert ("ties.2", "error", "edition.tie_step_after_lot") in found(document)


def test_a_lot_never_takes_from_the_chair_what_the_call_gave_the_chair() -> None:
    document = put("ties", ["criterion:by_weight", "chair", "lot"])
    assert ("ties.2", "error", "edition.tie_chair_and_lot") in found(document)
    assert ("ties.2", "error", "edition.tie_chair_and_lot") not in found(put("ties", ["panel_runoff", "lot"]))


def test_a_holiday_declared_late_only_warns() -> None:
    later = problems(SEED["document"], SCHEDULE, HOLIDAYS | {date(2024, 10, 1)}, NOW)
    assert errors(later) == []
    assert ("schedule.publish_at", "edition.not_working_day") in {(p.field, p.code) for p in later}


@pytest.mark.parametrize(
    ("path", "value", "field", "code"),
    [
        ("prizes.tiers.2.count", 0, "prizes.tiers.2.count", "edition.out_of_range"),
        ("prizes.tiers.2.count", 4, "prizes.winners", "prizes.winners_differ"),
        ("prizes.tiers.4.amount", 49_000, "prizes.budget", "prizes.budget_differs"),
        ("prizes.ceiling", 2_999_999, "prizes.ceiling", "edition.over_ceiling"),
        ("texts.ko.title", " ", "texts.ko.title", "edition.text_missing"),
        (
            "texts.ko.copyright",
            "출품작의 저작권은 금천구에 귀속됩니다.",
            "texts.ko.copyright",
            "edition.copyright_taken",
        ),
        (
            "texts.ko.copyright",
            "모든 권리는 주최 측에 귀속된다.",
            "texts.ko.copyright",
            "edition.copyright_taken",
        ),
        ("contact.phone", "", "contact.phone", "edition.phone_missing"),
        ("contact.email", "x", "contact.email", "edition.email_address"),
        ("consents.privacy.ko.refusal", "", "consents.privacy.ko.refusal", "edition.consent_missing"),
        ("judges.external", 2, "judges.external", "edition.judges_external_few"),
        ("rounds.0.criteria.0.weight", 31, "rounds.0.criteria", "edition.weights_sum"),
        ("rounds.0.level_names", [], "rounds.0.level_names", "edition.levels"),
        ("rounds", [], "rounds", "edition.no_rounds"),
        ("ties", ["coin"], "ties.0", "edition.tie_step_unknown"),
        ("entry.formats", ["gif"], "entry.formats.0", "edition.not_choice"),
        ("entry.taken_from", "어제", "entry.taken_from", "edition.not_day"),
        ("entry.works_per_person", "둘", "entry.works_per_person", "edition.not_whole"),
        ("findings.no_exif", "fatal", "findings.no_exif", "edition.not_choice"),
        ("retention.entrants", {}, "retention.entrants", "edition.period_missing"),
    ],
)
def test_what_keeps_an_edition_from_opening(path: str, value: Any, field: str, code: str) -> None:
    assert (field, "error", code) in found(put(path, value))


@pytest.mark.parametrize(
    ("path", "value", "field", "code"),
    [
        ("texts.en.title", "", "texts.en.title", "edition.translation_missing"),
        ("consents.privacy.zh", {}, "consents.privacy.zh", "edition.translation_missing"),
        ("reserves", 2, "reserves", "edition.reserves_few"),
        ("judges.count", 6, "judges.count", "edition.judges_even"),
        ("ties", ["criterion:by_weight"], "ties", "edition.ties_open"),
        ("entry.exif", "required", "entry.exif", "edition.exif_required"),
        ("findings.same_file_other", "unfit", "findings.same_file_other", "edition.grade_first_comer"),
        ("payment", "agency", "payment", "edition.payment_taxed"),
        ("licence.years", 6, "licence.years", "edition.licence_long"),
        ("retention.winners", {"months": 12}, "retention.winners", "edition.retention_winners"),
    ],
)
def test_what_only_warns(path: str, value: Any, field: str, code: str) -> None:
    document = put(path, value)
    assert (field, "warning", code) in found(document)
    assert errors(problems(document, SCHEDULE, HOLIDAYS, NOW)) == []


@pytest.mark.parametrize(
    "clause",
    [
        "저작권은 응모자에게 귀속됩니다.",
        "저작권은 금천구에 귀속되지 않습니다.",
        "저작권은 응모자에게 있습니다.",
    ],
)
def test_a_clause_that_leaves_the_rights_with_the_entrant_is_taken(clause: str) -> None:
    assert found(put("texts.ko.copyright", clause)) == EXPECTED


def test_a_verification_of_nine_days_is_too_short() -> None:
    document = SEED["schedule"] | {"verification_opens": "2024-09-20T10:00:00+09:00"}
    short = found(SEED["document"], Schedule.from_document(document))
    assert ("schedule.verification_closes", "error", "edition.verification_short") in short


@given(st.integers(0, len(FIELDS) - 2), st.integers(1, 10**6))
def test_dates_out_of_order_are_errors(index: int, seconds: int) -> None:
    later = getattr(SCHEDULE, FIELDS[index])
    moved = dict(SCHEDULE.instants()) | {FIELDS[index + 1]: later - timedelta(seconds=seconds)}
    codes = {(p.field, p.code) for p in problems(SEED["document"], Schedule(**moved), HOLIDAYS, NOW)}
    assert (f"schedule.{FIELDS[index + 1]}", "edition.schedule_order") in codes


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PATHS = [
    "number",
    "texts",
    "texts.ko",
    "texts.ko.title",
    "contact",
    "entry",
    "entry.formats",
    "entry.max_bytes",
    "findings",
    "judges",
    "rounds",
    "rounds.0",
    "rounds.0.criteria",
    "rounds.0.criteria.1",
    "rounds.0.shows",
    "rounds.0.level_names",
    "prizes",
    "prizes.tiers",
    "prizes.tiers.2",
    "prizes.tiers.2.name",
    "prizes.tiers.0.code",
    "prizes.winners",
    "reserves",
    "ties",
    "retention",
    "consents",
    "consents.privacy.ko",
    "verification",
    "succession",
    "licence",
]


@given(st.sampled_from(PATHS), JSON)
def test_no_draft_breaks_the_reading_and_each_problem_has_a_sentence(path: str, value: Any) -> None:
    document = put(path, value)
    for problem in problems(document, SCHEDULE, HOLIDAYS, NOW):
        _speaks(problem)
    preview(document)


@given(JSON)
def test_nothing_at_all_breaks_the_reading(document: Any) -> None:
    assert errors(problems(document, Schedule(), frozenset(), NOW))
    with pytest.raises(Invalid):
        parse(document)


def _speaks(problem: Problem) -> None:
    if not problem.code.startswith("prizes."):
        assert text("ko", problem.code, **problem.facts)


def test_every_code_of_these_rules_has_a_sentence() -> None:
    root = Path(contest.domain.__file__).parent
    codes = set()
    for name in (
        "crosschecks",
        "document_reader",
        "ruleset",
        "ruleset_reader",
        "stages",
        "persons",
        "numbers",
    ):
        source = (root / f"{name}.py").read_text("utf-8")
        codes |= set(re.findall(r'"((?:edition|stage|name|phone|email|number)\.[a-z_]+)"', source))
    assert len(codes) > 60
    facts = dict.fromkeys(
        [
            "said",
            "number",
            "years",
            "allowed",
            "value",
            "least",
            "most",
            "later",
            "earlier",
            "before",
            "at",
            "day",
            "days",
            "usual",
            "judges",
            "total",
            "points",
            "found",
            "levels",
            "ceiling",
            "over",
            "winners",
            "months",
            "length",
        ],
        1,
    )
    for code in codes:
        assert text("ko", code, **facts).endswith((".", "{allowed}", "1"))
