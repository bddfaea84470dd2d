"""The repair planner says beforehand what is true afterwards, and knows no score."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.domain.assignment import assign_works
from judging.domain.repair import Basis, Duty, OpenRound, Reach, Way, make_plan, plans, taken_back

JUDGES = ("a", "b", "c", "d")


@st.composite
def rounds(draw: st.DrawFn) -> OpenRound:
    """Up to six works before four judges, some stepped back from, some scored, some judges signed."""
    works = frozenset(f"w{n}" for n in range(draw(st.integers(1, 6))))
    quorum = draw(st.integers(0, 4))
    closed = draw(
        st.frozensets(st.tuples(st.sampled_from(sorted(works)), st.sampled_from(JUDGES)), max_size=4)
    )
    dealt = (
        assign_works(works, JUDGES, quorum, closed, seed="s").given
        if quorum
        else {judge: frozenset(work for work in works if (work, judge) not in closed) for judge in JUDGES}
    )
    duties = []
    for judge in JUDGES:
        done = draw(st.frozensets(st.sampled_from(sorted(dealt[judge])))) if dealt[judge] else frozenset()
        duties.append(Duty(judge, dealt[judge], done, done == dealt[judge] and draw(st.booleans())))
    return OpenRound(
        works, tuple(duties), closed, quorum, is_vote=bool(quorum) or draw(st.booleans()),
        trim_from=draw(st.sampled_from((0, 3, 4))), trims_recused=draw(st.booleans()), is_over=draw(st.booleans()),
        may_miss=draw(st.booleans()), places=(1, 5),
    )  # fmt: skip


def after(held: OpenRound, without: str, heir: str | None) -> OpenRound:
    """The round after a seat was ended, and another filled, as the dealing does it."""
    left = [duty for duty in held.duties if duty.judge != without]
    if heir is not None:
        left.append(Duty(heir, frozenset() if held.quorum else held.works, frozenset(), has_signed=False))
    if held.quorum:
        has = {work: {duty.judge for duty in left if work in duty.works} for work in held.works}
        signed = {(work, duty.judge) for duty in left if duty.has_signed for work in held.works}
        dealt = assign_works(
            held.works, sorted(duty.judge for duty in left), held.quorum, held.closed | signed, seed="s", held=has
        )  # fmt: skip
        left = [replace(duty, works=duty.works | dealt.given[duty.judge]) for duty in left]
    return replace(held, duties=tuple(left))


def told(basis: Basis) -> Basis:
    """What stays true once the way was taken; what fell, or is dealt anew, lies behind it."""
    return replace(basis, lost=0, dealt=0, missing=0)


@settings(max_examples=60, deadline=None)
@given(rounds(), st.sampled_from(JUDGES), st.booleans())
def test_what_the_planner_tells_is_what_comes(held: OpenRound, judge: str, fill: bool) -> None:
    way = Way.REPLACE if fill else Way.RELEASE
    plan = make_plan(held, way, judge=judge)
    became = make_plan(after(held, judge, "z" if fill else None), Way.WAIT)
    assert told(plan.basis) == told(became.basis)
    gone = next(duty for duty in held.duties if duty.judge == judge)
    assert plan.basis.lost == len(gone.done)
    recounted = plan.basis.is_trimmed != make_plan(held, Way.WAIT).basis.is_trimmed
    assert (plan.reaches[0] is Reach.FALLS) == (len(held.works) > 1 and bool(gone.done or recounted))
    assert (plan.reaches[1] is Reach.ABSENT) == (len(held.works) <= 5)


@settings(max_examples=60, deadline=None)
@given(rounds().filter(lambda held: held.quorum > 1), st.data())
def test_a_lower_quorum_takes_back_what_is_owed_and_never_a_vote(
    held: OpenRound, data: st.DataObject
) -> None:
    quorum = data.draw(st.integers(1, held.quorum - 1))
    back = taken_back(held, quorum)
    lower = replace(
        held,
        quorum=quorum,
        duties=tuple(replace(d, works=d.works - back.get(d.judge, frozenset())) for d in held.duties),
    )
    for before, now in zip(held.duties, lower.duties, strict=True):
        assert now.done == before.done <= now.works
    for work in held.works:
        given_already = sum(work in duty.done for duty in held.duties)
        held_by = sum(work in duty.works for duty in held.duties)
        assert sum(work in duty.works for duty in lower.duties) == max(given_already, min(held_by, quorum))
    plan = make_plan(held, Way.QUORUM, quorum=quorum)
    assert told(plan.basis) == told(make_plan(lower, Way.WAIT).basis)
    assert plan.basis.lost == 0


@settings(max_examples=40, deadline=None)
@given(rounds())
def test_what_cannot_be_done_says_why_and_what_can_leaves_no_work_alone(held: OpenRound) -> None:
    orphans = make_plan(held, Way.WAIT).basis.bare
    for plan in plans(held):
        assert plan.refusal or plan.basis.bare <= orphans
        if plan.way is Way.CLOSE and not plan.refusal:
            assert held.is_vote
            assert held.may_miss
            assert held.is_over
            assert plan.basis.bare == plan.basis.lost == plan.basis.owed == 0
            assert plan.basis.missing or any(not duty.has_signed for duty in held.duties)


def test_a_score_that_comes_in_meanwhile_is_no_other_plan_but_a_lost_one_is() -> None:
    works = frozenset(("w1", "w2"))
    first = OpenRound(
        works, (Duty("a", works, frozenset(), False), Duty("b", works, frozenset(("w1",)), False)), frozenset(),
        quorum=0, is_vote=False, trim_from=5, trims_recused=False, is_over=False, may_miss=False, places=(1,),
    )  # fmt: skip
    other = replace(first, duties=(first.duties[0], replace(first.duties[1], done=works)))
    own = replace(first, duties=(replace(first.duties[0], done=frozenset(("w1",))), first.duties[1]))
    digests = [make_plan(held, Way.RELEASE, judge="a").digest for held in (first, other, own)]
    assert digests[0] == digests[1] != digests[2]
    with pytest.raises(ValueError, match="no such judge"):
        make_plan(first, Way.RELEASE, judge="z")
    with pytest.raises(ValueError, match="not a lower quorum"):
        make_plan(first, Way.QUORUM, quorum=1)


@settings(max_examples=60, deadline=None)
@given(rounds(), st.data())
def test_where_scores_are_weighed_by_their_judge_no_boundary_is_called_safe(
    held: OpenRound, data: st.DataObject
) -> None:
    """Other works for a judge who has given scores: those scores weigh otherwise, and the plan says so."""
    plain, relative = replace(held, is_relative=False), replace(held, is_relative=True)
    way = data.draw(
        st.sampled_from([Way.WAIT, Way.RELEASE, Way.REPLACE, *([Way.QUORUM] if held.quorum > 1 else [])])
    )
    judge = data.draw(st.sampled_from(JUDGES)) if way in (Way.RELEASE, Way.REPLACE) else None
    quorum = data.draw(st.integers(1, held.quorum - 1)) if way is Way.QUORUM else None
    before = make_plan(plain, way, judge=judge, quorum=quorum)
    now = make_plan(relative, way, judge=judge, quorum=quorum)
    assert now.basis == before.basis
    for one, other in zip(before.reaches, now.reaches, strict=True):
        assert other is one or (one, other) == (Reach.REST, Reach.FALLS)
    if way is Way.QUORUM and now.reaches[0] is not Reach.ABSENT:
        assert quorum is not None
        back = taken_back(held, quorum)
        weighed = any(duty.done and back.get(duty.judge) for duty in held.duties)
        assert (now.reaches[0] is Reach.FALLS) == (weighed or before.reaches[0] is Reach.FALLS)
