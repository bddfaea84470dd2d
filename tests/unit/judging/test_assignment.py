"""Works dealt to k judges each: never to one who must not, evenly, the same each time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.assignment import assign_works

WORKS = [f"w{n:02d}" for n in range(14)]
JUDGES = ["a", "b", "c", "d", "e"]
pairs = st.sets(st.tuples(st.sampled_from(WORKS), st.sampled_from(JUDGES)))


@given(st.integers(1, 5), st.text(max_size=4))
def test_loads_differ_by_one_where_nobody_is_barred(quorum: int, seed: str) -> None:
    dealt = assign_works(WORKS, JUDGES, quorum, (), seed=seed)
    loads = [len(works) for works in dealt.given.values()]
    assert (sum(loads), dealt.short) == (quorum * len(WORKS), {})
    assert max(loads) - min(loads) <= 1


@given(st.integers(1, 4), pairs, pairs, st.text(max_size=2))
def test_nobody_meets_a_barred_work_and_what_is_missing_is_said(
    quorum: int, barred: set[tuple[str, str]], owned: set[tuple[str, str]], seed: str
) -> None:
    held = {work: {judge for one, judge in owned if one == work} for work in WORKS}
    dealt = assign_works(WORKS, JUDGES, quorum, barred, seed=seed, held=held)
    assert dealt == assign_works(reversed(WORKS), JUDGES, quorum, sorted(barred), seed=seed, held=held)
    for work in WORKS:
        new = {judge for judge, works in dealt.given.items() if work in works}
        free = {judge for judge in JUDGES if (work, judge) not in barred} - held[work]
        assert new <= free
        assert len(new) == min(max(0, quorum - len(held[work])), len(free))
        assert dealt.short.get(work, 0) == max(0, quorum - len(held[work]) - len(new))


@given(st.integers(1, 3), pairs, st.text(max_size=2))
def test_no_single_work_could_still_be_passed_on(
    quorum: int, barred: set[tuple[str, str]], seed: str
) -> None:
    dealt = assign_works(WORKS, JUDGES, quorum, barred, seed=seed).given
    for works in dealt.values():
        for empty, others in dealt.items():
            if len(works) - len(others) > 1:
                assert all((work, empty) in barred or work in others for work in works)
