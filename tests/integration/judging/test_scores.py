"""A score is stored once, chained, and only while judging is open."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from factories.panels import Jury, score_work, sign_off, works_of
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from contest.domain.errors import Conflict, Invalid, Missing
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import Edition
from judging.models.panel import Judge
from judging.models.round import ScoreEvent
from judging.operations.pledge import bar_judge, lift_conflict, step_back
from judging.operations.score import complete_judging, save_score, save_sheet, write_note
from judging.queries.blind import blind_entry, seat_of, tiles
from judging.queries.neighbours import neighbours
from judging.queries.readiness import chain_breaks


def events(services: Services) -> int:
    with services.database.read() as session:
        return session.scalar(select(func.count()).select_from(ScoreEvent)) or 0


def test_every_judge_has_own_ids_codes_order_and_picture_names(services: Services, jury: Jury) -> None:
    seen: set[str] = set()
    for judge in jury.judges:
        with services.database.read() as session:
            listed = tiles(session, seat_of(session, judge.id))
        assert [tile.number for tile in listed] == [1, 2, 3]
        assert {tile.work_id for tile in listed} & set(jury.entries) == set()
        seen |= {tile.work_id for tile in listed} | {tile.image_token for tile in listed}
    assert len(seen) == 2 * 3 * len(jury.judges)


def test_the_same_press_sent_twice_is_one_event_and_one_answer(services: Services, jury: Jury) -> None:
    judge = jury.judges[0]
    work = works_of(services, judge)[0]
    now = services.clock.now()
    with services.database.write() as uow:
        first = save_score(uow, work, "theme", 4, "key-1", actor=judge, now=now)
    with services.database.write() as uow:
        again = save_score(uow, work, "theme", 4, "key-1", actor=judge, now=now + dt.timedelta(minutes=5))
    assert (first.saved_at, first.levels) == (again.saved_at, again.levels) == (now, {"theme": 4})
    assert events(services) == 1
    with pytest.raises(Conflict, match="score.key_reused"), services.database.write() as uow:
        save_score(uow, work, "theme", 5, "key-1", actor=judge, now=now)


def test_a_press_sent_by_many_connections_at_once_is_one_event(services: Services, jury: Jury) -> None:
    judge = jury.judges[0]
    work = works_of(services, judge)[0]

    def press(number: int) -> None:
        with services.database.write() as uow:
            save_score(uow, work, "theme", 3, f"key-{number % 4}", actor=judge, now=services.clock.now())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(16)))
    assert events(services) == 4
    with services.database.read() as session:
        assert chain_breaks(session, jury.round_id) == {seat_of(session, judge.id).judge_id: None}


def test_the_last_level_stands_and_a_cleared_one_is_missing(services: Services, jury: Jury) -> None:
    judge = jury.judges[0]
    work = works_of(services, judge)[0]
    for key, level in enumerate((1, 5, None, 2)):
        with services.database.write() as uow:
            saved = save_score(uow, work, "theme", level, f"k{key}", actor=judge, now=services.clock.now())
        assert saved.levels == ({} if level is None else {"theme": level})
    score_work(services, judge, work, (2, 3, 3, 3), key="rest")
    with services.database.read() as session:
        seat = seat_of(session, judge.id)
        assert blind_entry(session, seat, work).levels == {
            "theme": 2, "creativity": 3, "artistry": 3, "usability": 3
        }  # fmt: skip
        assert neighbours(session, seat, work).scored == 1


def test_a_whole_form_appends_only_what_changed(services: Services, jury: Jury) -> None:
    judge = jury.judges[0]
    work = works_of(services, judge)[0]
    for levels in ({"theme": 3, "artistry": 4}, {"theme": 3, "artistry": 5}, {"theme": 3, "artistry": 5}):
        with services.database.write() as uow:
            save_sheet(
                uow,
                work,
                levels,
                " 구도가 좋음 ",
                flagged=True,
                actor=judge,
                now=services.clock.now(),
            )
    assert events(services) == 3
    with services.database.read() as session:
        entry = blind_entry(session, seat_of(session, judge.id), work)
    assert (entry.note, entry.flagged, dict(entry.levels)) == (
        "구도가 좋음",
        True,
        {"theme": 3, "artistry": 5},
    )


def test_what_the_rubric_lacks_is_refused(services: Services, jury: Jury) -> None:
    judge = jury.judges[0]
    work = works_of(services, judge)[0]
    for criterion, level, key, code in (
        ("beauty", 3, "k", "score.criterion_unknown"),
        ("theme", 6, "k", "score.level_out_of_range"),
        ("theme", 0, "k", "score.level_out_of_range"),
        ("theme", 3, "", "score.key_missing"),
        ("theme", 3, "k" * 65, "score.key_missing"),
    ):
        with pytest.raises(Invalid, match=code), services.database.write() as uow:
            save_score(uow, work, criterion, level, key, actor=judge, now=services.clock.now())
    with pytest.raises(Invalid, match="note.long"), services.database.write() as uow:
        write_note(uow, work, "가" * 2001, actor=judge, now=services.clock.now())
    assert events(services) == 0


def test_another_judges_work_is_not_there(services: Services, jury: Jury) -> None:
    first, second = jury.judges[:2]
    with pytest.raises(Missing), services.database.write() as uow:
        save_score(uow, works_of(services, second)[0], "theme", 3, "k", actor=first, now=services.clock.now())


def test_no_score_before_the_opening_minute(services: Services, jury: Jury) -> None:
    judge = jury.judges[0]
    work = works_of(services, judge)[0]
    with pytest.raises(Conflict, match="score.not_open"), services.database.write() as uow:
        save_score(
            uow, work, "theme", 3, "k", actor=judge, now=services.clock.now() - dt.timedelta(microseconds=1)
        )


def test_scores_end_at_the_announced_minute_unless_it_was_moved_and_whole_ones_can_still_be_signed(
    services: Services, jury: Jury
) -> None:
    judge, late = jury.judges[:2]
    work = works_of(services, judge)[0]
    with services.database.read() as session:
        closes = session.get_one(Edition, jury.edition_id).judging_closes
    assert closes is not None
    before, second = closes - dt.timedelta(seconds=1), dt.timedelta(seconds=1)
    with services.database.write() as uow:
        save_score(uow, work, "theme", 4, "in-time", actor=judge, now=before)
    with pytest.raises(Conflict, match=r"score\.closed"), services.database.write() as uow:
        save_score(uow, work, "theme", 5, "late", actor=judge, now=closes)
    with pytest.raises(Conflict, match=r"score\.closed"), services.database.write() as uow:
        write_note(uow, work, "늦은 메모", actor=judge, now=closes)
    with services.database.read() as session:
        name = session.get_one(Account, late.id).name
    with pytest.raises(Conflict, match=r"judging\.works_left"), services.database.write() as uow:
        complete_judging(uow, name, name=name, actor=late, now=closes)
    for each in works_of(services, late):
        score_work(services, late, each, (3, 3, 3, 3), key=each)
    with services.database.write() as uow:
        complete_judging(uow, name, name=name, actor=late, now=closes + second)
    with services.database.write() as uow:
        uow.session.get_one(Edition, jury.edition_id).judging_closes = closes + dt.timedelta(days=1)
    with services.database.write() as uow:
        save_score(uow, work, "theme", 5, "extended", actor=judge, now=closes + second)


def test_no_score_after_the_judge_signed(services: Services, jury: Jury) -> None:
    judge = jury.judges[0]
    works = works_of(services, judge)
    for work in works[:2]:
        score_work(services, judge, work, (3, 3, 3, 3))
    with pytest.raises(Conflict) as refused:
        sign_off(services, jury.judges, judge)
    assert (refused.value.code, refused.value.facts) == ("judging.works_left", {"count": 1})
    score_work(services, judge, works[2], (3, 3, 3, 3))
    sign_off(services, jury.judges, judge)
    with pytest.raises(Conflict, match="score.completed"), services.database.write() as uow:
        save_score(uow, works[0], "theme", 5, "later", actor=judge, now=services.clock.now())
    with pytest.raises(Conflict, match="score.completed"), services.database.write() as uow:
        step_back(uow, works[0], "known", "", actor=judge, now=services.clock.now())


def test_a_work_stepped_back_from_ceases_to_exist_for_that_judge_alone(
    services: Services, jury: Jury
) -> None:
    first, second = jury.judges[:2]
    works = works_of(services, first)
    score_work(services, first, works[1], (5, 5, 5, 5))
    with services.database.write() as uow:
        step_back(uow, works[1], "interest", "제자의 작품", actor=first, now=services.clock.now())
    with services.database.read() as session:
        seat = seat_of(session, first.id)
        assert [(tile.work_id, tile.number) for tile in tiles(session, seat)] == [
            (works[0], 1),
            (works[2], 2),
        ]
        assert neighbours(session, seat, works[0]).following == works[2]
        assert neighbours(session, seat, works[0]).scored == 0
        with pytest.raises(Missing):
            blind_entry(session, seat, works[1])
    with pytest.raises(Missing), services.database.write() as uow:
        save_score(uow, works[1], "theme", 3, "again", actor=first, now=services.clock.now())
    assert len(works_of(services, second)) == 3


def test_the_office_bars_a_judge_and_takes_back_a_mistake(services: Services, jury: Jury) -> None:
    judge = jury.judges[0]
    now = services.clock.now()
    with services.database.read() as session:
        judge_id = seat_of(session, judge.id).judge_id
    with services.database.write() as uow:
        bar_judge(uow, judge_id, "2024-02-0002-1", "challenge", "응모자의 요청", actor=jury.operator, now=now)
    assert len(works_of(services, judge)) == 2
    with pytest.raises(Invalid, match="panel.no_such_entry"), services.database.write() as uow:
        bar_judge(uow, judge_id, "2024-02-0099-1", "challenge", "요청", actor=jury.operator, now=now)
    with services.database.write() as uow:
        lift_conflict(uow, judge_id, jury.entries[1], "다른 작품이었음", actor=jury.operator, now=now)
    assert len(works_of(services, judge)) == 3


def test_a_withdrawn_work_disappears_for_everybody(services: Services, jury: Jury) -> None:
    with services.database.write() as uow:
        uow.session.execute(
            text("UPDATE entry SET state = 'withdrawn' WHERE id = :id"), {"id": jury.entries[0]}
        )
    assert [len(works_of(services, judge)) for judge in jury.judges] == [2] * 5


def test_the_database_refuses_to_alter_a_score(services: Services, jury: Jury) -> None:
    judge = jury.judges[0]
    score_work(services, judge, works_of(services, judge)[0], (1, 2, 3, 4))
    for statement in ("UPDATE score_event SET level = 5", "DELETE FROM score_event"):
        with pytest.raises(DBAPIError, match="append-only"), services.database.write() as uow:
            uow.session.execute(text(statement))


def test_a_score_changed_behind_the_program_is_found(services: Services, jury: Jury) -> None:
    judge = jury.judges[0]
    score_work(services, judge, works_of(services, judge)[0], (1, 2, 3, 4))
    with services.database.write() as uow:
        if uow.session.get_bind().dialect.name == "postgresql":
            uow.session.execute(text("ALTER TABLE score_event DISABLE TRIGGER score_event_append_only"))
        else:
            uow.session.execute(text("DROP TRIGGER score_event_no_update"))
        uow.session.execute(text("UPDATE score_event SET level = 5 WHERE seq = 3"))
    with services.database.read() as session:
        judge_id = session.scalar(select(Judge.id).where(Judge.account_id == judge.id))
        assert chain_breaks(session, jury.round_id) == {judge_id: 3}


def test_a_transaction_that_dies_leaves_the_chain_whole(services: Services, jury: Jury) -> None:
    judge = jury.judges[0]
    works = works_of(services, judge)
    score_work(services, judge, works[0], (1, 2, 3, 4))

    def die() -> None:
        with services.database.write() as uow:
            save_score(uow, works[1], "theme", 3, "lost", actor=judge, now=services.clock.now())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die()
    score_work(services, judge, works[1], (3, 3, 3, 3), key="after")
    assert events(services) == 8
    with services.database.read() as session:
        assert set(chain_breaks(session, jury.round_id).values()) == {None}
