"""Closing tells every blocker at once, then seals; nobody sees a score before."""

from __future__ import annotations

import pytest
from factories.panels import Jury, make_panel, make_works, score_work, sign_off, works_of
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid
from contest.domain.stages import Stage
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from contest.operations.stages import move_stage
from judging.models.round import JudgeWork, Round, RoundState
from judging.operations.close import ask_chair, close_judging, record_chair_vote
from judging.operations.panel import appoint_judge, confirm_release, propose_release, set_chair
from judging.operations.pledge import step_back
from judging.queries.blind import seat_of
from judging.queries.panel import members
from judging.queries.readiness import closing, opening
from judging.queries.standings import panel, scorecards, sealed_round, standings, unresolved


def entry_of(services: Services, jury: Jury, judge: Actor) -> dict[str, str]:
    """Entry id -> the judge's work id."""
    with services.database.read() as session:
        judge_id = seat_of(session, judge.id).judge_id
        chosen = select(JudgeWork.entry_id, JudgeWork.id).where(JudgeWork.judge_id == judge_id)
        return dict(session.execute(chosen).all())


def score_all(services: Services, jury: Jury, levels: dict[int, list[tuple[int, int, int, int]]]) -> None:
    """levels: work number -> what each judge gives it; then everybody signs."""
    for seat, judge in enumerate(jury.judges):
        works = entry_of(services, jury, judge)
        mine = set(works_of(services, judge))
        for number, given in levels.items():
            work = works[jury.entries[number - 1]]
            if work in mine:
                score_work(services, judge, work, given[seat])
        sign_off(services, jury.judges, judge)


def close(services: Services, jury: Jury) -> None:
    with services.database.write() as uow:
        close_judging(uow, jury.edition_id, actor=jury.operator, now=services.clock.now())


def test_all_blockers_are_told_at_once(services: Services, jury: Jury) -> None:
    with services.database.read() as session:
        found = closing(session, jury.edition_id)
    assert [blocker.code for blocker in found] == ["closing.judge_unfinished"] * 5
    with pytest.raises(Conflict) as refused:
        close(services, jury)
    assert (refused.value.code, refused.value.facts["count"]) == ("judging.blocked", 5)


def test_nobody_reads_a_score_before_the_seal(services: Services, jury: Jury) -> None:
    judge = jury.judges[0]
    score_work(services, judge, works_of(services, judge)[0], (5, 5, 5, 5))
    for ask in (standings, scorecards, sealed_round, panel):
        with pytest.raises(Conflict, match="judging.not_sealed"), services.database.read() as session:
            ask(session, jury.edition_id)
    with services.database.read() as session:
        assert [(one.works, one.scored, one.begun) for one in members(session, jury.edition_id)] == [
            (3, 1, 0), (3, 0, 0), (3, 0, 0), (3, 0, 0), (3, 0, 0)
        ]  # fmt: skip


def test_the_seal_fixes_the_tally_with_extremes_left_out(services: Services, jury: Jury) -> None:
    same, low = (3, 3, 3, 3), (1, 1, 1, 1)
    score_all(
        services,
        jury,
        {1: [same, same, same, (5, 5, 5, 5), low], 2: [(4, 4, 4, 4)] * 5, 3: [low] * 5},
    )
    close(services, jury)
    with services.database.read() as session:
        held = sealed_round(session, jury.edition_id)
        places = standings(session, jury.edition_id)
        assert (held.trim, len(held.seal)) == (True, 64)
        assert [(place.rank, place.entry_id, place.printed, place.rule) for place in places] == [
            (1, jury.entries[1], "80.00", "trimmed"),
            (2, jury.entries[0], "60.00", "trimmed"),
            (3, jury.entries[2], "20.00", "trimmed"),
        ]
        assert sorted(place.common_number for place in places) == ["001", "002", "003"]
        assert len(panel(session, jury.edition_id)) == 5
        assert {
            card.work(jury.entries[2])["theme"] for card in scorecards(session, jury.edition_id).values()
        } == {1}
    with pytest.raises(Conflict, match="judging.blocked"):
        close(services, jury)


def test_a_recusal_stands_on_the_row(services: Services, jury: Jury) -> None:
    judge = jury.judges[4]
    work = entry_of(services, jury, judge)[jury.entries[0]]
    with services.database.write() as uow:
        step_back(uow, work, "known", "", actor=judge, now=services.clock.now())
    score_all(services, jury, {1: [(3, 3, 3, 3)] * 5, 2: [(4, 4, 4, 4)] * 5, 3: [(1, 1, 1, 1)] * 5})
    close(services, jury)
    with services.database.read() as session:
        judge_id = seat_of(session, judge.id).judge_id
        row = next(
            place for place in standings(session, jury.edition_id) if place.entry_id == jury.entries[0]
        )
    assert (row.rule, [(left.judge, left.reason) for left in row.left_out]) == (
        "plain_recusal",
        [(judge_id, "recused")],
    )


def test_a_judge_who_cannot_finish_is_released_by_two_people(services: Services, jury: Jury) -> None:
    judge = jury.judges[4]
    now = services.clock.now()
    with services.database.read() as session:
        judge_id = seat_of(session, judge.id).judge_id
    with pytest.raises(Invalid, match="release.reason_missing"), services.database.write() as uow:
        propose_release(uow, judge_id, " ", actor=jury.operator, now=now)
    with services.database.write() as uow:
        propose_release(uow, judge_id, "입원", actor=jury.operator, now=now)
    with pytest.raises(Denied), services.database.write() as uow:
        confirm_release(uow, judge_id, actor=jury.operator, now=now)
    with services.database.read() as session:
        assert "judging.release_waits" in {blocker.code for blocker in closing(session, jury.edition_id)}
    with services.database.write() as uow:
        confirm_release(uow, judge_id, actor=jury.approver, now=now)
    with services.database.read() as session, pytest.raises(Denied, match="judge.released"):
        seat_of(session, judge.id)
    remaining = Jury(
        jury.edition_id, jury.round_id, jury.operator, jury.approver, jury.judges[:4], jury.entries
    )
    score_all(services, remaining, {n: [(n, n, n, n)] * 4 for n in (1, 2, 3)})
    close(services, jury)
    with services.database.read() as session:
        assert sealed_round(session, jury.edition_id).trim is False
        assert [one.release_reason for one in panel(session, jury.edition_id)] == [None] * 4 + ["입원"]


def test_a_judge_appointed_late_gets_all_the_works(services: Services, jury: Jury) -> None:
    with services.database.write() as uow:
        late = appoint_judge(
            uow, jury.edition_id, name="심사바", affiliation="", is_external=True,
            actor=jury.operator, now=services.clock.now(),
        )  # fmt: skip
    with services.database.read() as session:
        assert {one.judge_id: one.works for one in members(session, jury.edition_id)}[late] == 3


def test_the_chair_decides_what_no_step_told_apart(services: Services, jury: Jury) -> None:
    score_all(services, jury, {1: [(3, 3, 3, 3)] * 5, 2: [(3, 3, 3, 3)] * 5, 3: [(1, 1, 1, 1)] * 5})
    close(services, jury)
    now = services.clock.now()
    with services.database.read() as session:
        (tie,) = unresolved(standings(session, jury.edition_id))
        seal = sealed_round(session, jury.edition_id).seal
    numbers = [place.common_number for place in tie]
    with services.database.write() as uow:
        ask_chair(uow, jury.edition_id, numbers, actor=jury.operator, now=now)
    with pytest.raises(Denied, match="chair.only"), services.database.write() as uow:
        record_chair_vote(uow, numbers, "구도", actor=jury.judges[1], now=now)
    with pytest.raises(Conflict, match="chair.no_such_tie"), services.database.write() as uow:
        record_chair_vote(uow, [*numbers, "003"], "구도", actor=jury.judges[0], now=now)
    with services.database.write() as uow:
        record_chair_vote(uow, numbers[::-1], "구도", actor=jury.judges[0], now=now)
    with services.database.read() as session:
        places = standings(session, jury.edition_id)
        assert [(place.rank, place.common_number) for place in places[:2]] == [
            (1, numbers[1]),
            (2, numbers[0]),
        ]
        assert unresolved(places) == []
        assert sealed_round(session, jury.edition_id).seal == seal
    with services.database.write() as uow:
        uow.session.get_one(Edition, jury.edition_id).stage = Stage.VERIFICATION
    with pytest.raises(Conflict, match="chair.no_such_tie"), services.database.write() as uow:
        record_chair_vote(uow, numbers, "다시", actor=jury.judges[0], now=now)


def test_judging_opens_through_the_stage_move_with_a_lawful_jury(
    services: Services, edition: Edition, make_account: object
) -> None:
    operator = make_account(Role.OPERATOR)  # type: ignore[operator]  # the fixture is a function
    with services.database.write() as uow:
        uow.session.get_one(Edition, edition.id).stage = Stage.SCREENING
    with services.database.read() as session:
        assert {blocker.code for blocker in opening(session, edition.id)} == {
            "judging.no_works",
            "panel.empty",
        }
    make_works(services, edition.id, 2)
    with services.database.write() as uow:
        insider = appoint_judge(
            uow, edition.id, name="내부인", affiliation="소통담당관", is_external=False,
            actor=operator, now=services.clock.now(),
        )  # fmt: skip
    with services.database.read() as session:
        assert [(held.code, held.is_warning) for held in opening(session, edition.id)] == [
            ("panel.no_chair", False), ("panel.external_minority", False), ("panel.size_differs", True),
            ("panel.uninvited", True),
        ]  # fmt: skip
    make_panel(services, edition.id, operator, 4)
    with services.database.write() as uow:
        set_chair(uow, insider, actor=operator, now=services.clock.now())
        assert [one.judge_id for one in members(uow.session, edition.id) if one.is_chair] == [insider]
    with services.database.write() as uow:
        move_stage(
            uow, services.registry, edition.id, Stage.JUDGING, actor=operator, now=services.clock.now()
        )
    with services.database.read() as session:
        assert [(held.state, held.sealed_at) for held in session.scalars(select(Round))] == [
            (RoundState.OPEN, None)
        ]
        assert {one.works for one in members(session, edition.id)} == {2}
    with pytest.raises(Conflict, match="stage.blocked"), services.database.write() as uow:
        move_stage(
            uow, services.registry, edition.id, Stage.VERIFICATION, actor=operator, now=services.clock.now()
        )


def test_the_trail_never_holds_a_level(services: Services, jury: Jury) -> None:
    score_all(services, jury, {n: [(n, n, n, n)] * 5 for n in (1, 2, 3)})
    close(services, jury)
    with services.database.read() as session:
        actions = {row.action: row.facts for row in session.scalars(select(AuditRow))}
    assert {"judging.completed", "round.sealed", "pledge.signed", "judge.appointed"} <= set(actions)
    assert all("level" not in facts for facts in actions.values())
