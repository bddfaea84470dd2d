"""A deliberation as papers tell it: that there was one, who revised what and why, and what it moved."""

from __future__ import annotations

from itertools import groupby

from contest.domain.korean import instant_text
from judging.queries.deliberating import Change, Deliberating

DELIBERATED = "점수를 먼저 봉인하고, 서로의 점수와 메모를 이름 없이 보며 심의한 뒤 다시 봉인"


def after_deliberation(talk: Deliberating) -> str:
    """That the scores are those after the deliberation, for the foot of a tally."""
    if not talk.changes:
        return "심의에서 고친 점수는 없음."
    return f"심의에서 까닭을 적어 고친 점수 {len(talk.changes)}개를 반영함."


def deliberation_notes(talk: Deliberating) -> list[str]:
    """A line on the whole, one for each revision with its reason, and one on what moved. Judges as "위원 n"."""
    window = talk.window
    when = (
        f"{instant_text(window.opens)}에 열어 {instant_text(window.closed)}에 마감"
        if window.opens and window.closed
        else ""
    )
    signed = f"위원 {talk.seats}명 가운데 {talk.signed}명이 심의를 마치고 서명함"
    lines = [f"심의: {when}. {signed}. 의견 {talk.remarks}개. {after_deliberation(talk)}"]
    acts = groupby(talk.changes, key=lambda one: (one.number, one.judge, one.at, one.reason))
    lines += [_act(list(revised)) for _, revised in acts]
    if talk.shift is not None and talk.shift.ranks:
        moved = ", ".join(
            f"{number}({before}위→{after}위)" for number, (before, after) in talk.shift.ranks.items()
        )
        lines.append(f"심의로 순위가 달라진 작품(심사번호): {moved}")
    return lines


def _act(revised: list[Change]) -> str:
    """What one judge revised of one work at once, for one reason."""
    one = revised[0]
    said = ", ".join(f"{each.criterion} {each.before or '없음'} → {each.after}" for each in revised)
    return f"심의, 심사번호 {one.number}, {one.judge}: {said}. 까닭: {one.reason}"
