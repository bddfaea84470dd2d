"""A judge comes in by link and PIN, signs, scores with and without script, and signs off; staff see counts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from factories.panels import (
    Jury,
    make_panel,
    make_works,
    name_of,
    open_judging,
    score_work,
    sign_everything,
    works_of,
)
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from contest.domain.actors import Actor, Role
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from judging.domain.pledges import text_digest
from judging.models.round import Completion
from judging.operations.panel import invite_judge, reissue_link
from judging.operations.pledge import step_back
from judging.queries.blind import blind_entry, seat_of
from judging.queries.panel import members
from judging.queries.standings import standings, unresolved

pytestmark = pytest.mark.any_database

LoginAs = Callable[..., FlaskClient]


def token_of(page: TestResponse) -> str:
    """The CSRF token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, page.text[:2000]
    return found[1]


def post(client: FlaskClient, page: str, to: str = "", **fields: str) -> TestResponse:
    """Fill in the form of a page and send it."""
    return client.post(to or page, data={"csrf_token": token_of(client.get(page)), **fields})


def listed_in(browser: FlaskClient, question: str = "") -> list[str]:
    """The works of the contact sheet, in the order shown."""
    return re.findall(r'<li[^>]*><a href="/desk/work/([a-z0-9]+)[?"]', browser.get("/desk" + question).text)


@pytest.fixture
def link(services: Services, edition: Edition, make_account: Callable[..., Actor]) -> str:
    """The path of an invited judge's link."""
    operator = make_account(Role.OPERATOR)
    (judge,) = make_panel(services, edition.id, operator, 1)
    with services.database.write() as uow:
        judge_id = seat_of(uow.session, judge.id).judge_id
        return "/judge/" + invite_judge(uow, judge_id, actor=operator, now=services.clock.now())


def test_opening_the_link_shows_a_button_and_no_name_and_uses_nothing_up(
    client: FlaskClient, link: str
) -> None:
    first, second = client.get(link), client.get(link)
    assert (first.status_code, second.status_code) == (200, 200)
    assert "심사가" not in first.text
    assert "들어가기" in first.text
    assert client.get(link + "x").status_code == 404
    assert "초대받은 링크를 열어 주세요" in client.get("/judge/pin").text
    assert client.get("/desk").headers["Location"] == "/judge/pin"


def test_the_first_visit_sets_a_pin_and_later_ones_ask_for_it(
    app: Flask, client: FlaskClient, link: str
) -> None:
    assert post(client, link).headers["Location"] == "/judge/pin"
    for pin, again, sentence in (
        ("12345", "12345", "6자리"),
        ("123456", "123456", "누구나 맞힐 수 있는"),
        ("48215a", "48215a", "숫자로만"),
        ("482157", "482158", "서로 다릅니다"),
    ):
        refused = post(client, "/judge/pin", pin=pin, again=again)
        assert (refused.status_code, sentence in refused.text) == (422, True)
    assert post(client, "/judge/pin", pin="482 157", again="482157").headers["Location"] == "/desk"
    other = app.test_client()
    post(other, link)
    wrong = post(other, "/judge/pin", pin="482158")
    assert (wrong.status_code, "맞지 않습니다" in wrong.text) == (422, True)
    assert post(other, "/judge/pin", pin="482157").headers["Location"] == "/desk"
    assert other.get("/desk").headers["Location"] == "/desk/pledges"


def test_guessing_the_pin_is_slowed_down(client: FlaskClient, link: str) -> None:
    post(client, link)
    post(client, "/judge/pin", pin="482157", again="482157")
    client.post("/desk/leave", data={"csrf_token": token_of(client.get("/desk/pledges"))})
    post(client, link)
    answers = [post(client, "/judge/pin", pin=f"10000{n}").status_code for n in range(9)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_a_new_link_ends_the_old_one_the_pin_and_the_session(
    app: Flask, services: Services, client: FlaskClient, link: str, login_as: LoginAs
) -> None:
    post(client, link)
    post(client, "/judge/pin", pin="482157", again="482157")
    staff = login_as(Role.OPERATOR)
    seat = re.search(r"/staff/panel/([a-z0-9]{26})\"", staff.get("/staff/panel").text)
    assert seat
    page = f"/staff/panel/{seat[1]}/reissue"
    fresh = re.search(r"http://localhost(/judge/[^<\s]+)", post(staff, page).text)
    assert fresh
    assert client.get(link).status_code == 404
    assert client.get("/desk").headers["Location"] == "/judge/pin"
    assert client.get("/judge/pin").status_code == 404
    visitor = app.test_client()
    post(visitor, fresh[1])
    assert "비밀번호 정하기" in visitor.get("/judge/pin").text


def test_a_judge_sees_each_time_somebody_else_could_have_sat_down(
    app: Flask,
    services: Services,
    edition: Edition,
    clock: SteppedClock,
    *,
    make_account: Callable[..., Actor],
    login_as: LoginAs,
) -> None:
    operator = make_account(Role.OPERATOR)
    make_works(services, edition.id, 2)
    (judge,) = make_panel(services, edition.id, operator, 1)
    with services.database.write() as uow:
        seat = seat_of(uow.session, judge.id).judge_id
        links = ["/judge/" + invite_judge(uow, seat, actor=operator, now=clock.now())]
        links.append("/judge/" + reissue_link(uow, seat, actor=operator, now=clock.now()))
    sign_everything(services, [judge])
    open_judging(services, clock, edition, operator)
    first = app.test_client()
    post(first, links[-1])
    post(first, "/judge/pin", pin="482157", again="482157")
    for page in ("/desk", "/desk/finish"):
        assert "링크를 새로 만든 일이" not in first.get(page).text, "nobody had entered before"
    assert "링크를 새로 만든 일이" not in first.get("/fairness").text

    with services.database.write() as uow:
        fresh = "/judge/" + reissue_link(uow, seat, actor=operator, now=clock.now())
    again = app.test_client()
    post(again, fresh)
    post(again, "/judge/pin", pin="482157", again="482157")
    for page in ("/desk", "/desk/finish"):
        shown = again.get(page).text
        assert "링크를 새로 만든 일이 1번" in shown
        assert "2024. 9. 5." in shown
    assert "링크를 새로 만든 일이 1번" in app.test_client().get("/fairness").text


def test_a_demonstration_enters_a_judge_with_one_click(client: FlaskClient, link: str) -> None:
    page = client.get("/sign-in")
    button = re.search(r"/judge/demonstration/[a-z0-9]+", page.text)
    assert button
    assert post(client, "/sign-in", button[0]).headers["Location"] == "/desk"


def test_signing_refuses_another_name_and_keeps_what_was_written(
    services: Services, edition: Edition, make_account: Callable[..., Actor], login_as: LoginAs
) -> None:
    (judge,) = make_panel(services, edition.id, make_account(Role.OPERATOR), 1)
    browser = login_as(judge)
    good = {"signed_integrity": "심사가", "signed_secrecy": "심 사 가", "signed_interests": "심사가"}
    assert post(browser, "/desk/pledges", **good).status_code == 422
    wrong = post(
        browser, "/desk/pledges", **{**good, "signed_secrecy": "홍길동"}, knows="yes", declared="제자 한 명"
    )
    assert (wrong.status_code, "위촉된 성명과 다릅니다" in wrong.text, "제자 한 명" in wrong.text) == (
        422,
        True,
        True,
    )
    assert (
        post(browser, "/desk/pledges", **good, knows="yes", declared="제자 한 명").headers["Location"]
        == "/desk"
    )
    assert "서약을 마치셨습니다" in browser.get("/desk").text
    with services.database.read() as session:
        (one,) = members(session, edition.id)
    assert one.has_pledged
    assert "제자 한 명" in (one.interests or "")


def test_a_press_is_answered_with_its_time_and_a_repeat_changes_nothing(
    services: Services, jury: Jury, login_as: LoginAs
) -> None:
    judge = jury.judges[0]
    browser, work = login_as(judge), works_of(services, judge)[0]
    token = token_of(browser.get(f"/desk/work/{work}"))
    body = {"id": "b7f0", "criterion": "theme", "level": 4, "at": "2024-09-05T00:00:00Z"}
    answers = [
        browser.put(
            f"/desk/work/{work}/score",
            json=body,
            headers={"X-CSRFToken": token, "Accept": "application/json"},
        )
        for _ in range(2)
    ]
    assert answers[0].json == answers[1].json
    assert answers[0].json == {
        "saved_at": "2024-09-05T00:00:00+00:00", "levels": {"theme": 4},
    }  # fmt: skip
    refused = browser.put(
        f"/desk/work/{work}/score", json={**body, "id": "b7f1", "level": 9},
        headers={"X-CSRFToken": token, "Accept": "application/json"},
    )  # fmt: skip
    assert (refused.status_code, refused.json["message"]) == (
        422,
        "점수는 1부터 5까지입니다. 다시 골라 주세요.",
    )
    bare = browser.put(f"/desk/work/{work}/score", json=body)
    assert bare.status_code == 400
    note = browser.put(
        f"/desk/work/{work}/score", json={"id": "n1", "note": "빛이 좋다"}, headers={"X-CSRFToken": token}
    )
    assert note.status_code == 200
    marks = [
        browser.put(
            f"/desk/work/{work}/score", json={"id": "f", "flagged": on}, headers={"X-CSRFToken": token}
        )
        for on in (True, True, "yes")
    ]
    assert [mark.status_code for mark in marks] == [200, 200, 400]
    with services.database.read() as session:
        entry = blind_entry(session, seat_of(session, judge.id), work)
    assert (entry.note, entry.flagged) == ("빛이 좋다", True)


def test_the_desk_works_without_script(services: Services, jury: Jury, login_as: LoginAs) -> None:
    judge = jury.judges[0]
    browser, works = login_as(judge), works_of(services, judge)
    for number, work in enumerate(works, start=1):
        page = f"/desk/work/{work}"
        answer = post(
            browser, page, level_theme="3", level_creativity="4", level_artistry="2", level_usability=str(number),
            note="메모", go="next",
        )  # fmt: skip
        following = works[number] if number < len(works) else None
        assert answer.headers["Location"] == (f"/desk/work/{following}" if following else "/desk")
    assert "3점 / 모두 3점" in browser.get("/desk").text
    assert "모든 작품을 매기셨습니다" in browser.get("/desk?show=unscored").text
    marked = post(browser, f"/desk/work/{works[0]}", flagged="yes", note="다시 볼 것")
    assert marked.headers["Location"] == f"/desk/work/{works[0]}"
    assert (listed_in(browser, "?show=flagged"), listed_in(browser, "?show=noted")) == (works[:1], works)
    post(browser, f"/desk/work/{works[1]}", note="")
    assert listed_in(browser, "?show=noted") == [works[0], works[2]]
    assert listed_in(browser, "?sort=score") == [works[2], works[1], works[0]]
    post(browser, f"/desk/work/{works[0]}", flagged="no")
    assert "표시한 작품이 없습니다" in browser.get("/desk?show=flagged").text
    preview = browser.get("/desk/finish")
    assert "내 점수의 분포" in preview.text
    assert post(browser, "/desk/finish", signed_name="다른이").status_code == 422
    assert post(browser, "/desk/finish", signed_name=name_of(jury.judges, judge)).status_code == 303
    with services.database.read() as session:
        signed = session.scalars(select(Completion)).one()
    assert signed.text is not None
    assert signed.text.startswith(
        "본인은 제2회 『찰칵! 렌즈로 만나는 금천』 사진 공모전 본심에서 맡은 작품을"
    )
    assert signed.text_digest == text_digest(signed.text)
    for shown in (preview.text, browser.get("/desk/finish").text):
        assert signed.text in shown
    assert "심사를 마치셨습니다" in browser.get("/desk/finish").text
    sealed = browser.get(f"/desk/work/{works[0]}")
    assert (sealed.status_code, "data-put-url" in sealed.text) == (200, False)


def test_stepping_back_asks_first_and_then_the_work_is_gone(
    services: Services, jury: Jury, login_as: LoginAs
) -> None:
    judge = jury.judges[0]
    browser, works = login_as(judge), works_of(services, judge)
    page = f"/desk/work/{works[1]}/step-back"
    assert "회피하시겠습니까" in browser.get(page).text
    assert post(browser, page).status_code == 422
    assert post(browser, page, reason="interest", words="제자").status_code == 303
    assert browser.get(f"/desk/work/{works[1]}").status_code == 404
    listed = browser.get("/desk").text
    assert (listed.count("/desk/thumb/"), "모두 2점" in listed) == (2, True)


def test_pictures_answer_to_the_judges_own_names_alone(
    services: Services, jury: Jury, login_as: LoginAs
) -> None:
    first, second = (login_as(judge) for judge in jury.judges[:2])
    with services.database.read() as session:
        seats = [seat_of(session, judge.id) for judge in jury.judges[:2]]
        own = blind_entry(session, seats[0], works_of(services, jury.judges[0])[0])
    answer = first.get(f"/desk/image/{own.image_token}")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xff\xd8")
    assert answer.headers["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert "Last-Modified" not in answer.headers
    assert second.get(f"/desk/image/{own.image_token}").status_code == 404
    zoomed = first.get(f"/desk/zoom/{own.zoom_token}")
    assert (zoomed.status_code, zoomed.data) == (200, answer.data)
    again = first.get(f"/desk/image/{own.image_token}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    with services.database.write() as uow:
        step_back(uow, own.work_id, "known", "", actor=jury.judges[0], now=services.clock.now())
    assert first.get(f"/desk/image/{own.image_token}").status_code == 404


def test_works_side_by_side_are_the_judges_own_and_two_to_four(
    services: Services, jury: Jury, login_as: LoginAs
) -> None:
    judge, other = jury.judges[:2]
    browser, works, theirs = login_as(judge), works_of(services, judge), works_of(services, other)

    def shown(*asked: str) -> tuple[int, list[str]]:
        answer = browser.get("/desk/compare?" + "&".join(f"work={work}" for work in asked))
        return answer.status_code, re.findall(r'<figcaption><a href="/desk/work/([a-z0-9]+)"', answer.text)

    asked: list[str] = []
    event.listen(
        services.database.engine, "before_cursor_execute", lambda *facts: asked.append(str(facts[2]))
    )
    counts = []
    for some in (works[:2], works):
        asked.clear()
        assert shown(*some) == (200, some)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert shown(works[2], works[0], works[2]) == (200, [works[2], works[0]])
    assert shown(works[0]) == (422, [])
    assert shown(*works, "a", "b") == (422, [])
    with services.database.write() as uow:
        step_back(uow, works[1], "known", "", actor=judge, now=services.clock.now())
    hidden = [shown(works[0], works[2], missing) for missing in (works[1], theirs[0], "nothing")]
    assert hidden == [(200, [works[0], works[2]])] * 3


def test_a_judges_keys_follow_the_judge_and_can_be_had_back(
    services: Services, jury: Jury, login_as: LoginAs
) -> None:
    browser, elsewhere = (login_as(jury.judges[0]) for _ in range(2))
    work, theirs = (f"/desk/work/{works_of(services, judge)[0]}" for judge in jury.judges[:2])

    def held(client: FlaskClient, page: str = work) -> dict[str, str]:
        found = re.search(r"data-keys='([^']*)'", client.get(page).text)
        assert found
        return json.loads(found[1])

    usual = held(browser)
    refused = post(browser, "/desk/keys", on="yes", key_flag="z", key_zoom="Z")
    assert (refused.status_code, "모두 Z 글쇠입니다" in refused.text, held(browser)) == (422, True, usual)
    assert post(browser, "/desk/keys", on="yes", key_flag="Q", key_zoom="").status_code == 303
    assert held(elsewhere) == {"q": "flag"} | {
        k: act for k, act in usual.items() if act not in {"flag", "zoom"}
    }
    assert held(login_as(jury.judges[1]), theirs) == usual
    assert post(browser, "/desk/keys", key_flag="Q").status_code == 303
    assert held(elsewhere) == {}
    assert post(browser, "/desk/keys", reset="yes").status_code == 303
    assert held(elsewhere) == usual


def test_an_unknown_question_is_refused_not_ignored(jury: Jury, login_as: LoginAs) -> None:
    browser = login_as(jury.judges[0])
    for address in (
        "/desk?sort=name",
        "/desk?show=winners",
        "/desk?page=0",
        "/desk?page=x",
        "/desk/finish?by=score",
    ):
        assert browser.get(address).status_code == 400


def test_staff_pages_say_the_same_whatever_was_scored(
    app: Flask, services: Services, jury: Jury, login_as: LoginAs
) -> None:
    judge = jury.judges[0]
    browsers = [login_as(role) for role in (Role.OPERATOR, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR)]
    works = works_of(services, judge)
    seen: list[list[str]] = []
    for round_number, levels in enumerate(((1, 1, 1, 1), (5, 4, 5, 3))):
        score_work(services, judge, works[0], levels, key=f"turn{round_number}")
        seen.append(
            [
                re.sub(r'value="[^"]{40,}"', "", browser.get(page).text)
                for browser in browsers
                for page in ("/staff/judging", "/staff/panel")
            ]
        )
    assert seen[0] == seen[1]
    assert "다 매김" in seen[0][0]


def test_two_people_release_a_judge_and_the_office_closes(
    services: Services, jury: Jury, login_as: LoginAs
) -> None:
    for judge in jury.judges[:4]:
        for work in works_of(services, judge):
            score_work(services, judge, work, (3, 3, 3, 3))
        post(login_as(judge), "/desk/finish", signed_name=name_of(jury.judges, judge))
    operator, approver = login_as(jury.operator), login_as(jury.approver)
    assert "5번째" not in operator.get("/staff/judging/close").text
    assert post(operator, "/staff/judging", "/staff/judging/close").status_code == 409
    with services.database.read() as session:
        last = seat_of(session, jury.judges[4].id).judge_id
    seat = f"/staff/panel/{last}"
    assert post(operator, seat, f"{seat}/release").status_code == 422
    assert post(operator, seat, f"{seat}/release", reason="입원").status_code == 303
    assert post(operator, seat, f"{seat}/release/confirm").status_code == 403
    assert post(approver, seat, f"{seat}/release/confirm").status_code == 303
    preview = operator.get("/staff/judging/close")
    assert "위원 점수를 평균하여" in preview.text
    assert post(operator, "/staff/judging/close").status_code == 303
    assert "봉인값" in operator.get("/staff/judging").text


def test_the_chair_orders_a_tie_under_common_numbers(
    services: Services, jury: Jury, login_as: LoginAs
) -> None:
    for judge in jury.judges:
        for work in works_of(services, judge):
            score_work(services, judge, work, (3, 3, 3, 3))
        post(login_as(judge), "/desk/finish", signed_name=name_of(jury.judges, judge))
    operator, chair = login_as(jury.operator), login_as(jury.judges[0])
    assert "정하실 동점이 없습니다" in chair.get("/desk/ties").text
    assert login_as(jury.judges[1]).get("/desk/ties").status_code == 404
    assert post(operator, "/staff/judging/close").status_code == 303
    asked = post(operator, "/staff/judging", "/staff/judging/ask-chair", number=["001", "002", "003"])  # type: ignore[arg-type]  # a list sends the field thrice
    assert asked.status_code == 303
    page = chair.get("/desk/ties").text
    assert "심사번호 001, 002, 003" in page
    assert "60.00" not in page
    wrong = post(chair, "/desk/ties", place_001="1", place_002="1", place_003="2", reason="구도")
    assert (wrong.status_code, "서로 다른 순서" in wrong.text) == (422, True)
    right = post(chair, "/desk/ties", place_001="3", place_002="1", place_003="2", reason="구도")
    assert right.status_code == 303
    with services.database.read() as session:
        places = standings(session, jury.edition_id)
    assert ([place.common_number for place in places], unresolved(places)) == (["002", "003", "001"], [])


def test_the_panel_page_appoints_bars_and_tells_every_blocker(
    services: Services,
    edition: Edition,
    clock: SteppedClock,
    login_as: LoginAs,
    make_account: Callable[..., Actor],
) -> None:
    operator = make_account(Role.OPERATOR)
    browser = login_as(operator)
    assert "위촉한 심사위원이 없습니다" in browser.get("/staff/panel").text
    page = "/staff/panel/appoint"
    assert post(browser, page, name="김심사").status_code == 422
    refused = post(browser, page, name="김심사", is_external="yes", phone="12")
    assert (refused.status_code, "김심사" in refused.text) == (422, True)
    made = post(
        browser, page, name="김심사", is_external="yes", phone="010-1234-5678", affiliation="사진학과"
    )
    assert made.status_code == 303
    seat = made.headers["Location"]
    assert post(browser, seat, f"{seat}/chair").status_code == 303
    assert "위원장" in browser.get("/staff/panel").text
    entries = make_works(services, edition.id, 2)
    open_judging(services, clock, edition, operator)
    browser = login_as(operator)
    assert (
        post(browser, seat, f"{seat}/bar", entry_number="엉뚱", kind="exclusion", why="가족").status_code
        == 422
    )
    barred = post(browser, seat, f"{seat}/bar", entry_number="2024-02-0001-1", kind="exclusion", why="가족")
    assert barred.status_code == 303
    assert "제척" in browser.get("/staff/panel").text
    lifted = post(browser, seat, f"{seat}/lift/{entries[0]}", reason="잘못 넣음")
    assert lifted.status_code == 303
    shown = post(browser, seat, f"{seat}/invite")
    assert "http://localhost/judge/" in shown.text
    auditor = login_as(Role.AUDITOR).get(seat).text
    assert "010" not in auditor.replace("office", "")


@pytest.mark.parametrize("level", ["²", "9" * 5000, "-1", "1.5"])
def test_a_level_that_is_no_number_breaks_nothing(
    app: Flask, services: Services, jury: Jury, login_as: LoginAs, level: str
) -> None:
    judge = jury.judges[0]
    with services.database.read() as session:
        work = works_of(services, judge)[0]
        seat = seat_of(session, judge.id)
    assert seat.rule is not None
    name = f"level_{seat.rule.rubric.criteria[0].code}"
    answer = post(login_as(judge), f"/desk/work/{work}", **{name: level})
    assert answer.status_code in {303, 422}
    with services.database.read() as session:
        assert blind_entry(session, seat, work).levels == {}
