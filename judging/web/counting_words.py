"""How the scores of a round are counted, in words: for the pages of staff, the tally and the dossier."""

from __future__ import annotations

from contest.domain.ruleset import Aggregation

NAMES = {
    Aggregation.MEAN: "단순 평균",
    Aggregation.TRIMMED: "최고·최저를 뺀 평균",
    Aggregation.MEDIAN: "중앙값",
    Aggregation.Z_SCORE: "위원별 표준점수",
    Aggregation.BORDA: "위원별 순위(보르다)",
    Aggregation.TOP_COUNTS: "높은 점수의 비율",
}
#: What the figure of a work is called, that stands beside its rank.
FIGURES = {
    Aggregation.MEDIAN: "중앙값",
    Aggregation.Z_SCORE: "표준점수",
    Aggregation.BORDA: "순위점수",
    Aggregation.TOP_COUNTS: "평균(참고)",
}
_ROUNDED = "소수 둘째 자리까지 반올림함."
_RULES = {
    Aggregation.MEAN: f"작품마다 위원 점수를 평균하여 {_ROUNDED}",
    Aggregation.TRIMMED: f"작품마다 최고점 1개와 최저점 1개(가운뎃줄)를 빼고 평균하여 {_ROUNDED}",
    Aggregation.MEDIAN: f"작품마다 위원 점수의 가운데 점수(짝수면 가운데 두 점수의 평균)를 쓰고 {_ROUNDED}",
    Aggregation.Z_SCORE: "위원마다 자기가 준 점수의 평균과 흩어진 정도로 고쳐 쓴 표준점수"
    f"(평균 50, 표준편차 10)를 평균하여 {_ROUNDED}",
    Aggregation.BORDA: "위원마다 점수가 높은 순서를 점수(맨 위 100점, 맨 아래 0점)로 고르게 바꾸어 평균하고 "
    + _ROUNDED,
    Aggregation.TOP_COUNTS: "가장 높은 점수부터 견주어 그 점수를 준 위원의 비율이 큰 작품이 앞섬"
    "(같으면 다음 점수 차례로). 평균은 참고로 적음.",
}
_BALLOT = f"위원마다 정한 순서를 점수(첫째 100점, 마지막 0점)로 고르게 바꾸어 평균하고 {_ROUNDED}"


def figure_name(counting: Aggregation) -> str:
    """What the figure of a work is called: a mean, unless something else was declared."""
    return FIGURES.get(counting, "평균")


def counted_words(counting: Aggregation, quorum: int, *, is_ballot: bool) -> str:
    """The rule of a round in one sentence, as papers say it."""
    if is_ballot:
        return _BALLOT
    dealt = f"작품마다 위원 {quorum}명이 나누어 심사함. " if quorum else ""
    return dealt + _RULES[counting]
