"""What an entry still lacks: exactly what was left out, screen by screen, and nothing of a work to be replaced."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from contest.domain.consents import ConsentKind
from contest.domain.entry_steps import DraftState, Step, WorkState, gaps, screens

WORK = WorkState(1, "checked", "안양천의 아침", has_place=True, has_date=True, portrait="none")
WHOLE = DraftState(
    works=(WORK, dataclasses.replace(WORK, ordinal=2)),
    cap=2,
    place_required=True,
    has_person=True,
    is_child=False,
    has_guardian=False,
    consents=frozenset({ConsentKind.PRIVACY, ConsentKind.LICENCE, ConsentKind.PLEDGE}),
)
LACKS = {
    "gap.title": {"title": None},
    "gap.place": {"has_place": False},
    "gap.date": {"has_date": False},
    "gap.portrait": {"portrait": None},
}
ORDER = [Step.PHOTOS, Step.TITLE, Step.PLACE, Step.PERSON, Step.CONSENTS]


def test_a_whole_entry_lacks_nothing() -> None:
    assert gaps(WHOLE) == ()


@given(st.sets(st.sampled_from(sorted(LACKS))), st.sets(st.sampled_from(sorted(LACKS))), st.booleans())
def test_what_was_left_out_is_told_and_nothing_else(
    first: set[str], second: set[str], has_person: bool
) -> None:
    works = tuple(
        dataclasses.replace(work, **{name: value for code in left_out for name, value in LACKS[code].items()})
        for work, left_out in zip(WHOLE.works, (first, second), strict=True)
    )
    found = gaps(dataclasses.replace(WHOLE, works=works, has_person=has_person))
    expected = {(code, n) for n, left_out in ((1, first), (2, second)) for code in left_out}
    assert {(gap.code, gap.facts["ordinal"]) for gap in found if "ordinal" in gap.facts} == expected
    rest = [gap.code for gap in found if "ordinal" not in gap.facts]
    assert rest == ([] if has_person else ["gap.person"])
    places = [ORDER.index(gap.screen.step) for gap in found if gap.screen.ordinal == 0]
    assert places == sorted(places)
    assert all(gap.screen in screens((1, 2)) for gap in found)


@given(st.sets(st.sampled_from(["title", "has_place", "has_date"])), st.booleans())
def test_of_a_photograph_to_be_replaced_nothing_more_is_asked(lacking: set[str], is_refused: bool) -> None:
    left_out = {name: None if name == "title" else False for name in lacking}
    unfit = dataclasses.replace(
        WORK, photo="refused" if is_refused else "checked", is_unfit=not is_refused, **left_out
    )
    found = gaps(dataclasses.replace(WHOLE, works=(unfit,)))
    assert [(gap.code, gap.screen.step) for gap in found] == [("gap.unfit_photo", Step.PHOTOS)]


def test_a_child_enters_with_a_guardian_and_the_guardians_consent() -> None:
    child = dataclasses.replace(WHOLE, is_child=True)
    assert [gap.code for gap in gaps(child)] == ["gap.guardian", "gap.consent_guardian"]


def test_over_the_cap_and_without_any_photograph() -> None:
    over = gaps(dataclasses.replace(WHOLE, cap=1))
    assert [(gap.code, gap.facts) for gap in over] == [("gap.over_cap", {"works": 2, "cap": 1})]
    assert [gap.code for gap in gaps(dataclasses.replace(WHOLE, works=()))] == ["gap.no_photo"]
