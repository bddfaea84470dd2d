"""The program answers only under its own name, and its links never come from the request."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from flask.testing import FlaskClient

from contest.domain.errors import Invalid
from contest.infra.settings import ROOT, from_environment
from contest.infra.texts import text

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.0.2.1"]
)
@pytest.mark.parametrize("path", ["/", "/nowhere", "/en/", "/staff"])
def test_a_foreign_host_is_refused_with_a_sentence(client: FlaskClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "주소" in answer.text
    assert host not in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1", "127.0.0.1:8000"])
def test_a_demonstration_answers_under_every_name_of_its_own_computer(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_a_real_instance_answers_under_its_public_name_alone() -> None:
    real = from_environment({"CHALKAK_MODE": "production", "CHALKAK_PUBLIC_URL": "https://photo.example.kr"})
    assert real.hosts == ["photo.example.kr"]
    trial = from_environment({"CHALKAK_MODE": "production", "CHALKAK_PUBLIC_URL": "http://127.0.0.1:8000"})
    assert trial.hosts == ["127.0.0.1"]


@pytest.mark.parametrize("address", ["", "http://photo.example.kr", "http://127.0.0.1.evil.example"])
def test_a_real_instance_without_https_does_not_start(address: str) -> None:
    environ = {"CHALKAK_MODE": "production", "CHALKAK_PUBLIC_URL": address}
    with pytest.raises(Invalid, match=r"settings\.needs_https"):
        from_environment(environ)


def test_the_refusal_is_one_sentence_on_the_terminal() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "address"],
        env={"PATH": os.environ["PATH"], "CHALKAK_MODE": "production"},
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 1
    assert (
        done.stdout + done.stderr == text("ko", "settings.needs_https", value="http://127.0.0.1:8000") + "\n"
    )
