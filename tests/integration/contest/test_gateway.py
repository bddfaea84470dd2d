"""Texts and mail through a gateway: a real HTTP server that refuses, stumbles, redirects and is asked again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import select

from contest.infra.clock import SteppedClock
from contest.infra.guard import BytesInsideTransactionError, no_bytes_here
from contest.infra.http_gateway import HttpGateway, Undelivered
from contest.infra.mailer import Message as Mail
from contest.infra.mailer import mailer_for
from contest.infra.texter import Text, texter_for
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.outbox import Message
from contest.operations.notify import Recipient, notify
from contest.operations.send import send_due_messages

TEXT = Text("01012345678", "접수", "[금천구] 접수되었습니다.", "row-1")


@dataclass
class Gateway:
    """A gateway that answers with these statuses, then with 200; and what it was sent."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    taken: list[tuple[dict[str, str], Any]] = field(default_factory=list)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    held = Gateway()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            held.taken.append((dict(self.headers), json.loads(body)))
            status = held.answers.pop(0) if held.answers else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        held.url = f"http://127.0.0.1:{server.server_address[1]}/v1/texts"
        yield held
        server.shutdown()


def test_a_text_and_a_mail_arrive_whole(gateway: Gateway) -> None:
    texter = texter_for(gateway.url, "0226271234", "secret")
    assert texter is not None
    texter.send(TEXT)
    mailer_for(gateway.url, "office@g.example", "secret").send(
        Mail("a@b.example", "접수", "내용", {"Message-ID": "<7@g>"})
    )
    (text_head, text), (mail_head, mail) = gateway.taken
    assert text == {
        "from": "0226271234", "kind": "SMS", "to": "01012345678", "title": "접수", "text": TEXT.text,
    }  # fmt: skip
    assert mail == {"from": "office@g.example", "to": "a@b.example", "subject": "접수", "text": "내용"}
    assert (text_head["Idempotency-Key"], mail_head["Idempotency-Key"]) == ("row-1", "<7@g>")
    assert text_head["Authorization"] == "Bearer secret"


@pytest.mark.parametrize(
    ("status", "permanent"), [(302, False), (401, False), (422, True), (429, False), (503, False)]
)
def test_whether_trying_again_helps(gateway: Gateway, status: int, *, permanent: bool) -> None:
    gateway.answers = [status]
    with pytest.raises(Undelivered) as refused:
        HttpGateway(gateway.url).post({}, "k")
    assert refused.value.permanent is permanent
    assert len(gateway.taken) == 1


def test_nobody_there_and_what_is_never_tried(gateway: Gateway) -> None:
    with pytest.raises(Undelivered) as refused:
        HttpGateway("http://127.0.0.1:9").post({}, "k")
    assert not refused.value.permanent
    with pytest.raises(ValueError, match="https only"):
        texter_for("http://gateway.example/x", "", "")
    with no_bytes_here(), pytest.raises(BytesInsideTransactionError):
        HttpGateway(gateway.url).post({}, "k")
    long = Text("01012345678", "", "가" * 1001, "k")
    texter = texter_for(gateway.url, "", "")
    assert texter is not None
    with pytest.raises(Undelivered, match="too long"):
        texter.send(long)
    assert gateway.taken == []


def test_one_event_is_one_text_however_often_the_gateway_stumbles(
    services: Services, edition: Edition, clock: SteppedClock, gateway: Gateway
) -> None:
    services.registry.links["submission"] = lambda *_: "/receipt/x.signed/own"
    facts = {"receipt": "2024-0001", "works": 2, "closes": edition.entry_closes}
    for _ in range(2):
        with services.database.write() as uow:
            notify(
                uow, "A1", Recipient("submission", "s" * 26, "홍길동", "010-1234-5678"),
                edition_id=edition.id, event="submitted", facts=facts, now=clock.now(),
            )  # fmt: skip
    wired = replace(
        services,
        texter=texter_for(gateway.url, "", ""),
        settings=replace(services.settings, text_url=gateway.url),
    )
    gateway.answers = [503]
    for _ in range(4):
        send_due_messages(wired, clock.now())
        clock.advance(minutes=3)
    assert [body["to"] for _, body in gateway.taken] == ["01012345678", "01012345678"]
    assert len({head["Idempotency-Key"] for head, _ in gateway.taken}) == 1
    assert "/receipt/x.signed/own" in gateway.taken[1][1]["text"]
    with services.database.read() as session:
        row = session.scalars(select(Message)).one()
    assert (row.sent_by, row.attempts, row.failed) == ("http", 2, None)
