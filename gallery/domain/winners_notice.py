"""The 당선작 발표 공고 as plain text to be pasted into the office's own board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contest.domain.korean import instant_text, won


@dataclass(frozen=True)
class Line:
    """One winner: tier and title as announced, name as the public reads it."""

    tier: str
    amount: int
    number: str
    title: str
    name: str


@dataclass(frozen=True)
class Office:
    """Who announces, and whom to ask."""

    contest: str
    organiser: str
    signed_by: str
    ceremony: str
    payment: str
    team: str
    phone: str


def winners_notice(office: Office, lines: Sequence[Line], publish_at: datetime, address: str) -> str:
    """The notice; columns are parted by tabs, which word processors turn into a table."""
    total = sum(line.amount for line in lines)
    table = ["연번\t상격\t출품번호\t작품명\t수상자"]
    table += [
        f"{place}\t{line.tier}\t{line.number}\t{line.title}\t{line.name}"
        for place, line in enumerate(lines, start=1)
    ]
    return "\n".join(
        [
            f"{office.contest} 당선작 발표",
            "",
            f"{office.contest}의 당선작을 다음과 같이 발표합니다.",
            "",
            f"1. 발표 일시: {instant_text(publish_at)}",
            f"2. 당선작: {len(lines)}점 (상금 합계 {won(total)})",
            *table,
            f"3. 작품 보기: {address}",
            f"4. 시상 안내: {office.ceremony}",
            f"5. 상금 지급: {office.payment}",
            f"6. 문의: {office.team} {office.phone}",
            "",
            office.signed_by or office.organiser,
        ]
    )
