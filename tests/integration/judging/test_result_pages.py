"""The pages round the result: what staff see after the seal, what the public sees in its window and nothing more."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
from typing import Any

import pytest
from factories.results import Sealed, seal_judging
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from contest.domain.actors import Actor, Role
from contest.domain.stages import Stage
from contest.domain.strays import SAFE_AGE, WATCH
from contest.infra.clock import KST, SteppedClock, wall
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.operations.stages import move_stage
from contest.operations.strays import sweep_strays
from contest.queries.editions import get_edition
from judging.models.objection import Objection, Statement
from judging.operations.allocate import allocate_prizes
from judging.operations.objections import receive_evidence
from judging.queries.allocation import allocation_differences, holding

pytestmark = pytest.mark.any_database

OPENS = dt.datetime(2024, 9, 19, 10, 0, tzinfo=KST)
CLOSES = dt.datetime(2024, 9, 28, 18, 0, tzinfo=KST)


@pytest.fixture(autouse=True)
def _without_csrf(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def operator(make_account: Any) -> Actor:
    return make_account(Role.OPERATOR)


@pytest.fixture
def sealed(services: Services, edition: Edition) -> Sealed:
    return seal_judging(services, edition)


@pytest.fixture
def verifying(services: Services, sealed: Sealed, operator: Actor) -> Sealed:
    with services.database.write() as uow:
        allocate_prizes(uow, sealed.edition_id, actor=operator, now=services.clock.now())
    with services.database.write() as uow:
        move_stage(
            uow,
            services.registry,
            sealed.edition_id,
            Stage.VERIFICATION,
            actor=operator,
            now=services.clock.now(),
        )
    return sealed


def page(browser: FlaskClient, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text
    return answer.text


def send(browser: FlaskClient, path: str, status: int = 303, **data: Any) -> str:
    answer = browser.post(path, data=data)
    assert answer.status_code == status, answer.text
    return answer.headers.get("Location", "") or answer.text


def form(sealed: Sealed, **changed: Any) -> dict[str, Any]:
    values = {
        "submit_key": "form-1", "number": sealed.numbers[0], "category": "awarded_elsewhere", "facts": "이미 상을 받은 사진",
        "evidence": "https://example.org", "name": "고발인", "contact": "010-5555-7777",
    }  # fmt: skip
    return {**values, **changed}


def test_before_the_seal_the_results_page_shows_no_score(
    services: Services, sealed: Sealed, login_as: Any
) -> None:
    with services.database.write() as uow:
        uow.session.execute(text("UPDATE round SET state = 'open', sealed_at = NULL, seal = NULL"))
    shown = page(login_as(Role.OPERATOR), "/staff/results")
    assert "심사가 아직 마감되지 않았습니다" in shown
    assert sealed.numbers[0] not in shown


def test_staff_allocate_and_open_verification_with_every_reason_shown(
    services: Services, sealed: Sealed, login_as: Any
) -> None:
    browser = login_as(Role.OPERATOR)
    assert "상격을 아직 배정하지 않았습니다" in page(browser, "/staff/results/step/verification")
    send(browser, "/staff/results/step/verification", 409)
    send(browser, "/staff/results/allocate")
    shown = page(browser, "/staff/results")
    assert '3,000,000<span class="stat__unit">원</span>' in shown
    assert shown.count("예비 ") == 5
    assert "공개용 사진이 아직 준비되지 않은 작품이 30점" in page(browser, "/staff/results/step/verification")
    send(browser, "/staff/results/step/verification")
    with services.database.read() as session:
        assert get_edition(session, sealed.edition_id).stage is Stage.VERIFICATION


@pytest.mark.parametrize("name", ["tally.pdf", "minutes.pdf", "tally.xlsx", "scorecard"])
def test_the_documents_are_made(
    sealed: Sealed, login_as: Any, operator: Actor, services: Services, name: str
) -> None:
    with services.database.write() as uow:
        allocate_prizes(uow, sealed.edition_id, actor=operator, now=services.clock.now())
    path = f"scorecard/{sealed.judges[0]}.pdf" if name == "scorecard" else name
    answer = login_as(Role.AUDITOR).get(f"/staff/results/{path}")
    assert answer.status_code == 200
    assert answer.data[:4] == (b"PK\x03\x04" if name.endswith("xlsx") else b"%PDF")


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="PDFs are read where there is a pdftotext")
def test_the_minutes_say_when_and_where_the_panel_met(
    sealed: Sealed, login_as: Any, operator: Actor, services: Services
) -> None:
    with services.database.write() as uow:
        allocate_prizes(uow, sealed.edition_id, actor=operator, now=services.clock.now())
    asked = {
        "when": "2024. 9. 13.(금) 14:00",
        "place": "금천구청 9층 회의실",
        "notes": "대상작은 전원이 찬성함",
    }
    made = login_as(operator).get("/staff/results/minutes.pdf", query_string=asked)
    read = subprocess.run(
        ["pdftotext", "-", "-"], input=made.data, capture_output=True, check=True
    ).stdout.decode()
    assert all(words in read for words in asked.values())


def test_the_public_sees_candidates_in_the_window_alone(
    client: FlaskClient, verifying: Sealed, clock: SteppedClock
) -> None:
    one = f"/verification/{verifying.numbers[0]}"
    for moment, is_open in (
        (OPENS - dt.timedelta(microseconds=1), False), (OPENS, True), (CLOSES - dt.timedelta(microseconds=1), True),
        (CLOSES, False),
    ):  # fmt: skip
        clock.move_to(moment)
        shown = page(client, "/verification")
        assert (verifying.numbers[0] in shown) is is_open
        assert client.get(one).status_code == (200 if is_open else 404)
        assert ("공개검증을 하고 있습니다" in page(client, "/")) is is_open


def test_winners_and_reserves_stand_together_in_number_order(
    client: FlaskClient, services: Services, edition: Edition, operator: Actor, clock: SteppedClock
) -> None:
    works = 34
    sealed = seal_judging(services, edition, ranks=[works - n for n in range(works)])
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=services.clock.now())
    with services.database.write() as uow:
        move_stage(
            uow, services.registry, edition.id, Stage.VERIFICATION, actor=operator, now=services.clock.now()
        )
    clock.move_to(OPENS)
    found = re.findall(r'photo-card__meta">(2024-02-\d{4}-1)<', page(client, "/verification"))
    assert found == list(sealed.numbers[4:])


def test_no_public_byte_tells_a_name_a_score_or_a_rank(
    client: FlaskClient, services: Services, verifying: Sealed, clock: SteppedClock
) -> None:
    clock.move_to(OPENS)
    for path in ("/", "/verification", *(f"/verification/{number}" for number in verifying.numbers[:30])):
        for prefix in ("", "/en", "/zh"):
            shown = page(client, prefix + path)
            assert "홍길" not in shown
            assert "예비" not in shown
            assert not re.search(r"(98|97|96|95|94)\.\d\d", shown)
            assert "person-" not in shown
            assert not any(entry in shown for entry in verifying.entries)
    for number in verifying.numbers[30:]:
        assert client.get(f"/verification/{number}").status_code == 404


def test_every_public_answer_of_verification_is_kept_by_nobody(
    client: FlaskClient, verifying: Sealed, clock: SteppedClock
) -> None:
    clock.move_to(OPENS)
    for path in ("/verification", f"/verification/{verifying.numbers[0]}"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_marked_pictures_are_small_new_and_served_in_the_window(
    client: FlaskClient, services: Services, edition: Edition, operator: Actor, clock: SteppedClock
) -> None:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (1200, 800), (90, 120, 150)).save(buffer, "JPEG")
    sealed = seal_judging(services, edition, works=3, picture=buffer.getvalue())
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=services.clock.now())
    with services.database.write() as uow:
        move_stage(
            uow, services.registry, edition.id, Stage.VERIFICATION, actor=operator, now=services.clock.now()
        )
    path = f"/verification/{sealed.numbers[0]}/picture"
    assert client.get(path).status_code == 404
    clock.move_to(OPENS)
    answer = client.get(path)
    assert answer.status_code == 200
    with Image.open(io.BytesIO(answer.data)) as image:
        assert image.size == (800, 533)
        assert not image.getexif()
        assert len(image.getcolors(1_000_000) or []) > 10  # a plain picture no longer: the mark lies on it
    clock.move_to(CLOSES)
    assert client.get(path).status_code == 404


def test_the_menu_names_verification_only_while_it_is_open(
    client: FlaskClient, verifying: Sealed, clock: SteppedClock
) -> None:
    assert 'href="/verification"' not in page(client, "/call")
    clock.move_to(OPENS)
    assert 'href="/verification"' in page(client, "/call")


def test_an_objection_is_filed_looked_up_and_a_double_click_is_one(
    app: Flask, client: FlaskClient, services: Services, verifying: Sealed, clock: SteppedClock
) -> None:
    clock.move_to(OPENS)
    for _ in range(2):
        answer = client.post(
            "/verification/objection", data=form(verifying) | {"files": [(io.BytesIO(b"p"), "증거.pdf")]}
        )
        assert answer.status_code == 303, answer.text
    shown = page(client, "/objection/status")
    assert "이의-2024-02-001" in shown
    secret = re.search(r"<dt>확인번호</dt><dd>([0-9A-Z]{10})</dd>", shown)
    assert secret is not None
    with services.database.read() as session:
        assert len(session.scalars(select(Objection.id)).all()) == 1
    assert len(list(services.storage.list("evidence/"))) == 1
    stranger = app.test_client()
    assert stranger.get("/objection/status").status_code == 302
    send(stranger, "/objection", 422, case_number="이의-2024-02-001", secret="AAAAAAAAAA")
    send(stranger, "/objection", 422, case_number="이의-2024-02-009", secret=secret[1])
    send(stranger, "/objection", case_number="이의-2024-02-001", secret=secret[1].lower())
    assert "이의-2024-02-001" in page(stranger, "/objection/status")


def test_guessing_at_a_case_is_slowed_and_tells_nothing(
    app: Flask, client: FlaskClient, clock: SteppedClock, verifying: Sealed
) -> None:
    clock.move_to(OPENS)
    client.post("/verification/objection", data=form(verifying))
    secret = re.search(r"<dt>확인번호</dt><dd>([0-9A-Z]{10})</dd>", page(client, "/objection/status"))
    assert secret is not None
    known, unknown = "이의-2024-02-001", "이의-2024-02-099"
    guesser = app.test_client()

    def guess(number: str, status: int) -> str:
        answer = guesser.post("/objection", data={"case_number": number, "secret": "AAAAAAAAAA"})
        assert answer.status_code == status
        return re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True))

    for _ in range(5):
        assert guess(known, 422) == guess(unknown, 422)
    assert guess(known, 429) == guess(unknown, 429)
    send(guesser, "/objection", 429, case_number=known, secret=secret[1])
    clock.advance(minutes=10)
    send(guesser, "/objection", case_number=known, secret=secret[1])


def test_evidence_that_no_case_took_is_swept(
    app: Flask, services: Services, clock: SteppedClock, client: FlaskClient, verifying: Sealed
) -> None:
    clock.move_to(OPENS)
    client.post("/verification/objection", data=form(verifying) | {"files": [(io.BytesIO(b"p"), "증거.pdf")]})
    kept = list(services.storage.list("evidence"))
    receive_evidence(services, [("b.pdf", b"left behind")])
    clock.move_to(wall() + SAFE_AGE + dt.timedelta(hours=1))
    sweep_strays(services, clock.now())
    assert len(list(services.storage.list("evidence"))) == len(kept) + 1
    clock.move_to(clock.wall() + WATCH)
    sweep_strays(services, clock.now())
    assert list(services.storage.list("evidence")) == kept
    assert len(kept) == 1


def test_what_was_typed_stays_when_something_is_missing(
    client: FlaskClient, verifying: Sealed, clock: SteppedClock
) -> None:
    clock.move_to(OPENS)
    answer = client.post("/verification/objection", data=form(verifying, evidence="", contact="전화"))
    assert answer.status_code == 422
    assert "이미 상을 받은 사진" in answer.text
    assert "고발인" in answer.text


def test_early_and_late_are_said_in_words(
    client: FlaskClient, verifying: Sealed, clock: SteppedClock
) -> None:
    assert "아직 공개검증 기간이 아닙니다" in page(client, "/verification/objection")
    send(client, "/verification/objection", 409, **form(verifying))
    clock.move_to(CLOSES)
    assert "제보로 보관" in page(client, "/verification/objection")
    send(client, "/verification/objection", **form(verifying))
    assert "제보로 보관했습니다" in page(client, "/objection/status")


def test_private_links_show_a_robot_nothing(
    app: Flask, client: FlaskClient, services: Services, verifying: Sealed, clock: SteppedClock
) -> None:
    clock.move_to(OPENS)
    send(client, "/verification/objection", **form(verifying))
    with services.database.read() as session:
        case = session.scalars(select(Objection)).one()
        link = services.registry.links["objection"](services, session, case.id)
    fresh = app.test_client()
    assert link is not None
    assert "이의-2024" not in page(fresh, link)
    assert fresh.get("/objection/status").status_code == 302
    send(fresh, link)
    assert "이의-2024-02-001" in page(fresh, "/objection/status")
    assert fresh.get("/objection/forged").status_code == 404


def test_a_case_goes_from_report_to_succession_in_the_browser(
    services: Services, verifying: Sealed, clock: SteppedClock, login_as: Any, app: Flask
) -> None:
    client = app.test_client()
    clock.move_to(OPENS)
    send(client, "/verification/objection", **form(verifying))
    staff, approver = login_as(Role.OPERATOR), login_as(Role.APPROVER)
    with services.database.read() as session:
        case = session.scalars(select(Objection.id)).one()
    at = f"/staff/cases/{case}"
    for browser in (staff, approver):
        shown = page(browser, at)
        assert "고*인" in shown
        assert "고발인" not in shown
        assert "7777" not in shown
    send(staff, f"{at}/take")
    assert "+821055557777" in send(staff, f"{at}/identity", 200, reason="objection")
    send(staff, f"{at}/act", act="investigate")
    send(staff, f"{at}/statement", question="상을 받은 적이 있나요?", due="2024-09-24T18:00")
    with services.database.read() as session:
        submission = session.execute(
            text("SELECT submission_id FROM entry WHERE id = :id"), {"id": verifying.entries[0]}
        ).scalar_one()
        assert len(session.scalars(select(Statement.id)).all()) == 1
        link = services.registry.links["statement"](services, session, submission)
    assert link is not None
    entrant = app.test_client()
    assert "상을 받은 적이" not in page(entrant, link)
    send(entrant, link)
    shown = page(entrant, "/statement")
    assert "상을 받은 적이 있나요?" in shown
    assert "고발인" not in shown
    assert "고*인" not in shown
    send(entrant, "/statement", answer="네, 받았습니다.")
    assert "네, 받았습니다." in page(staff, at)
    send(staff, f"{at}/act", act="resume")
    preview = send(staff, f"{at}/ruling", 200, outcome="exclude", reason="수상 이력이 확인됨")
    assert "전 3,000,000원" in preview
    digest = re.search(r'name="shown" value="([0-9a-f]{64})"', preview)
    assert digest is not None
    send(
        staff, f"{at}/ruling", outcome="exclude", reason="수상 이력이 확인됨", act="propose", shown=digest[1]
    )
    assert "이대로 결정" not in page(staff, at)
    send(staff, f"{at}/confirm", 403)
    assert "이대로 결정" in page(approver, at)
    send(approver, f"{at}/confirm")
    with services.database.read() as session:
        held = get_edition(session, verifying.edition_id)
        assert [a.entry for a in holding(session, held).awards] == list(verifying.entries[1:26])
        assert allocation_differences(session, held) == []
    assert client.get(f"/verification/{verifying.numbers[0]}").status_code == 404
    assert "수상 제외" in page(client, "/objection/status")


def test_an_exclusion_is_previewed_proposed_and_confirmed_by_two(
    verifying: Sealed, login_as: Any, services: Services
) -> None:
    staff, approver = login_as(Role.OPERATOR), login_as(Role.APPROVER)
    data = {"number": verifying.numbers[2], "ground": "declined", "reason": "수상을 포기하심"}
    preview = send(staff, "/staff/results/exclusions/new", 200, **data, act="preview")
    digest = re.search(r'name="shown" value="([0-9a-f]{64})"', preview)
    assert digest is not None
    where = send(staff, "/staff/results/exclusions/new", **data, act="propose", shown=digest[1])
    assert "이 결과로 확정" not in page(staff, where)
    send(staff, f"{where}/confirm", 403)
    send(approver, f"{where}/confirm")
    assert verifying.numbers[2] in page(login_as(Role.AUDITOR), "/staff/results/exclusions")
    again = {**data, "act": "propose", "shown": digest[1]}
    assert "예비순위에 없는 출품작" in send(staff, "/staff/results/exclusions/new", 404, **again)


def test_a_report_by_telephone_is_entered_by_staff(
    services: Services, verifying: Sealed, clock: SteppedClock, login_as: Any
) -> None:
    clock.move_to(OPENS)
    staff = login_as(Role.OPERATOR)
    assert "전화로 받은 이의" in page(staff, "/staff/cases/new")
    send(staff, "/staff/cases/new", 422, **form(verifying, number="2024-02-9999-1"))
    where = send(staff, "/staff/cases/new", **form(verifying, evidence=""))
    shown = page(staff, where)
    assert "이의-2024-02-001" in shown
    assert "확인번호" in shown
    assert "이의-2024-02-001" in page(staff, "/staff/cases")
    assert "결정되지 않은 사건 1건" in page(staff, "/staff")


def test_evidence_is_only_ever_downloaded(
    client: FlaskClient, services: Services, verifying: Sealed, clock: SteppedClock, login_as: Any
) -> None:
    clock.move_to(OPENS)
    client.post(
        "/verification/objection", data=form(verifying) | {"files": [(io.BytesIO(b"<script>"), "a.html")]}
    )
    with services.database.read() as session:
        case, file = session.execute(text("SELECT objection_id, id FROM objection_file")).one()
    answer = login_as(Role.OPERATOR).get(f"/staff/cases/{case}/files/{file}")
    assert (answer.data, answer.mimetype) == (b"<script>", "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert login_as(Role.AUDITOR).get(f"/staff/cases/{case}/files/{file}").status_code == 403


def queries(services: Services, browser: FlaskClient, path: str) -> int:
    counted: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            counted.append(statement)

    event.listen(services.database.engine, "before_cursor_execute", count)
    page(browser, path)
    event.remove(services.database.engine, "before_cursor_execute", count)
    return len(counted)


def test_pages_ask_a_fixed_number_of_times_whatever_they_list(
    app: Flask, edition: Edition, operator: Actor, clock: SteppedClock, login_as: Any
) -> None:
    services, client = app.extensions["contest"], app.test_client()
    few = seal_judging(services, edition, works=1)
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=services.clock.now())
    with services.database.write() as uow:
        move_stage(
            uow, services.registry, edition.id, Stage.VERIFICATION, actor=operator, now=services.clock.now()
        )
    clock.move_to(OPENS)
    staff = login_as(Role.OPERATOR)
    send(client, "/verification/objection", **form(few))
    paths = ["/staff/results", "/staff/cases", "/verification"]
    once = [
        queries(services, browser, path)
        for browser, path in ((staff, paths[0]), (staff, paths[1]), (client, paths[2]))
    ]
    with services.database.write() as uow:
        for table in ("award", "reserve", "allocation"):
            uow.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608  names of our own
        uow.session.execute(text("UPDATE edition SET stage = 'judging'"))
    more(services, edition, few)
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=operator, now=services.clock.now())
        get_edition(uow.session, edition.id).stage = Stage.VERIFICATION
    for n in range(2, 5):
        send(client, "/verification/objection", **form(few, submit_key=f"form-{n}"))
    assert [
        queries(services, browser, path)
        for browser, path in ((staff, paths[0]), (staff, paths[1]), (client, paths[2]))
    ] == once


MORE = (
    """INSERT INTO submission (id, edition_id, state, receipt_number, link_epoch, locale, age_band, person_key, step,
       created_at, updated_at, submitted_at) SELECT :s, edition_id, state, :r, 1, 'ko', age_band, :s, step, created_at,
       updated_at, submitted_at FROM submission LIMIT 1""",
    """INSERT INTO entry (id, edition_id, submission_id, ordinal, entry_number, state, screened_title, screened_at,
       created_at, updated_at) SELECT :e, edition_id, :s, 1, :n, state, 'x', screened_at, created_at, updated_at
       FROM entry LIMIT 1""",
    "INSERT INTO round_entry (round_id, entry_id, common_number) VALUES (:d, :e, :c)",
    """INSERT INTO standing (round_id, entry_id, rank, mean, printed, detail)
       SELECT :d, :e, :k, '50', '50.00', detail FROM standing LIMIT 1""",
)


def more(services: Services, edition: Edition, few: Sealed) -> None:
    """Twenty-nine more works in the same sealed round."""
    with services.database.write() as uow:
        for n in range(29):
            for statement in MORE:
                values = {
                    "s": f"s{n}", "e": f"e{n}", "r": f"2024-02-1{n:03d}", "n": f"2024-02-1{n:03d}-1", "d": few.round_id, "c": f"9{n:03d}", "k": n + 2,
                }  # fmt: skip
                used = {name: value for name, value in values.items() if f":{name}" in statement}
                uow.session.execute(text(statement), used)


def test_the_command_computes_the_prizes_again(app: Flask, services: Services, verifying: Sealed) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["verify-allocation"]).exit_code == 0
    assert runner.invoke(args=["verify-allocation", "2024-2"]).exit_code == 0
    assert runner.invoke(args=["verify-allocation", "1999-1"]).exit_code == 1
    with services.database.write() as uow:
        uow.session.execute(
            text("UPDATE award SET entry_id = :e WHERE slot_ordinal = 25"), {"e": verifying.entries[33]}
        )
    assert runner.invoke(args=["verify-allocation"]).exit_code == 1


def test_a_receipt_leads_to_the_statement_it_is_asked_for(
    app: Flask, services: Services, verifying: Sealed, clock: SteppedClock, login_as: Any
) -> None:
    clock.move_to(OPENS)
    send(app.test_client(), "/verification/objection", **form(verifying))
    staff = login_as(Role.OPERATOR)
    with services.database.read() as session:
        case = session.scalars(select(Objection.id)).one()
        submission = session.execute(
            text("SELECT submission_id FROM entry WHERE id = :id"), {"id": verifying.entries[0]}
        ).scalar_one()
    send(staff, f"/staff/cases/{case}/act", act="investigate")
    send(staff, f"/staff/cases/{case}/statement", question="원본이 있나요?", due="2024-09-24T18:00")
    section = next(one for one in services.registry.receipt_sections if "statements" in one.template)
    with services.database.read() as session:
        shown = section.load(session, submission, services.clock.now())
    with app.test_request_context("/"):
        body = app.jinja_env.get_template(section.template).render(shown=shown)
    assert "/statement/" in body
    assert "소명 요청" in body
    assert "고발인" not in body


def test_a_form_left_open_shows_nobody_the_case_of_another(
    app: Flask, services: Services, verifying: Sealed, clock: SteppedClock
) -> None:
    clock.move_to(OPENS)
    kiosk = app.test_client()
    send(kiosk, "/verification/objection", **form(verifying))
    first = page(kiosk, "/objection/status")
    other = form(verifying, name="다른이", facts="전혀 다른 이야기")
    send(kiosk, "/verification/objection", **other)
    second = page(kiosk, "/objection/status")
    assert "이의-2024-02-001" in first
    assert "이의-2024-02-001" not in second
    assert "이의-2024-02-002" in second
