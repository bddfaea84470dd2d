"""The people who look at pages, and the groups of them that rows name."""

from __future__ import annotations

Audience = frozenset[str]

PEOPLE = ("anonymous", "judge", "operator", "approver", "auditor", "administrator")

EVERYBODY: Audience = frozenset(PEOPLE)
SIGNED_IN = EVERYBODY - {"anonymous"}
STAFF = SIGNED_IN - {"judge"}
JUDGE: Audience = frozenset({"judge"})
OPERATOR: Audience = frozenset({"operator"})
APPROVER: Audience = frozenset({"approver"})
AUDITOR: Audience = frozenset({"auditor"})
ADMINISTRATOR: Audience = frozenset({"administrator"})
