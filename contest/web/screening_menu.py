"""The menu of those who work with entries."""

from __future__ import annotations

from contest.domain.actors import STAFF, Role
from contest.infra.registry import NavItem

SCREENERS = frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR})


def screening_menu() -> list[NavItem]:
    """Stage, submissions, screening."""
    return [
        NavItem("진행 단계", "stages.index", 20, STAFF),
        NavItem("접수 현황", "intake.index", 95, SCREENERS, group="접수와 검토"),
        NavItem("응모", "people.index", 100, SCREENERS, group="접수와 검토"),
        NavItem("자격검토", "screening.queue", 110, SCREENERS, group="접수와 검토"),
        NavItem("접수대장", "ledger.index", 130, SCREENERS, group="접수와 검토"),
        NavItem("확인 등급", "grades.index", 135, SCREENERS, group="접수와 검토"),
        NavItem("다시 검사", "recheck.index", 140, STAFF, group="접수와 검토"),
        NavItem("비슷한 사진", "pairs.index", 120, SCREENERS, group="접수와 검토"),
        NavItem("다른 공모전 수상작", "library.index", 125, STAFF, group="접수와 검토"),
    ]
