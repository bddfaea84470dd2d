"""Roles need two persons: one asks, another grants, and nobody decides about their own account."""

from __future__ import annotations

from enum import StrEnum

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied

#: Who may say yes to what a system administrator asks for.
GRANTERS = (Role.ADMINISTRATOR, Role.APPROVER)


class GrantPurpose(StrEnum):
    """What is asked for: a new account, another role, a new activation link, the end of a suspension."""

    INVITATION = "invitation"
    ROLE = "role"
    ACTIVATION = "activation"
    RETURN = "return"


def check_asking(actor: Actor, account_id: str) -> None:
    """Raises Denied unless the actor may ask for something for an account."""
    actor.require(Role.ADMINISTRATOR)
    if actor.id == account_id:
        raise Denied("account.own")


def check_granting(actor: Actor, *, account_id: str, asked_by: str, decided: bool) -> None:
    """Raises Denied or Conflict unless the actor may grant what was asked for."""
    if decided:
        raise Conflict("grant.decided")
    actor.require(*GRANTERS)
    if actor.id == account_id:
        raise Denied("grant.own")
    if actor.id == asked_by:
        raise Denied("grant.two_persons")
