"""Text size and colours are kept without a session and never lead off the site."""

import pytest
from flask.testing import FlaskClient

pytestmark = pytest.mark.any_database


def test_choice_is_kept_in_one_cookie_and_joined_with_the_earlier_one(client: FlaskClient) -> None:
    first = client.get("/display?size=130&next=/en/call?page=2")
    assert (first.status_code, first.location) == (303, "/en/call?page=2")
    client.get("/display?mode=high-contrast")
    cookie = client.get_cookie("display")
    assert cookie is not None
    assert cookie.value == "high-contrast.130"
    assert client.get_cookie("session") is None


def test_unknown_values_change_nothing_and_foreign_addresses_are_not_followed(client: FlaskClient) -> None:
    answer = client.get("/display?size=9000&mode=pink&next=//elsewhere.example/")
    assert answer.location == "/"
    cookie = client.get_cookie("display")
    assert cookie is not None
    assert cookie.value == "auto.100"
