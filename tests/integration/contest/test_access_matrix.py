"""Every route against every kind of person, as the declared table says; no unsafe route without a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from access_matrix import rows
from access_matrix.audiences import PEOPLE
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from contest.domain.actors import Role
from contest.models.edition import Edition

pytestmark = pytest.mark.any_database

LoginAs = Callable[..., FlaskClient]
SAFE = {"HEAD", "OPTIONS"}


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule with each of its methods; static files are open to all by nature."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            yield from ((rule, method) for method in sorted((rule.methods or set()) - SAFE))


def address(app: Flask, rule: Rule) -> str:
    """An address of a rule that names nothing that exists."""
    values = {
        name: 987654 if "Integer" in type(converter).__name__ else "nothing0here"
        for name, converter in rule._converters.items()
    }
    built = app.url_map.bind("localhost").build(
        rule.endpoint, values, force_external=False, append_unknown=False
    )
    return str(built)


def refused(answer: TestResponse) -> bool:
    """Whether an answer is the guard's: sign in first, or not for you."""
    location = answer.headers.get("Location", "")
    return answer.status_code in {401, 403} or location.split("?")[0].endswith(("/sign-in", "/judge/pin"))


@pytest.fixture
def clients(app: Flask, login_as: LoginAs) -> Callable[[str], FlaskClient]:
    """clients(person) -> a signed-in browser of that kind of person."""

    def make(person: str) -> FlaskClient:
        return app.test_client() if person == "anonymous" else login_as(Role(person))

    return make


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    endpoints = {rule.endpoint for rule, _ in routes(app)}
    missing = sorted(endpoints - set(rows()))
    assert missing == [], (
        f"tests/access_matrix에 행이 없는 경로: {missing}. 누가 볼 수 있는지 한 줄을 더해 주세요."
    )
    assert sorted(set(rows()) - endpoints) == []


def test_every_route_admits_whom_the_table_names_and_nobody_else(
    app: Flask, edition: Edition, clients: Callable[[str], FlaskClient]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # tokens are the next test's matter
    held = {person: clients(person) for person in PEOPLE}
    table, wrong = rows(), []
    for rule, method in routes(app):
        for person in PEOPLE:
            answer = held[person].open(address(app, rule), method=method)
            is_in = person in table.get(rule.endpoint, PEOPLE)
            # Signing in and out is open to all and answers with the very redirect that refusals use.
            if rule.endpoint.startswith("accounts.") and is_in and answer.status_code in {302, 303}:
                held[person] = clients(person)
            elif refused(answer) is is_in or answer.status_code == 500:
                wrong.append((method, rule.rule, person, "in" if is_in else "out", answer.status_code))
            if method != "GET" and answer.status_code < 400:
                held[person] = clients(person)
    assert wrong == []


def test_no_unsafe_route_without_a_token(app: Flask, clients: Callable[[str], FlaskClient]) -> None:
    client = clients("operator")
    wrong = [
        (method, rule.rule, status)
        for rule, method in routes(app)
        if method != "GET" and (status := client.open(address(app, rule), method=method).status_code) != 400
    ]
    assert wrong == []
