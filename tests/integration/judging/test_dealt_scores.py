"""A rubric by so many judges a work: dealt around conflicts, repaired, ranked, run off, and computed again outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

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
    works_of,
)
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from gallery.checker import check_result
from judging.domain.repair import Reach, Way, make_plan
from judging.models.award import Dossier
from judging.models.panel import Conflict as Interest
from judging.models.panel import Judge
from judging.models.round import JudgeWork
from judging.operations.allocate import allocate_prizes
from judging.operations.check import check_scores
from judging.operations.choose import deal_again
from judging.operations.close import close_judging
from judging.operations.pledge import step_back
from judging.operations.repair import Wanted, confirm_repair, propose_repair
from judging.operations.runoff import cast_ballot, close_runoff, open_runoff
from judging.operations.score import save_score
from judging.queries.ballots import own_ballots
from judging.queries.blind import seat_of
from judging.queries.panel import members
from judging.queries.public_record import public_record
from judging.queries.readiness import closing
from judging.queries.repair import repairing
from judging.queries.runoff import may_be_asked
from judging.queries.standings import sealed_round, standings

QUORUM = 3


@pytest.fixture
def sharing(
    services: Services, clock: SteppedClock, edition: Edition, make_account: Callable[..., Actor]
) -> Jury:
    """Ten works before five judges, three of whom judge each work; one judge has an interest in one."""
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        (last,) = held.document["rounds"]  # type: ignore[misc]  # a list of documents
        held.document = {
            **held.document, "rounds": [{**last, "quorum": QUORUM, "trim_from": 3}], "may_leave_empty": True,
            "ties": ["criterion:by_weight", "panel_runoff", "lot"],
        }  # fmt: skip
    people = [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(10)]
    entries = make_works(services, edition.id, 10, people)
    judges = make_panel(services, edition.id, operator)
    sign_everything(services, judges)
    with services.database.write() as uow:
        seat = uow.session.scalars(select(Judge.id).where(Judge.account_id == judges[0].id)).one()
        uow.session.add(
            Interest(
                judge_id=seat,
                entry_id=entries[0],
                kind="known",
                declared_at=clock.now(),
                declared_by=operator.id,
            )
        )
    round_id = open_judging(services, clock, edition, operator)
    return Jury(edition.id, round_id, operator, approver, judges, entries)


def score(services: Services, jury: Jury, judge: Actor) -> None:
    """Whole sheets by the number of the work, the last two works alike; then the signature."""
    mine = set(works_of(services, judge))
    for entry, work in entries_of(services, judge).items():
        if work in mine:
            place = min(jury.entries.index(entry), 8)
            score_work(services, judge, work, (5 - place // 2, 5 - (place + 1) // 2, 3, 3))
    sign_off(services, jury.judges, judge)


def close(services: Services, jury: Jury) -> None:
    with services.database.write() as uow:
        close_judging(uow, jury.edition_id, actor=jury.operator, now=services.clock.now())


def record_agrees(services: Services, jury: Jury) -> None:
    with services.database.read() as session:
        record = public_record(session, session.get_one(Edition, jury.edition_id))
    assert record is not None
    assert check_result.check_ranking(record) == []
    assert check_result.check_runoffs(record, []) == []
    assert check_result.check_commitment(record, record["commitment"]["root"]) == []


@pytest.mark.any_database
def test_works_are_dealt_evenly_around_conflicts_and_ranked_by_who_judged_them(
    services: Services, sharing: Jury
) -> None:
    with services.database.read() as session:
        dealt = session.execute(select(JudgeWork.entry_id, JudgeWork.judge_id)).all()
        seat = seat_of(session, sharing.judges[0].id).judge_id
        loads = {one.works for one in members(session, sharing.edition_id)}
    assert set(Counter(entry for entry, _ in dealt).values()) == {QUORUM}
    assert (sharing.entries[0], seat) not in dealt
    assert max(loads) - min(loads) <= 1
    for judge in sharing.judges:
        score(services, sharing, judge)
    close(services, sharing)
    with services.database.read() as session:
        places = standings(session, sharing.edition_id)
        assert sealed_round(
            session, sharing.edition_id
        ).trim  # by those who judge a work, not by the whole panel
    assert [place.entry_id for place in places[:8]] == sharing.entries[:8]
    assert all(len(place.totals) == QUORUM and place.rule == "trimmed" for place in places)
    record_agrees(services, sharing)
    assert list(check_scores(services, hashes=False)) == []


@pytest.mark.any_database
def test_a_tie_is_run_off_by_the_whole_panel(services: Services, sharing: Jury) -> None:
    for judge in sharing.judges:
        score(services, sharing, judge)
    close(services, sharing)
    now = services.clock.now()
    with services.database.write() as uow:
        (tie,) = may_be_asked(uow.session, uow.session.get_one(Edition, sharing.edition_id))
        held = open_runoff(
            uow, sharing.edition_id, tie.numbers, now.replace(hour=23), actor=sharing.operator, now=now
        )
    for judge in sharing.judges:  # whoever did not judge the works sees them now
        with services.database.write() as uow:
            (own,) = own_ballots(uow.session, seat_of(uow.session, judge.id))
            cast_ballot(uow, held, sorted(one.common_number for one in own.works), actor=judge, now=now)
    with services.database.write() as uow:
        close_runoff(uow, held, actor=sharing.operator, now=now)
        allocate_prizes(uow, sharing.edition_id, actor=sharing.operator, now=now)
    record_agrees(services, sharing)
    with services.database.read() as session:
        made = session.scalars(select(Dossier.document)).one()
    assert len(made["without"]) == len(sharing.judges)
    assert made["panels"] > 1


def test_a_work_that_loses_a_judge_finds_another(services: Services, sharing: Jury) -> None:
    judge = sharing.judges[1]
    now = services.clock.now()
    with services.database.write() as uow:
        step_back(uow, works_of(services, judge)[0], "known", "", actor=judge, now=now)
    with services.database.read() as session:
        assert "closing.under_quorum" in {one.code for one in closing(session, sharing.edition_id)}
    with services.database.write() as uow:
        assert deal_again(uow, sharing.edition_id, actor=sharing.operator, now=now) == 0
    for one in sharing.judges:
        score(services, sharing, one)
    close(services, sharing)
    with services.database.read() as session:
        assert {len(place.totals) for place in standings(session, sharing.edition_id)} == {QUORUM}
    record_agrees(services, sharing)


@pytest.mark.any_database
def test_a_lower_quorum_keeps_what_was_given_and_says_that_extremes_stay(
    services: Services, sharing: Jury
) -> None:
    *others, silent = sharing.judges
    for judge in others:
        score(services, sharing, judge)
    begun = works_of(services, silent)
    with services.database.write() as uow:  # one sheet is begun and never finished
        save_score(uow, begun[0], "theme", 5, "begun", actor=silent, now=services.clock.now())
    with services.database.read() as session:
        found = repairing(session, sharing.edition_id, services.clock.now())
        plan = make_plan(found.held, Way.QUORUM, quorum=2)
    assert (plan.basis.is_trimmed, plan.basis.lost, set(plan.reaches) <= {Reach.FALLS, Reach.ABSENT}) == (
        False, 0, True,
    )  # fmt: skip
    wanted = Wanted(Way.QUORUM, quorum=2)
    now = services.clock.now()
    with services.database.write() as uow:
        asked = propose_repair(
            uow, sharing.edition_id, wanted, "입원", plan.digest, actor=sharing.operator, now=now
        )
    with services.database.write() as uow:
        confirm_repair(uow, asked, plan.digest, actor=sharing.approver, now=now)
    assert works_of(services, silent) == []
    close(services, sharing)
    with services.database.read() as session:
        places = standings(session, sharing.edition_id)
        assert sealed_round(session, sharing.edition_id).trim is False
    assert {len(place.totals) for place in places} == {2, 3}
    record_agrees(services, sharing)
    assert list(check_scores(services, hashes=False)) == []


@pytest.mark.any_database
def test_papers_tell_who_stepped_back_from_who_was_not_asked(
    services: Services, sharing: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    for judge in sharing.judges:
        score(services, sharing, judge)
    close(services, sharing)
    staff = login_as(Role.OPERATOR)
    page = staff.get("/staff/results").text
    assert "작품마다 위원 3명이 나누어 심사함" in page
    cells = page.partition('id="tally"')[2]
    assert (cells.count(">회피<"), cells.count(">–<")) == (1, 10 * 2 - 1)
    for paper in ("tally.pdf", "tally.xlsx", "minutes.pdf"):
        assert staff.get(f"/staff/results/{paper}").status_code == 200
    with services.database.read() as session:
        seats = session.scalars(select(Judge.id)).all()
    for seat in seats:
        assert staff.get(f"/staff/results/scorecard/{seat}.pdf").status_code == 200
