"""A round with missing scores: what each way does is read first, asked for by one, confirmed by another."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from factories.panels import (
    Jury,
    add_preliminary,
    entries_of,
    make_panel,
    make_works,
    open_judging,
    score_work,
    sign_everything,
    sign_off,
    vote_on,
    works_of,
)
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition
from contest.models.outbox import Message
from judging.domain.repair import Way, make_plan
from judging.models.panel import Judge
from judging.models.repair import Repair
from judging.operations.check import check_scores
from judging.operations.close import close_judging
from judging.operations.panel import check_person
from judging.operations.repair import Wanted, confirm_repair, drop_repair, propose_repair, remind_judge
from judging.queries.outcome import choice
from judging.queries.readiness import closing
from judging.queries.repair import done_repairs, repairing
from judging.queries.standings import standings

NO, YES = 1, 3


def seat_id(services: Services, judge: Actor) -> str:
    with services.database.read() as session:
        return session.scalars(select(Judge.id).where(Judge.account_id == judge.id)).one()


def read(services: Services, jury: Jury, wanted: Wanted) -> str:
    """The digest of what the page shows of a way."""
    with services.database.read() as session:
        found = repairing(session, jury.edition_id, services.clock.now())
        return make_plan(found.held, wanted.way, judge=wanted.judge_id, quorum=wanted.quorum).digest


def ask(services: Services, jury: Jury, wanted: Wanted) -> str:
    shown = read(services, jury, wanted)
    with services.database.write() as uow:
        return propose_repair(
            uow, jury.edition_id, wanted, "입원", shown, actor=jury.operator, now=services.clock.now()
        )


def apply(services: Services, jury: Jury, wanted: Wanted) -> None:
    repair_id = ask(services, jury, wanted)
    shown = read(services, jury, wanted)
    with services.database.write() as uow:
        confirm_repair(uow, repair_id, shown, actor=jury.approver, now=services.clock.now())


def blockers(services: Services, jury: Jury) -> list[str]:
    with services.database.read() as session:
        return [one.code for one in closing(session, jury.edition_id) if not one.is_warning]


def score_all(services: Services, jury: Jury, judge: Actor, level: int, key: str = "") -> None:
    for work in works_of(services, judge):
        score_work(services, judge, work, (level, 3, 3, 3), f"{key}{work}")


def clean(page: str) -> str:
    """A page without what is new in every answer."""
    return re.sub(r'<input[^>]*csrf_token[^>]*>|nonce="[^"]*"', "", page)


@pytest.mark.any_database
def test_a_silent_judge_is_replaced_after_both_have_read_what_it_does(
    services: Services, jury: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    late, *others = jury.judges
    score_all(services, jury, late, 1)
    browser = login_as(Role.OPERATOR)
    assert "/staff/judging/repair" in browser.get("/staff/judging/close").text
    address = f"/staff/judging/repair/ask/replace?judge={seat_id(services, late)}"
    before = [clean(browser.get(page).text) for page in ("/staff/judging/repair", address)]
    score_all(services, jury, late, 5, "again")  # other scores, the same pages: they know none
    assert [clean(browser.get(page).text) for page in ("/staff/judging/repair", address)] == before
    assert "점수 3건이 빠지므로" in before[1]
    assert before[1].count("경계 없음") == 4  # of five boundaries; three works stand above the others
    for judge in others:
        score_all(services, jury, judge, 3)
        sign_off(services, jury.judges, judge)
    person = check_person("심사바", "사진학과", "010-2345-6789", "", is_external=True)
    wanted = Wanted(Way.REPLACE, seat_id(services, late), None, person)
    with pytest.raises(Conflict, match=r"repair\.changed"), services.database.write() as uow:
        propose_repair(
            uow, jury.edition_id, wanted, "입원", "other", actor=jury.operator, now=services.clock.now()
        )
    repair_id = ask(services, jury, wanted)
    assert "judging.repair_waits" in blockers(services, jury)
    approver = Actor("approver", jury.operator.id, Role.APPROVER)
    shown = read(services, jury, wanted)
    with pytest.raises(Denied, match=r"repair\.same_person"), services.database.write() as uow:
        confirm_repair(uow, repair_id, shown, actor=approver, now=services.clock.now())
    second = login_as(Role.APPROVER)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', second.get("/staff/judging/repair").text)
    assert token is not None
    answer = second.post(
        f"/staff/judging/repair/{repair_id}/confirm", data={"shown": "stale", "csrf_token": token[1]}
    )
    assert answer.status_code == 409
    assert "확인하고 적용하기" in answer.text
    with services.database.write() as uow:
        confirm_repair(uow, repair_id, shown, actor=jury.approver, now=services.clock.now())
    with services.database.read() as session:
        account = session.scalars(select(Account).where(Account.name == "심사바")).one()
        kept = session.scalars(select(Repair)).one()
        assert (kept.successor, kept.facts["lost"], kept.facts["fewest"], kept.facts["most"]) == (
            None,
            3,
            5,
            5,
        )
    heir = Actor("judge", account.id, Role.JUDGE)
    assert set(entries_of(services, heir)) == set(jury.entries)
    assert blockers(services, jury)[0] == "closing.pledge_missing"


def test_a_lower_quorum_takes_back_only_what_is_owed(
    services: Services, clock: SteppedClock, edition: Edition, make_account: Callable[..., Actor]
) -> None:
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    add_preliminary(services, edition.id, quorum=3)
    entries = make_works(services, edition.id, 4)
    judges = make_panel(services, edition.id, operator, 4)
    sign_everything(services, judges)
    voting = Jury(
        edition.id, open_judging(services, clock, edition, operator), operator, approver, judges, entries
    )
    silent, *others = judges
    for judge in others:
        vote_on(services, judge, dict.fromkeys(entries_of(services, judge), YES))
        sign_off(services, judges, judge)
    assert blockers(services, voting) == ["closing.judge_unfinished"]
    with pytest.raises(Conflict, match=r"repair\.missing_undeclared"):
        ask(services, voting, Wanted(Way.CLOSE))
    apply(services, voting, Wanted(Way.QUORUM, quorum=2))
    assert works_of(services, silent) == []
    assert blockers(services, voting) == []
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=operator, now=clock.now())
    with services.database.read() as session:
        votes = choice(session, edition.id).outcome.votes
        assert sum(cast.yes for cast in votes.values()) == 9
        assert [
            (one.way, one.facts["quorum"], one.facts["lost"]) for one in done_repairs(session, edition)
        ] == [(Way.QUORUM, 2, 0)]


@pytest.mark.any_database
def test_a_round_closes_with_votes_missing_only_where_the_call_said_so_and_the_time_is_over(
    services: Services,
    clock: SteppedClock,
    edition: Edition,
    login_as: Callable[..., FlaskClient],
    make_account: Callable[..., Actor],
) -> None:
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    add_preliminary(services, edition.id, missing="abstain", closes="2024-09-08")
    entries = make_works(services, edition.id, 3)
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    voting = Jury(
        edition.id, open_judging(services, clock, edition, operator), operator, approver, judges, entries
    )
    vote_on(services, judges[0], dict.fromkeys(entries, YES))
    vote_on(services, judges[1], dict.fromkeys(entries[:1], NO))
    sign_off(services, judges, judges[0])
    with services.database.write() as uow:
        judge = uow.session.get_one(Judge, seat_id(services, judges[1]))
        uow.session.get_one(Account, judge.account_id).phone = "+821023456789"
    with services.database.write() as uow:
        remind_judge(uow, edition.id, judge.id, actor=operator, now=clock.now())
    with pytest.raises(Conflict, match=r"repair\.reminded"), services.database.write() as uow:
        remind_judge(uow, edition.id, judge.id, actor=operator, now=clock.now())
    with services.database.read() as session:
        assert session.scalars(select(Message.code).where(Message.code == "J6")).all() == ["J6"]
    with pytest.raises(Conflict, match=r"repair\.not_over"):
        ask(services, voting, Wanted(Way.CLOSE))
    clock.move_to(dt.datetime(2024, 9, 9, tzinfo=dt.UTC))
    with pytest.raises(Invalid, match=r"repair\.successor_missing"):
        ask(services, voting, Wanted(Way.REPLACE, seat_id(services, judges[2])))
    dropped = ask(services, voting, Wanted(Way.RELEASE, seat_id(services, judges[2])))
    with pytest.raises(Conflict, match=r"repair\.waits"):
        ask(services, voting, Wanted(Way.CLOSE))
    with services.database.write() as uow:
        drop_repair(uow, dropped, actor=operator, now=clock.now())
    apply(services, voting, Wanted(Way.CLOSE))
    with services.database.read() as session:
        chosen = choice(session, edition.id)
        assert chosen.selection.goes_on == set(entries)  # 1/2, 1, 1
        with pytest.raises(Conflict, match=r"judging\.not_sealed"):
            standings(session, edition.id)
    assert list(check_scores(services, hashes=False)) == []
    assert "오지 않은 표 5장을" in login_as(Role.OPERATOR).get("/fairness").text
