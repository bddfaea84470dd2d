"""The stages of an edition and the moves between them: one table, one function."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from contest.domain.errors import Conflict, Invalid


class Stage(StrEnum):
    """Where an edition stands; whether it is published is derived, never stored."""

    DRAFT = "draft"
    OPEN = "open"
    SCREENING = "screening"
    JUDGING = "judging"
    VERIFICATION = "verification"
    DECIDED = "decided"


ORDER: tuple[Stage, ...] = tuple(Stage)

# Every move there is, and whether it must be given a reason.
MOVES: Mapping[tuple[Stage, Stage], bool] = MappingProxyType(
    {
        (Stage.DRAFT, Stage.OPEN): False,
        (Stage.OPEN, Stage.SCREENING): False,
        (Stage.SCREENING, Stage.JUDGING): False,
        (Stage.JUDGING, Stage.VERIFICATION): False,
        (Stage.VERIFICATION, Stage.DECIDED): False,
        (Stage.VERIFICATION, Stage.JUDGING): True,
    }
)


def move(stage: Stage, target: Stage, reason: str = "") -> Stage:
    """The stage after a move.

    Raises Conflict where there is no such move, Invalid where it needs a reason and has none.
    """
    needs_reason = MOVES.get((stage, target))
    if needs_reason is None:
        raise Conflict("stage.no_such_move", stage=stage.value, target=target.value)
    if needs_reason and not reason.strip():
        raise Invalid("stage.reason_missing", field="reason")
    return target


def following(stage: Stage) -> Stage | None:
    """The next stage forwards, or None after the last."""
    at = ORDER.index(stage) + 1
    return ORDER[at] if at < len(ORDER) else None


def has_reached(stage: Stage, milestone: Stage) -> bool:
    """Whether a stage is the milestone or comes after it."""
    return ORDER.index(stage) >= ORDER.index(milestone)


def is_published(
    stage: Stage, *, publish_at: datetime | None, approved: bool, held: bool, now: datetime
) -> bool:
    """Whether the results are public: decided, approved, not held, and the minute has come."""
    return stage is Stage.DECIDED and approved and not held and publish_at is not None and now >= publish_at
