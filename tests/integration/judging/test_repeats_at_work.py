"""A judge meets works twice without being told which; the second score is sealed, published, compared, never counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories.panels import (
    Entrant,
    Jury,
    make_panel,
    make_works,
    meet_twice,
    open_judging,
    score_work,
    sign_everything,
    sign_off,
)
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from contest.domain.actors import Actor, Role
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from gallery.checker import check_result
from judging.domain.repair import Way, make_plan
from judging.models.award import Dossier
from judging.models.panel import Judge, Pledge
from judging.models.round import JudgeWork, Round, StandingRow
from judging.operations.allocate import allocate_prizes
from judging.operations.check import check_scores
from judging.operations.close import close_judging
from judging.operations.pledge import step_back
from judging.operations.rounds import give_works
from judging.queries.blind import seat_of, tiles
from judging.queries.own_sheets import own_sheets
from judging.queries.panel import members
from judging.queries.public_record import public_record
from judging.queries.repair import repairing
from judging.queries.scorecards import counts
from judging.queries.standings import scorecards

WORKS, TWICE = 9, 2


@pytest.fixture
def meeting(
    services: Services, clock: SteppedClock, edition: Edition, make_account: Callable[..., Actor]
) -> Jury:
    """Nine works before three judges, each of whom meets two of them again."""
    operator = make_account(Role.OPERATOR)
    meet_twice(services, edition.id, TWICE)
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        held.document = {**held.document, "may_leave_empty": True, "ties": ["criterion:by_weight", "lot"]}
    people = [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(WORKS)]
    entries = make_works(services, edition.id, WORKS, people)
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    round_id = open_judging(services, clock, edition, operator)
    return Jury(edition.id, round_id, operator, make_account(Role.APPROVER), judges, entries)


def tasks_of(services: Services, judge: Actor) -> list[tuple[str, str, bool]]:
    """(entry, work, is_repeat) in the judge's order."""
    with services.database.read() as session:
        seat = seat_of(session, judge.id)
        rows = session.execute(
            select(JudgeWork.entry_id, JudgeWork.id, JudgeWork.is_repeat)
            .where(JudgeWork.judge_id == seat.judge_id)
            .order_by(JudgeWork.position)
        )
        return [(entry, work, is_repeat) for entry, work, is_repeat in rows]


def judge_all(services: Services, jury: Jury, shift: int) -> None:
    """Every work its own levels; what is met again gets `shift` levels less of the first criterion."""
    for judge in jury.judges:
        with services.database.read() as session:
            shown = {tile.work_id for tile in tiles(session, seat_of(session, judge.id))}
        for entry, work, is_repeat in tasks_of(services, judge):
            if work in shown:
                place = jury.entries.index(entry)
                first = 5 - place // 3 - (shift if is_repeat else 0)
                score_work(services, judge, work, (first, 5 - place // 3, 5 - place % 3, 3))
        sign_off(services, jury.judges, judge)
    with services.database.write() as uow:
        close_judging(uow, jury.edition_id, actor=jury.operator, now=services.clock.now())


@pytest.mark.any_database
def test_the_second_score_is_kept_and_counted_nowhere(
    services: Services, meeting: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    for judge in meeting.judges:
        tasks = tasks_of(services, judge)
        assert sum(is_repeat for _, _, is_repeat in tasks) == TWICE
        place = {(entry, is_repeat): n for n, (entry, _, is_repeat) in enumerate(tasks)}
        assert all(
            place[entry, True] - place[entry, False] > WORKS // 3 for entry, _, again in tasks if again
        )
    judge_all(services, meeting, 2)
    with services.database.read() as session:
        rows = session.scalars(select(StandingRow).order_by(StandingRow.rank)).all()
        assert [row.entry_id for row in rows] == meeting.entries
        record = public_record(session, session.get_one(Edition, meeting.edition_id))
        cards = scorecards(session, meeting.edition_id)
        (own,) = own_sheets(session, meeting.entries[:1])
    assert {card.points for card in own.cards} == {("30", "25", "25", "12")}
    assert record is not None
    assert all(
        card.levels[entry, "theme"] == 5 - n // 3
        for card in cards.values()
        for n, entry in enumerate(meeting.entries)
    )
    marked = [score for score in record["scores"] if score[2].startswith("repeat:")]
    assert len(marked) == 3 * TWICE * 4
    assert check_result.check_ranking(record) == []
    assert check_result.check_commitment(record, record["commitment"]["root"]) == []
    record["scores"].remove(marked[0])  # the seal covers it
    assert check_result.check_commitment(record, record["commitment"]["root"]) != []
    assert list(check_scores(services, hashes=False)) == []

    staff = login_as(Role.OPERATOR)
    assert "같은 작품을 두 번" not in staff.get("/staff/judging").text
    with services.database.write() as uow:
        allocate_prizes(uow, meeting.edition_id, actor=meeting.operator, now=services.clock.now())
    with services.database.read() as session:
        made = session.scalars(select(Dossier.document)).one()
    # Two levels of the first criterion (30 points in five levels); one criterion in four differs by more than one.
    assert [(one["works"], one["difference"], one["within"]) for one in made["repeats"]] == [
        (2, 12, 0.75)
    ] * 3
    # Allocating the prizes was looking; before it the page of progress says nothing.
    for address in ("/staff/judging", "/staff/results/dossier"):
        page = staff.get(address).text
        assert "두 점수는 위원 3명 평균 12.00점 달랐습니다" in page
        assert "75.0%" in page
    assert staff.get("/staff/results/dossier.pdf").status_code == 200


def test_the_judge_is_told_that_and_never_which(
    services: Services, meeting: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    judge = meeting.judges[0]
    desk = login_as(judge)
    for address in ("/desk/help", "/desk"):
        assert desk.get(address).status_code == 200
    assert "일부 작품은 다른 번호로 한 번 더 나옵니다" in desk.get("/desk/help").text
    with services.database.read() as session:
        words = session.scalars(select(Pledge.text).where(Pledge.kind == "integrity")).all()
        seat = seat_of(session, judge.id)
        works, _, _ = counts(session, meeting.round_id, 4, [seat.judge_id])[seat.judge_id]
        shown = tiles(session, seat)
        of_staff = {one.works for one in members(session, meeting.edition_id)}
    assert all("일부가 다른 번호로 한 번 더" in text for text in words)
    assert works == len(shown) == WORKS + TWICE
    assert of_staff == {WORKS + TWICE}
    assert len({tile.code for tile in shown} | {tile.image_token for tile in shown}) == 2 * (WORKS + TWICE)
    assert "repeat" not in desk.get("/desk").text
    tokens = {tile.work_id: tile.image_token for tile in shown}
    twice = [entry for entry, _, is_repeat in tasks_of(services, judge) if is_repeat]
    for entry in twice:
        first, second = (
            desk.get(f"/desk/image/{tokens[work]}")
            for one, work, _ in tasks_of(services, judge)
            if one == entry
        )
        assert first.data == second.data
        assert first.headers["ETag"] != second.headers["ETag"]


def test_stepping_back_from_one_hides_both(services: Services, meeting: Jury) -> None:
    judge = meeting.judges[0]
    entry, work = next((entry, work) for entry, work, is_repeat in tasks_of(services, judge) if is_repeat)
    with services.database.write() as uow:
        step_back(uow, work, "known", "", actor=judge, now=services.clock.now())
    with services.database.read() as session:
        shown = {tile.work_id for tile in tiles(session, seat_of(session, judge.id))}
    assert not shown & {one for of, one, _ in tasks_of(services, judge) if of == entry}
    assert len(shown) == WORKS + TWICE - 2
    judge_all(services, meeting, 0)
    with services.database.write() as uow:
        allocate_prizes(uow, meeting.edition_id, actor=meeting.operator, now=services.clock.now())
    with services.database.read() as session:
        made = session.scalars(select(Dossier.document)).one()
    assert sorted(one["works"] for one in made["repeats"]) == [1, 2, 2]
    assert {one["difference"] for one in made["repeats"]} == {0}


def test_the_planner_counts_what_counts(services: Services, meeting: Jury) -> None:
    judge = meeting.judges[0]
    for entry, work, is_repeat in tasks_of(services, judge):
        if not is_repeat:
            score_work(services, judge, work, (3, 3, 3, 3))
        del entry
    with services.database.read() as session:
        found = repairing(session, meeting.edition_id, services.clock.now())
        seat = seat_of(session, judge.id).judge_id
    duty = next(one for one in found.held.duties if one.judge == seat)
    assert (len(duty.works), len(duty.done), bool(duty.owed)) == (WORKS, WORKS, False)
    assert duty in found.held.silent  # two works met again are still to be judged before the signature
    assert make_plan(found.held, Way.RELEASE, judge=seat).basis.lost == WORKS


def test_without_the_switch_nothing_is_met_twice_and_no_paper_speaks_of_it(
    services: Services, jury: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    with services.database.read() as session:
        assert not session.scalars(select(JudgeWork.id).where(JudgeWork.is_repeat)).all()
        assert not [text for text in session.scalars(select(Pledge.text)) if "한 번 더" in text]
    assert "한 번 더 나옵니다" not in login_as(jury.judges[0]).get("/desk/help").text


@pytest.mark.any_database
def test_a_judge_who_comes_later_meets_works_twice_too(services: Services, meeting: Jury) -> None:
    with services.database.write() as uow:
        seat = uow.session.scalars(select(Judge.id).where(Judge.account_id == meeting.judges[0].id)).one()
        uow.session.execute(delete(JudgeWork).where(JudgeWork.judge_id == seat))
        held = uow.session.get_one(Round, meeting.round_id)
        give_works(uow, held, seat)
        dealt = uow.session.scalars(select(JudgeWork.is_repeat).where(JudgeWork.judge_id == seat)).all()
        assert sum(dealt) == TWICE
        assert len(dealt) == WORKS + TWICE
