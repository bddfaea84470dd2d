"""The menu of staff as far as this package knows it."""

from __future__ import annotations

from contest.domain.actors import STAFF, Role
from contest.domain.grants import GRANTERS
from contest.infra.registry import NavItem


def staff_menu(*, is_demonstration: bool) -> list[NavItem]:
    """The items that belong to accounts, trail and clock; other pages bring their own."""
    items = [
        NavItem("업무 첫 화면", "staff_home.index", 0, STAFF),
        NavItem(
            "계정과 역할", "staff_accounts.index", 900, frozenset({*GRANTERS, Role.AUDITOR}), group="관리"
        ),
        NavItem("기록", "trail.index", 910, frozenset({Role.AUDITOR, Role.ADMINISTRATOR}), group="관리"),
        NavItem(
            "파기대장",
            "destruction.index",
            915,
            frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR}),
            group="관리",
        ),
        NavItem("로그인 현황", "own_account.sessions", 920, STAFF, group="관리"),
    ]
    if is_demonstration:
        items.append(NavItem("공모전 시계", "demo.clock", 10, STAFF))
        items.append(NavItem("시연 채우기", "filling.index", 11, STAFF))
    return items
