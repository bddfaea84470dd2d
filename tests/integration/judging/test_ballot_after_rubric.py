"""A ranking ballot on the best of a rubric: who goes on, what the others keep, and one standing anybody can compute."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from factories.panels import (
    Entrant,
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
from contest.domain.errors import Conflict
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from gallery.checker import check_result
from judging.models.award import Award, Dossier
from judging.models.panel import Judge
from judging.models.round import Round, StandingRow
from judging.operations.allocate import allocate_prizes
from judging.operations.check import check_prizes, check_scores
from judging.operations.choose import confirm_selection
from judging.operations.close import close_judging
from judging.operations.pledge import step_back
from judging.operations.score import save_order
from judging.queries.outcome import choice
from judging.queries.own_sheets import own_sheets
from judging.queries.panel import round_of
from judging.queries.public_record import public_record
from judging.queries.repair import repairing
from judging.queries.score_table import score_table
from judging.queries.standings import standings, unresolved

WORKS, COUNT = 8, 3
#: Levels of the four criteria by work: the third and fourth alike, the last two alike.
GIVEN = (
    (5, 5, 5, 5),
    (5, 5, 5, 4),
    (4, 4, 4, 4),
    (4, 4, 4, 4),
    (3, 4, 3, 3),
    (3, 3, 3, 3),
    (2, 2, 2, 2),
    (2, 2, 2, 2),
)


@pytest.fixture
def ranking(
    services: Services, clock: SteppedClock, edition: Edition, make_account: Callable[..., Actor]
) -> Jury:
    """Eight works before three judges by a rubric, the first three of which are put in order afterwards."""
    operator = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        (rubric,) = held.document["rounds"]  # type: ignore[misc]  # a list of documents
        last = {**rubric, "code": "last", "name": {"ko": "결선"}, "method": "ballot"}
        held.document = {
            **held.document, "rounds": [{**rubric, "advance": "top", "advance_count": COUNT}, last],
            "may_leave_empty": True, "ties": ["criterion:by_weight", "chair"], "publish_scores": True,
        }  # fmt: skip
    # The first and the fifth work are one person's.
    people = [
        Entrant(name=f"응모자{n % 4 if n == 4 else n}", phone=f"+8210{0 if n == 4 else n:08d}")
        for n in range(WORKS)
    ]
    people[4] = people[0]
    entries = make_works(services, edition.id, WORKS, people)
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    round_id = open_judging(services, clock, edition, operator)
    return Jury(edition.id, round_id, operator, make_account(Role.APPROVER), judges, entries)


def close(services: Services, jury: Jury) -> None:
    with services.database.write() as uow:
        close_judging(uow, jury.edition_id, actor=jury.operator, now=services.clock.now())


def score_all(services: Services, jury: Jury) -> None:
    for judge in jury.judges:
        mine = set(works_of(services, judge))
        for entry, work in entries_of(services, judge).items():
            if work in mine:
                score_work(services, judge, work, GIVEN[jury.entries.index(entry)])
        sign_off(services, jury.judges, judge)
    close(services, jury)


def confirm(services: Services, jury: Jury) -> None:
    with services.database.write() as uow:
        read = choice(uow.session, jury.edition_id).selection.digest
        confirm_selection(uow, jury.edition_id, read, actor=jury.operator, now=services.clock.now())


def order_all(services: Services, jury: Jury, wanted: list[int]) -> None:
    """Every judge puts the works, by their number from 0, in this order; those a judge does not hold are left out."""
    for judge in jury.judges:
        held, mine = entries_of(services, judge), set(works_of(services, judge))
        order = [held[jury.entries[n]] for n in wanted if held.get(jury.entries[n]) in mine]
        with services.database.write() as uow:
            save_order(uow, order, actor=judge, now=services.clock.now())
        sign_off(services, jury.judges, judge)
    close(services, jury)


def final(services: Services, jury: Jury) -> list[tuple[int, int, str]]:
    """(rank, work by its number from 0, round of its place)."""
    with services.database.read() as session:
        return [
            (place.rank, jury.entries.index(place.entry_id), place.of_round)
            for place in standings(session, jury.edition_id)
        ]


def checked(services: Services, jury: Jury, folder: Path) -> int:
    """What the published program says of the published file, with the seals that were public."""
    with services.database.read() as session:
        record = public_record(session, session.get_one(Edition, jury.edition_id))
        roots = session.scalars(select(Round.commitment).order_by(Round.ordinal)).all()
    (folder / "scores.json").write_text(json.dumps(record), encoding="utf-8")
    *before, last = [root or "" for root in roots]
    return check_result.main([str(folder / "scores.json"), last, *before])


@pytest.mark.any_database
def test_the_last_round_ranks_who_went_on_and_the_rest_keep_their_rank_below(
    services: Services, ranking: Jury, login_as: Callable[..., FlaskClient], tmp_path: Path
) -> None:
    score_all(services, ranking)
    with services.database.read() as session:
        held = round_of(session, ranking.edition_id)
        found = choice(session, ranking.edition_id)
    assert held is not None
    assert (held.waits_for_selection, held.is_result) == (True, False)
    # The third and the fourth are equal: both go on, though a lot has parted them.
    assert (len(found.selection.goes_on), found.selection.tied) == (4, 1)
    assert found.selection.goes_on == frozenset(ranking.entries[:4])
    staff = login_as(Role.OPERATOR)
    page = staff.get("/staff/judging/select").text
    assert "순위가 높은 3점이 올라갑니다" in page
    assert "경계에서 같아 1점이 더 올라감" in page
    assert (
        "아직 마감되지 않았습니다" in staff.get("/staff/results").text
    )  # no score is shown before the last round
    with pytest.raises(Conflict, match="not_sealed"), services.database.read() as session:
        standings(session, ranking.edition_id)
    confirm(services, ranking)
    assert all(len(works_of(services, judge)) == 4 for judge in ranking.judges)
    order_all(services, ranking, [3, 2, 0, 1])
    placed = final(services, ranking)
    assert [work for _, work, _ in placed[:6]] == [3, 2, 0, 1, 4, 5]
    assert [rank for rank, _, _ in placed] == list(range(1, 9))  # the lot parted the last two
    assert [name for _, _, name in placed] == [""] * 4 + ["본심"] * 4
    with services.database.read() as session:
        listed = standings(session, ranking.edition_id)
        assert unresolved(listed) == []
        assert len({place.common_number for place in listed}) == WORKS
        sheets = own_sheets(session, [ranking.entries[3]])
    assert [(sheet.round_name, sheet.ordinal, sheet.goes_on) for sheet in sheets] == [
        ("본심", 1, True),
        ("결선", 2, None),
    ]
    assert sheets[1].rank == 1
    with services.database.write() as uow:
        allocate_prizes(uow, ranking.edition_id, actor=ranking.operator, now=services.clock.now())
    with services.database.read() as session:
        awarded = session.scalars(select(Award.entry_id).order_by(Award.slot_ordinal)).all()
        made = session.scalars(select(Dossier.document)).one()
    # One prize a person: the fifth work is by whoever entered the first.
    assert [ranking.entries.index(entry) for entry in awarded][:5] == [3, 2, 0, 1, 5]
    assert len(awarded) == WORKS - 1
    assert made["winners"] == WORKS - 1
    assert checked(services, ranking, tmp_path) == 0
    assert list(check_scores(services, hashes=False)) == []
    assert list(check_prizes(services, hashes=False)) == []
    page = staff.get("/staff/results").text
    assert "본심 순위" in page
    for address in ("/staff/results/tally.pdf", "/staff/results/tally.xlsx", "/staff/results/minutes.pdf",
                    "/staff/results/dossier", "/staff/results/dossier.pdf", "/staff/judging"):  # fmt: skip
        assert staff.get(address).status_code == 200


def test_a_forged_rank_of_an_earlier_round_is_found(
    services: Services, ranking: Jury, tmp_path: Path
) -> None:
    score_all(services, ranking)
    confirm(services, ranking)
    order_all(services, ranking, [0, 1, 2, 3])
    with services.database.write() as uow:
        allocate_prizes(uow, ranking.edition_id, actor=ranking.operator, now=services.clock.now())
    with services.database.read() as session:
        record = public_record(session, session.get_one(Edition, ranking.edition_id))
    assert record is not None
    (before,) = record["before"]
    swapped = json.loads(json.dumps(record))
    swapped["before"][0]["goes_on"] = [
        *before["goes_on"][1:],
        next(number for number in before["works"] if number not in before["goes_on"]),
    ]
    assert check_result.check_votes(swapped, []) != []
    moved = json.loads(json.dumps(record))
    moved["before"][0]["ranking"][0][1] += 1
    assert check_result.check_votes(moved, []) != []
    assert check_result.check_votes(record, []) == []
    stolen = json.loads(json.dumps(record))
    stolen["winners"][-1][0], stolen["winners"][0][0] = stolen["winners"][0][0], stolen["winners"][-1][0]
    assert check_result.check_winners(stolen) != []


def test_who_leaves_or_is_released_later_changes_nothing_of_the_earlier_round(
    services: Services, ranking: Jury, clock: SteppedClock, tmp_path: Path
) -> None:
    away = entries_of(services, ranking.judges[1])[ranking.entries[5]]
    with services.database.write() as uow:
        step_back(uow, away, "known", "", actor=ranking.judges[1], now=clock.now())
    score_all(services, ranking)
    confirm(services, ranking)
    with services.database.read() as session:
        before = session.execute(select(StandingRow.entry_id, StandingRow.rank)).all()
    with services.database.write() as uow:
        uow.session.execute(
            update(Entry).where(Entry.id == ranking.entries[1]).values(state=EntryState.WITHDRAWN)
        )
        gone = uow.session.scalars(select(Judge).where(Judge.account_id == ranking.judges[2].id)).one()
        gone.released_at, gone.release_reason = clock.now(), "입원"
        gone.release_proposed_by, gone.released_by = ranking.operator.id, ranking.approver.id
    left = Jury(
        ranking.edition_id,
        ranking.round_id,
        ranking.operator,
        ranking.approver,
        ranking.judges[:2],
        ranking.entries,
    )
    order_all(services, left, [2, 0, 3])
    placed = final(services, ranking)
    assert [work for _, work, _ in placed[:5]] == [2, 0, 3, 4, 5]
    assert 1 not in {work for _, work, _ in placed}  # it went on and left: it has no place
    with services.database.read() as session:
        kept = session.execute(
            select(StandingRow.entry_id, StandingRow.rank).where(StandingRow.round_id == ranking.round_id)
        ).all()
    assert sorted(kept) == sorted(before)
    with services.database.write() as uow:
        allocate_prizes(uow, ranking.edition_id, actor=ranking.operator, now=clock.now())
    assert checked(services, ranking, tmp_path) == 0


def test_each_round_has_its_own_table(services: Services, ranking: Jury, clock: SteppedClock) -> None:
    score_all(services, ranking)
    confirm(services, ranking)
    with services.database.read() as session:
        assert score_table(session, session.get_one(Edition, ranking.edition_id), 1) is None
    with services.database.write() as uow:
        gone = uow.session.scalars(select(Judge).where(Judge.account_id == ranking.judges[2].id)).one()
        gone.released_at, gone.release_reason = clock.now(), "입원"
        gone.release_proposed_by, gone.released_by = ranking.operator.id, ranking.approver.id
    left = Jury(
        ranking.edition_id,
        ranking.round_id,
        ranking.operator,
        ranking.approver,
        ranking.judges[:2],
        ranking.entries,
    )
    order_all(services, left, [2, 0, 3, 1])
    with services.database.read() as session:
        edition = session.get_one(Edition, ranking.edition_id)
        last, first = score_table(session, edition, 1), score_table(session, edition, 1, ordinal=1)
        sheets = own_sheets(session, [ranking.entries[2], ranking.entries[7]])
    assert last is not None
    assert first is not None
    assert last.rounds == first.rounds == ((1, "본심"), (2, "결선"))
    assert (last.ordinal, first.ordinal) == (2, 1)
    assert [ranking.entries.index(row.entry_id) for row in last.rows] == [2, 0, 3, 1]
    assert [ranking.entries.index(row.entry_id) for row in first.rows][:2] == [0, 1]
    assert (len(first.rows), len(first.judges), len(last.judges)) == (WORKS, 3, 2)
    assert [(sheet.ordinal, sheet.goes_on) for sheet in sheets if sheet.entry_id == ranking.entries[2]] == [
        (1, True),
        (2, None),
    ]
    assert [sheet.goes_on for sheet in sheets if sheet.entry_id == ranking.entries[7]] == [False]


def test_the_planner_of_an_earlier_round_speaks_of_who_goes_on(services: Services, ranking: Jury) -> None:
    with services.database.read() as session:
        found = repairing(session, ranking.edition_id, services.clock.now())
    assert [(one.upper, one.place) for one in found.boundaries] == [("결선에 올라감", COUNT)]


@pytest.mark.any_database
def test_three_rounds_in_a_row(
    services: Services,
    clock: SteppedClock,
    edition: Edition,
    make_account: Callable[..., Actor],
    tmp_path: Path,
) -> None:
    """Votes, then a rubric, then an order: works left by the votes have no rank, those left by the rubric have."""
    operator = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        (rubric,) = held.document["rounds"]  # type: ignore[misc]  # a list of documents
        last = {**rubric, "code": "last", "name": {"ko": "결선"}, "method": "ballot"}
        held.document = {
            **held.document, "rounds": [{**rubric, "advance": "top", "advance_count": 2}, last],
            "may_leave_empty": True, "publish_scores": True,
        }  # fmt: skip
    add_preliminary(services, edition.id)
    people = [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(WORKS)]
    entries = make_works(services, edition.id, WORKS, people)
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    jury = Jury(
        edition.id, open_judging(services, clock, edition, operator), operator, operator, judges, entries
    )
    for judge in judges:
        vote_on(services, judge, {entry: 1 if n > 4 else 3 for n, entry in enumerate(entries)})
        sign_off(services, judges, judge)
    close(services, jury)
    confirm(services, jury)
    score_all(services, jury)
    confirm(services, jury)
    order_all(services, jury, [1, 0])
    placed = final(services, jury)
    assert [(rank, work) for rank, work, _ in placed[:2]] == [(1, 1), (2, 0)]
    assert sorted(work for _, work, _ in placed[2:4]) == [2, 3]
    assert (placed[4][:2], len(placed)) == ((5, 4), 5)
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=clock.now())
    assert checked(services, jury, tmp_path) == 0
