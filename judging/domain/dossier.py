"""The robustness dossier (결과의 견고성): every question asked of a result, as one document to keep and to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from judging.domain.agreement import FQuantile, Interval, ScaleUse, intraclass, krippendorff_alpha, scale_use
from judging.domain.margins import Margin, margins
from judging.domain.ranking import WorkScores, rank_works
from judging.domain.repeats import Consistency
from judging.domain.resampling import resample
from judging.domain.robustness import (
    RESERVE,
    Stake,
    Variant,
    by_each_aggregation,
    prizes_of,
    without_each_judge,
)

#: From here on agreement is called so. Krippendorff (2004) accepts 0.667 for tentative conclusions about the coding
#: of texts; of taste, where judges are meant to differ, far less can be asked, so the page only describes.
STRONG, FAIR = Fraction(2, 3), Fraction(1, 3)


@dataclass(frozen=True)
class Talk:
    """A deliberation: every work's scores before it, how many were revised, and by how many judges."""

    given: tuple[WorkScores, ...]
    revisions: int
    judges: int


Verdict = Literal["firm", "mostly_firm", "thin"]


def make_document(
    stake: Stake,
    order: Mapping[str, Sequence[str]],
    seed: str,
    quantile: FQuantile,
    again: Sequence[Consistency],
    *,
    talk: Talk | None = None,
) -> dict[str, Any]:
    """Every answer as JSON. Works by entry id, judges by judge id, shares and points as numbers for reading.

    order: judge -> entries in the order in which that judge scored them; seed: the round's public seal;
    again: judge -> both sheets of the works met twice; talk: what a deliberation changed. Agreement and each judge's
    use of the scale are then of the scores given before it: after it judges no longer judge alone.
    """
    resampled = resample(stake, seed)
    across = margins(stake, resampled)
    judges, ways = without_each_judge(stake), by_each_aggregation(stake)
    totals = replace(stake, works=talk.given).totals() if talk else stake.totals()
    alpha = krippendorff_alpha(totals)
    icc = intraclass(totals, quantile)
    winners = [entry for entry, tier in prizes_of(stake.base).items() if tier != RESERVE]
    return {
        "verdict": judge_result(len(winners), judges, across),
        "winners": len(winners),
        "without": [_variant(one) for one in judges],
        "counted": [_variant(one) for one in ways],
        "declared": stake.rule.declared.value,
        "margins": [_margin(one) for one in across],
        "panels": resampled.panels,
        "is_exact": resampled.is_exact,
        "certainties": [
            {"entry": one.entry, "tier": one.tier, "wins": _read(one.wins), "keeps": _read(one.keeps_tier)}
            for one in resampled.certainties
        ],
        "alpha": None if alpha is None else _read(alpha),
        "single": _interval(icc[0]) if icc else None,
        "panel": _interval(icc[1]) if icc else None,
        "repeats": [
            {
                "judge": one.judge,
                "works": one.works,
                "difference": _read(one.difference),
                "within": _read(one.within),
            }
            for one in again
        ],
        "judges": [_use(one) for one in scale_use(totals, order)],
        "deliberation": None if talk is None else _talk(stake, talk),
    }


def judge_result(winners: int, without: Sequence[Variant], across: Sequence[Margin]) -> Verdict:
    """firm: no judge alone decided who wins; thin: one judge's absence changes a tenth of the winners or more.

    So is a last winner whose mean equals that of the first reserve.
    """
    fewest = min((one.winners_kept for one in without), default=winners)
    last = next((one for one in across if one.lower_tier == RESERVE), None)
    if (winners - fewest) * 10 >= winners > fewest or (last is not None and last.points == 0):
        return "thin"
    return "firm" if fewest == winners else "mostly_firm"


def _talk(stake: Stake, talk: Talk) -> dict[str, Any]:
    """Ranks before and after, of the works whose rank changed."""
    before = rank_works(talk.given, stake.panel, stake.rubric, stake.rule, stake.ladder)
    ranks = {row.entry: row.rank for row in before.standings}
    after = {candidate.entry: candidate.rank for candidate in stake.base.ranking}
    prized = {entry for entry, tier in prizes_of(stake.base).items() if tier != RESERVE}
    return {
        "revisions": talk.revisions,
        "judges": talk.judges,
        "moved": [
            [entry, ranks[entry], rank, entry in prized]
            for entry, rank in sorted(after.items(), key=lambda one: (one[1], one[0]))
            if entry in ranks and ranks[entry] != rank
        ],
    }


def _variant(one: Variant) -> dict[str, Any]:
    return {
        "name": one.name,
        "kept": one.winners_kept,
        "moves": [[move.entry, move.declared, move.otherwise] for move in one.moves],
    }


def _margin(one: Margin) -> dict[str, Any]:
    return {
        "upper_tier": one.upper_tier,
        "lower_tier": one.lower_tier,
        "upper": one.upper,
        "lower": one.lower,
        "points": _read(one.points),
        "step": _read(one.step),
        "certainty": _read(one.certainty),
        "is_thin": one.is_thin,
    }


def _interval(one: Interval) -> dict[str, float]:
    return {"value": round(one.value, 4), "low": round(one.low, 4), "high": round(one.high, 4)}


def _use(one: ScaleUse) -> dict[str, Any]:
    return {
        "judge": one.judge,
        "works": one.works,
        "mean": _read(one.mean),
        "deviation": round(one.deviation, 4),
        "lowest": _read(one.lowest),
        "highest": _read(one.highest),
        "drift": None if one.drift is None else _read(one.drift),
        "leaning": None if one.leaning is None else _read(one.leaning),
        "agreement": None if one.agreement is None else round(one.agreement, 4),
    }


def _read(value: Fraction) -> float:
    return round(float(value), 4)
