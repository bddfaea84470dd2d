"""The program answers only under its own name, and its links never come from the request."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1:9"])
@pytest.mark.parametrize("path", ["/", "/nowhere", "/en/", "/staff"])
def test_a_foreign_host_is_refused_with_a_sentence(client: FlaskClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "주소" in answer.text
    assert host not in answer.text


def test_its_own_host_is_answered(client: FlaskClient) -> None:
    assert client.get("/").status_code == 200
