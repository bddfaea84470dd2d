"""The data of the tally, a judge's scorecard and the minutes, as their templates name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from judging.domain.criteria import Rubric
from judging.domain.ranking import print_mean
from judging.domain.scoring import Scorecard, total
from judging.queries.results import ResultRow, Results, Score
from judging.queries.standings import PanelMember
from judging.web.counting_words import counted_words, figure_name
from judging.web.deliberation_words import DELIBERATED, after_deliberation, deliberation_notes

NOT_DEALT = "–"
RULE_NOTES = {
    "plain_recusal": "회피로 최고·최저점 제외 없이 평균",
    "trimmed_recusal": "회피가 있으나 최고·최저점을 빼고 평균",
}


def rule_of(shown: Results) -> str:
    """How the works were counted, as papers say it."""
    return counted_words(shown.counting, shown.quorum, is_ballot=shown.is_ballot)


def _said(score: Score) -> str | float:
    if score.value is None:
        return "회피" if score.is_away else NOT_DEALT
    return f"({score.value})" if score.is_dropped else score.points


def note_of(row: ResultRow) -> str:
    """The remark of a row: who stepped back and what rule that brought, and how a tie was told apart."""
    notes = [f"회피 {', '.join(row.recused)}"] if row.recused else []
    notes += [f"{row.of_round} 순위"] if row.of_round else []
    notes += [RULE_NOTES[row.rule]] if row.rule in RULE_NOTES else []
    notes += [f"심의에서 점수를 고친 위원 {row.revisers}명"] if row.revisers else []
    return "; ".join([*notes, *row.ties])


def tally_data(shown: Results, contest: str, date: str) -> dict[str, Any]:
    """집계표."""
    return {
        "contest": contest,
        "round": shown.sealed_round,
        "rule": f"{rule_of(shown)}{f' {after_deliberation(shown.talk)}' if shown.talk else ''}",
        "figure": figure_name(shown.counting),
        "date": date,
        "judges": [member.name for member in shown.panel],
        "rows": [
            {
                "code": row.common_number,
                "title": row.title,
                "scores": [
                    None
                    if score.is_away
                    else {"value": score.value or NOT_DEALT, "dropped": score.is_dropped}
                    for score in row.scores
                ],
                "mean": row.mean,
                "rank": str(row.rank),
                "note": note_of(row),
            }
            for row in shown.rows
        ],
        "signers": _signers(shown.panel),
    }


def tally_rows(shown: Results) -> tuple[list[str], list[list[str | float | int]]]:
    """집계표 for a spreadsheet: header and lines; a score left out stands in brackets, a recusal as a word."""
    header = [
        "순위",
        "심사번호",
        "출품번호",
        "작품명",
        *(m.name for m in shown.panel),
        figure_name(shown.counting),
        "상격",
        "비고",
    ]
    lines: list[list[str | float | int]] = [
        [
            row.rank, row.common_number, row.entry_number, row.title,
            *(_said(score) for score in row.scores),
            float(row.mean), row.prize, note_of(row),
        ]
        for row in shown.rows
    ]  # fmt: skip
    return header, lines


def scorecard_data(
    shown: Results, contest: str, date: str, *, member: PanelMember, rubric: Rubric, card: Scorecard | None
) -> dict[str, Any]:
    """채점표 of one judge; a corrected cell says so."""
    lines = []
    own = shown.panel.index(member)
    for row in sorted(shown.rows, key=lambda row: row.common_number):
        if row.scores[own].value is None and not row.scores[own].is_away:
            continue
        levels = card.work(row.entry_id) if card else {}
        points = None if shown.is_ballot else total(levels, rubric)
        corrected = [
            criterion.name["ko"]
            for criterion in rubric.criteria
            if card and card.corrected(row.entry_id, criterion.code)
        ]
        revised = [
            criterion.name["ko"]
            for criterion in rubric.criteria
            if card and card.revised(row.entry_id, criterion.code)
        ]
        remarks = [f"고침: {', '.join(corrected)}"] if corrected else []
        remarks += [f"심의에서 고침: {', '.join(revised)}"] if revised else []
        lines.append(
            {
                "code": row.common_number,
                "title": row.title,
                "scores": [
                    "회피" if code not in levels else _cell(shown, rubric, code, levels[code])
                    for code in rubric.codes()
                ],
                "total": print_mean(points).removesuffix(".00") if points is not None else "",
                "note": "; ".join(remarks),
            }
        )
    return {
        "contest": contest,
        "round": shown.sealed_round,
        "judge": member.name,
        "date": date,
        "criteria": [{"name": c.name["ko"], "weight": str(c.weight)} for c in rubric.criteria],
        "rows": lines,
    }


@dataclass(frozen=True)
class Meeting:
    """When and where the panel met, and what else it noted, a line each; empty: left to be written by hand."""

    when: str = ""
    place: str = ""
    notes: str = ""


def minutes_data(shown: Results, contest: str, date: str, met: Meeting) -> dict[str, Any]:
    """심사의결서. Works by the panel's common number; no entry number, no entrant."""
    prized = [row for row in shown.rows if row.prize and not row.prize.startswith("예비")]
    reserves = [row for row in shown.rows if row.prize.startswith("예비")]
    notes = [f"심사번호 {row.common_number}: {note}" for row in shown.rows if (note := note_of(row))]
    notes += [line.strip() for line in met.notes.splitlines() if line.strip()]
    sealed = [f"점수 봉인값: {shown.commitment}"] if shown.commitment else []
    talk = shown.talk
    if talk is not None:
        notes += deliberation_notes(talk)
        sealed = [f"심의 전 점수 봉인값: {talk.commitment}", *sealed]
    return {
        "contest": contest,
        "round": shown.sealed_round,
        "when": met.when or date,
        "place": met.place,
        "date": date,
        "members": [
            {"role": _role(one), "name": one.name, "attended": one.signed_at is not None}
            for one in shown.panel
        ],
        "agenda": ["출품작 심사와 수상후보작, 예비순위 선정"],
        "method": ["응모자를 가린 채 심사", *([DELIBERATED] if talk else []), rule_of(shown)],
        "figure": figure_name(shown.counting),
        "results": [_result(row, str(n)) for n, row in enumerate(prized, start=1)],
        "reserves": [_result(row, str(n)) for n, row in enumerate(reserves, start=1)],
        "notes": [*(notes or ["해당 사항 없음"]), *sealed],
    }


def _result(row: ResultRow, order: str) -> dict[str, str]:
    return {
        "order": order,
        "tier": row.prize,
        "code": row.common_number,
        "title": row.title,
        "mean": row.mean,
    }


def _cell(shown: Results, rubric: Rubric, code: str, level: int) -> str:
    """Points of a level, or a place as it was given."""
    if shown.is_ballot:
        return f"{level}번째"
    return print_mean(rubric.points(code, level)).removesuffix(".00")


def _role(member: PanelMember) -> str:
    return "위원장" if member.is_chair else "위원"


def _signers(panel: Sequence[PanelMember]) -> list[dict[str, str]]:
    return [{"role": _role(member), "name": member.name} for member in panel]
