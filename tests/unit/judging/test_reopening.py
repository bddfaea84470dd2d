"""A sealed round opens again only before anything was built on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.errors import Invalid
from judging.domain.reopening import SealedRound, check_terms, digest_of, why_not

NOW = dt.datetime(2024, 9, 10, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
FREE = SealedRound(
    is_sealed=True, has_later=False, is_judging=True, is_read=False, judging_closes=NOW + 5 * HOUR
)


@given(st.builds(SealedRound, *[st.booleans()] * 4, st.sampled_from((None, NOW - HOUR, NOW, NOW + HOUR))))
def test_only_a_sealed_last_unread_round_in_its_time_opens_again(held: SealedRound) -> None:
    is_free = held.is_sealed and not held.has_later and held.is_judging and not held.is_read
    in_time = held.judging_closes is None or held.judging_closes > NOW
    assert (why_not(held, NOW) == "") == (is_free and in_time)


def test_the_terms_name_judges_who_signed_and_an_end_inside_the_announced_time() -> None:
    check_terms(FREE, ["a"], ["a", "b"], NOW + 5 * HOUR, NOW)
    check_terms(replace(FREE, judging_closes=None), ["a", "b"], ["a", "b"], NOW + 99 * HOUR, NOW)
    for judges, ends, code in (
        ([], NOW + HOUR, "nobody"),
        (["z"], NOW + HOUR, "nobody"),
        (["a"], NOW, "end_past"),
        (["a"], NOW + 6 * HOUR, "end_late"),
    ):
        with pytest.raises(Invalid, match=rf"reopening\.{code}"):
            check_terms(FREE, judges, ["a", "b"], ends, NOW)


def test_another_seal_judge_or_end_is_another_request() -> None:
    read = digest_of("seal", ["b", "a"], NOW)
    assert read == digest_of("seal", ["a", "b"], NOW.astimezone(dt.timezone(9 * HOUR)))
    assert len({read, digest_of("other", ["a", "b"], NOW), digest_of("seal", ["a"], NOW), digest_of("seal", ["a", "b"], NOW + HOUR)}) == 4  # fmt: skip
