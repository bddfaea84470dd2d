"""Mail reaches a real SMTP server with its Korean whole; refusals say whether trying again helps."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from contest.infra.guard import BytesInsideTransactionError, no_bytes_here
from contest.infra.http_gateway import Undelivered
from contest.infra.mailer import MemoryMailer, Message, mailer_for

SENDER = "금천구 사진공모전 <photo@geumcheon.example>"


class SmtpServer(socketserver.ThreadingTCPServer):
    """The part of RFC 5321 a sender needs; refuses what `replies` says."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, replies: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.replies = replies
        self.received: list[tuple[list[str], bytes]] = []


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: Any = self.server
        recipients: list[str] = []

        def say(line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        say(server.replies.get("connect", "220 tests ESMTP"))
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].split(":")[0].upper()
            if verb in server.replies:
                say(server.replies[verb])
            elif verb == "EHLO":
                say("250-tests")
                say("250 AUTH PLAIN")
            elif verb == "AUTH":
                say("235 welcome" if line.endswith("AGNsZXJrAHBAc3M=") else "535 no")
            elif verb == "RCPT":
                recipients.append(line)
                say("250 fine")
            elif verb == "DATA":
                say("354 go on")
                body = b""
                while (piece := self.rfile.readline()) != b".\r\n":
                    body += piece
                server.received.append((list(recipients), body))
                say("250 accepted")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 fine")


@contextmanager
def smtp(**replies: str) -> Iterator[SmtpServer]:
    with SmtpServer(replies) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def address(server: SmtpServer, login: str = "") -> str:
    return f"smtp://{login}127.0.0.1:{server.server_address[1]}"


def parsed(body: bytes) -> EmailMessage:
    mail = email.message_from_bytes(body, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


TEXT = "김민수 님, 접수번호는 2024-0001입니다.\n.점으로 시작하는 줄\n감사합니다.\n"


def test_korean_arrives_whole_over_smtp() -> None:
    with smtp() as server:
        subject = "[찰칵! 렌즈로 만나는 금천] 응모가 접수되었습니다 — 접수번호 2024-0001"
        identity = mailer_for(address(server), SENDER).send(Message("a@b.example", subject, TEXT))
    [(recipients, body)] = server.received
    mail = parsed(body)
    assert [line.upper() for line in recipients] == ["RCPT TO:<A@B.EXAMPLE>"]
    assert body.isascii()
    assert mail["Subject"] == subject
    assert mail["From"] == SENDER
    assert mail["To"] == "a@b.example"
    assert mail["Message-ID"] == identity
    assert identity.endswith("@geumcheon.example>")
    assert mail.get_content().splitlines() == TEXT.splitlines()


def test_login_and_its_refusal() -> None:
    with smtp() as server:
        mailer_for(address(server, "clerk:p%40ss@"), SENDER).send(Message("a@b.example", "s", "t"))
        with pytest.raises(Undelivered) as refused:
            mailer_for(address(server, "clerk:wrong@"), SENDER).send(Message("a@b.example", "s", "t"))
    assert len(server.received) == 1
    assert not refused.value.permanent


@pytest.mark.parametrize(
    ("replies", "permanent"),
    [
        ({"RCPT": "550 no such user"}, True),
        ({"RCPT": "451 greylisted"}, False),
        ({"DATA": "554 spam"}, True),
        ({"MAIL": "421 too busy"}, False),
        ({"connect": "421 closed"}, False),
    ],
)
def test_a_refusal_says_whether_to_try_again(replies: dict[str, str], *, permanent: bool) -> None:
    with smtp(**replies) as server, pytest.raises(Undelivered) as refused:
        mailer_for(address(server), SENDER).send(Message("secret@b.example", "s", "t"))
    assert refused.value.permanent is permanent
    assert "secret" not in str(refused.value)


def test_no_server_is_worth_another_try() -> None:
    with smtp() as server:
        url = address(server)
    with pytest.raises(Undelivered) as refused:
        mailer_for(url, SENDER).send(Message("a@b.example", "s", "t"))
    assert not refused.value.permanent


def test_starttls_is_not_given_up_silently() -> None:
    with smtp() as server, pytest.raises(Undelivered):
        mailer_for(address(server) + "?starttls=1", SENDER).send(Message("a@b.example", "s", "t"))
    assert server.received == []


@pytest.mark.parametrize(
    "fields",
    [
        {"to": "a@b.example\r\nBcc: c@d.example"},
        {"to": "a@b.example, c@d.example"},
        {"to": "이름 <a@b.example>"},
        {"to": ""},
        {"subject": "a\nBcc: c@d.example"},
        {"subject": "a\rb"},
        {"headers": {"X-A": "b\r\nBcc: c@d.example"}},
        {"headers": {"X-A\r\nBcc": "c@d.example"}},
    ],
)
def test_nobody_adds_a_header_or_a_recipient(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Message(**({"to": "a@b.example", "subject": "s", "text": "t"} | fields))


def test_files_are_mails_and_a_repeat_is_one_file(tmp_path: Path) -> None:
    mailer = mailer_for(f"file:{tmp_path}/mail", SENDER)
    message = Message("a@b.example", "접수되었습니다", TEXT, {"Message-ID": "<outbox-7@geumcheon.example>"})
    assert mailer.send(message) == mailer.send(message) == "<outbox-7@geumcheon.example>"
    mailer.send(Message("a@b.example", "다른 안내", "둘째"))
    files = list((tmp_path / "mail").glob("*.eml"))
    mails = sorted((parsed(file.read_bytes()) for file in files), key=lambda mail: str(mail["Subject"]))
    assert [mail["Subject"] for mail in mails] == ["다른 안내", "접수되었습니다"]
    assert mails[1].get_content().splitlines() == TEXT.splitlines()


def test_no_mail_inside_a_transaction(tmp_path: Path) -> None:
    message = Message("a@b.example", "s", "t")
    mailers = [mailer_for(url, SENDER) for url in (f"file:{tmp_path}/m", "memory:", "smtp://127.0.0.1:9")]
    with no_bytes_here():
        for mailer in mailers:
            with pytest.raises(BytesInsideTransactionError):
                mailer.send(message)
    assert list(tmp_path.iterdir()) == []


def test_memory_keeps_what_was_sent() -> None:
    mailer = mailer_for("memory:", SENDER)
    mailer.send(Message("a@b.example", "s", "t"))
    assert isinstance(mailer, MemoryMailer)
    assert mailer.sent == [Message("a@b.example", "s", "t")]


@pytest.mark.parametrize(
    "url", ["", "smtp:", "file:relative", "carrier-pigeon://x", "smtp://clerk:%EB%B9%84%EB%B0%80@host"]
)
def test_urls_that_mean_nothing(url: str) -> None:
    with pytest.raises(ValueError):
        mailer_for(url, SENDER)
