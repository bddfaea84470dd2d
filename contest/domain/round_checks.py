"""What staff are told beside the rounds of an edition: who ranks, who goes on, and the days between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from contest.domain.document_reader import Problem, error, warning
from contest.domain.korean import day_text
from contest.domain.ruleset import (
    CHAIR,
    MOST_RANKED,
    RELATIVE,
    THREE_SCORES,
    TOTAL_POINTS,
    Advance,
    Aggregation,
    EditionRules,
    Method,
    Panel,
    Round,
)
from contest.domain.schedule import Schedule, day_ends, korean_day, last_day

LEVELS = 5
#: Per cent of yes above which it is worth saying that nobody may reach it.
HALF = 50
#: One highest and one lowest score fall, or stand beside the middle one.
FEWEST = 3
FEWEST_TO_HIDE = 3  # judges, so that one who sees two others cannot tell which is which


def check_rounds(rules: EditionRules, schedule: Schedule) -> Iterator[Problem]:
    """The last round ranks, an earlier one says who goes on; each is whole, and they follow one another."""
    if not rules.rounds:
        yield error("rounds", "edition.no_rounds")
    codes = [one.code for one in rules.rounds]
    for index, one in enumerate(rules.rounds):
        if not one.code or codes.index(one.code) != index:
            yield error(f"rounds.{index}.code", "edition.code_unique")
        is_last = index == len(rules.rounds) - 1
        if one.method is Method.VOTE and is_last:
            yield error(f"rounds.{index}.method", "edition.round_last_ranks")
        if one.method is not Method.VOTE and not is_last:
            yield from _ranks_before(one, f"rounds.{index}", rules)
        if one.method is Method.VOTE:
            yield from _vote(one, f"rounds.{index}", rules)
            continue
        if one.method is Method.BALLOT:
            yield from _ballot(rules, index)
            continue
        if one.quorum:
            yield from _dealt(one, f"rounds.{index}", rules)
        yield from _round(one, f"rounds.{index}")
        yield from _aggregation(one, f"rounds.{index}", rules)
        if one.repeats and one.shows:
            yield warning(f"rounds.{index}.repeats", "edition.repeats_told")
        if one.deliberation:
            yield from _deliberation(one, f"rounds.{index}.deliberation", rules, schedule)
    yield from _round_days(rules, schedule)


def _vote(one: Round, path: str, rules: EditionRules) -> Iterator[Problem]:
    if one.advance is Advance.TOP and one.advance_count == 0:
        yield error(f"{path}.advance_count", "edition.advance_count_missing")
    if one.advance is Advance.TOP and rules.scheme is not None and one.advance_count < rules.scheme.winners:
        yield error(f"{path}.advance_count", "edition.advance_count_few", winners=rules.scheme.winners)
    if one.advance is Advance.THRESHOLD and one.advance_percent > HALF:
        yield warning(f"{path}.advance_percent", "edition.threshold_high")
    if one.quorum > _seats(one, rules):
        yield error(f"{path}.quorum", "edition.quorum_many", judges=rules.judges)
    if one.closes is None:
        yield warning(f"{path}.closes", "edition.round_closes_missing")


def _ranks_before(one: Round, path: str, rules: EditionRules) -> Iterator[Problem]:
    """Of a round that ranks and is not the last so many go on; the others stand below them as it ranked them."""
    if one.advance is not Advance.TOP:
        yield error(f"{path}.advance", "edition.round_ranks_top")
    elif one.advance_count == 0:
        yield error(f"{path}.advance_count", "edition.advance_count_missing")
    elif rules.scheme is not None and one.advance_count < rules.scheme.winners:
        yield error(f"{path}.advance_count", "edition.advance_count_few", winners=rules.scheme.winners)
    elif rules.scheme is not None and one.advance_count < rules.scheme.winners + rules.reserves:
        yield warning(
            f"{path}.advance_count",
            "edition.advance_count_reserves",
            places=rules.scheme.winners + rules.reserves,
        )
    if one.deliberation:
        yield error(f"{path}.deliberation", "edition.deliberation_last")


def _aggregation(one: Round, path: str, rules: EditionRules) -> Iterator[Problem]:
    """What a way of counting needs, and what staff should know before they declare it."""
    judges = one.quorum or _seats(one, rules)
    if one.aggregation in THREE_SCORES and judges < FEWEST:
        yield error(f"{path}.aggregation", "edition.aggregation_three", judges=judges, least=FEWEST)
    elif one.aggregation is Aggregation.TRIMMED:
        if one.trim_from == 0:
            yield error(f"{path}.trim_from", "edition.trim_zero")
        elif judges < one.trim_from:
            yield warning(f"{path}.trim_from", "edition.trim_never", judges=judges)
        elif one.trim_from < LEVELS:
            yield warning(f"{path}.trim_from", "edition.trim_early", judges=LEVELS)
    elif one.aggregation is Aggregation.TOP_COUNTS and one.quorum:
        yield error(f"{path}.aggregation", "edition.aggregation_dealt")
    elif one.aggregation is Aggregation.TOP_COUNTS:
        yield warning(f"{path}.aggregation", "edition.aggregation_top_counts")
    elif one.aggregation is Aggregation.Z_SCORE:
        yield warning(f"{path}.aggregation", "edition.aggregation_z_score")
    elif one.aggregation is Aggregation.BORDA:
        yield warning(f"{path}.aggregation", "edition.aggregation_borda")


def _dealt(one: Round, path: str, rules: EditionRules) -> Iterator[Problem]:
    """Scores of a rubric by only so many judges a work: who is strict meets some works and not others."""
    if one.quorum > _seats(one, rules):
        yield error(f"{path}.quorum", "edition.quorum_many", judges=_seats(one, rules))
    elif one.quorum < _seats(one, rules) and one.aggregation not in RELATIVE:
        yield warning(f"{path}.quorum", "edition.quorum_of_scores", quorum=one.quorum)
    if CHAIR in rules.ties:
        yield error(f"ties.{rules.ties.index(CHAIR)}", "edition.chair_not_all")


def _deliberation(one: Round, path: str, rules: EditionRules, schedule: Schedule) -> Iterator[Problem]:
    """Pseudonyms hide nobody among two, and between the end of scoring and verification there has to be a day."""
    if (one.quorum or _seats(one, rules)) < FEWEST_TO_HIDE:
        yield error(path, "edition.deliberation_few", judges=FEWEST_TO_HIDE)
    ends = day_ends(one.closes) if one.closes else schedule.judging_closes
    opens = schedule.verification_opens
    if ends is not None and opens is not None and opens - ends < timedelta(days=1):
        yield warning(path, "edition.deliberation_hurried")


def _seats(one: Round, rules: EditionRules) -> int:
    """How many judges sit in a round, as far as the call says."""
    return rules.external_judges if one.panel is Panel.EXTERNAL else rules.judges


def _ballot(rules: EditionRules, index: int) -> Iterator[Problem]:
    """A judge can put so many works in order and no more: a round of votes before has to see to it."""
    path = f"rounds.{index}.method"
    before = rules.rounds[index - 1] if index else None
    if before is None or before.advance is not Advance.TOP:
        yield warning(path, "edition.ballot_unbounded", most=MOST_RANKED)
    elif before.advance_count > MOST_RANKED:
        yield error(path, "edition.ballot_many", most=MOST_RANKED, count=before.advance_count)


def _round_days(rules: EditionRules, schedule: Schedule) -> Iterator[Problem]:
    """Rounds follow one another inside the edition's time of judging."""
    before: date | None = None
    opens, closes = schedule.judging_opens, schedule.judging_closes
    for index, one in enumerate(rules.rounds):
        for name, day in (("opens", one.opens), ("closes", one.closes)):
            if day is None:
                continue
            path = f"rounds.{index}.{name}"
            if (opens is not None and day < korean_day(opens)) or (
                closes is not None and day > last_day(closes)
            ):
                yield error(path, "edition.round_day_outside")
            elif before is not None and day < before:
                yield error(path, "edition.round_day_order", before=day_text(before))
            before = day


def _round(one: Round, path: str) -> Iterator[Problem]:
    if not one.criteria:
        yield error(f"{path}.criteria", "edition.no_criteria")
        return
    codes = [criterion.code for criterion in one.criteria]
    for index, code in enumerate(codes):
        if not code or codes.index(code) != index:
            yield error(f"{path}.criteria.{index}.code", "edition.code_unique")
    total = sum(criterion.weight for criterion in one.criteria)
    if total != TOTAL_POINTS:
        yield error(f"{path}.criteria", "edition.weights_sum", total=total, points=TOTAL_POINTS)
    if len(one.level_names) != LEVELS:
        yield error(f"{path}.level_names", "edition.levels", found=len(one.level_names), levels=LEVELS)
