"""The prize scheme: tiers whose counts and amounts add up, the slots they yield, and what is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from contest.domain.documents import names_of, text_of, whole_of
from contest.domain.errors import Invalid

Payment = Literal["direct", "agency"]

# Paid through an agency a prize is "other income": 80 % counts as expenses of a ranked competition, income
# up to 50,000 won is free, the rest bears 20 % income tax and a tenth of that as local income tax.
_EXPENSE_PERCENT = 80
_TAX_FREE_INCOME = 50_000
_INCOME_TAX_PERCENT = 20
_LOCAL_TAX_PERCENT_OF_TAX = 10


@dataclass(frozen=True)
class Tier:
    """One tier (상격): `count` prizes of `amount` won each; `name` by locale."""

    code: str
    name: Mapping[str, str] = field(hash=False)
    count: int
    amount: int


@dataclass(frozen=True)
class Slot:
    """One prize to be given: ordinal from 1 (best), its tier and its amount in won."""

    ordinal: int
    tier_code: str
    amount: int


@dataclass(frozen=True)
class PrizeScheme:
    """Tiers best first; `winners` prizes worth `budget` won in all. One that does not add up cannot exist.

    Raises Invalid: `prizes.no_tiers`, `prizes.code_missing`, `prizes.code_twice`, `prizes.name_missing`,
    `prizes.count`, `prizes.amount`, `prizes.order`, `prizes.winners_differ`, `prizes.budget_differs`.
    """

    tiers: tuple[Tier, ...]
    winners: int
    budget: int

    def __post_init__(self) -> None:
        if not self.tiers:
            raise Invalid("prizes.no_tiers", field="tiers")
        seen: set[str] = set()
        for number, tier in enumerate(self.tiers, start=1):
            if not tier.code:
                raise Invalid("prizes.code_missing", field="tiers", number=number)
            if tier.code in seen:
                raise Invalid("prizes.code_twice", field="tiers", tier=tier.code)
            seen.add(tier.code)
            if not tier.name.get("ko", "").strip():
                raise Invalid("prizes.name_missing", field="tiers", number=number)
            if tier.count < 1:
                raise Invalid("prizes.count", field="tiers", tier=tier.name["ko"], count=tier.count)
            if tier.amount < 0:
                raise Invalid("prizes.amount", field="tiers", tier=tier.name["ko"], amount=tier.amount)
        for upper, lower in pairwise(self.tiers):
            if lower.amount > upper.amount:
                raise Invalid("prizes.order", field="tiers", upper=upper.name["ko"], lower=lower.name["ko"])
        counted = sum(tier.count for tier in self.tiers)
        if counted != self.winners:
            raise Invalid("prizes.winners_differ", field="winners", counted=counted, winners=self.winners)
        summed = sum(tier.count * tier.amount for tier in self.tiers)
        if summed != self.budget:
            raise Invalid("prizes.budget_differs", field="budget", summed=summed, budget=self.budget)

    def slots(self) -> tuple[Slot, ...]:
        """Every prize, best first, ordinals 1..winners."""
        flat = [tier for tier in self.tiers for _ in range(tier.count)]
        return tuple(Slot(ordinal, tier.code, tier.amount) for ordinal, tier in enumerate(flat, start=1))

    def tier(self, code: str) -> Tier:
        """The tier of that code; KeyError if the scheme has none."""
        return {tier.code: tier for tier in self.tiers}[code]

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> PrizeScheme:
        """The scheme of a JSON document; a name given as plain text is Korean. Raises Invalid."""
        if document.get("tiers") == []:  # nothing was written yet, which is no mistake of writing
            raise Invalid("prizes.no_tiers", field="tiers")
        try:
            tiers = tuple(
                Tier(
                    code=text_of(tier["code"]),
                    name=names_of(tier["name"]),
                    count=whole_of(tier["count"]),
                    amount=whole_of(tier["amount"]),
                )
                for tier in document["tiers"]
            )
            winners, budget = whole_of(document["winners"]), whole_of(document["budget"])
        except (KeyError, TypeError, AttributeError) as error:
            raise Invalid("prizes.unreadable", field="tiers") from error
        return cls(tiers, winners, budget)

    def to_document(self) -> dict[str, Any]:
        """The JSON document that `from_document` reads back to an equal scheme."""
        return {
            "tiers": [
                {"code": tier.code, "name": dict(tier.name), "count": tier.count, "amount": tier.amount}
                for tier in self.tiers
            ],
            "winners": self.winners,
            "budget": self.budget,
        }


def tax(amount: int, payment: Payment) -> int:
    """Won withheld from one prize of `amount` won: 0 when the office pays directly, else the agency's rule.

    Both taxes are cut to ten won, as they are when paid in. Source: 소득세법 시행령 제18조, 제87조.
    """
    if amount < 0:
        raise Invalid("prizes.amount_negative", amount=amount)
    if payment == "direct":
        return 0
    taxable_hundredths = amount * (100 - _EXPENSE_PERCENT)
    if taxable_hundredths <= _TAX_FREE_INCOME * 100:
        return 0
    income_tax = _cut_to_ten(taxable_hundredths * _INCOME_TAX_PERCENT // 10_000)
    return income_tax + _cut_to_ten(income_tax * _LOCAL_TAX_PERCENT_OF_TAX // 100)


def _cut_to_ten(won: int) -> int:
    return won - won % 10
