"""How alike judges judged the works that they met twice, in words that a clerk understands."""

from __future__ import annotations

from dataclasses import dataclass

HEADER = ("위원", "두 번 본 작품", "점수 차이(평균)", "한 단계 안에서 같음")
NOTE = (
    "같은 작품을 다른 번호로 한 번 더 보았을 때 두 점수가 얼마나 다른지입니다. "
    "차이가 작고 오른쪽 비율이 높을수록 한결같습니다. "
    "작품이 몇 점뿐이라 대략만 알 수 있고, 두 번째 점수는 순위에 들어가지 않습니다."
)
#: From this share of the criteria on, given the same or the next level, judging is called steady.
_STEADY = 0.9


@dataclass(frozen=True)
class Repeated:
    """One judge: works met twice, mean distance in points, share of criteria within one level."""

    name: str
    works: int
    difference: float
    within: float

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """A line of the table."""
        return self.name, f"{self.works}", f"{self.difference:.2f}", f"{100 * self.within:.1f}%"


def repeat_sentence(rows: list[Repeated]) -> str:
    """One sentence for the first page; of nobody an empty one."""
    if not rows:
        return ""
    steady = sum(one.within >= _STEADY for one in rows)
    mean = sum(one.difference for one in rows) / len(rows)
    said = f"같은 작품을 두 번 보았을 때 두 점수는 위원 {len(rows)}명 평균 {mean:.2f}점 달랐습니다."
    if steady == len(rows):
        return f"{said} 모든 위원이 열에 아홉 항목 넘게 같거나 한 단계 안에서 매겼습니다."
    widest = max(rows, key=lambda one: (one.difference, one.name))
    return f"{said} 가장 많이 다른 위원은 {widest.name} 위원으로 {widest.difference:.2f}점입니다."
