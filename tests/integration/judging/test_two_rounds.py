"""An 예심 of votes before the 본심: sealed like every round, selected by the declared rule, and then gone from sight."""

from __future__ import annotations

import re
from collections import Counter
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
from contest.domain.errors import Conflict, Invalid, Missing
from contest.domain.stages import Stage
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from judging.models.round import Round, RoundEntry
from judging.operations.check import check_scores
from judging.operations.choose import confirm_selection, deal_again
from judging.operations.close import close_judging
from judging.operations.pledge import step_back
from judging.operations.score import save_score
from judging.queries.blind import seat_of
from judging.queries.commitments import commitments
from judging.queries.outcome import choice
from judging.queries.panel import round_of
from judging.queries.readiness import closing, gate
from judging.queries.standings import standings

NO, ABSTAIN, YES = 1, 2, 3


@pytest.fixture
def voting(
    services: Services, clock: SteppedClock, edition: Edition, make_account: Callable[..., Actor]
) -> Jury:
    """Five works before three judges in a round of votes that lets half of the votes go on."""
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    add_preliminary(services, edition.id)
    entries = make_works(services, edition.id, 5)
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    return Jury(
        edition.id, open_judging(services, clock, edition, operator), operator, approver, judges, entries
    )


def vote_all(services: Services, jury: Jury, ballots: list[list[int]]) -> None:
    """One row a judge, one level an entry; then everybody signs and the round is closed."""
    for judge, levels in zip(jury.judges, ballots, strict=True):
        mine = entries_of(services, judge)
        vote_on(
            services, judge, {e: level for e, level in zip(jury.entries, levels, strict=True) if e in mine}
        )
        sign_off(services, jury.judges, judge)
    close(services, jury)


def close(services: Services, jury: Jury) -> None:
    with services.database.write() as uow:
        close_judging(uow, jury.edition_id, actor=jury.operator, now=services.clock.now())


def shown(services: Services, jury: Jury) -> str:
    with services.database.read() as session:
        return choice(session, jury.edition_id).selection.digest


def confirm(services: Services, jury: Jury, read: str) -> None:
    with services.database.write() as uow:
        confirm_selection(uow, jury.edition_id, read, actor=jury.operator, now=services.clock.now())


#: Shares: 1, 1/2, 1/3, none (all abstained), 1.
BALLOTS = [
    [YES, YES, YES, ABSTAIN, YES],
    [YES, NO, NO, ABSTAIN, ABSTAIN],
    [YES, ABSTAIN, NO, ABSTAIN, YES],
]


def test_the_last_round_judges_those_who_went_on_and_nobody_else(services: Services, voting: Jury) -> None:
    first = voting.entries
    old = entries_of(services, voting.judges[0])
    vote_all(services, voting, BALLOTS)
    with services.database.read() as session:
        chosen = choice(session, voting.edition_id)
        assert chosen.selection.goes_on == {first[0], first[1], first[4]}
        assert [(step.share, step.works, step.goes_on) for step in chosen.spread.steps] == [
            (1, 2, True), (chosen.selection.boundary, 1, True), (pytest.approx(1 / 3), 1, False), (None, 1, False),
        ]  # fmt: skip
        with pytest.raises(Conflict, match=r"judging\.not_sealed"):
            standings(session, voting.edition_id)
        found = gate(session, voting.edition_id, Stage.VERIFICATION, services.clock.now())
        assert [one.code for one in found] == ["judging.not_sealed"]
    confirm(services, voting, shown(services, voting))
    with pytest.raises(Missing), services.database.write() as uow:  # a work of the first round is gone
        save_score(uow, old[first[2]], "vote", YES, "late", actor=voting.judges[0], now=services.clock.now())
    for judge in voting.judges:
        assert set(entries_of(services, judge)) == {first[0], first[1], first[4]}
        for work in works_of(services, judge):
            score_work(services, judge, work, (3, 3, 3, 3))
        sign_off(services, voting.judges, judge)
    close(services, voting)
    with services.database.read() as session:
        assert {place.entry_id for place in standings(session, voting.edition_id)} == {
            first[0],
            first[1],
            first[4],
        }
        assert [(one.round_name, one.works) for one in commitments(session, voting.edition_id)] == [
            ("예심", 5), ("본심", 3),
        ]  # fmt: skip
        states = session.scalars(select(Entry.state)).all()
        acts = session.scalars(select(AuditRow.action).where(AuditRow.action.like("round.%"))).all()
    assert set(states) == {EntryState.FIT}  # those left out are told nothing and stay what they were
    assert sorted(acts) == ["round.opened", "round.opened", "round.sealed", "round.sealed", "round.selected"]
    assert list(check_scores(services, hashes=False)) == []


def test_a_work_one_stepped_back_from_is_counted_without_that_vote(services: Services, voting: Jury) -> None:
    judge, entry = voting.judges[0], voting.entries[1]
    vote_on(services, judge, {entry: YES})
    with services.database.write() as uow:
        work = entries_of(services, judge)[entry]
        step_back(uow, work, "known", "", actor=judge, now=services.clock.now())
    # Its one yes does not count: of the others one voted no, one abstained.
    for at, (judge, levels) in enumerate(zip(voting.judges, BALLOTS, strict=True)):
        given = {e: level for e, level in zip(voting.entries, levels, strict=True) if at or e != entry}
        vote_on(services, judge, given)
        sign_off(services, voting.judges, judge)
    close(services, voting)
    with services.database.read() as session:
        assert choice(session, voting.edition_id).selection.goes_on == {voting.entries[0], voting.entries[4]}


def test_what_changed_meanwhile_is_shown_again_and_confirming_twice_is_refused(
    services: Services, voting: Jury
) -> None:
    with services.database.read() as session, pytest.raises(Conflict, match=r"selection\.not_sealed"):
        choice(session, voting.edition_id)
    vote_all(services, voting, BALLOTS)
    read = shown(services, voting)
    with services.database.write() as uow:
        uow.session.execute(
            update(RoundEntry)
            .where(RoundEntry.entry_id == voting.entries[4])
            .values(withdrawn_at=services.clock.now())
        )
    with pytest.raises(Conflict, match=r"selection\.changed"):
        confirm(services, voting, read)
    read = shown(services, voting)
    confirm(services, voting, read)
    with services.database.read() as session:
        held = session.scalars(select(Round).where(Round.ordinal == 1)).one()
        assert held.outcome is not None
        assert (held.outcome["goes_on"], held.outcome["gone"]) == (
            sorted(voting.entries[:2]),
            [voting.entries[4]],
        )
    with pytest.raises(Conflict, match=r"selection\.done"):
        confirm(services, voting, read)


def test_only_the_round_s_own_judges_meet_it_and_hold_it_up(
    services: Services, clock: SteppedClock, edition: Edition, make_account: Callable[..., Actor]
) -> None:
    operator = make_account(Role.OPERATOR)
    add_preliminary(services, edition.id, panel="external", closes="2024-09-08")
    entries = make_works(services, edition.id, 2)
    judges = make_panel(services, edition.id, operator, 3)  # the last one from inside
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    with services.database.read() as session:
        assert len(closing(session, edition.id)) == 2
        assert seat_of(session, judges[2].id).rule is None
    for judge in judges[:2]:
        with pytest.raises(Invalid):
            vote_on(services, judge, {entries[0]: 4})
        vote_on(services, judge, dict.fromkeys(entries, YES))
        sign_off(services, judges, judge)
    with services.database.read() as session:
        held = round_of(session, edition.id)
        assert held is not None
        assert [one.code for one in closing(session, edition.id)] == []
        assert held.closes_at is not None
        assert held.closes_at.isoformat() == "2024-09-08T15:00:00+00:00"


def test_the_numbers_stand_before_the_act_on_the_pages(
    services: Services, voting: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    browser = login_as(Role.OPERATOR)
    assert "예심" in browser.get("/staff/judging").text
    assert browser.get("/staff/judging/select").status_code == 409
    vote_all(services, voting, BALLOTS)
    page = browser.get("/staff/judging/select").text
    assert "3점을 올리고 본심 열기" in page
    assert "33.3 % (1/3)" in page
    assert "<svg" in page
    assert "올라갈 작품 보기" in browser.get("/staff/judging").text
    assert all(entry not in page for entry in voting.entries)


def test_works_are_dealt_evenly_and_again_when_a_judge_steps_back(
    services: Services, clock: SteppedClock, edition: Edition, make_account: Callable[..., Actor]
) -> None:
    operator = make_account(Role.OPERATOR)
    add_preliminary(services, edition.id, quorum=2)
    make_works(services, edition.id, 6)
    judges = make_panel(services, edition.id, operator, 4)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    dealt = [entries_of(services, judge) for judge in judges]
    assert [len(own) for own in dealt] == [3, 3, 3, 3]
    assert set(Counter(entry for own in dealt for entry in own).values()) == {2}
    for judge, own in zip(judges, dealt, strict=True):
        vote_on(services, judge, dict.fromkeys(own, YES))
    entry, work = next(iter(dealt[0].items()))
    with services.database.write() as uow:
        step_back(uow, work, "known", "", actor=judges[0], now=clock.now())
    sign_off(services, judges, judges[1])
    with services.database.read() as session:
        assert "closing.under_quorum" in [one.code for one in closing(session, edition.id)]
    with services.database.write() as uow:
        assert deal_again(uow, edition.id, actor=operator, now=clock.now()) == 0
    added = [set(entries_of(services, judge)) - set(own) for judge, own in zip(judges, dealt, strict=True)]
    assert (added[0], added[1], added[2] | added[3]) == (set(), set(), {entry})
    for judge, more in zip(judges, added, strict=True):
        vote_on(services, judge, dict.fromkeys(more, YES))
        if judge != judges[1]:
            sign_off(services, judges, judge)
    with services.database.read() as session:
        assert [one.code for one in closing(session, edition.id)] == []


def test_where_nobody_goes_on_the_next_round_is_refused_and_the_page_says_what_can_be_done(
    services: Services, voting: Jury, clock: SteppedClock, login_as: Callable[..., FlaskClient]
) -> None:
    vote_all(services, voting, [[NO] * 5, [NO] * 5, [YES, *[NO] * 4]])
    with pytest.raises(Conflict, match=r"selection\.empty"):
        confirm(services, voting, shown(services, voting))
    with services.database.read() as session:
        assert session.scalars(select(Round.ordinal)).all() == [1]
    office = login_as(Role.OPERATOR)
    page = office.get("/staff/judging/select").text
    assert "올라갈 작품이 없습니다" in page
    assert "33.3 %" in page
    assert 'href="/staff/judging/reopen"' in page
    assert 'name="shown"' not in page
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', office.get("/staff/judging/reopen").text)
    assert token
    sent = office.post(
        "/staff/judging/select", data={"csrf_token": token[1], "shown": shown(services, voting)}
    )
    assert (sent.status_code, "다음 단계를 열 수 없습니다" in sent.text) == (409, True)
    # After the announced end nobody could vote: first more time, in the open.
    with services.database.read() as session:
        closes = session.get_one(Edition, voting.edition_id).judging_closes
    assert closes is not None
    clock.move_to(closes)
    page = login_as(Role.OPERATOR).get("/staff/judging/select").text
    assert "변경 공고로 심사 마감을 늘립니다" in page
    assert f"/staff/editions/{voting.edition_id}/amendments/new" in page
    assert 'href="/staff/judging/reopen"' not in page


def test_where_every_work_left_the_contest_the_page_says_that(
    services: Services, voting: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    vote_all(services, voting, [[YES] * 5] * 3)
    with services.database.write() as uow:
        uow.session.execute(update(Entry).values(state=EntryState.WITHDRAWN))
    page = login_as(Role.OPERATOR).get("/staff/judging/select").text
    assert "남은 작품이 없습니다" in page
    assert "5점" in page
