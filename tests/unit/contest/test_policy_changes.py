"""Changes after opening, consents."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.consents import NEEDS, PARTS, ConsentKind, ConsentText, Need, missing, needed
from contest.domain.policies import diff, diff_editions, is_changeable_after_opening, refused
from contest.domain.schedule import Schedule, parse_instant

JSON = st.recursive(
    st.none() | st.integers(0, 3) | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1, max_size=1), inner),
    max_leaves=10,
)


@given(JSON, JSON)
def test_a_diff_is_empty_exactly_when_nothing_changed(before: Any, after: Any) -> None:
    assert (diff(before, after) == []) is (before == after)


@given(JSON, JSON)
def test_a_diff_turned_round_swaps_before_and_after(before: Any, after: Any) -> None:
    there = {(c.path, repr(c.before), repr(c.after)) for c in diff(before, after)}
    back = {(c.path, repr(c.after), repr(c.before)) for c in diff(after, before)}
    assert there == back


def test_a_diff_names_the_value() -> None:
    before = {"texts": {"ko": {"title": "가"}}, "prizes": {"tiers": [{"count": 1}]}}
    after = {"texts": {"ko": {"title": "나"}}, "prizes": {"tiers": [{"count": 2}]}}
    changes = diff_editions(
        before, Schedule(), after, Schedule(publish_at=parse_instant("2024-10-01T10:00:00+09:00"))
    )
    assert [(c.path, c.before, c.after) for c in changes] == [
        ("schedule.publish_at", None, "2024-10-01T10:00:00+09:00"),
        ("texts.ko.title", "가", "나"),
        ("prizes.tiers.0.count", 1, 2),
    ]
    assert [c.path for c in refused(changes)] == ["prizes.tiers.0.count"]


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("schedule.entry_closes", True),
        ("contact.phone", True),
        ("texts.en.title", True),
        ("rounds.0.criteria", False),
        ("rounds.0.opens", True),
        ("rounds.12.closes", True),
        ("rounds.0.closes.ko", False),
        ("rounds.closes", False),
        ("rounds", False),
        ("prizes.tiers", False),
        ("entry.works_per_person", False),
        ("ties", False),
        ("succession", False),
        ("consents.privacy.ko.title", False),
        ("textsx", False),
    ],
)
def test_what_may_change_after_opening(path: str, may: bool) -> None:
    assert is_changeable_after_opening(path) is may


@given(st.booleans(), st.booleans(), st.frozensets(st.sampled_from(ConsentKind)))
def test_consents_needed(child: bool, people: bool, given_: frozenset[ConsentKind]) -> None:
    wanted = needed(is_under_14=child, shows_people=people)
    assert (ConsentKind.GUARDIAN in wanted) is child
    assert (ConsentKind.PORTRAIT in wanted) is people
    assert all(NEEDS[kind] is not Need.OPTIONAL for kind in wanted)
    assert set(missing(given_, is_under_14=child, shows_people=people)) == wanted - given_


def test_another_wording_is_another_version() -> None:
    parts = tuple((name, "글") for name in PARTS[ConsentKind.PRIVACY])
    wording = ConsentText(ConsentKind.PRIVACY, "ko", parts)
    assert wording.digest == ConsentText(ConsentKind.PRIVACY, "ko", parts).digest
    assert wording.digest != ConsentText(ConsentKind.PRIVACY, "ko", (*parts[:-1], ("agree", "글."))).digest
    assert wording.digest != ConsentText(ConsentKind.PRIVACY, "en", parts).digest
    assert wording.part("purpose") == "글"
