"""The chain of scores, PINs, signatures, and one's own scores seen from above."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Invalid
from contest.domain.ruleset import Panel
from judging.domain.criteria import Criterion, Rubric
from judging.domain.opening import SeatState, blockers_to_open
from judging.domain.pin import check_new_pin
from judging.domain.pledges import PledgeKind, check_signature, pledge_text
from judging.domain.score_chain import ChainedScore, ChainEnd, first_break, genesis, link, seal
from judging.domain.self_check import check_oneself

RUBRIC = Rubric((Criterion("theme", {"ko": "주제"}, 60), Criterion("light", {"ko": "빛"}, 40)))


def chained(levels: list[int | None]) -> list[tuple[ChainedScore, str, str]]:
    """A whole chain of events that give these levels."""
    head, made = genesis("r", "j"), []
    for seq, level in enumerate(levels, start=1):
        score = ChainedScore("r", "j", seq, "w", "theme", level, "2024-09-05T00:00:00+00:00", f"k{seq}")
        made.append((score, head, link(head, score)))
        head = made[-1][2]
    return made


LEVELS = st.lists(st.none() | st.integers(1, 5), min_size=1, max_size=12)


@given(LEVELS, st.data())
def test_a_chain_is_whole_until_any_event_is_changed_removed_or_moved(
    levels: list[int | None], data: st.DataObject
) -> None:
    chain = chained(levels)
    assert first_break("r", "j", chain) is None
    at = data.draw(st.integers(0, len(chain) - 1))
    score, previous, digest = chain[at]
    changed = replace(score, level=data.draw(st.integers(6, 9)))
    assert first_break("r", "j", [*chain[:at], (changed, previous, digest), *chain[at + 1 :]]) == at + 1
    if at + 1 < len(chain):
        assert first_break("r", "j", [*chain[:at], *chain[at + 1 :]]) == at + 1
    assert first_break("r", "another", chain) == 1


def test_the_seal_covers_every_chain_and_who_was_released() -> None:
    ends = [ChainEnd("a", 3, "x"), ChainEnd("b", 0, "y")]
    whole = seal("r", ends, ["c"])
    assert whole == seal("r", ends[::-1], ["c"])
    for other in (
        seal("r", ends, []),
        seal("r", ends[:1], ["c"]),
        seal("r", [ChainEnd("a", 3, "z"), ends[1]], ["c"]),
        seal("s", ends, ["c"]),
    ):
        assert other != whole


@pytest.mark.parametrize(
    ("typed", "again", "code"),
    [
        ("12345", "12345", "pin.short"),
        ("1" * 21, "1" * 21, "pin.short"),
        ("", "", "pin.digits"),
        ("abc123", "abc123", "pin.digits"),
        ("777777", "777777", "pin.simple"),
        ("345678", "345678", "pin.simple"),
        ("987654", "987654", "pin.simple"),
        ("482157", "482156", "pin.differs"),
    ],
)
def test_a_pin_that_cannot_be_taken(typed: str, again: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_new_pin(typed, again)
    assert refused.value.code == code


def test_a_pin_is_the_digits_however_they_were_typed() -> None:
    assert check_new_pin("482 157", "４８２１５７") == "482157"


def test_a_signature_is_the_name_however_it_is_spaced() -> None:
    assert check_signature(" 홍 길동 ", "홍길동") == "홍 길동"
    for typed, code in (("", "signature.missing"), ("홍길순", "signature.differs")):
        with pytest.raises(Invalid, match=code):
            check_signature(typed, "홍길동")


def test_every_paper_names_the_contest() -> None:
    assert all("찰칵" in pledge_text(kind, "찰칵") for kind in PledgeKind)
    assert pledge_text(PledgeKind.INTERESTS, "찰칵", "제자 한 명").endswith("제자 한 명")


def test_whose_notes_will_be_shown_reads_it_before_signing() -> None:
    told = {
        kind for kind in PledgeKind if "메모가 다른 위원에게" in pledge_text(kind, "찰칵", is_shared=True)
    }
    assert told == {PledgeKind.SECRECY}
    assert not any("메모" in pledge_text(kind, "찰칵") for kind in PledgeKind)


def test_oneself_is_compared_with_nobody_else() -> None:
    cards = {f"w{number}": {"theme": 3, "light": 3} for number in range(10)}
    cards |= {"high": {"theme": 5, "light": 5}, "uneven": {"theme": 1, "light": 5}, "begun": {"theme": 2}}
    check = check_oneself(cards, RUBRIC)
    assert [(one.work, one.why) for one in check.odd] == [("high", "high"), ("uneven", "uneven")]
    assert check.spread == {"theme": (1, 1, 10, 0, 1), "light": (0, 0, 10, 0, 2)}
    assert sum(check.bands) == 12
    assert check_oneself({}, RUBRIC).mean is None


def test_half_of_the_jury_from_outside_is_not_a_majority() -> None:
    outside, inside = SeatState(True, True, True), SeatState(False, False, True)
    codes = [
        held.code for held in blockers_to_open([outside, inside], works=1, announced=2, panels=[Panel.ALL])
    ]
    assert codes == ["panel.external_minority"]
    assert blockers_to_open([outside, outside, inside], works=1, announced=3, panels=[Panel.ALL]) == []
    assert [held.code for held in blockers_to_open([], works=0, announced=5, panels=[Panel.ALL])] == [
        "judging.no_works", "panel.empty"
    ]  # fmt: skip
