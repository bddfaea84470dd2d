"""The prize scheme cannot exist unless it adds up; what is withheld follows the figures of the law."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Invalid
from contest.domain.prizes import PrizeScheme, Slot, Tier, tax

SECOND_EDITION = PrizeScheme(
    tiers=(
        Tier("grand", {"ko": "대상"}, 1, 500_000),
        Tier("top", {"ko": "최우수상"}, 2, 300_000),
        Tier("excellent", {"ko": "우수상"}, 3, 200_000),
        Tier("encouragement", {"ko": "장려상"}, 7, 100_000),
        Tier("selected", {"ko": "입선"}, 12, 50_000),
    ),
    winners=25,
    budget=3_000_000,
)


@st.composite
def schemes(draw: st.DrawFn) -> PrizeScheme:
    counts = draw(st.lists(st.integers(1, 6), min_size=1, max_size=5))
    amounts = sorted(
        draw(st.lists(st.integers(0, 10**7), min_size=len(counts), max_size=len(counts))), reverse=True
    )
    tiers = tuple(
        Tier(f"t{number}", {"ko": f"{number}등"}, count, amount)
        for number, (count, amount) in enumerate(zip(counts, amounts, strict=True))
    )
    return PrizeScheme(tiers, sum(counts), sum(c * a for c, a in zip(counts, amounts, strict=True)))


def test_the_second_edition_has_25_prizes_worth_three_million() -> None:
    slots = SECOND_EDITION.slots()
    assert [slot.amount for slot in slots] == [500_000] + [300_000] * 2 + [200_000] * 3 + [100_000] * 7 + [
        50_000
    ] * 12
    assert slots[0] == Slot(1, "grand", 500_000)
    assert slots[-1] == Slot(25, "selected", 50_000)
    assert sum(slot.amount for slot in slots) == 3_000_000


@given(schemes())
def test_slots_are_the_scheme(scheme: PrizeScheme) -> None:
    slots = scheme.slots()
    assert [slot.ordinal for slot in slots] == list(range(1, scheme.winners + 1))
    assert sum(slot.amount for slot in slots) == scheme.budget
    assert [slot.amount for slot in slots] == sorted((slot.amount for slot in slots), reverse=True)
    assert PrizeScheme.from_document(json.loads(json.dumps(scheme.to_document()))) == scheme


@given(schemes(), st.integers(-3, 3), st.integers(-3, 3))
def test_a_scheme_that_does_not_add_up_cannot_exist(scheme: PrizeScheme, winners: int, budget: int) -> None:
    if winners == budget == 0:
        assert PrizeScheme(scheme.tiers, scheme.winners, scheme.budget) == scheme
        return
    with pytest.raises(Invalid) as refused:
        PrizeScheme(scheme.tiers, scheme.winners + winners, scheme.budget + budget)
    assert refused.value.code == ("prizes.winners_differ" if winners else "prizes.budget_differs")


@pytest.mark.parametrize(
    ("tiers", "code"),
    [
        ([], "prizes.no_tiers"),
        ([("", "대상", 1, 10)], "prizes.code_missing"),
        ([("a", "대상", 1, 10), ("a", "입선", 1, 5)], "prizes.code_twice"),
        ([("a", "  ", 1, 10)], "prizes.name_missing"),
        ([("a", "대상", 0, 10)], "prizes.count"),
        ([("a", "대상", 1, -10)], "prizes.amount"),
        ([("a", "대상", 1, 5), ("b", "입선", 1, 10)], "prizes.order"),
        ([("a", "대상", "1", 10)], "prizes.unreadable"),
        ([("a", "대상", True, 10)], "prizes.unreadable"),
        ([("a", 7, 1, 10)], "prizes.unreadable"),
    ],
)
def test_each_fault_of_a_document_is_named(tiers: list[tuple[object, ...]], code: str) -> None:
    rows = [dict(zip(("code", "name", "count", "amount"), tier, strict=True)) for tier in tiers]
    with pytest.raises(Invalid) as refused:
        PrizeScheme.from_document({"tiers": rows, "winners": 1, "budget": 10})
    assert refused.value.code == code


def test_a_scheme_nobody_has_written_yet_is_not_called_unreadable() -> None:
    with pytest.raises(Invalid) as refused:
        PrizeScheme.from_document({"tiers": []})
    assert refused.value.code == "prizes.no_tiers"


@pytest.mark.parametrize("document", [{}, {"tiers": 3}, {"tiers": ["x"], "winners": 1, "budget": 1}])
def test_a_document_of_another_shape_is_unreadable(document: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        PrizeScheme.from_document(document)
    assert refused.value.code == "prizes.unreadable"


@pytest.mark.parametrize(
    ("amount", "withheld"),
    [(500_000, 22_000), (300_000, 13_200), (250_000, 0), (200_000, 0), (100_000, 0), (50_000, 0), (0, 0)],
)
def test_withholding_follows_the_figures(amount: int, withheld: int) -> None:
    assert tax(amount, "agency") == withheld
    assert tax(amount, "direct") == 0


@given(st.integers(0, 10**9))
def test_withholding_never_exceeds_its_rate_and_is_whole_tens(amount: int) -> None:
    withheld = tax(amount, "agency")
    assert withheld % 10 == 0
    assert 0 <= withheld * 1000 <= amount * 44  # 22 % of a fifth
