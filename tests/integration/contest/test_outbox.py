"""The outbox: told once, by day, void when taken back, repeated at most once by a kill; the file; who sees what."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from contest.domain.actors import Actor, Role
from contest.domain.errors import Conflict, Denied, Invalid
from contest.infra import mailer
from contest.infra.clock import KST, SteppedClock
from contest.infra.http_gateway import Undelivered
from contest.infra.mailer import MemoryMailer
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from contest.models.outbox import Message
from contest.operations import outbox
from contest.operations.notify import (
    Recipient,
    account_recipient,
    notify,
    objection_recipient,
    void_messages,
)
from contest.operations.send import LEASE, send_due_messages
from contest.queries.messages import (
    Filters,
    MessageState,
    count_states,
    list_messages,
    open_batches,
    sending_steps,
    undelivered,
)

MakeAccount = Callable[..., Actor]
LoginAs = Callable[..., FlaskClient]
ENTRANT = Recipient("submission", "s" * 26, "홍길동", "010-1234-5678", "hong@example.kr")
MAIL_ONLY = Recipient("submission", "m" * 26, "김메일", "", "mail@example.kr")
TEXT_ONLY = Recipient("submission", "t" * 26, "이문자", "01098765432", "")


@pytest.fixture(autouse=True)
def links(services: Services) -> None:
    services.registry.links["submission"] = lambda _services, _session, subject: (
        f"/receipt/{subject}.signed/own"
    )


@pytest.fixture
def tell(services: Services, edition: Edition) -> Callable[..., list[str]]:
    """tell(recipient, event=…, code=…, facts=…, not_before=…) -> ids of the rows."""

    def told(
        recipient: Recipient = ENTRANT,
        event: str = "submitted",
        code: str = "A1",
        not_before: dt.datetime | None = None,
        **facts: object,
    ) -> list[str]:
        given = facts or {"receipt": "2024-0001", "works": 2, "closes": edition.entry_closes}
        with services.database.write() as uow:
            return notify(
                uow, code, recipient, edition_id=edition.id, event=event, facts=given,
                now=services.clock.now(), not_before=not_before,
            )  # fmt: skip

    return told


def rows(services: Services) -> list[Message]:
    with services.database.read() as session:
        found = list(session.scalars(select(Message).order_by(Message.event_key)))
        session.expunge_all()
        return found


def sent(services: Services) -> list[mailer.Message]:
    assert isinstance(services.mailer, MemoryMailer)
    return services.mailer.sent


class Breaking:
    """A mailer of which some sendings fail: in the way given, one a call, then like the real one."""

    def __init__(self, real: mailer.Mailer, *failures: BaseException, after: bool = False) -> None:
        self.real, self.failures, self.after = real, list(failures), after

    def send(self, message: mailer.Message) -> str:
        if self.failures:
            if self.after:
                self.real.send(message)
            raise self.failures.pop(0)
        return self.real.send(message)


def breaking(services: Services, *failures: BaseException, after: bool = False) -> Services:
    """Services whose mailer fails so; everything else is the same."""
    from dataclasses import replace

    return replace(services, mailer=Breaking(services.mailer, *failures, after=after))


def test_one_event_is_told_once_on_each_channel(services: Services, tell: Callable[..., list[str]]) -> None:
    assert len(tell()) == 2
    assert tell() == []
    assert len(tell(event="submitted-again")) == 2
    assert [(row.channel, row.sent_at is not None) for row in rows(services)] == [
        ("mail", True), ("sms", False), ("mail", True), ("sms", False),
    ]  # fmt: skip
    (first, _) = sent(services)
    assert first.to == "hong@example.kr"
    assert first.subject == "[금천구] 응모가 접수되었습니다"
    assert f"http://localhost/receipt/{'s' * 26}.signed/own\n" in first.text
    assert "2024. 8. 30.(금) 18:00까지" in first.text


def test_what_is_stored_holds_neither_link_nor_name_in_clear(
    services: Services, tell: Callable[..., list[str]]
) -> None:
    tell()
    for row in rows(services):
        assert row.body_sealed is not None
        assert "{link}" in services.crypto.open(row.body_sealed, f"message.body:{row.id}")
        stored = b"".join(v if isinstance(v, bytes) else str(v).encode() for v in vars(row).values())
        for written in ("12345678", "1234-5678", "hong@", "홍길동", "signed"):
            assert written.encode() not in stored


def test_undeclared_facts_are_refused(tell: Callable[..., list[str]]) -> None:
    with pytest.raises(ValueError, match="score"):
        tell(receipt="2024-0001", works=1, closes=dt.datetime(2024, 8, 30, tzinfo=KST), score=91)


def test_mail_waits_for_the_morning_but_a_receipt_does_not(
    services: Services, clock: SteppedClock, tell: Callable[..., list[str]]
) -> None:
    clock.move_to(dt.datetime(2024, 8, 20, 20, 0, tzinfo=KST))
    tell(MAIL_ONLY)
    tell(MAIL_ONLY, code="L2", receipt="2024-0001", at=clock.now())
    assert len(sent(services)) == 1
    clock.move_to(dt.datetime(2024, 8, 21, 8, 59, 59, tzinfo=KST))
    send_due_messages(services, clock.now())
    assert len(sent(services)) == 1
    clock.move_to(dt.datetime(2024, 8, 21, 9, 0, tzinfo=KST))
    send_due_messages(services, clock.now())
    send_due_messages(services, clock.now())
    assert len(sent(services)) == 2


def test_a_withdrawn_approval_takes_its_messages_back_and_a_new_one_tells_them(
    services: Services, clock: SteppedClock, tell: Callable[..., list[str]]
) -> None:
    minute = dt.datetime(2024, 10, 1, 10, 0, tzinfo=KST)
    prize = {"name": "홍길동", "tier": "대상", "amount": 500_000, "due": minute}
    tell(event="publication:p1:e1", code="W1", not_before=minute, **prize)
    tell(event="publication:p2:e1", code="W1", not_before=minute, **prize)
    with services.database.write() as uow:
        assert void_messages(uow, "publication:p1:", now=clock.now()) == 2
    with services.database.write() as uow:
        assert void_messages(uow, "publication:p1:", now=clock.now()) == 0
    clock.move_to(minute)
    send_due_messages(services, minute)
    assert len(sent(services)) == 1
    assert "500,000원" in sent(services)[0].text
    assert len(tell(event="publication:p1:e1", code="W1", **prize)) == 2
    assert len(sent(services)) == 2
    assert {row.voided_at for row in rows(services)} == {None}


def test_a_kill_between_sending_and_marking_repeats_that_letter_alone(
    services: Services, clock: SteppedClock, tell: Callable[..., list[str]]
) -> None:
    clock.move_to(dt.datetime(2024, 8, 20, 20, 0, tzinfo=KST))
    for number in range(3):
        tell(MAIL_ONLY, event=f"e{number}", code="L2", receipt=f"2024-000{number}", at=clock.now())
    clock.move_to(dt.datetime(2024, 8, 21, 9, 0, tzinfo=KST))
    with pytest.raises(KeyboardInterrupt):
        send_due_messages(breaking(services, KeyboardInterrupt(), after=True), clock.now())
    assert len(sent(services)) == 1
    send_due_messages(services, clock.now())  # the claimed letter's lease still runs
    assert len(sent(services)) == 3
    clock.advance(seconds=LEASE.total_seconds())
    send_due_messages(services, clock.now())
    identities = [letter.headers["Message-ID"] for letter in sent(services)]
    assert len(identities) == 4
    assert identities.count(identities[0]) == 2
    assert len(set(identities)) == 3
    assert all(row.sent_at is not None for row in rows(services))


def test_a_letter_that_kills_its_sender_three_times_is_parked(
    services: Services, clock: SteppedClock, tell: Callable[..., list[str]]
) -> None:
    tell(TEXT_ONLY)
    clock.move_to(dt.datetime(2024, 8, 20, 20, 0, tzinfo=KST))
    tell(MAIL_ONLY, code="L2", receipt="2024-0001", at=clock.now())
    clock.move_to(dt.datetime(2024, 8, 21, 9, 0, tzinfo=KST))
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            send_due_messages(breaking(services, KeyboardInterrupt()), clock.now())
        clock.advance(seconds=LEASE.total_seconds())
    send_due_messages(services, clock.now())
    assert sent(services) == []
    assert [row.failed for row in rows(services)] == [None, "interrupted"]


def test_three_failures_stand_on_the_staff_home_until_sent_again(
    services: Services, clock: SteppedClock, edition: Edition, make_account: MakeAccount,
    tell: Callable[..., list[str]],
) -> None:  # fmt: skip
    clock.move_to(dt.datetime(2024, 8, 20, 21, 0, tzinfo=KST))
    tell(MAIL_ONLY, code="L2", receipt="2024-0001", at=clock.now())
    clock.move_to(dt.datetime(2024, 8, 21, 9, 0, tzinfo=KST))
    down = breaking(services, *[Undelivered("ConnectionRefusedError", permanent=False)] * 3)
    for _ in range(10):
        send_due_messages(down, clock.now())
        clock.advance(minutes=5)
    (row,) = rows(services)
    assert (row.attempts, row.failed) == (3, "ConnectionRefusedError")
    with services.database.read() as session:
        found = undelivered(session, edition.id, clock.now())
    assert found == {"failed": 1, "texts": 0, "calls": 0, "since": None}
    operator = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        assert outbox.retry(uow, None, actor=operator, now=clock.now()) == 1
    assert len(sent(services)) == 1
    with services.database.read() as session:
        assert undelivered(session, edition.id, clock.now()) is None


def test_a_permanent_refusal_is_not_tried_again(
    services: Services, clock: SteppedClock, tell: Callable[..., list[str]]
) -> None:
    clock.move_to(dt.datetime(2024, 8, 20, 21, 0, tzinfo=KST))
    tell(MAIL_ONLY, code="L2", receipt="2024-0001", at=clock.now())
    clock.move_to(dt.datetime(2024, 8, 21, 9, 0, tzinfo=KST))
    send_due_messages(breaking(services, Undelivered("refused (550)", permanent=True)), clock.now())
    assert [row.failed for row in rows(services)] == ["refused (550)"]


def test_a_hostile_name_gives_one_mail_to_one_person(
    services: Services, tell: Callable[..., list[str]]
) -> None:
    evil = "홍\r\nBcc: all@example.kr\r\n\r\n{link} 길동"
    tell(
        MAIL_ONLY, code="W1", name=evil, tier="대상\nSubject: x", amount=1,
        due=dt.datetime(2024, 10, 8, tzinfo=KST),
    )  # fmt: skip
    (letter,) = sent(services)
    assert letter.to == "mail@example.kr"
    assert "\nBcc" not in letter.text
    assert letter.text.count("/receipt/") == 1
    bad = Recipient("submission", "b" * 26, "홍", "", "a@example.kr\r\nBcc: all@example.kr")
    tell(bad)
    assert len(sent(services)) == 1
    assert [row.failed for row in rows(services) if row.subject_id == "b" * 26] == ["address"]


def test_a_letter_without_its_link_does_not_leave(services: Services, tell: Callable[..., list[str]]) -> None:
    services.registry.links["submission"] = lambda *_: None
    tell(MAIL_ONLY)
    assert sent(services) == []
    assert [row.failed for row in rows(services)] == ["no link"]


def test_people_are_reached_by_what_they_gave(services: Services, tell: Callable[..., list[str]]) -> None:
    closes = dt.datetime(2024, 8, 30, 18, 0, tzinfo=KST)
    tell(MAIL_ONLY, code="A2", closes=closes)
    tell(Recipient("submission", "l" * 26, "집", "02-2627-1234", ""), code="A2", closes=closes)
    tell(Recipient("submission", "n" * 26), code="A2", closes=closes)
    assert sorted((row.subject_id[0], row.channel) for row in rows(services)) == [
        ("l", "phone"),
        ("m", "mail"),
    ]
    assert objection_recipient("o1", "신고인", "who@example.kr").email == "who@example.kr"
    assert objection_recipient("o1", "신고인", "010-1234-5678").phone == "010-1234-5678"


def cells(file: bytes) -> list[list[tuple[str | None, str]]]:
    """(type, text) of every cell of a workbook's first sheet."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(file)) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314  our own file
        shared = book.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in book.namelist() else b"<s/>"
    strings = ["".join(t.itertext()) for t in ET.fromstring(shared)]  # noqa: S314  our own file

    def read(cell: ET.Element) -> tuple[str | None, str]:
        kind, value = cell.get("t"), "".join(cell.itertext())
        return kind, strings[int(value)] if kind == "s" else value

    return [[read(cell) for cell in row] for row in sheet.iterfind(".//m:row", space)]


def test_texts_are_bundled_taken_and_marked_in_a_browser(
    app: Flask, services: Services, login_as: LoginAs, tell: Callable[..., list[str]]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    tell()
    tell(TEXT_ONLY)
    operator = login_as(Role.OPERATOR)
    assert "보낼 때가 된 문자 2건" in operator.get("/staff/messages/texts").text
    bundled = operator.post("/staff/messages/texts")
    page = bundled.headers["Location"]
    tell(TEXT_ONLY, event="later")  # comes after the bundle and stays out of it
    assert "문자 2건이 보냄으로 표시됩니다" in operator.get(page).text
    refused = operator.post(f"{page}/file", data={"reason": "?"})
    assert refused.status_code == 422
    assert "5자 이상" in refused.text
    file = operator.post(f"{page}/file", data={"reason": "접수 안내 문자 발송"})
    assert file.headers["Cache-Control"] == "no-store"
    read = cells(file.data)
    assert [text for _, text in read[0]] == ["수신번호", "문자내용"]
    assert {row[0][1] for row in read[1:]} == {"01012345678", "01098765432"}
    assert {cell[0] for row in read for cell in row} <= {"s", "inlineStr", "str"}
    assert all(row[1][1].startswith("[금천구] 접수번호 2024-0001") for row in read[1:])
    assert any(f"http://localhost/receipt/{'t' * 26}.signed/own" in row[1][1] for row in read[1:])
    with services.database.read() as session:
        facts = session.scalars(select(AuditRow.facts).where(AuditRow.action == "disclosure.messages")).one()
    assert facts["count"] == 2
    assert operator.post(f"{page}/sent").status_code == 303
    again = operator.post(f"{page}/sent", follow_redirects=True)
    assert "남은 문자가 없습니다" in again.text
    assert [row.sent_at is not None for row in rows(services) if row.channel == "sms"].count(True) == 2
    assert "보낼 때가 된 문자 1건" in operator.get("/staff/messages/texts").text


def test_a_text_voided_after_bundling_is_neither_taken_nor_marked(
    services: Services, clock: SteppedClock, make_account: MakeAccount, tell: Callable[..., list[str]]
) -> None:
    operator = make_account(Role.OPERATOR)
    tell(TEXT_ONLY, event="kept")
    tell(TEXT_ONLY, event="gone:1")
    with services.database.write() as uow:
        batch = outbox.bundle_texts(uow, actor=operator, now=clock.now())
    with services.database.write() as uow:
        void_messages(uow, "gone:", now=clock.now())
    with services.database.read() as session:
        assert [(each.open, each.void) for each in open_batches(session)] == [(1, 1)]
    with services.database.write() as uow:
        taken = outbox.hand_over_texts(
            uow, services, batch, "접수 안내 문자", actor=operator, now=clock.now()
        )
        assert len(taken) == 1
    with services.database.write() as uow:
        assert outbox.mark_batch_sent(uow, batch, actor=operator, now=clock.now()) == 1
    with pytest.raises(Conflict), services.database.write() as uow:
        outbox.bundle_texts(uow, actor=operator, now=clock.now())
    with pytest.raises(Denied), services.database.write() as uow:
        outbox.bundle_texts(uow, actor=make_account(Role.AUDITOR), now=clock.now())


def test_what_waits_for_the_announcement_cannot_be_hastened(
    services: Services, clock: SteppedClock, make_account: MakeAccount, tell: Callable[..., list[str]]
) -> None:
    operator = make_account(Role.OPERATOR)
    minute = dt.datetime(2024, 10, 1, 10, 0, tzinfo=KST)
    (held,) = tell(MAIL_ONLY, code="L1", not_before=minute, erased_on=minute.date())
    with pytest.raises(Conflict, match="held"), services.database.write() as uow:
        outbox.send_now(uow, held, actor=operator, now=clock.now())
    clock.move_to(dt.datetime(2024, 8, 20, 22, 0, tzinfo=KST))
    (night,) = tell(MAIL_ONLY, code="L2", receipt="2024-0001", at=clock.now())
    with services.database.write() as uow:
        outbox.send_now(uow, night, actor=operator, now=clock.now())
    assert len(sent(services)) == 1


def test_an_undelivered_text_is_told_by_telephone(
    app: Flask, services: Services, login_as: LoginAs, tell: Callable[..., list[str]]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    (message_id,) = tell(TEXT_ONLY)
    operator = login_as(Role.OPERATOR)
    page = f"/staff/messages/{message_id}"
    operator.post(f"{page}/told")
    operator.post(f"{page}/undelivered")
    shown = operator.get(page).text
    assert "전달되지 않았다고" in shown
    assert "010-****-5432" in shown
    assert "010-9876-5432" not in shown
    seen = operator.post(f"{page}/contact", data={"reason": "문자가 전달되지 않아 전화로 안내"})
    assert "010-9876-5432" in seen.text
    operator.post(f"{page}/told")
    with services.database.read() as session:
        assert count_states(session, services.clock.now())[MessageState.SENT] == 1
        acts = session.scalars(
            select(AuditRow.action).where(AuditRow.subject_id == message_id).order_by(AuditRow.seq)
        )
        assert list(acts) == ["message.told", "message.undelivered", "disclosure.contact", "message.told"]


def test_the_auditor_reads_texts_without_contacts_and_nobody_sees_a_private_link(
    login_as: LoginAs, tell: Callable[..., list[str]]
) -> None:
    tell()
    auditor, operator = login_as(Role.AUDITOR), login_as(Role.OPERATOR)
    for path in ("/staff/messages", "/staff/messages?channel=sms", "/staff/messages?state=sent&code=A1"):
        page = auditor.get(path)
        assert page.status_code == 200
        assert "접수번호" in page.text
        for part in ("5678", "example.kr", "signed", "문자 내려받기"):
            assert part not in page.text
        assert "signed" not in operator.get(path).text
        assert f"http://localhost/receipt/{'*' * 33}/***" in operator.get(path).text
    assert "010-****-5678" in operator.get("/staff/messages").text
    assert "ho**@example.kr" in operator.get("/staff/messages").text
    assert "없습니다" in auditor.get("/staff/messages?state=void").text
    assert login_as(Role.JUDGE).get("/staff/messages").status_code == 403
    assert login_as(Role.ADMINISTRATOR).get("/staff/messages").status_code == 403


@pytest.mark.parametrize("language", ["ko", "en", "zh"])
def test_every_text_can_be_read_before_and_tried_on_oneself(  # noqa: PLR0917  fixtures
    app: Flask,
    edition: Edition,
    services: Services,
    make_account: MakeAccount,
    login_as: LoginAs,
    language: str,
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    actor = make_account(Role.OPERATOR, login="clerk@geumcheon.example")
    operator = login_as(actor)
    page = operator.get(f"/staff/messages/templates?language={language}").text
    assert page.count('class="panel message"') == 45
    operator.post("/staff/messages/templates/W1/test", data={"language": language})
    (letter,) = sent(services)
    assert letter.to == "clerk@geumcheon.example"
    assert letter.subject.startswith("[시험] [")
    assert operator.post("/staff/messages/templates/X9/test").status_code == 404


def test_no_test_letter_without_an_address(services: Services, make_account: MakeAccount) -> None:
    actor = make_account(Role.OPERATOR, login="clerk")
    with pytest.raises(Invalid, match="no_address"):
        outbox.send_test(services, "A1", "ko", actor=actor, now=services.clock.now())
    with services.database.read() as session:
        assert account_recipient(session.get_one(Account, actor.id)).kind == "account"


def test_the_list_asks_as_much_for_thirty_as_for_one(
    services: Services, edition: Edition, tell: Callable[..., list[str]]
) -> None:
    def asked() -> tuple[int, int]:
        statements: list[str] = []

        def listen(_c: object, _cu: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(services.database.engine, "before_cursor_execute", listen)
        with services.database.read() as session:
            found = list_messages(services, session, Filters(), 1, now=services.clock.now(), contacts=True)
            sending_steps(session, edition.id, services.clock.now())
        event.remove(services.database.engine, "before_cursor_execute", listen)
        return len(found.lines), len(statements)

    tell(TEXT_ONLY)
    one = asked()
    for number in range(29):
        tell(TEXT_ONLY, event=f"e{number}")
    assert asked() == (30, one[1])
