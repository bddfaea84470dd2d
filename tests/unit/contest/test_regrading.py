"""Finding grades changed before anything is decided: which may be, and exactly the works that moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import ContestError, Invalid
from contest.domain.regrading import (
    ANNOUNCED,
    CHANGEABLE,
    Examined,
    changes_of,
    digest_of,
    moves,
    regraded,
    require_undecided,
)
from contest.domain.screening import DEFAULT_GRADES, Finding, FindingKind, Grade, Verdict, verdict
from contest.domain.stages import Stage

WANTED = st.dictionaries(
    st.sampled_from([k.value for k in CHANGEABLE]), st.sampled_from([g.value for g in Grade])
)
WORKS = st.lists(st.frozensets(st.sampled_from(FindingKind), max_size=5), max_size=8).map(
    lambda found: [Examined(str(n), kinds) for n, kinds in enumerate(found)]
)


@given(WANTED, WORKS)
def test_a_work_moves_if_and_only_if_its_findings_amount_to_something_else(
    wanted: dict[str, str], works: list[Examined]
) -> None:
    changes = changes_of(DEFAULT_GRADES, wanted)
    after = regraded(DEFAULT_GRADES, changes)
    assert all(after[FindingKind(kind)].value == grade for kind, grade in wanted.items())
    moved = {move.entry: move.after for move in moves(works, DEFAULT_GRADES, changes)}
    for work in works:
        was, becomes = (
            verdict(Finding(kind, grades[kind]) for kind in work.kinds) for grades in (DEFAULT_GRADES, after)
        )
        assert moved.get(work.entry, was) is becomes
    back = changes_of(after, {change.kind.value: change.before.value for change in changes})
    assert [m.entry for m in moves(works, after, back)] == list(moved)


def test_what_the_call_announced_is_never_changed() -> None:
    assert {FindingKind.OVER_CAP, FindingKind.LATE, FindingKind.OUTSIDE_DISTRICT} < ANNOUNCED
    for kind in ANNOUNCED:
        assert changes_of(DEFAULT_GRADES, {kind.value: DEFAULT_GRADES[kind].value}) == ()
        with pytest.raises(Invalid, match="grades.announced"):
            changes_of(DEFAULT_GRADES, {kind.value: "off"})
    with pytest.raises(Invalid, match="grades.unknown"):
        changes_of(DEFAULT_GRADES, {"border": "worse"})


def test_what_is_confirmed_is_what_was_shown() -> None:
    changes = changes_of(DEFAULT_GRADES, {"border": "note"})
    one, other = (
        Examined("1", frozenset({FindingKind.BORDER})),
        Examined("2", frozenset({FindingKind.BORDER})),
    )
    (move,) = moves([one], DEFAULT_GRADES, changes)
    assert (move.before, move.after) == (Verdict.DOUBTFUL, Verdict.FIT)
    both = moves([one, other], DEFAULT_GRADES, changes)
    assert digest_of(changes, both) == digest_of(changes, both[::-1]) != digest_of(changes, [move])
    assert digest_of(changes, [move]) != digest_of(changes_of(DEFAULT_GRADES, {"border": "off"}), [move])


@pytest.mark.parametrize(
    ("stage", "decided", "code"),
    [
        (Stage.OPEN, 0, ""), (Stage.SCREENING, 0, ""), (Stage.SCREENING, 1, "grades.begun"),
        (Stage.JUDGING, 0, "grades.over"), (Stage.DECIDED, 0, "grades.over"), (Stage.DRAFT, 0, "grades.over"),
    ],
)  # fmt: skip
def test_grades_stand_once_a_work_is_decided(stage: Stage, decided: int, code: str) -> None:
    try:
        require_undecided(stage, decided)
    except ContestError as refused:
        assert refused.code == code
    else:
        assert code == ""
