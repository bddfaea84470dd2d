"""Scores are sealed alone, shown to the panel, revised with a reason and sealed again; both seals are recomputed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

import pytest
from factories.panels import (
    Entrant,
    Jury,
    entries_of,
    let_deliberate,
    make_panel,
    make_works,
    name_of,
    open_judging,
    score_work,
    sign_everything,
    sign_off,
)
from flask.testing import FlaskClient
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid, Missing
from contest.domain.stages import Stage
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from contest.models.outbox import Message
from contest.queries.staff_home import staff_home
from gallery.checker import check_result
from gallery.queries.fairness import fairness
from judging.models.deliberation import Deliberation, DeliberationSignature, Remark
from judging.models.panel import Judge
from judging.models.round import Round, RoundState, ScoreEvent
from judging.operations.allocate import allocate_prizes
from judging.operations.check import check_scores
from judging.operations.close import close_judging
from judging.operations.deliberate import add_remark, revise_scores, sign_deliberation
from judging.operations.deliberation import close_deliberation, open_deliberation
from judging.operations.dossier import make_dossier
from judging.operations.panel import appoint_judge, confirm_release, propose_release
from judging.operations.pledge import bar_judge
from judging.operations.reopen import propose_reopening, read_result
from judging.operations.score import save_score, write_note
from judging.queries.blind import seat_of
from judging.queries.deliberating import Deliberating, deliberating
from judging.queries.deliberation import discussed_work, discussed_works
from judging.queries.dossier import dossier
from judging.queries.public_record import public_record
from judging.queries.readiness import gate
from judging.queries.repair import repairing
from judging.queries.results import results
from judging.queries.round_scores import round_scores
from judging.queries.standings import scorecards, sealed_round, standings
from judging.web.dossier_words import sheet_of
from judging.web.result_documents import Meeting, minutes_data, scorecard_data, tally_data

HOUR = dt.timedelta(hours=1)
LEVELS = (5, 4, 3, 2, 1)


@pytest.fixture
def sealed(
    services: Services, clock: SteppedClock, edition: Edition, make_account: Callable[..., Actor]
) -> Jury:
    """Five works before five judges, each with a note on the first; sealed for the first time."""
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    let_deliberate(services, edition.id)
    people = [Entrant(name=f"응모자{n}", phone=f"+8210{n:08d}") for n in range(5)]
    entries = make_works(services, edition.id, 5, people)
    judges = make_panel(services, edition.id, operator)
    sign_everything(services, judges)
    with services.database.write() as uow:
        uow.session.execute(update(Account).where(Account.role == Role.JUDGE).values(phone="+821023456789"))
    round_id = open_judging(services, clock, edition, operator)
    jury = Jury(edition.id, round_id, operator, approver, judges, entries)
    for number, judge in enumerate(judges, start=1):
        for entry, work in entries_of(services, judge).items():
            score_work(services, judge, work, (LEVELS[entries.index(entry)],) * 4)
        with services.database.write() as uow:
            first = entries_of(services, judge)[entries[0]]
            write_note(uow, first, f"메모 {number}", actor=judge, now=clock.now())
        sign_off(services, judges, judge)
    with services.database.write() as uow:
        close_judging(uow, edition.id, actor=operator, now=clock.now())
    clock.move_to(clock.now() + HOUR)
    return jury


def begin(services: Services, jury: Jury, after: dt.timedelta = 2 * HOUR) -> None:
    now = services.clock.now()
    with services.database.write() as uow:
        open_deliberation(uow, jury.edition_id, now + after, actor=jury.operator, now=now)


def work_of(services: Services, jury: Jury, judge: Actor, at: int) -> str:
    return entries_of(services, judge)[jury.entries[at]]


def revise(
    services: Services,
    jury: Jury,
    judge: Actor,
    at: int,
    levels: Mapping[str, int],
    *,
    reason: str = "다시 봄",
) -> int:
    with services.database.write() as uow:
        return revise_scores(
            uow, work_of(services, jury, judge, at), levels, reason, actor=judge, now=services.clock.now()
        )


def everyone_signs(services: Services, jury: Jury) -> None:
    for judge in jury.judges:
        name = name_of(jury.judges, judge)
        with services.database.write() as uow:
            sign_deliberation(uow, name, name=name, actor=judge, now=services.clock.now())


def seen(services: Services, jury: Jury) -> Deliberating:
    with services.database.read() as session:
        found = deliberating(session, jury.edition_id, services.clock.now())
    assert found is not None
    return found


def finish(services: Services, jury: Jury, shown: str | None = None) -> None:
    shown = seen(services, jury).digest if shown is None else shown
    with services.database.write() as uow:
        close_deliberation(uow, jury.edition_id, shown, actor=jury.operator, now=services.clock.now())


def record_of(services: Services, jury: Jury) -> dict[str, object]:
    with services.database.read() as session:
        record = public_record(session, session.get_one(Edition, jury.edition_id))
    assert record is not None
    return record


def ranks_of(services: Services, jury: Jury) -> list[int]:
    """The ranks of the works in the order in which they were entered."""
    with services.database.read() as session:
        ranks = {place.entry_id: place.rank for place in standings(session, jury.edition_id)}
    return [ranks[entry] for entry in jury.entries]


@pytest.mark.any_database
def test_two_seals_and_what_lies_between_them(
    services: Services, sealed: Jury, capsys: pytest.CaptureFixture[str]
) -> None:
    with services.database.read() as session:
        held = session.get_one(Round, sealed.round_id)
        assert (held.state, held.commitment, held.sealed_at) == (RoundState.DELIBERATING, None, None)
        first = session.get_one(Deliberation, sealed.round_id).commitment
        page = fairness(session, session.get_one(Edition, sealed.edition_id), services.clock.now())
        assert [one.root for one in page.first_seals] == [first]
        assert page.commitments == ()
    with pytest.raises(Conflict, match=r"judging\.not_sealed"), services.database.write() as uow:
        read_result(uow, sealed.edition_id, actor=sealed.operator, now=services.clock.now())
    begin(services, sealed)
    with services.database.read() as session:
        assert session.scalars(select(Message.code).where(Message.code == "J9")).all() == ["J9"] * 5
    # Three of five judges come to think more of the second work than of the first.
    for judge in sealed.judges[:3]:
        assert revise(services, sealed, judge, 1, {"theme": 5, "creativity": 5, "artistry": 4}) == 2
        assert revise(services, sealed, judge, 0, dict.fromkeys(("theme", "creativity", "artistry"), 3)) == 3
    assert revise(services, sealed, sealed.judges[0], 0, {"theme": 3}) == 0  # the form sent twice
    assert seen(services, sealed).changes == ()
    everyone_signs(services, sealed)
    shown = seen(services, sealed)
    assert len(shown.changes) == 15
    assert {one.reason for one in shown.changes} == {"다시 봄"}
    assert shown.shift is not None
    assert sorted(shown.shift.ranks.values()) == [(1, 2), (2, 1)]
    with pytest.raises(Conflict, match=r"deliberation\.changed"):
        finish(services, sealed, "other")
    finish(services, sealed)
    assert ranks_of(services, sealed) == [2, 1, 3, 4, 5]
    with services.database.read() as session:
        held = session.get_one(Round, sealed.round_id)
        assert held.commitment not in {None, first}
        last = str(held.commitment)
        page = fairness(session, session.get_one(Edition, sealed.edition_id), services.clock.now())
        assert (page.first_seals[0].revised, page.first_seals[0].revisers) == (15, 3)
        assert (page.first_seals[0].root, page.commitments[0].root) == (first, last)
        given = {one.entry: one.scores for one in round_scores(session, held, as_given=True)}
        assert all(set(card.values()) == {5} for card in given[sealed.entries[0]].values())
        acts = session.scalars(select(AuditRow.action).order_by(AuditRow.seq)).all()
    assert [one for one in acts if one.startswith(("deliberation.", "round.sealed"))] == [
        "round.sealed_first", "deliberation.opened", *["deliberation.signed"] * 5, "deliberation.closed", "round.sealed",
    ]  # fmt: skip
    assert list(check_scores(services, False)) == []
    record = record_of(services, sealed)
    assert check_result.check_commitment(record, last) == []
    assert check_result.check_deliberation(record, [first]) == []
    assert check_result.check_ranking(record) == []
    said = capsys.readouterr().out
    assert "심의에서 고친 점수 15개 · 순위가 달라진 작품 2점" in said


def test_the_checker_finds_what_was_tampered_with(services: Services, sealed: Jury) -> None:
    begin(services, sealed)
    revise(services, sealed, sealed.judges[0], 1, {"theme": 5})
    everyone_signs(services, sealed)
    finish(services, sealed)

    def wrong(change: Callable[[dict[str, list[list[object]]]], object]) -> list[str]:
        record = record_of(services, sealed)
        change(record["deliberation"])  # type: ignore[arg-type]  # a document
        return check_result.check_deliberation(record, [])

    def before_it_opened(held: dict[str, list[list[object]]]) -> None:
        held["revisions"][0][5] = "2024-09-05T00:00:00+00:00"

    assert wrong(dict.keys) == []
    assert len(wrong(lambda held: held["revisions"].clear())) == 1
    assert any("심의 시간 밖" in line for line in wrong(before_it_opened))
    assert any("봉인값" in line for line in wrong(lambda held: held["scores"].pop()))
    assert len(check_result.check_deliberation(record_of(services, sealed), ["0" * 64])) == 1
    assert check_result.check_deliberation({"scores": []}, []) == []


@pytest.mark.any_database
def test_no_revision_is_taken_outside_its_time(services: Services, clock: SteppedClock, sealed: Jury) -> None:
    judge, other = sealed.judges[:2]
    with pytest.raises(Conflict, match=r"deliberation\.not_open"):
        revise(services, sealed, judge, 0, {"theme": 1})
    begin(services, sealed)
    with pytest.raises(Conflict, match=r"score\.completed"), services.database.write() as uow:
        save_score(uow, work_of(services, sealed, judge, 0), "theme", 1, "late", actor=judge, now=clock.now())
    for levels, reason, code in (
        ({"theme": 1}, "  ", "deliberation.reason_missing"), ({"theme": 9}, "까닭", "score.level_out_of_range"),
        ({"theme": 5}, "까닭", "deliberation.unchanged"), ({"theme": 1}, "가" * 1001, "deliberation.words_long"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=code):
            revise(services, sealed, judge, 0, levels, reason=reason)
    with pytest.raises(Missing), services.database.write() as uow:
        work = work_of(services, sealed, other, 0)
        revise_scores(uow, work, {"theme": 1}, "까닭", actor=judge, now=clock.now())
    assert revise(services, sealed, judge, 0, {"theme": 4}) == 1
    name = name_of(sealed.judges, judge)
    with services.database.write() as uow:
        sign_deliberation(uow, name, name=name, actor=judge, now=clock.now())
    with pytest.raises(Conflict, match=r"deliberation\.signed"):
        revise(services, sealed, judge, 0, {"theme": 1})
    with pytest.raises(Conflict, match=r"deliberation\.under_way") as refused:
        finish(services, sealed)
    assert refused.value.facts == {"count": 4}
    clock.move_to(clock.now() + 2 * HOUR)
    with pytest.raises(Conflict, match=r"deliberation\.over"):
        revise(services, sealed, other, 0, {"theme": 1})
    finish(services, sealed)
    with pytest.raises(Conflict, match=r"deliberation\.closed"):
        revise(services, sealed, other, 0, {"theme": 1})
    with pytest.raises(Conflict, match=r"deliberation\.closed"):
        finish(services, sealed)
    with services.database.read() as session:
        assert len(session.scalars(select(ScoreEvent).where(ScoreEvent.reason.is_not(None))).all()) == 1


def test_a_revision_written_past_the_program_holds_up_the_seal_and_is_found(
    services: Services, clock: SteppedClock, sealed: Jury
) -> None:
    begin(services, sealed)
    revise(services, sealed, sealed.judges[0], 0, {"theme": 4})
    everyone_signs(services, sealed)
    with services.database.write() as uow:
        row = uow.session.get_one(Deliberation, sealed.round_id)
        row.opened_at = row.ends_at = clock.now() + HOUR
    clock.move_to(clock.now() + 2 * HOUR)
    with pytest.raises(Conflict, match=r"deliberation\.out_of_place"):
        finish(services, sealed)
    assert [fault.code for fault in check_scores(services, False)] == ["check.scores"]
    for statement in ("UPDATE score_event SET reason = '다른 까닭'", "DELETE FROM score_event"):
        with pytest.raises(DBAPIError), services.database.write() as uow:
            uow.session.execute(text(statement))
    with pytest.raises(IntegrityError), services.database.write() as uow:
        uow.session.execute(update(Deliberation).values(closed_at=clock.now()))


def test_who_opens_and_until_when(services: Services, clock: SteppedClock, sealed: Jury) -> None:
    now = clock.now()

    def open_until(ends: dt.datetime, actor: Actor = sealed.operator) -> None:
        with services.database.write() as uow:
            open_deliberation(uow, sealed.edition_id, ends, actor=actor, now=now)

    with pytest.raises(Denied):
        open_until(now + HOUR, sealed.judges[0])
    with pytest.raises(Invalid, match=r"deliberation\.end_past"):
        open_until(now)
    with pytest.raises(Invalid, match=r"deliberation\.end_late"):
        open_until(now + dt.timedelta(days=60))
    open_until(now + HOUR)
    with pytest.raises(Conflict, match=r"deliberation\.opened"):
        open_until(now + 2 * HOUR)


def test_a_round_that_did_not_say_so_has_none(services: Services, jury: Jury) -> None:
    with pytest.raises(Conflict, match=r"deliberation\.not_declared"):
        begin(services, jury)


@pytest.mark.any_database
def test_a_work_stepped_back_from_does_not_exist_and_its_judge_is_not_heard(
    services: Services, clock: SteppedClock, sealed: Jury
) -> None:
    away, other = sealed.judges[1], sealed.judges[2]
    begin(services, sealed)
    revise(services, sealed, away, 0, {"theme": 4})
    with services.database.write() as uow:
        add_remark(uow, work_of(services, sealed, away, 0), "제자의 작품 같음", actor=away, now=clock.now())
    with services.database.read() as session:
        judge_id = session.scalars(select(Judge.id).where(Judge.account_id == away.id)).one()
        assert len(discussed_works(session, seat_of(session, away.id))) == 5
    with services.database.write() as uow:
        bar_judge(
            uow, judge_id, "2024-02-0001-1", "exclusion", "제자", actor=sealed.operator, now=clock.now()
        )
    hidden = work_of(services, sealed, away, 0)
    with services.database.read() as session:
        seat = seat_of(session, away.id)
        assert len(discussed_works(session, seat)) == 4
        with pytest.raises(Missing):
            discussed_work(session, seat, hidden)
        work = discussed_work(session, seat_of(session, other.id), work_of(services, sealed, other, 0))
    assert len(work.voices) == 4
    assert not work.remarks
    assert [voice.note for voice in work.voices if voice.is_own] == ["메모 3"]
    with pytest.raises(Missing):
        revise(services, sealed, away, 0, {"theme": 1})
    with pytest.raises(Missing), services.database.write() as uow:
        add_remark(uow, hidden, "다시", actor=away, now=clock.now())


def test_what_makes_no_sense_between_two_seals_is_refused(
    services: Services, clock: SteppedClock, sealed: Jury
) -> None:
    now = clock.now()
    with pytest.raises(Conflict, match=r"reopening\.deliberation"), services.database.write() as uow:
        propose_reopening(uow, sealed.edition_id, [], now + HOUR, "까닭", actor=sealed.operator, now=now)
    with pytest.raises(Conflict, match=r"repair\.deliberation"), services.database.read() as session:
        repairing(session, sealed.edition_id, now)
    with pytest.raises(Conflict, match=r"judging\.blocked"), services.database.write() as uow:
        close_judging(uow, sealed.edition_id, actor=sealed.operator, now=now)
    with pytest.raises(Conflict, match=r"panel\.closed"), services.database.write() as uow:
        appoint_judge(
            uow, sealed.edition_id, name="심사늦음", affiliation="", is_external=True, actor=sealed.operator, now=now
        )  # fmt: skip
    # A judge may still be released; what the preview showed is then no longer what would be sealed.
    begin(services, sealed)
    revise(services, sealed, sealed.judges[4], 0, {"theme": 1})
    clock.move_to(clock.now() + 2 * HOUR)
    shown = seen(services, sealed)
    with services.database.read() as session:
        last = session.scalars(select(Judge.id).where(Judge.account_id == sealed.judges[4].id)).one()
    with services.database.write() as uow:
        propose_release(uow, last, "연락이 끊김", actor=sealed.operator, now=now)
    with services.database.write() as uow:
        confirm_release(uow, last, actor=sealed.approver, now=now)
    with pytest.raises(Conflict, match=r"deliberation\.changed"):
        finish(services, sealed, shown.digest)
    assert seen(services, sealed).changes == ()
    finish(services, sealed)
    record = record_of(services, sealed)
    assert check_result.check_deliberation(record, []) == []
    assert check_result.check_ranking(record) == []
    with pytest.raises(Conflict, match=r"reopening\.deliberation"), services.database.write() as uow:
        propose_reopening(uow, sealed.edition_id, [], now + HOUR, "까닭", actor=sealed.operator, now=now)


def test_the_panel_speaks_under_pseudonyms_at_the_desk(
    services: Services, clock: SteppedClock, sealed: Jury, login_as: Callable[[Actor], FlaskClient]
) -> None:
    judge, other = sealed.judges[:2]
    desk = login_as(judge)
    assert desk.get("/desk/deliberation").status_code == 404
    begin(services, sealed)
    with services.database.write() as uow:
        add_remark(uow, work_of(services, sealed, other, 0), "빛이 좋습니다", actor=other, now=clock.now())
        names = uow.session.get_one(Round, sealed.round_id).pseudonyms or {}
        seats = {one.account_id: one.id for one in uow.session.scalars(select(Judge))}
    page = desk.get("/desk/deliberation").text
    assert page.count("심사번호 0") == 5
    work = work_of(services, sealed, judge, 0)
    page = desk.get(f"/desk/deliberation/{work}").text
    alias = f"위원 {names[seats[str(other.id)]]}"
    assert f"<strong>{alias}</strong>" in page
    assert "빛이 좋습니다" in page
    assert all(f"메모 {n}" in page for n in range(1, 6))
    assert f"위원 {names[seats[str(judge.id)]]} (나)" in page
    assert not any(name_of(sealed.judges, one) in page for one in sealed.judges[1:])
    assert not any(f"2024-02-{n:04d}" in page for n in range(1, 6))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token[1]}
    address = f"/desk/deliberation/{work}"
    # Nothing that was typed is lost when the reason is missing.
    refused = desk.post(f"{address}/revise", data=form | {"level_theme": "2", "reason": ""})
    assert refused.status_code == 422
    assert re.search(r'id="level-theme-2"[^>]* checked', refused.text)
    assert (
        desk.post(f"{address}/revise", data=form | {"level_theme": "2", "reason": "흔들림"}).status_code
        == 303
    )
    assert desk.post(f"{address}/remark", data=form | {"words": " "}).status_code == 422
    assert desk.post(f"{address}/remark", data=form | {"words": "다시 보니"}).status_code == 303
    page = desk.get(address).text
    assert "흔들림" in page
    assert "(처음 5)" in page
    assert "다시 보니" in page
    assert desk.post("/desk/deliberation", data=form | {"signed_name": "다른이"}).status_code == 422
    name = name_of(sealed.judges, judge)
    assert desk.post("/desk/deliberation", data=form | {"signed_name": name}).status_code == 303
    assert "심의를 마치셨습니다" in desk.get("/desk/deliberation").text
    late = desk.post(f"{address}/revise", data=form | {"level_theme": "1", "reason": "마음이 바뀜"})
    assert late.status_code == 409
    with services.database.read() as session:
        (kept,) = session.scalars(select(AuditRow.facts).where(AuditRow.action == "deliberation.refused"))
        assert len(session.scalars(select(Remark)).all()) == 2
        assert session.scalars(select(DeliberationSignature.events)).one() == 21
    assert kept["code"] == "deliberation.signed"


def test_staff_are_led_through_it_and_see_no_score_before_the_end(
    services: Services, clock: SteppedClock, sealed: Jury, login_as: Callable[[Actor], FlaskClient]
) -> None:
    staff = login_as(sealed.operator)

    def steps() -> list[str]:
        with services.database.read() as session:
            return [step.title for step in staff_home(session, services.registry, clock.now()).steps]

    assert "점수를 봉인했습니다. 심의를 열어 주세요." in steps()
    assert "심의가 남았습니다" in staff.get("/staff/judging").text
    with services.database.read() as session:
        found = gate(session, sealed.edition_id, Stage.VERIFICATION, clock.now())
    assert [(one.code, one.link) for one in found] == [("deliberation.left", "deliberation.index")]
    assert "심의가 아직 끝나지 않았습니다" in staff.get("/staff/results").text
    page = staff.get("/staff/judging/deliberation").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token[1]}
    address = "/staff/judging/deliberation"
    assert staff.post(address, data=form | {"ends": "2024-09-01T10:00"}).status_code == 422
    ends = (clock.now() + 3 * HOUR + 9 * HOUR).strftime("%Y-%m-%dT%H:%M")
    assert staff.post(address, data=form | {"ends": ends}).status_code == 303
    revise(services, sealed, sealed.judges[0], 1, {"theme": 5}, reason="빛을 다시 봄")
    page = staff.get(address).text
    assert "0명 / 5명" in page
    assert "빛을 다시 봄" not in page
    assert "심의를 마감하고" not in page
    assert not any("심의" in step for step in steps())
    clock.move_to(clock.now() + 4 * HOUR)
    staff = login_as(sealed.operator)
    assert "심의가 끝났습니다. 고친 점수를 보고 심의를 마감해 주세요." in steps()
    page = staff.get(address).text
    assert "빛을 다시 봄" in page
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token[1]}
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    assert shown
    assert staff.post(f"{address}/close", data=form | {"shown": "0" * 64}).status_code == 409
    assert staff.post(f"{address}/close", data=form | {"shown": shown[1]}).status_code == 303
    assert "마감하고 다시 봉인한 때" in staff.get(address).text
    assert "심의에서 고친 점수" in staff.get("/staff/judging").text
    assert staff.get("/staff/results").status_code == 200


def test_as_many_statements_for_many_works(
    services: Services, clock: SteppedClock, sealed: Jury, login_as: Callable[[Actor], FlaskClient]
) -> None:
    begin(services, sealed)
    desk = login_as(sealed.judges[0])

    def count(client: FlaskClient, address: str) -> int:
        asked: list[object] = []

        def note(*facts: object) -> None:
            asked.append(facts)

        event.listen(services.database.engine, "before_cursor_execute", note)
        assert client.get(address).status_code == 200
        event.remove(services.database.engine, "before_cursor_execute", note)
        return len(asked)

    pages = "/desk/deliberation", f"/desk/deliberation/{work_of(services, sealed, sealed.judges[0], 0)}"
    before = [count(desk, page) for page in pages]
    for judge in sealed.judges:
        for at in range(5):
            revise(services, sealed, judge, at, {"theme": 3 if LEVELS[at] != 3 else 2})
            with services.database.write() as uow:
                add_remark(uow, work_of(services, sealed, judge, at), "의견", actor=judge, now=clock.now())
    assert [count(desk, page) for page in pages] == before
    clock.move_to(clock.now() + 2 * HOUR)
    staff = login_as(sealed.operator)
    assert count(staff, "/staff/judging/deliberation") < 40


def test_the_papers_tell_what_was_given_alone_and_what_was_revised(
    services: Services, clock: SteppedClock, sealed: Jury, login_as: Callable[[Actor], FlaskClient]
) -> None:
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, sealed.edition_id)
        held.document = {**held.document, "may_leave_empty": True}
    begin(services, sealed)
    for judge in sealed.judges[:3]:
        revise(
            services, sealed, judge, 1, {"theme": 5, "creativity": 5, "artistry": 5}, reason="빛을 다시 봄"
        )
        revise(services, sealed, judge, 0, {"theme": 2, "creativity": 2, "artistry": 2}, reason="주제와 멂")
    everyone_signs(services, sealed)
    finish(services, sealed)
    with services.database.write() as uow:
        allocate_prizes(uow, sealed.edition_id, actor=sealed.operator, now=clock.now())
    make_dossier(services, sealed.edition_id)
    with services.database.read() as session:
        edition = session.get_one(Edition, sealed.edition_id)
        shown, cards = results(session, edition), scorecards(session, sealed.edition_id)
        told = dossier(session, edition)
        stored = session.get_one(Round, sealed.round_id)
        first = session.get_one(Deliberation, sealed.round_id).commitment
        names = stored.pseudonyms or {}
        seats = [
            session.scalars(select(Judge.id).where(Judge.account_id == judge.id)).one() for judge in sealed.judges
        ]  # fmt: skip
        rubric = sealed_round(session, sealed.edition_id).rule.rubric
    assert [row.revisers for row in sorted(shown.rows, key=lambda row: row.entry_number)] == [3, 3, 0, 0, 0]
    minutes = minutes_data(shown, "찰칵", "2024. 9. 13.", Meeting())
    lines = [line for line in minutes["notes"] if line.startswith("심의, 심사번호")]
    assert len(lines) == 6  # what a judge revises of a work at once is one line
    assert sum("까닭: 빛을 다시 봄" in line for line in lines) == 3
    assert sum(line.count("→") for line in lines) == 18
    revisers = {match[0] for line in lines if (match := re.search(r"위원 \d+", line))}
    assert revisers == {f"위원 {names[one]}" for one in seats[:3]}
    assert not any(name_of(sealed.judges, judge) in line for judge in sealed.judges for line in lines)
    assert minutes["notes"][-2:] == [f"심의 전 점수 봉인값: {first}", f"점수 봉인값: {stored.commitment}"]
    assert "심의한 뒤 다시 봉인" in " ".join(minutes["method"])
    assert "고친 점수 18개" in tally_data(shown, "찰칵", "2024. 9. 13.")["rule"]
    member = next(one for one in shown.panel if one.judge_id == seats[0])
    sheet = scorecard_data(shown, "찰칵", "", member=member, rubric=rubric, card=cards[seats[0]])
    assert sum("심의에서 고침" in row["note"] for row in sheet["rows"]) == 2
    assert not any(row["note"].startswith("고침") for row in sheet["rows"])
    assert told is not None
    # Given alone all judges agreed in everything; what they revised together says nothing about that.
    assert told.document["alpha"] == 1
    assert told.document["deliberation"]["revisions"] == 18
    assert [move[1:3] for move in told.document["deliberation"]["moved"]] == [[2, 1], [1, 2]]
    words = sheet_of(told)
    assert any("위원 3명이 점수 18개를 까닭을 적어 고쳤습니다" in sentence for sentence in words.sentences)
    assert any(table.title == "심의 앞뒤의 순위" and len(table.rows) == 2 for table in words.tables)
    staff = login_as(sealed.operator)
    for paper in ("minutes.pdf", "tally.pdf", "tally.xlsx", f"scorecard/{seats[0]}.pdf", "dossier.pdf"):
        assert staff.get(f"/staff/results/{paper}").status_code == 200
