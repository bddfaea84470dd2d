"""What a real contest logs: lines of JSON in UTC with request, actor, action and object, and nobody's data."""

from __future__ import annotations

import base64
import datetime as dt
import json
import logging
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from integration.contest.entry_citizen import photograph, receipt_number
from processes import Server, Walker, Wire
from sqlalchemy import select

from contest.infra import clock as machine
from contest.infra.clock import SteppedClock
from contest.infra.logs import JsonLines, doing
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.submission import Submission

Serve = Callable[..., Server]
CANARIES = {
    "name": "남궁카나리",
    "phone": "010-9753-8642",
    "email": "canary-mail@example.kr",
    "title": "카나리아의아침",
    "words": "canary-description",
    "file": "canary-file-이름",
    "agent": "canary-agent/1.0",
    "query": "canary-query",
    "path": "canary-path",
    "error": "canary-홍길동",
}


def spellings(canary: str) -> set[bytes]:
    """A canary as it could stand in a line: plain, escaped, in addresses, in base64, decomposed."""
    apart = unicodedata.normalize("NFD", canary)
    return {
        canary.encode(),
        apart.encode(),
        json.dumps(canary)[1:-1].encode(),
        json.dumps(apart)[1:-1].encode(),
        quote(canary).encode(),
        base64.b64encode(canary.encode())[:-4],
        canary.replace("-", "").encode(),
    }


@pytest.fixture
def production(services: Services, clock: SteppedClock, edition: Any, set_clock: Any, serve: Serve) -> Server:
    """A real contest on this machine, open for entry by its clock; one of its pages fails."""
    set_clock(clock.now())
    with services.database.write() as uow:
        held = uow.session.get_one(Edition, edition.id)
        ahead = machine.wall() - clock.now()
        for name in ("entry_opens", "entry_closes", "screening_closes", "judging_opens", "judging_closes"):
            setattr(held, name, getattr(held, name) + ahead)
        held.verification_opens = held.verification_closes = held.decides_by = held.publish_at = None
    return serve(
        app="failing:app",
        CHALKAK_MODE="production",
        CHALKAK_PUBLIC_URL="http://127.0.0.1",
        JOBS_URL="inline:",
    )


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "server.log").read_bytes().splitlines()]


def test_a_whole_entry_leaves_its_lines_and_nothing_of_the_entrant(
    production: Server, services: Services, folder: Path
) -> None:
    walker = Walker(Wire(production))
    walker.begin()
    walker.upload(photograph(1), CANARIES["file"] + ".jpg")
    walker.describe(title=CANARIES["title"])
    walker.identify(name=CANARIES["name"], phone=CANARIES["phone"], email=CANARIES["email"]).consent()
    number = receipt_number(walker.submit())
    walker.get(walker.url("erase"))
    walker.post(walker.url("erase"), 200)
    raw = (folder / "server.log").read_bytes()
    for canary in CANARIES.values():
        assert not [spelling for spelling in spellings(canary) if spelling in raw]
    for key in (walker.link, walker.token, number, *walker.acknowledged):
        assert key.encode() not in raw
    with services.database.read() as session:
        submission_id = session.scalars(select(Submission.id)).one()
    mine = [line for line in lines(folder) if line["actor"] == f"citizen:{submission_id}"]
    assert {"PATCH uploads.append", "POST entries.submit", "POST entries.erase"} <= {
        line["action"] for line in mine
    }
    assert {line["object"]["submission"] for line in mine} == {submission_id}


def test_every_request_has_its_line_and_none_tells_what_was_sent(
    production: Server, services: Services, folder: Path
) -> None:
    wire = Wire(production)
    before = len(lines(folder))
    agent = {"User-Agent": CANARIES["agent"], "Cookie": f"a={CANARIES['query']}"}
    wire.open("GET", f"/?q={CANARIES['query']}", **agent)
    wire.open("GET", f"/{CANARIES['path']}", **agent)
    wire.open("GET", f"/entry/{CANARIES['path']}/photos", **agent)
    wire.open("GET", "/call", **agent)
    wire.press("/lookup", number="2024-02-0001", secret=CANARIES["words"])
    wire.press("/sign-in", login=CANARIES["email"], password=CANARIES["name"])
    wire.open("GET", quote("/a\r\nforged") + "?x=%0d%0aforged", **agent)
    raw = (folder / "server.log").read_bytes()
    told = lines(folder)[before:]
    for canary in CANARIES.values():
        assert not [spelling for spelling in spellings(canary) if spelling in raw]
    assert b"forged" not in raw
    requests = [line for line in told if line["logger"] == "contest.requests"]
    assert len(requests) >= 9
    assert len({line["request"] for line in requests}) == len(requests)
    for line in told:
        assert dt.datetime.fromisoformat(line["at"]).utcoffset() == dt.timedelta()
        assert {"level", "logger", "request", "actor", "action", "object"} <= line.keys()
    seen = {(line["action"], line["status"]) for line in requests}
    assert ("GET call.show", 500) in seen
    assert ("GET -", 404) in seen
    (failed,) = [line for line in told if "error" in line]
    assert failed["error"] == "builtins.ValueError"
    assert failed["stack"][-1].startswith("tests/integration/reliability/failing.py:")
    assert failed["request"] in {line["request"] for line in requests}


@given(
    message=st.text(),
    name=st.sampled_from(["contest.x", "gunicorn.error", "sqlalchemy"]),
    facts=st.dictionaries(st.text(max_size=8), st.text()),
)
def test_nothing_forges_a_line(message: str, name: str, facts: dict[str, str]) -> None:
    record = logging.LogRecord(name, logging.ERROR, "x.py", 1, "said %s", (message,), None)
    record.facts = {"object": facts}
    line = JsonLines().format(record)
    assert len(line.splitlines()) == 1
    assert line.isascii()
    assert json.loads(line)["object"] == facts
    if not name.startswith("contest") and len(message) > 8:
        assert json.loads(line)["message"] == "said %s"


def test_a_line_of_a_job_says_which_and_of_what() -> None:
    token = doing.set({"actor": "system", "action": "job examine", "object": {"photo_id": "abc"}})
    try:
        record = logging.LogRecord(
            "contest.operations.examine", logging.ERROR, "x", 1, "photograph %s", ("abc",), None
        )
        line = json.loads(JsonLines().format(record))
    finally:
        doing.reset(token)
    assert (line["actor"], line["action"], line["object"]) == ("system", "job examine", {"photo_id": "abc"})
    assert line["message"] == "photograph abc"
