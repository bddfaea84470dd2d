"""A tie that decides a prize goes to the panel: blind ballots in each judge's chain, sealed, counted, and replayed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence

import pytest
from factories.panels import (
    Entrant,
    Jury,
    entries_of,
    make_panel,
    make_works,
    open_judging,
    score_work,
    sign_everything,
    sign_off,
)
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import DBAPIError

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid, Missing
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from contest.models.outbox import Message
from contest.queries.staff_home import staff_home
from contest.rehearsal.browser import Browser
from contest.rehearsal.jury import make_jurors
from contest.rehearsal.office import Office
from contest.rehearsal.play import run_off_ties
from gallery.checker import check_result
from judging.models.panel import Conflict as Interest
from judging.models.panel import Judge
from judging.models.runoff import Runoff, RunoffBallot, RunoffWork
from judging.operations.allocate import allocate_prizes
from judging.operations.check import check_scores
from judging.operations.close import ask_chair, close_judging
from judging.operations.panel import confirm_release, propose_release
from judging.operations.reopen import propose_reopening
from judging.operations.runoff import cast_ballot, close_runoff, open_runoff
from judging.queries.ballots import own_ballots
from judging.queries.blind import seat_of
from judging.queries.public_record import public_record
from judging.queries.runoff import may_be_asked, runoffs, waiting_ties
from judging.queries.standings import standings

HOUR = dt.timedelta(hours=1)
LADDER = ["criterion:by_weight", "panel_runoff", "lot"]


@pytest.fixture
def tied(
    services: Services, clock: SteppedClock, edition: Edition, make_account: Callable[..., Actor]
) -> Jury:
    """Five works before five judges; the first two get the same of everybody, and the edition asks the panel."""
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        held.document = {**held.document, "ties": LADDER, "may_leave_empty": True}
    people = [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(5)]
    entries = make_works(services, edition.id, 5, people)
    judges = make_panel(services, edition.id, operator)
    sign_everything(services, judges)
    round_id = open_judging(services, clock, edition, operator)
    return Jury(edition.id, round_id, operator, approver, judges, entries)


def seal(services: Services, jury: Jury, levels: Sequence[int] = (5, 5, 4, 3, 2)) -> None:
    for judge in jury.judges:
        for entry, work in entries_of(services, judge).items():
            level = levels[jury.entries.index(entry)]
            score_work(services, judge, work, (level,) * 4)
        sign_off(services, jury.judges, judge)
    with services.database.write() as uow:
        close_judging(uow, jury.edition_id, actor=jury.operator, now=services.clock.now())


def begin(services: Services, jury: Jury, after: dt.timedelta = HOUR) -> str:
    """Open the run-off of the first tie that waits."""
    now = services.clock.now()
    with services.database.write() as uow:
        tie = may_be_asked(uow.session, uow.session.get_one(Edition, jury.edition_id))[0]
        return open_runoff(uow, jury.edition_id, tie.numbers, now + after, actor=jury.operator, now=now)


def numbers(services: Services, jury: Jury) -> dict[str, str]:
    """Entry -> common number."""
    with services.database.read() as session:
        return {place.entry_id: place.common_number for place in standings(session, jury.edition_id)}


def vote(services: Services, judge: Actor, runoff_id: str, order: Sequence[str]) -> None:
    with services.database.write() as uow:
        cast_ballot(uow, runoff_id, order, actor=judge, now=services.clock.now())


def count(services: Services, jury: Jury, runoff_id: str) -> None:
    with services.database.write() as uow:
        close_runoff(uow, runoff_id, actor=jury.operator, now=services.clock.now())


def allocate(services: Services, jury: Jury) -> Mapping[str, object]:
    with services.database.write() as uow:
        run = allocate_prizes(uow, jury.edition_id, actor=jury.operator, now=services.clock.now())
        return run.result


def record_of(services: Services, jury: Jury) -> dict[str, object]:
    with services.database.read() as session:
        record = public_record(session, session.get_one(Edition, jury.edition_id))
    assert record is not None
    return record


@pytest.mark.any_database
def test_the_majority_of_the_panel_decides_a_prize(services: Services, tied: Jury) -> None:
    with services.database.write() as uow:
        uow.session.execute(update(Account).where(Account.role == Role.JUDGE).values(phone="+821023456789"))
    seal(services, tied)
    named = numbers(services, tied)
    first, second = (named[entry] for entry in tied.entries[:2])
    with services.database.read() as session:
        waiting = waiting_ties(session, session.get_one(Edition, tied.edition_id))
    assert [(tie.rank, set(tie.numbers), tie.decides) for tie in waiting] == [(1, {first, second}, "tier")]
    with pytest.raises(Conflict, match=r"runoff\.waits"):
        allocate(services, tied)
    with pytest.raises(Conflict, match=r"chair\.no_such_tie"), services.database.write() as uow:
        ask_chair(uow, tied.edition_id, [first, second], actor=tied.operator, now=services.clock.now())
    held = begin(services, tied)
    with pytest.raises(Conflict, match=r"reopening\.result_read"), services.database.write() as uow:
        now = services.clock.now()
        propose_reopening(uow, tied.edition_id, ["x"], now + HOUR, "까닭", actor=tied.operator, now=now)
    orders = [(first, second), (second, first), (second, first), (second, first), ()]
    for judge, order in zip(tied.judges[:4], orders, strict=False):
        vote(services, judge, held, order)
    with pytest.raises(Conflict, match=r"runoff\.votes_missing") as refused:
        count(services, tied, held)
    assert refused.value.facts == {"count": 1}
    with pytest.raises(Conflict, match=r"runoff\.waits"):
        allocate(services, tied)
    vote(services, tied.judges[4], held, ())
    count(services, tied, held)
    with services.database.read() as session:
        places = standings(session, tied.edition_id)
        (view,) = runoffs(session, tied.edition_id)
        told = session.scalars(select(Message.subject_id).where(Message.code == "J8")).all()
        acts = [
            row.action for row in session.scalars(select(AuditRow).order_by(AuditRow.seq))
            if row.action.startswith("runoff.")
        ]  # fmt: skip
        facts = session.scalars(select(AuditRow.facts).where(AuditRow.action == "runoff.closed")).one()
    assert [(place.rank, place.common_number) for place in places[:2]] == [(1, second), (2, first)]
    assert [(step.step, step.separated) for step in places[0].ties][-1] == ("panel_runoff", True)
    assert view.count is not None
    assert (view.voters, view.voted, view.count.ballots, view.count.groups) == (
        5,
        5,
        4,
        ((second,), (first,)),
    )
    assert len(told) == 5
    assert acts == ["runoff.opened", "runoff.closed"]
    assert not set(facts) & {"order", "orders", "ballots"}
    for again in (
        lambda: vote(services, tied.judges[0], held, (first, second)),
        lambda: count(services, tied, held),
    ):
        with pytest.raises(Conflict, match=r"runoff\.closed"):
            again()
    result = allocate(services, tied)
    assert result["awards"][0][3] == tied.entries[1]  # type: ignore[index]  # rows as the allocator wrote them
    record = record_of(services, tied)
    assert check_result.check_ranking(record) == []
    assert check_result.check_runoffs(record, [str(view.commitment)]) == []
    assert list(check_scores(services, hashes=False)) == []
    changed = record["runoffs"][0]["scores"]  # type: ignore[index]  # a document
    changed[0][3] = 3 - changed[0][3]
    assert len(check_result.check_runoffs(record, [])) == 1


@pytest.mark.any_database
def test_a_split_panel_leaves_the_works_to_the_next_step(
    services: Services, clock: SteppedClock, tied: Jury
) -> None:
    seal(services, tied)
    tie = sorted(numbers(services, tied)[entry] for entry in tied.entries[:2])
    held = begin(services, tied)
    vote(services, tied.judges[0], held, tie)
    vote(services, tied.judges[1], held, tie[::-1])
    clock.move_to(clock.now() + HOUR)
    with pytest.raises(Conflict, match=r"runoff\.closed"):
        vote(services, tied.judges[2], held, tie)
    count(services, tied, held)  # the end has come: whoever is missing abstains
    with services.database.read() as session:
        places = standings(session, tied.edition_id)
    assert [place.rank for place in places] == [1, 2, 3, 4, 5]
    assert [(step.step, step.separated) for step in places[0].ties][-2:] == [
        ("panel_runoff", False),
        ("lot", True),
    ]
    allocate(services, tied)
    assert check_result.check_ranking(record_of(services, tied)) == []


def test_a_tie_on_which_nothing_hangs_asks_for_nothing(services: Services, tied: Jury) -> None:
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, tied.edition_id)
        document = held.document
        one = {"code": "one", "name": {"ko": "한 상"}, "count": 5, "amount": 100}
        prizes = {**document["prizes"], "tiers": [one], "winners": 5, "budget": 500}  # type: ignore[dict-item]  # a document
        held.document = {**document, "prizes": prizes}
    seal(services, tied)
    with services.database.read() as session:
        waiting = waiting_ties(session, session.get_one(Edition, tied.edition_id))
    assert [tie.decides for tie in waiting] == [None]
    with services.database.read() as session:  # but it may be held, before a winner falls out
        assert len(may_be_asked(session, session.get_one(Edition, tied.edition_id))) == 1


def test_who_has_an_interest_in_one_of_the_works_has_no_vote(services: Services, tied: Jury) -> None:
    judge = tied.judges[0]
    with services.database.write() as uow:
        seat = uow.session.scalars(select(Judge.id).where(Judge.account_id == judge.id)).one()
        uow.session.add(
            Interest(
                judge_id=seat, entry_id=tied.entries[0], kind="recusal", declared_at=services.clock.now(),
                declared_by=judge.id,
            )
        )  # fmt: skip
    for one in tied.judges:
        mine = entries_of(services, one)
        for entry, work in mine.items():
            if (one, entry) != (judge, tied.entries[0]):
                level = (5, 5, 4, 3, 2)[tied.entries.index(entry)]
                score_work(services, one, work, (level,) * 4)
        sign_off(services, tied.judges, one)
    with services.database.write() as uow:
        close_judging(uow, tied.edition_id, actor=tied.operator, now=services.clock.now())
    held = begin(services, tied)
    tie = sorted(numbers(services, tied)[entry] for entry in tied.entries[:2])
    with services.database.read() as session:
        assert own_ballots(session, seat_of(session, judge.id)) == []
    with pytest.raises(Missing):
        vote(services, judge, held, tie)
    for one in tied.judges[1:]:
        vote(services, one, held, tie)
    count(services, tied, held)
    assert check_result.check_ranking(record_of(services, tied)) == []


def test_a_ballot_falls_with_its_released_judge(services: Services, tied: Jury) -> None:
    seal(services, tied)
    tie = sorted(numbers(services, tied)[entry] for entry in tied.entries[:2])
    held = begin(services, tied)
    for judge, order in zip(tied.judges, [tie, tie, tie[::-1], tie[::-1], tie[::-1]], strict=True):
        vote(services, judge, held, order)
    count(services, tied, held)
    with services.database.read() as session:
        assert standings(session, tied.edition_id)[0].common_number == tie[1]
    now = services.clock.now()
    with services.database.write() as uow:
        seat = uow.session.scalars(select(Judge.id).where(Judge.account_id == tied.judges[4].id)).one()
        propose_release(uow, seat, "이해충돌이 뒤늦게 드러남", actor=tied.operator, now=now)
    with services.database.write() as uow:
        confirm_release(uow, seat, actor=tied.approver, now=now)
    with services.database.read() as session:  # two against two: the lot
        places = standings(session, tied.edition_id)
    assert places[0].ties[-1].step == "lot"
    assert check_result.check_ranking(record_of(services, tied)) == []
    assert list(check_scores(services, hashes=False)) == []


@pytest.mark.any_database
def test_ballots_go_on_where_scores_end_and_are_never_changed(services: Services, tied: Jury) -> None:
    seal(services, tied)
    tie = sorted(numbers(services, tied)[entry] for entry in tied.entries[:2])
    held = begin(services, tied)
    for order in (tie, tie, tie[::-1], []):
        vote(services, tied.judges[0], held, order)
    with services.database.read() as session:
        rows = session.scalars(select(RunoffBallot).order_by(RunoffBallot.seq)).all()
        assert [row.seq for row in rows] == [21, 22, 23]  # twenty scores before; sent twice is once
        assert rows[1].previous == rows[0].digest
    for statement in ("UPDATE runoff_ballot SET seq = 99", "DELETE FROM runoff_ballot"):
        with pytest.raises(DBAPIError), services.database.write() as uow:
            uow.session.execute(text(statement))
    for bad in ([tie[0]], [*tie, "999"], [tie[0], tie[0]]):
        with pytest.raises(Invalid, match=r"runoff\.order"):
            vote(services, tied.judges[0], held, bad)


@pytest.mark.any_database
def test_only_staff_open_and_count_inside_the_time_of_judging(services: Services, tied: Jury) -> None:
    seal(services, tied)
    tie = sorted(numbers(services, tied)[entry] for entry in tied.entries[:2])
    now = services.clock.now()
    with services.database.read() as session:
        opens = session.get_one(Edition, tied.edition_id).verification_opens
    assert opens is not None

    def ask(named: Sequence[str], ends: dt.datetime, actor: Actor) -> str:
        with services.database.write() as uow:
            return open_runoff(uow, tied.edition_id, named, ends, actor=actor, now=now)

    with pytest.raises(Denied):
        ask(tie, now + HOUR, tied.judges[0])
    with pytest.raises(Invalid, match=r"runoff\.end_past"):
        ask(tie, now, tied.operator)
    with pytest.raises(Invalid, match=r"runoff\.end_late"):
        ask(tie, opens + HOUR, tied.operator)
    with pytest.raises(Conflict, match=r"runoff\.no_such_tie"):
        ask([tie[0]], now + HOUR, tied.operator)
    held = ask(tie, now + HOUR, tied.operator)
    with pytest.raises(Conflict, match=r"runoff\.no_such_tie"):
        ask(tie, now + HOUR, tied.operator)
    with pytest.raises(Denied), services.database.write() as uow:
        close_runoff(uow, held, actor=tied.judges[0], now=now)


def test_what_was_counted_cannot_be_changed_unseen(services: Services, tied: Jury) -> None:
    seal(services, tied)
    tie = sorted(numbers(services, tied)[entry] for entry in tied.entries[:2])
    held = begin(services, tied)
    for judge in tied.judges:
        vote(services, judge, held, tie)
    count(services, tied, held)
    with services.database.write() as uow:
        uow.session.execute(update(Runoff).values(commitment_salt="another"))
    assert [fault.code for fault in check_scores(services, hashes=False)] == ["check.commitment"]


@pytest.mark.any_database
def test_players_hold_every_run_off_that_is_asked_for(
    app: Flask, services: Services, tied: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    seal(services, tied, (5, 5, 4, 4, 4))
    office = Office.__new__(Office)
    office.operator = Browser(app)
    office.operator._client = login_as(Role.OPERATOR)
    jurors = make_jurors(app, 5, seed=7)
    for juror, judge in zip(jurors, tied.judges, strict=True):
        juror.browser._client = login_as(judge)
    assert run_off_ties(office, jurors) == 2
    with services.database.read() as session:
        assert [one.voted for one in runoffs(session, tied.edition_id)] == [5, 5]
        assert len({place.rank for place in standings(session, tied.edition_id)}) == 5
    allocate(services, tied)
    assert check_result.check_ranking(record_of(services, tied)) == []


@pytest.mark.any_database
def test_pages_ask_a_fixed_number_of_times_whatever_is_run_off(
    services: Services, tied: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    seal(services, tied, (5, 5, 4, 4, 4))
    staff, desk = login_as(Role.OPERATOR), login_as(tied.judges[0])
    staff.get("/staff/results")
    asked: list[str] = []
    event.listen(
        services.database.engine, "before_cursor_execute", lambda *facts: asked.append(str(facts[2]))
    )

    def count_of(browser: FlaskClient, path: str) -> int:
        asked.clear()
        assert browser.get(path).status_code == 200
        return len(asked)

    counts = []
    for _ in range(2):
        held = begin(services, tied)
        for judge in tied.judges:
            with services.database.read() as session:
                own = next(one for one in own_ballots(session, seat_of(session, judge.id)) if one.is_open)
            vote(services, judge, held, [work.common_number for work in own.works])
        count(services, tied, held)
        counts.append((count_of(staff, "/staff/judging/runoff"), count_of(desk, "/desk/runoff")))
    assert counts[0] == counts[1]


@pytest.mark.any_database
def test_staff_and_judges_do_it_on_their_pages(
    services: Services, tied: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    seal(services, tied)
    staff = login_as(Role.OPERATOR)
    assert "아직 아무도 열지 않았습니다" in staff.get("/staff/judging/runoff").text
    staff.get("/staff/results")
    page = staff.get("/staff/judging/runoff").text
    assert "상격이 갈립니다" in page
    assert "결선투표를 기다림" in staff.get("/staff/judging").text
    with services.database.read() as session:
        home = staff_home(session, services.registry, services.clock.now())
    assert any("결선투표" in one.title for one in home.steps)
    tie = re.findall(r'name="number" value="(\d+)"', page)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    asked = staff.post(
        "/staff/judging/runoff",
        data={"csrf_token": token[1], "number": tie, "ends": "2024-09-06T18:00"},
    )
    assert asked.status_code == 303
    for at, judge in enumerate(tied.judges):
        desk = login_as(judge)
        shown = desk.get("/desk/runoff").text
        assert tie[0] in shown
        assert not re.search(r"\d+\.\d\d점", shown)
        with services.database.read() as session:
            (own,) = own_ballots(session, seat_of(session, judge.id))
        for work in own.works:
            assert desk.get(f"/desk/image/{work.image_token}").status_code == 200
        form = {"csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)[1]}  # type: ignore[index]  # a missing token fails here
        if at == 0:
            twice = desk.post(f"/desk/runoff/{own.runoff_id}", data=form | {f"place_{n}": "1" for n in tie})
            assert (twice.status_code, "서로 다른 순서" in twice.text) == (422, True)
            order = {f"place_{n}": str(place) for place, n in enumerate(tie, 1)}
            assert desk.post(f"/desk/runoff/{own.runoff_id}", data=form | order).status_code == 303
            assert f"정하신 순서: {tie[0]} → {tie[1]}" in desk.get("/desk/runoff").text
        else:
            assert (
                desk.post(f"/desk/runoff/{own.runoff_id}", data=form | {"abstain": "yes"}).status_code == 303
            )
    page = staff.get("/staff/judging/runoff").text
    assert "5명 / 5명" in page
    count_url = re.search(r'action="(/staff/judging/runoff/[a-z0-9]+/count)"', page)
    assert count_url
    assert staff.post(count_url[1], data={"csrf_token": token[1]}).status_code == 303
    assert "1표" in staff.get("/staff/judging/runoff").text
    assert "결선투표 1 봉인값" in staff.get("/fairness").text
    assert "심사위원회 결선투표로 구분함" in staff.get("/staff/results").text
    with services.database.read() as session:
        dealt = session.scalars(select(RunoffWork.image_token)).all()
    assert len(set(dealt)) == 10
