"""What screening leaves to do, for the first page of staff: its steps and its card."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from contest.domain.actors import Role
from contest.domain.screening_decisions import may_decide
from contest.domain.stages import Stage
from contest.infra.registry import NextStep
from contest.queries.editions import get_edition, rules_of
from contest.queries.screening_gate import count_screening


def screening_steps(session: Session, edition_id: str, now: dt.datetime) -> list[NextStep]:
    """The works to look at, the unfit ones to confirm, and the move to judging when all is done."""
    edition = get_edition(session, edition_id)
    if not may_decide(edition.stage, edition.entry_closes, rules_of(edition).entry.grace_minutes, now):
        return []
    counts = count_screening(session, edition_id, now)
    due = edition.screening_closes or edition.judging_opens or now
    steps = []
    if counts.unscreened:
        title = f"자격검토가 {counts.unscreened}점 남았습니다."
        steps.append(
            NextStep(
                due, title, frozenset({Role.OPERATOR}), "screening.queue", milestones=("screening_closes",)
            )
        )
    if counts.proposed:
        title = f"부적합 요청 {counts.proposed}건을 승인해 주세요."
        steps.append(
            NextStep(due, title, frozenset({Role.APPROVER}), "screening.queue", {"view": "proposed"})
        )
    if not steps and counts.fit and edition.stage is Stage.SCREENING:
        title = "자격검토가 끝났습니다. 심사 단계로 넘겨 주세요."
        steps.append(
            NextStep(
                edition.judging_opens or due,
                title,
                frozenset({Role.APPROVER}),
                "stages.index",
                milestones=("screening_closes",),
            )
        )
    return steps


def screening_card(session: Session, edition_id: str, now: dt.datetime) -> dict[str, Any] | None:
    """What waits for a person; nothing once judging has begun."""
    if get_edition(session, edition_id).stage not in {Stage.OPEN, Stage.SCREENING}:
        return None
    return {"screening": count_screening(session, edition_id, now)}
