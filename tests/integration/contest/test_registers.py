"""Holidays and photo spots: kept by staff, with what they touch."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.domain.actors import Role
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.queries.registers import list_spots

pytestmark = pytest.mark.any_database

LoginAs = Callable[..., FlaskClient]


@pytest.fixture
def operator(login_as: LoginAs, edition: Edition) -> FlaskClient:
    return login_as(Role.OPERATOR)


def press(browser: FlaskClient, address: str, data: dict[str, Any]) -> Any:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/staff").text)
    assert found is not None
    return browser.post(address, data={**data, "csrf_token": found[1]})


def test_a_holiday_declared_late_says_which_dates_it_touches(operator: FlaskClient) -> None:
    assert "국군의 날" not in operator.get("/staff/holidays").text
    answer = press(operator, "/staff/holidays", {"day": "2024-10-01", "name": "국군의 날"})
    assert answer.status_code == 303
    row = re.search(
        r"<tr><th[^>]*>2024\. 10\. 1\.\(화\).*?</tr>", operator.get("/staff/holidays").text, re.DOTALL
    )
    assert row is not None
    assert "결과 발표" in row[0]
    again = press(operator, "/staff/holidays", {"day": "2024-10-01", "name": "국군의 날"})
    assert again.status_code == 409
    assert "이미 공휴일로 올라" in again.text
    press(operator, "/staff/holidays/2024-10-01/remove", {})
    assert "국군의 날" not in operator.get("/staff/holidays").text


@pytest.mark.parametrize(("day", "name"), [("시월 초하루", "국군의 날"), ("2024-10-01", " ")])
def test_a_holiday_needs_a_day_and_a_name(operator: FlaskClient, day: str, name: str) -> None:
    answer = press(operator, "/staff/holidays", {"day": day, "name": name})
    assert answer.status_code == 422
    assert f'value="{day}"' in answer.text


SPOT = {
    "name": "독산 하늘길",
    "latitude": "37.4684",
    "longitude": "126.9085",
    "note": "야경",
    "published": "y",
}


def test_a_spot_is_added_changed_hidden_and_exported(operator: FlaskClient, services: Services) -> None:
    assert press(operator, "/staff/spots/new", SPOT).status_code == 303
    with services.database.read() as session:
        spot = list_spots(session)[-1]
    assert (spot.name, spot.dong, spot.published) == ("독산 하늘길", "독산4동", True)
    press(operator, f"/staff/spots/{spot.id}", {**SPOT, "name_en": "Doksan Sky Path"})
    press(operator, f"/staff/spots/{spot.id}/visibility", {"published": "no"})
    with services.database.read() as session:
        spot = list_spots(session)[-1]
    assert (spot.name_en, spot.published) == ("Doksan Sky Path", False)
    lines = operator.get("/staff/spots.csv").data.decode("utf-8-sig").splitlines()
    assert lines[-1] == f"{len(lines) - 1},독산 하늘길,Doksan Sky Path,,독산4동,37.4684,126.9085,야경,아니오"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "명소의 이름을 적어 주세요"),
        ({"latitude": "북위"}, "지도에서 자리를 누르거나"),
        ({"latitude": "35.1"}, "너무 먼 자리"),
        ({"latitude": "nan"}, "너무 먼 자리"),
        ({"name": "가" * 81}, "80자까지"),
    ],
)
def test_a_spot_that_cannot_be_is_refused_and_kept_on_the_page(
    operator: FlaskClient, change: dict[str, str], words: str
) -> None:
    answer = press(operator, "/staff/spots/new", {**SPOT, **change})
    assert answer.status_code == 422
    assert words in answer.text
    assert "야경" in answer.text
