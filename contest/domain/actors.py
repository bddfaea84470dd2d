"""Who acts: a frozen value made at the edge, so that rules and operations never ask the web."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contest.domain.errors import Denied


class Role(StrEnum):
    """What an account may do (운영자, 승인자, 감사, 시스템관리자, 심사위원)."""

    OPERATOR = "operator"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    JUDGE = "judge"


STAFF = frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Actor:
    """kind: account | judge | citizen | system; id: the account's or submission's; role: of an account."""

    kind: str
    id: str | None = None
    role: Role | None = None
    network: str | None = None  # keyed digest of the address, for throttles; never the address itself

    def require(self, *roles: Role) -> None:
        """Raise Denied unless the actor holds one of the roles."""
        if self.role not in roles:
            raise Denied("denied.role")


SYSTEM = Actor("system")


def citizen(submission_id: str | None = None, network: str | None = None) -> Actor:
    """The person behind a submission, or anybody at all."""
    return Actor("citizen", submission_id, None, network)
