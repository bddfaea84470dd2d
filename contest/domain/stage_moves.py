"""Who may take an edition to a stage; leaving entry is routine, every other step binds the office."""

from __future__ import annotations

from contest.domain.actors import Role
from contest.domain.stages import Stage


def movers(target: Stage) -> tuple[Role, ...]:
    """The roles that may take an edition to a stage."""
    if target is Stage.SCREENING:
        return (Role.OPERATOR, Role.APPROVER)
    return (Role.APPROVER,)
