"""Keys of the desk: what was typed comes back, no page has two acts on one key, and what is refused says why."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Invalid
from judging.domain.desk_keys import ACTS, DeskKeys, Page, acts_for, choose_keys, key_named, show_key

CODES = [act.code for act in ACTS]
PAGES: tuple[Page, ...] = get_args(Page)


def test_the_usual_keys_may_be_kept_as_they_are() -> None:
    usual = {act.code: show_key(act.key) for act in ACTS}
    assert choose_keys(usual, is_on=True) == DeskKeys() == DeskKeys.from_document(None)


@given(
    st.dictionaries(st.sampled_from(CODES), st.sampled_from([*"fzq19-+?", "", "ㄹ", "ㅋ", " ", "가", "é"])),
    st.booleans(),
)
def test_whatever_is_chosen_each_key_does_one_thing_on_a_page(typed: dict[str, str], is_on: bool) -> None:
    everything = {act.code: act.key for act in ACTS} | typed
    try:
        chosen = choose_keys(everything, is_on=is_on)
    except Invalid as error:
        assert error.field in everything
        return
    assert DeskKeys.from_document(chosen.to_document()) == chosen
    for code, given_key in everything.items():
        assert chosen.key_of(code) == key_named(given_key.strip())
    for page in PAGES:
        here = [act.code for act in ACTS if page in act.pages and chosen.key_of(act.code)]
        assert sorted(chosen.on_page(page).values()) == (sorted(here) if is_on else [])


@pytest.mark.parametrize(
    ("typed", "code", "facts"),
    [
        ({"flag": "z", "zoom": "z"}, "desk.keys_double", {"key": "Z"}),
        ({"flag": "ㅋ", "zoom": "Z"}, "desk.keys_double", {"key": "Z"}),
        ({"help": "?", "choose": "/"}, "desk.keys_double", {"key": "?"}),
        ({"flag": "가"}, "desk.keys_unfit", {"given": "가"}),
        ({"flag": "ff"}, "desk.keys_unfit", {"given": "ff"}),
    ],
)
def test_doubles_and_what_is_no_key_are_refused(
    typed: dict[str, str], code: str, facts: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        choose_keys(typed, is_on=True)
    assert (refused.value.code, refused.value.facts | facts) == (code, refused.value.facts)


def test_a_level_that_the_round_has_not_holds_no_key_back() -> None:
    five = {act.code: act.key for act in acts_for(5)}
    assert len(ACTS) - len(five) == 4
    assert choose_keys({**five, "flag": "7"}, is_on=True).on_page("work")["7"] == "flag"


def test_acts_that_are_no_more_are_passed_over() -> None:
    kept = DeskKeys.from_document({"on": False, "keys": {"bygone": "q", "flag": ""}})
    assert (kept.is_on, kept.own, kept.shown("zoom")) == (False, {"flag": ""}, "")
