"""A last round of ranking ballots: whole orders as events, signed, sealed, counted by Borda, and replayed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from factories.panels import (
    Entrant,
    Jury,
    add_preliminary,
    entries_of,
    judge_by_ballots,
    make_panel,
    make_works,
    open_judging,
    sign_everything,
    sign_off,
    vote_on,
    works_of,
)
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Invalid
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.rehearsal.browser import Browser
from contest.rehearsal.jury import make_jurors
from gallery.checker import check_result
from judging.models.award import Dossier
from judging.models.panel import Conflict as Interest
from judging.models.round import ScoreEvent
from judging.operations.allocate import allocate_prizes
from judging.operations.check import check_scores
from judging.operations.choose import confirm_selection
from judging.operations.close import close_judging
from judging.operations.pledge import step_back
from judging.operations.score import save_order, save_score, save_sheet
from judging.queries.blind import seat_of, tiles
from judging.queries.outcome import choice
from judging.queries.public_record import public_record
from judging.queries.standings import sealed_round, standings

RANKS = [[0, 1, 2, 3], [0, 2, 1, 3], [1, 0, 2, 3]]  # of three judges, best first, by number of the work


@pytest.fixture
def ordering(
    services: Services, clock: SteppedClock, edition: Edition, make_account: Callable[..., Actor]
) -> Jury:
    """Four works before three judges who put them in order."""
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    judge_by_ballots(services, edition.id, may_leave_empty=True)
    people = [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(4)]
    entries = make_works(services, edition.id, 4, people)
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    round_id = open_judging(services, clock, edition, operator)
    return Jury(edition.id, round_id, operator, approver, judges, entries)


def give(services: Services, jury: Jury, judge: Actor, order: list[int]) -> None:
    works = entries_of(services, judge)
    with services.database.write() as uow:
        save_order(uow, [works[jury.entries[n]] for n in order], actor=judge, now=services.clock.now())


def close(services: Services, jury: Jury) -> None:
    with services.database.write() as uow:
        close_judging(uow, jury.edition_id, actor=jury.operator, now=services.clock.now())


@pytest.mark.any_database
def test_orders_are_counted_sealed_and_replayed(services: Services, ordering: Jury) -> None:
    for judge, order in zip(ordering.judges, RANKS, strict=True):
        give(services, ordering, judge, order[::-1])
        give(services, ordering, judge, order)
        give(services, ordering, judge, order)
        sign_off(services, ordering.judges, judge)
    close(services, ordering)
    with services.database.read() as session:
        places = standings(session, ordering.edition_id)
        events = session.scalars(select(func.count()).select_from(ScoreEvent)).one()
        assert sealed_round(session, ordering.edition_id).trim is False
    assert events == 3 * (4 + 4)  # the same order again changes no place
    assert [(place.rank, ordering.entries.index(place.entry_id), place.printed) for place in places] == [
        (1, 0, "88.89"),
        (2, 1, "66.67"),
        (3, 2, "44.44"),
        (4, 3, "0.00"),
    ]
    with services.database.write() as uow:
        run = allocate_prizes(uow, ordering.edition_id, actor=ordering.operator, now=services.clock.now())
        assert [row[3] for row in run.result["awards"]] == ordering.entries  # type: ignore[index, union-attr]
    with services.database.read() as session:
        record = public_record(session, session.get_one(Edition, ordering.edition_id))
        made = session.scalars(select(Dossier.document)).one()
    assert record is not None
    assert check_result.check_ranking(record) == []
    assert check_result.check_commitment(record, record["commitment"]["root"]) == []
    assert list(check_scores(services, hashes=False)) == []
    assert {one["name"]: one["kept"] for one in made["counted"]}["borda"] == 4
    assert [one["step"] for one in made["margins"]][:1] == [round(100 / 3 / 3, 4)]


def test_who_steps_back_orders_the_others(services: Services, ordering: Jury) -> None:
    judge = ordering.judges[0]
    give(services, ordering, judge, RANKS[0])
    work = entries_of(services, judge)[ordering.entries[1]]
    with services.database.write() as uow:
        step_back(uow, work, "known", "", actor=judge, now=services.clock.now())
    for one, order in zip(ordering.judges[1:], RANKS[1:], strict=True):
        give(services, ordering, one, order)
    for one in ordering.judges:
        sign_off(services, ordering.judges, one)
    close(services, ordering)
    with services.database.read() as session:
        means = {place.entry_id: place.mean for place in standings(session, ordering.edition_id)}
        record = public_record(session, session.get_one(Edition, ordering.edition_id))
    assert means[ordering.entries[2]] == 50  # of three works the second, of four the second and the third
    assert record is not None
    assert check_result.check_ranking(record) == []


def test_a_place_is_never_given_alone_and_none_twice(services: Services, ordering: Jury) -> None:
    judge = ordering.judges[0]
    works = entries_of(services, judge)
    now = services.clock.now()
    with pytest.raises(Conflict, match=r"ballot\.asked"), services.database.write() as uow:
        save_score(uow, works[ordering.entries[0]], "place", 1, "key", actor=judge, now=now)
    with pytest.raises(Conflict, match=r"ballot\.asked"), services.database.write() as uow:
        save_sheet(uow, works[ordering.entries[0]], {"place": 1}, "", flagged=None, actor=judge, now=now)
    with pytest.raises(Invalid, match=r"ballot\.order"):
        give(services, ordering, judge, [0, 1, 2])
    with pytest.raises(Conflict, match=r"judging\.works_left"):
        sign_off(services, ordering.judges, judge)
    # A work is barred, the rest is ordered anew, and the work comes back with its old place.
    give(services, ordering, judge, [0, 1, 2, 3])
    with services.database.write() as uow:
        seat = seat_of(uow.session, judge.id).judge_id
        uow.session.add(
            Interest(
                judge_id=seat,
                entry_id=ordering.entries[0],
                kind="known",
                declared_at=now,
                declared_by=judge.id,
            )
        )
    give(services, ordering, judge, [3, 2, 1])
    with services.database.write() as uow:
        uow.session.scalars(select(Interest)).one().withdrawn_at = now
    with pytest.raises(Conflict, match=r"ballot\.broken"):
        sign_off(services, ordering.judges, judge)
    give(services, ordering, judge, [3, 2, 1, 0])
    sign_off(services, ordering.judges, judge)


def test_an_order_sent_by_the_page_is_kept_once_and_outlives_a_work_that_leaves(
    services: Services, ordering: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    judge = ordering.judges[0]
    desk, works = login_as(judge), works_of(services, judge)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', desk.get("/desk").text)
    assert token
    headers = {"X-CSRFToken": token[1], "Accept": "application/json"}

    def put(order: object) -> int:
        return desk.put("/desk/order", json={"id": "a", "order": order}, headers=headers).status_code

    def events() -> int:
        with services.database.read() as session:
            return len(session.scalars(select(ScoreEvent.seq)).all())

    wanted = works[::-1]
    assert put(wanted) == 200
    assert (events(), works_in_order(services, judge)) == (len(works), wanted)
    assert put(wanted) == 200  # sent again over a bad line
    assert events() == len(works)
    for nonsense in (None, "abc", [1, 2], {"a": 1}):
        assert put(nonsense) == 400
    for other in (wanted[:-1], [*wanted[:-1], wanted[0]], ["nothing"]):
        assert put(other) == 422
    assert works_in_order(services, judge) == wanted
    with services.database.write() as uow:  # it waits in the browser while the judge steps back elsewhere
        step_back(uow, wanted[1], "known", "", actor=judge, now=services.clock.now())
    moved = [wanted[2], *wanted[:2], *wanted[3:]]
    assert put(moved) == 200
    assert works_in_order(services, judge) == [work for work in moved if work != wanted[1]]


def works_in_order(services: Services, judge: Actor) -> list[str]:
    with services.database.read() as session:
        listed = tiles(session, seat_of(session, judge.id))
    return [tile.work_id for tile in sorted(listed, key=lambda tile: tile.levels["place"])]


def test_judges_do_it_on_one_page_and_staff_read_what_it_came_to(
    app: Flask, services: Services, ordering: Jury, login_as: Callable[..., FlaskClient]
) -> None:
    judge = ordering.judges[0]
    desk = login_as(judge)
    page = desk.get("/desk").text
    assert "순서 정하기" in page
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    names = re.findall(r'name="place_([a-z0-9]+)"', page)
    form = {"csrf_token": token[1]}
    twice = desk.post("/desk/order", data=form | {f"place_{name}": "1" for name in names})
    assert (twice.status_code, "서로 다른 순서" in twice.text) == (422, True)
    order = {f"place_{name}": str(place) for place, name in enumerate(names, 1)}
    assert desk.post("/desk/order", data=form | order).status_code == 303
    assert "내 순서: 1번째" in desk.get(f"/desk/work/{names[0]}").text
    noted = desk.post(f"/desk/work/{names[0]}", data=form | {"note": "빛이 좋다"})
    assert (noted.status_code, "빛이 좋다" in desk.get(f"/desk/work/{names[0]}").text) == (303, True)
    assert "내가 정한 순서" in desk.get("/desk/finish").text
    for address in ("/desk/help", "/desk/keys", f"/desk/compare?work={names[0]}&work={names[1]}"):
        assert desk.get(address).status_code == 200
    sign_off(services, ordering.judges, judge)
    assert "순서는 더 고칠 수 없습니다" in desk.get("/desk").text
    for juror, other in zip(make_jurors(app, 2, seed=3), ordering.judges[1:], strict=True):
        juror.browser = Browser(app)
        juror.browser._client = login_as(other)
        assert juror.score_all("/desk?show=unscored").scored == 4
        sign_off(services, ordering.judges, other)
    close(services, ordering)
    staff = login_as(Role.OPERATOR)
    assert "순서를 점수(첫째 100점, 마지막 0점)로 고르게 바꾸어" in staff.get("/staff/results").text
    for paper in ("tally.pdf", "tally.xlsx", "minutes.pdf"):
        assert staff.get(f"/staff/results/{paper}").status_code == 200
    with services.database.read() as session:
        seat = seat_of(session, judge.id).judge_id
    assert staff.get(f"/staff/results/scorecard/{seat}.pdf").status_code == 200


def test_more_works_than_anybody_orders_are_not_let_through(
    services: Services, clock: SteppedClock, edition: Edition, make_account: Callable[..., Actor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("judging.operations.choose.MOST_RANKED", 2)
    operator = make_account(Role.OPERATOR)
    judge_by_ballots(services, edition.id)
    add_preliminary(services, edition.id)
    make_works(services, edition.id, 3)
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    for judge in judges:
        vote_on(services, judge, dict.fromkeys(entries_of(services, judge), 3))
        sign_off(services, judges, judge)
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=operator, now=clock.now())
    with services.database.read() as session:
        shown = choice(session, edition.id).selection.digest
    with pytest.raises(Conflict, match=r"judging\.too_many_to_rank"), services.database.write() as uow:
        confirm_selection(uow, edition.id, shown, actor=operator, now=clock.now())
    monkeypatch.setattr("judging.operations.choose.MOST_RANKED", 3)
    with services.database.write() as uow:
        confirm_selection(uow, edition.id, shown, actor=operator, now=clock.now())
