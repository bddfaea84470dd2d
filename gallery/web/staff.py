"""The staff home's part: where the announcement stands, and what is due for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from contest.domain.actors import Role
from contest.domain.stages import Stage
from contest.infra.registry import NextStep
from contest.queries.editions import get_edition
from gallery.domain.release import Standing
from gallery.queries.announcement import announcement


def load_card(session: Session, edition_id: str, now: dt.datetime) -> dict[str, Any] | None:
    """The card of the announcement; None before the results are decided."""
    edition = get_edition(session, edition_id)
    if edition.stage is not Stage.DECIDED:
        return None
    found = announcement(session, edition)
    return {
        "standing": found.standing(now).value,
        "publish_at": found.release.minute,
        "check_ok": found.check_ok,
        "works": found.check_facts.get("works"),
    }


#: What stands at the minute of the announcement, and whose it is.
AT_THE_MINUTE = {
    Standing.UNAPPROVED: ("결과 발표 승인", frozenset({Role.APPROVER})),
    Standing.HELD: ("발표 보류 풀기", frozenset({Role.APPROVER})),
    Standing.SCHEDULED: (
        "결과가 저절로 공개됩니다. 할 일은 없습니다.",
        frozenset({Role.OPERATOR, Role.APPROVER}),
    ),
}


def next_steps(session: Session, edition_id: str, now: dt.datetime) -> list[NextStep]:
    """The approval while it is missing, a hold while it lasts, a read-back that failed."""
    edition = get_edition(session, edition_id)
    if edition.stage is not Stage.DECIDED:
        return []
    found = announcement(session, edition)
    minute = found.release.minute or now
    standing = found.standing(now)
    if standing in AT_THE_MINUTE:
        said, who = AT_THE_MINUTE[standing]
        return [NextStep(minute, said, who, "publication.index", milestones=("publish_at",))]
    if standing is Standing.PUBLISHED and found.check_ok is False:
        return [
            NextStep(now, "발표 화면 확인", frozenset({Role.OPERATOR, Role.APPROVER}), "publication.index")
        ]
    return []
