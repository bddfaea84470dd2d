"""The commitment is the tree of the standard: its known roots, and another root for anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Invalid
from judging.domain.commitment import ScoreLeaf, leaves_of, merkle_root

# The inputs and roots with which Certificate Transparency implementations are checked.
KNOWN = [bytes.fromhex(each) for each in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]  # fmt: skip
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_known_roots(size: int, root: str) -> None:
    assert merkle_root(KNOWN[:size]) == root


scores = st.builds(
    ScoreLeaf, st.sampled_from(["001", "002", "003"]), st.sampled_from(["위원 1", "위원 2"]),
    st.sampled_from(["theme", "art"]), st.integers(1, 5), st.just("2024-09-10T05:03:22+00:00"),
)  # fmt: skip
sheets = st.lists(scores, unique_by=lambda leaf: (leaf.number, leaf.judge, leaf.criterion))


@given(sheets, st.randoms(use_true_random=False))
def test_the_order_of_record_means_nothing(sheet: list[ScoreLeaf], random: object) -> None:
    shuffled = list(sheet)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert merkle_root(leaves_of(shuffled, "s")) == merkle_root(leaves_of(sheet, "s"))


@given(sheets.filter(bool), st.data())
def test_one_changed_score_changes_the_root(sheet: list[ScoreLeaf], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(sheet) - 1))
    changed = list(sheet)
    old = changed[at]
    changed[at] = ScoreLeaf(old.number, old.judge, old.criterion, old.level % 5 + 1, old.at)
    assert merkle_root(leaves_of(changed, "s")) != merkle_root(leaves_of(sheet, "s"))
    assert merkle_root(leaves_of(sheet, "t")) != merkle_root(leaves_of(sheet, "s"))


def test_a_cell_has_one_score() -> None:
    leaf = ScoreLeaf("001", "위원 1", "art", 3, "2024-09-10T05:03:22+00:00")
    with pytest.raises(Invalid):
        leaves_of([leaf, ScoreLeaf("001", "위원 1", "art", 4, leaf.at)], "s")
