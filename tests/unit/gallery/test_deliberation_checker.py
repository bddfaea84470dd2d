"""The checker takes the scores sealed first to the last ones by the recorded revisions, and by nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gallery.checker.check_result import check_commitment, check_deliberation
from judging.domain.commitment import ScoreLeaf, leaves_of, merkle_root

BASE = dt.datetime(2024, 9, 13, 9, 0, tzinfo=dt.UTC)
OPENS, ENDS = BASE + dt.timedelta(hours=2), BASE + dt.timedelta(hours=8)
CELLS = [(f"00{n}", f"위원 {j}", code) for n in (1, 2) for j in (1, 2, 3) for code in ("theme", "art")]


def root(scores: list[list[Any]]) -> str:
    return merkle_root(leaves_of([ScoreLeaf(*score) for score in scores], "salt"))


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """A record with a deliberation as the program writes it; revisions in the order in which they were made."""
    stands = {cell: (draw(st.integers(1, 5)), BASE.isoformat()) for cell in CELLS}
    first = [[*cell, level, at] for cell, (level, at) in stands.items()]
    revisions = []
    for cell, after, second in draw(
        st.lists(
            st.tuples(st.sampled_from(CELLS), st.integers(1, 5), st.integers(0, 6 * 3600 - 1)), max_size=6
        )
    ):
        if stands[cell][0] == after:
            continue  # nothing changed, so that nothing was recorded
        at = (OPENS + dt.timedelta(seconds=second)).isoformat()
        revisions.append([*cell, stands[cell][0], after, at])
        stands[cell] = (after, at)
    last = sorted([*cell, level, at] for cell, (level, at) in stands.items())
    return {
        "rule": {
            "criteria": [["theme", "주제", 60], ["art", "예술", 40]], "levels": 5, "trim": False, "minimum": 3,
            "recusal_rule": "plain", "compare": "rounded", "ties": [], "lot_seed": None, "method": "rubric",
        },
        "released": [], "recused": [], "chair": {}, "commitment": {"root": root(last), "salt": "salt"},
        "scores": last,
        "deliberation": {
            "commitment": {"root": root(first), "salt": "salt"}, "scores": sorted(first), "revisions": revisions,
            "opened_at": OPENS.isoformat(), "ends_at": ENDS.isoformat(),
        },
    }  # fmt: skip


@given(records())
def test_both_seals_and_the_way_between_them_agree(record: dict[str, Any]) -> None:
    assert check_commitment(record, root(record["scores"])) == []
    assert check_deliberation(record, []) == []
    assert check_deliberation(record, [root(record["deliberation"]["scores"])]) == []


@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_the_published_scores_means_nothing(record: dict[str, Any], chance: Any) -> None:
    chance.shuffle(record["scores"])
    chance.shuffle(record["deliberation"]["scores"])
    assert check_deliberation(record, []) == []


@given(records(), st.data())
def test_a_score_that_differs_without_a_revision_is_found(
    record: dict[str, Any], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(CELLS) - 1))
    record["scores"][at][3] = record["scores"][at][3] % 5 + 1
    assert check_deliberation(record, [])


@given(records().filter(lambda record: record["deliberation"]["revisions"]), st.data())
def test_a_revision_left_out_or_outside_its_time_is_found(
    record: dict[str, Any], data: st.DataObject
) -> None:
    held = record["deliberation"]
    at = data.draw(st.integers(0, len(held["revisions"]) - 1))
    when = data.draw(st.sampled_from([OPENS - dt.timedelta(seconds=1), ENDS, ENDS + dt.timedelta(days=1)]))
    kept = [list(one) for one in held["revisions"]]
    held["revisions"] = [list(one) for one in kept]
    held["revisions"][at][5] = when.isoformat()
    assert any("심의 시간 밖" in line for line in check_deliberation(record, []))
    last_of_its_cell = all(one[:3] != kept[at][:3] for one in kept[at + 1 :])
    if last_of_its_cell:
        held["revisions"] = [*kept[:at], *kept[at + 1 :]]
        assert check_deliberation(record, [])


@given(records(), st.data())
def test_the_first_scores_are_those_that_were_sealed(record: dict[str, Any], data: st.DataObject) -> None:
    sealed = root(record["deliberation"]["scores"])
    at = data.draw(st.integers(0, len(CELLS) - 1))
    record["deliberation"]["scores"][at][3] = record["deliberation"]["scores"][at][3] % 5 + 1
    assert any("심의하기 전 점수의 봉인값" in line for line in check_deliberation(record, [sealed]))
