"""The call as citizens read it: by the server's clock, from the edition's values, in their language."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient

from contest.infra.clock import KST, SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("path", ["/", "/call", "/en/", "/en/call", "/zh/call"])
def test_before_the_first_edition_pages_say_so(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "empty__title" in answer.text


@pytest.mark.parametrize("path", ["/call/notice", "/call/notice.txt", "/call/application.pdf"])
def test_before_the_first_edition_there_is_no_notice(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_call_shows_every_value_of_the_edition(client: FlaskClient, edition: Edition) -> None:
    page = client.get("/call").text
    for value in (
        "나만 아는 금천의 사진 명소", "2024. 8. 30.(금) 18:00", "3,000픽셀", "20MB", "2023. 7. 1.(토)",
        "3,000,000원", "500,000원", "주제적합성", "30점", "02-2627-1234", "심사위원은 5명이며 그 가운데 4명",
        "긴 변 4,000픽셀",
    ):  # fmt: skip
        assert value in page


def test_texts_stand_in_the_readers_language(client: FlaskClient, edition: Edition) -> None:
    assert "Anyone interested in Geumcheon-gu" in client.get("/en/call").text
    assert "只有我知道的衿川摄影胜地" in client.get("/zh/call").text


def test_the_way_in_follows_the_clock(client: FlaskClient, edition: Edition, clock: SteppedClock) -> None:
    entry = re.compile(r'primary" href="/enter"')
    assert "10일 8시간 남음" in client.get("/call").text
    assert entry.search(client.get("/").text)
    clock.move_to(edition.entry_closes - dt.timedelta(seconds=1))
    assert entry.search(client.get("/call").text)
    clock.move_to(edition.entry_closes)
    for path in ("/", "/call"):
        assert 'href="/enter"' not in client.get(path).text  # neither as a button nor in the menu
    assert "2024. 8. 30.(금) 18:00에 마감했습니다." in client.get("/call").text


def test_the_home_page_says_where_the_contest_stands(
    client: FlaskClient, edition: Edition, clock: SteppedClock
) -> None:
    for moment, words in (
        (edition.entry_closes, "자격검토 중"),
        (edition.judging_opens, "심사 중"),
        (edition.verification_opens, "공개검증 중"),
        (edition.verification_closes, "결과 발표 준비 중"),
    ):
        clock.move_to(moment)
        assert f'<p class="hero__kicker">{words}</p>' in client.get("/").text


def test_the_notice_is_text_to_copy_and_a_file(client: FlaskClient, edition: Edition) -> None:
    page, file = client.get("/call/notice").text, client.get("/call/notice.txt")
    assert "제2024-1182호" in page
    assert "3,000,000원(금삼백만원정)" in page
    assert file.data.startswith("\ufeff".encode())
    assert file.headers["Content-Disposition"] == 'attachment; filename="notice-2024-2.txt"'
    assert "http://localhost/enter" in file.text


def test_the_paper_form_and_the_code(client: FlaskClient, edition: Edition) -> None:
    form = client.get("/call/application.pdf")
    assert (form.status_code, form.mimetype, form.data[:5]) == (200, "application/pdf", b"%PDF-")
    code = client.get("/call/qr.svg")
    assert (code.mimetype, code.text[:4]) == ("image/svg+xml", "<svg")


def test_pages_are_not_kept_beyond_the_next_boundary(
    services: Services, app, edition: Edition, clock: SteppedClock
) -> None:
    held = app.extensions["contest"]
    production = type(held.settings)(**{**vars(held.settings), "mode": "production"})
    app.extensions["contest"] = type(held)(**{**vars(held), "settings": production})
    browser = app.test_client()
    assert browser.get("/call").headers["Cache-Control"] == "public, max-age=60"
    clock.move_to(edition.entry_closes - dt.timedelta(seconds=7))
    assert browser.get("/call").headers["Cache-Control"] == "public, max-age=7"


def test_the_clock_of_the_page_is_the_servers(client: FlaskClient, edition: Edition) -> None:
    page = client.get("/call").text
    stamp = re.search(r'data-server-now="([^"]+)"', page)
    assert stamp is not None
    assert dt.datetime.fromisoformat(stamp[1]) == dt.datetime(2024, 8, 20, 10, tzinfo=KST)
