"""Stages move forwards one at a time; only verification goes back, and only with a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Conflict, Invalid
from contest.domain.stages import ORDER, Stage, following, has_reached, is_published, move

STAGES = st.sampled_from(Stage)
NOON = datetime(2024, 10, 1, 1, tzinfo=UTC)


@given(STAGES, STAGES, st.text(max_size=5))
def test_there_is_no_other_way(stage: Stage, target: Stage, reason: str) -> None:
    backwards = (stage, target) == (Stage.VERIFICATION, Stage.JUDGING)
    if following(stage) is target or (backwards and reason.strip()):
        assert move(stage, target, reason) is target
    else:
        with pytest.raises(Invalid if backwards else Conflict):
            move(stage, target, reason)


def test_the_whole_way_reaches_the_end() -> None:
    stage = Stage.DRAFT
    for target in ORDER[1:]:
        stage = move(stage, target)
        assert has_reached(stage, target)
    assert following(stage) is None


def test_published_is_derived() -> None:
    assert is_published(Stage.DECIDED, publish_at=NOON, approved=True, held=False, now=NOON)
    assert not is_published(
        Stage.DECIDED, publish_at=NOON, approved=True, held=False, now=NOON - timedelta(seconds=1)
    )
    assert not is_published(Stage.DECIDED, publish_at=NOON, approved=False, held=False, now=NOON)
    assert not is_published(Stage.DECIDED, publish_at=NOON, approved=True, held=True, now=NOON)
    assert not is_published(Stage.DECIDED, publish_at=None, approved=True, held=False, now=NOON)
    assert not is_published(Stage.VERIFICATION, publish_at=NOON, approved=True, held=False, now=NOON)
