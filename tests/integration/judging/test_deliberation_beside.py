"""A deliberation beside works that only some judges see, and works that come twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from factories.panels import (
    CRITERIA,
    Entrant,
    entries_of,
    let_deliberate,
    make_panel,
    make_works,
    meet_twice,
    open_judging,
    score_work,
    sign_everything,
    sign_off,
    works_of,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Missing
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from gallery.checker import check_result
from judging.models.round import JudgeWork, ScoreEvent
from judging.operations.check import check_scores
from judging.operations.choose import confirm_selection
from judging.operations.close import close_judging
from judging.operations.deliberate import add_remark, revise_scores
from judging.operations.deliberation import close_deliberation, open_deliberation
from judging.operations.score import save_order
from judging.queries.blind import seat_of
from judging.queries.deliberating import deliberating
from judging.queries.deliberation import discussed_work, discussed_works, listed_works
from judging.queries.outcome import choice
from judging.queries.public_record import public_record
from judging.queries.scorecards import standing_levels

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def office(make_account: Callable[..., Actor]) -> Actor:
    return make_account(Role.OPERATOR)


def begin(services: Services, clock: SteppedClock, edition: Edition, office: Actor) -> list[Actor]:
    """Six works of six people before five judges, everything scored and sealed first, the deliberation open."""
    let_deliberate(services, edition.id)
    make_works(services, edition.id, 6, [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(6)])
    judges = make_panel(services, edition.id, office)
    sign_everything(services, judges)
    open_judging(services, clock, edition, office)
    for judge in judges:
        for place, work in enumerate(works_of(services, judge)):
            score_work(services, judge, work, (1 + place % 5, 1 + place // 3, 4, 2))
        sign_off(services, judges, judge)
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=office, now=clock.now())
    with services.database.write() as uow:
        open_deliberation(uow, edition.id, clock.now() + HOUR, actor=office, now=clock.now())
    return judges


def finish(services: Services, clock: SteppedClock, edition: Edition, office: Actor) -> dict[str, object]:
    """Closed at its end; the public record."""
    clock.move_to(clock.now() + HOUR)
    with services.database.write() as uow:
        shown = deliberating(uow.session, edition.id, clock.now())
        assert shown is not None
        close_deliberation(uow, edition.id, shown.digest, actor=office, now=clock.now())
    assert list(check_scores(services, False)) == []
    with services.database.read() as session:
        record = public_record(session, session.get_one(Edition, edition.id))
    assert record is not None
    return record


def own_cards_of(session: Session, round_id: str | None, work_id: str) -> list[tuple[str, int]]:
    """(criterion, level) of a work, sorted."""
    chosen = standing_levels(str(round_id), None, ScoreEvent.criterion, ScoreEvent.level, works=[work_id])
    return sorted((criterion, level) for criterion, level in session.execute(chosen))


@pytest.mark.any_database
def test_who_was_not_dealt_a_work_does_not_meet_it_in_the_deliberation(
    services: Services, clock: SteppedClock, edition: Edition, office: Actor
) -> None:
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        *before, last = held.document["rounds"]  # type: ignore[misc]  # a list of documents
        ties = ["criterion:by_weight", "panel_runoff", "lot"]
        held.document = {**held.document, "rounds": [*before, {**last, "quorum": 3}], "ties": ties}
    judges = begin(services, clock, edition, office)
    for judge in judges:
        with services.database.read() as session:
            listed = discussed_works(session, seat_of(session, judge.id))
            by_spread = listed_works(session, seat_of(session, judge.id))
        assert {work.work_id for work in listed} == set(works_of(services, judge))
        assert len(listed) < 6
        # The question that orders the list comes to what the works say.
        apart = {one.work_id: one.apart for one in by_spread}
        assert apart == {work.work_id: work.spread * 5 for work in listed}
        assert [one.apart for one in by_spread] == sorted(apart.values(), reverse=True)
        assert all(len(work.voices) == 3 for work in listed)
    mine = works_of(services, judges[0])[0]
    with services.database.write() as uow:
        assert revise_scores(uow, mine, {"theme": 5}, "다시 봄", actor=judges[0], now=clock.now()) == 1
    record = finish(services, clock, edition, office)
    assert check_result.check_deliberation(record, []) == []
    assert check_result.check_ranking(record) == []


@pytest.mark.any_database
def test_a_second_look_is_not_discussed_and_stays_under_both_seals(
    services: Services, clock: SteppedClock, edition: Edition, office: Actor
) -> None:
    meet_twice(services, edition.id, 1)
    judges = begin(services, clock, edition, office)
    judge = judges[0]
    with services.database.read() as session:
        seat = seat_of(session, judge.id)
        own = JudgeWork.judge_id == seat.judge_id, JudgeWork.round_id == seat.round_id
        (twice,) = session.scalars(select(JudgeWork).where(*own, JudgeWork.is_repeat)).all()
        once = session.scalars(
            select(JudgeWork.id).where(*own, JudgeWork.entry_id == twice.entry_id, ~JudgeWork.is_repeat)
        ).one()
        listed = discussed_works(session, seat)
        assert len(listed) == 6
        assert once in {work.work_id for work in listed}
        assert all(len(work.voices) == 5 for work in listed)
        # Everybody is heard by the first look.
        first = session.execute(
            select(JudgeWork.id, JudgeWork.entry_id).where(
                JudgeWork.round_id == seat.round_id, ~JudgeWork.is_repeat
            )
        ).all()
        given: dict[str, list[list[tuple[str, int]]]] = {}
        for work_id, entry in first:
            given.setdefault(entry, []).append(own_cards_of(session, seat.round_id, work_id))
        entries = dict(first)  # type: ignore[arg-type]  # rows of two
        for work in listed:
            heard = sorted(sorted(voice.levels.items()) for voice in work.voices)
            assert heard == sorted(given[entries[work.work_id]])
        with pytest.raises(Missing):
            discussed_work(session, seat, twice.id)
    for act in (
        lambda uow: revise_scores(uow, twice.id, {"theme": 5}, "까닭", actor=judge, now=clock.now()),
        lambda uow: add_remark(uow, twice.id, "의견", actor=judge, now=clock.now()),
    ):
        with pytest.raises(Missing), services.database.write() as uow:
            act(uow)
    with services.database.write() as uow:
        levels = {"theme": 5, "creativity": 5}
        assert revise_scores(uow, once, levels, "다시 봄", actor=judge, now=clock.now()) == 2
    record = finish(services, clock, edition, office)
    assert check_result.check_deliberation(record, []) == []
    assert check_result.check_ranking(record) == []
    held: dict[str, list[list[object]]] = record["deliberation"]  # type: ignore[assignment]  # a document
    assert {one[2] for one in held["revisions"]} == {"theme", "creativity"}
    assert any(str(one[2]).startswith("repeat:") for one in held["scores"])


def test_a_round_that_is_followed_by_another_deliberates_before_anybody_goes_on(
    services: Services, clock: SteppedClock, edition: Edition, office: Actor
) -> None:
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        (rubric,) = held.document["rounds"]  # type: ignore[misc]  # a list of documents
        first = {**rubric, "advance": "top", "advance_count": 3, "deliberation": True}
        last = {**rubric, "code": "last", "name": {"ko": "결선"}, "method": "ballot"}
        ties = ["criterion:by_weight", "chair"]
        held.document = {**held.document, "rounds": [first, last], "ties": ties, "may_leave_empty": True}
    entries = make_works(
        services, edition.id, 5, [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(5)]
    )
    judges = make_panel(services, edition.id, office, 3)
    sign_everything(services, judges)
    open_judging(services, clock, edition, office)
    for judge in judges:
        for entry, work in entries_of(services, judge).items():
            score_work(services, judge, work, (5 - entries.index(entry),) * 4)
        sign_off(services, judges, judge)
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=office, now=clock.now())
    with pytest.raises(Conflict), services.database.read() as session:
        choice(session, edition.id)
    with services.database.write() as uow:
        open_deliberation(uow, edition.id, clock.now() + HOUR, actor=office, now=clock.now())
    # The panel comes to think most of the work that it had last, and it goes on in place of the third.
    for judge in judges:
        work, levels = entries_of(services, judge)[entries[4]], dict.fromkeys(CRITERIA, 5)
        with services.database.write() as uow:
            assert revise_scores(uow, work, levels, "다시 봄", actor=judge, now=clock.now()) == 4
    clock.move_to(clock.now() + HOUR)
    with services.database.write() as uow:
        shown = deliberating(uow.session, edition.id, clock.now())
        assert shown is not None
        assert shown.shift is not None
        ((boundary, up, down),) = [(one.boundary, one.up, one.down) for one in shown.shift.moved]
        assert (boundary, len(up), len(down)) == ("다음 단계", 1, 1)
        close_deliberation(uow, edition.id, shown.digest, actor=office, now=clock.now())
    with services.database.write() as uow:
        read = choice(uow.session, edition.id).selection
        assert set(read.goes_on) == {entries[4], entries[0], entries[1]}
        confirm_selection(uow, edition.id, read.digest, actor=office, now=clock.now())
    for judge in judges:
        with services.database.write() as uow:
            save_order(uow, sorted(works_of(services, judge)), actor=judge, now=clock.now())
        sign_off(services, judges, judge)
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=office, now=clock.now())
    with services.database.read() as session:
        record = public_record(session, session.get_one(Edition, edition.id))
    assert record is not None
    assert check_result.check_votes(record, []) == []
    assert check_result.check_deliberation(record, []) == []
    assert len(check_result.check_deliberation(record, ["0" * 64])) == 1
    record["before"][0]["deliberation"]["revisions"].pop()
    assert len(check_result.check_deliberation(record, [])) == 1
    assert list(check_scores(services, False)) == []
