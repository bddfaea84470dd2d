"""A sealed round opened again: the old seal stays on record, the named judges go on, and a new one is made."""

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
from sqlalchemy import select, update

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition
from contest.models.outbox import Message
from contest.queries.staff_home import staff_home
from gallery.checker import check_result
from judging.domain.reopening import digest_of
from judging.models.panel import Judge
from judging.models.reopening import Reopening
from judging.models.round import Round, ScoreEvent
from judging.operations.check import check_scores
from judging.operations.choose import confirm_selection
from judging.operations.close import close_judging
from judging.operations.reopen import confirm_reopening, drop_reopening, propose_reopening, read_result
from judging.operations.score import save_score
from judging.queries.commitments import commitments, superseded
from judging.queries.outcome import choice
from judging.queries.public_record import public_record
from judging.queries.standings import standings

NO, YES = 1, 3
HOUR = dt.timedelta(hours=1)


def seat_id(services: Services, judge: Actor) -> str:
    with services.database.read() as session:
        return session.scalars(select(Judge.id).where(Judge.account_id == judge.id)).one()


def ask(services: Services, jury: Jury, judges: list[Actor], reason: str = "설명이 잘못 보임") -> str:
    now = services.clock.now()
    names = [seat_id(services, judge) for judge in judges]
    with services.database.write() as uow:
        return propose_reopening(
            uow, jury.edition_id, names, now + HOUR, reason, actor=jury.operator, now=now
        )


def confirm(services: Services, jury: Jury, asked: str, actor: Actor | None = None) -> None:
    with services.database.write() as uow:
        one = uow.session.get_one(Reopening, asked)
        seal = uow.session.get_one(Round, one.round_id).seal or ""
        shown = digest_of(seal, one.judges, one.ends_at)
        confirm_reopening(uow, asked, shown, actor=actor or jury.approver, now=services.clock.now())


def close(services: Services, jury: Jury) -> None:
    with services.database.write() as uow:
        close_judging(uow, jury.edition_id, actor=jury.operator, now=services.clock.now())


def score_and_close(services: Services, jury: Jury) -> None:
    for judge in jury.judges:
        for place, work in enumerate(sorted(entries_of(services, judge).items())):
            score_work(services, judge, work[1], (5 - place, 3, 3, 3))
        sign_off(services, jury.judges, judge)
    close(services, jury)


def test_named_judges_change_their_scores_and_the_old_seal_stays_on_record(
    services: Services, clock: SteppedClock, jury: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    with services.database.write() as uow:
        uow.session.execute(update(Account).where(Account.role == Role.JUDGE).values(phone="+821023456789"))
    score_and_close(services, jury)
    with services.database.read() as session:
        first = commitments(session, jury.edition_id)[0].root
        before = {place.entry_id: place.mean for place in standings(session, jury.edition_id)}
    again, other = jury.judges[:2]
    with pytest.raises(Invalid, match=r"reopening\.reason_names"):
        ask(services, jury, [again], "심사가 위원의 실수")
    asked = ask(services, jury, [again])
    with pytest.raises(Conflict, match=r"reopening\.waits"):
        ask(services, jury, [other])
    with pytest.raises(Denied, match=r"repair\.same_person"):
        confirm(services, jury, asked, Actor("account", jury.operator.id, Role.APPROVER))
    clock.move_to(clock.now() + HOUR / 2)
    confirm(services, jury, asked)
    public = login_as(Role.OPERATOR)
    page = public.get("/fairness").text
    assert first[:8] in page
    assert "설명이 잘못 보임" in page
    with services.database.read() as session:
        assert commitments(session, jury.edition_id) == []
        assert [one.root for one in superseded(session, jury.edition_id)] == [first]
        told = session.scalars(select(Message.subject_id).where(Message.code == "J7")).all()
        with pytest.raises(Conflict, match=r"judging\.not_sealed"):
            standings(session, jury.edition_id)
    assert len(told) == len(jury.judges)
    with pytest.raises(Conflict, match=r"score\.completed"):
        score_work(services, other, works_of(services, other)[0], (1, 1, 1, 1), "again")
    entry, work = next(iter(entries_of(services, again).items()))
    score_work(services, again, work, (1, 1, 1, 1), "again")
    sign_off(services, jury.judges, again)
    close(services, jury)
    with services.database.read() as session:
        second = commitments(session, jury.edition_id)[0].root
        after = {place.entry_id: place.mean for place in standings(session, jury.edition_id)}
        record = public_record(session, session.get_one(Edition, jury.edition_id))
    assert second != first
    assert {one for one in before if before[one] != after[one]} <= {entry}
    assert record is not None
    assert [root for root, _, _ in record["superseded"]] == [first]
    assert check_result.check_commitment(record, second) == check_result.check_ranking(record) == []
    assert "다시 열기 전" in check_result.check_commitment(record, first)[0]
    assert list(check_scores(services, hashes=False)) == []
    with services.database.write() as uow:  # what the first seal was made of is another
        uow.session.execute(update(Reopening).values(commitment_salt="another"))
        signed = uow.session.scalars(select(Reopening)).one()
        signed.signatures = [{**one, "chain_head": "0" * 64} for one in signed.signatures or []]
    assert {"check.completion", "check.commitment"} == {
        fault.code for fault in check_scores(services, hashes=False)
    }


@pytest.mark.any_database
def test_nothing_opens_again_once_the_result_was_read(
    services: Services, jury: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    score_and_close(services, jury)
    asked = ask(services, jury, jury.judges)
    with services.database.read() as session:
        steps = staff_home(session, services.registry, services.clock.now()).steps
    assert ("reopen.index", (Role.APPROVER,)) in [(step.endpoint, step.who) for step in steps]
    staff = login_as(Role.OPERATOR)
    assert "아직 아무도 열지 않았습니다" in staff.get("/staff/judging").text
    assert "확인을 기다리는 요청" in staff.get("/staff/judging/reopen").text
    assert staff.get("/staff/results").status_code == 200
    with pytest.raises(Conflict, match=r"reopening\.result_read"):
        confirm(services, jury, asked)
    assert "결과를 이미 열어 보아" in staff.get("/staff/judging/reopen").text
    with services.database.write() as uow:
        drop_reopening(uow, asked, actor=jury.operator, now=services.clock.now())
        read_result(uow, jury.edition_id, actor=jury.operator, now=services.clock.now())


@pytest.mark.any_database
def test_votes_are_cast_again_until_the_next_round_begins(
    services: Services,
    clock: SteppedClock,
    edition: Edition,
    login_as: Callable[..., FlaskClient],
    make_account: Callable[..., Actor],
) -> None:
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    add_preliminary(services, edition.id)
    entries = make_works(services, edition.id, 2)
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    voting = Jury(
        edition.id, open_judging(services, clock, edition, operator), operator, approver, judges, entries
    )
    for judge in judges:
        vote_on(services, judge, {entries[0]: YES, entries[1]: NO})
        sign_off(services, judges, judge)
    close(services, voting)
    staff = login_as(operator)
    page = staff.get("/staff/judging/reopen").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    form = {"csrf_token": token[1], "ends": "2024-09-05T20:00", "reason": "사진이 잘못 보임"}
    assert staff.post("/staff/judging/reopen", data=form).status_code == 422
    everybody = [seat_id(services, judge) for judge in judges]
    answer = staff.post("/staff/judging/reopen", data={**form, "judges": everybody})
    assert answer.status_code == 303
    with services.database.read() as session:
        asked = session.scalars(select(Reopening.id)).one()
        waiting = choice(session, edition.id).selection.digest
    with (
        pytest.raises(Conflict, match=r"reopening\.waits"),
        services.database.write() as uow,
    ):
        confirm_selection(uow, edition.id, waiting, actor=operator, now=clock.now())
    confirm(services, voting, asked)
    for judge in judges:
        for work in entries_of(services, judge).values():
            with services.database.write() as uow:
                save_score(uow, work, "vote", YES, f"again{work}", actor=judge, now=clock.now())
        sign_off(services, judges, judge)
    close(services, voting)
    with services.database.read() as session:
        chosen = choice(session, edition.id)
        assert chosen.selection.goes_on == set(entries)
        assert len(session.scalars(select(ScoreEvent.seq)).all()) == 12  # nothing given before is gone
    with services.database.write() as uow:
        confirm_selection(uow, edition.id, chosen.selection.digest, actor=operator, now=clock.now())
    with pytest.raises(Conflict, match=r"reopening\.later_round"):
        ask(services, voting, judges)
