"""Whoever erases their data is told so once, by a message whose recipient is forgotten too; the ledger says how many."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from entry_citizen import Citizen, photograph
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.domain.actors import Role, citizen
from contest.domain.errors import Conflict, Missing
from contest.infra.clock import KST
from contest.infra.mailer import MemoryMailer
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.outbox import Destruction, Message
from contest.models.submission import Submission, SubmissionState
from contest.operations import erase, outbox
from contest.operations.audit import broken_link
from contest.operations.check import find_faults
from contest.operations.erase import erase_own
from contest.operations.expire import FAREWELL_DAYS
from contest.operations.guardian import refuse_as_guardian
from contest.operations.retention import run_erasures

SECOND = dt.timedelta(seconds=1)
ADDRESS = "hong@example.kr"
NOTHING = (None, None, None)


def handed_in(client: FlaskClient, **person: str) -> Citizen:
    entrant = Citizen(client).fill_in(**person)
    entrant.submit()
    return entrant


def press(entrant: Citizen) -> str:
    entrant.get(entrant.url("erase"))
    return entrant.post(entrant.url("erase"), 200).get_data(as_text=True)


def letters(services: Services) -> list[tuple[str, str]]:
    assert isinstance(services.mailer, MemoryMailer)
    return [(one.to, one.text) for one in services.mailer.sent]


def messages(services: Services, code: str = "A10") -> list[Message]:
    with services.database.read() as session:
        found = list(session.scalars(select(Message).where(Message.code == code).order_by(Message.channel)))
        session.expunge_all()
        return found


def sealed(row: Message) -> tuple[Any, ...]:
    return row.to_sealed, row.title_sealed, row.body_sealed


def ledger(services: Services) -> list[tuple[str, int, str]]:
    with services.database.read() as session:
        rows = session.scalars(select(Destruction).order_by(Destruction.kind))
        return [(row.kind, row.count, row.rule) for row in rows]


def test_one_letter_says_that_everything_is_erased_and_then_its_address_is_too(
    client: FlaskClient, services: Services, edition: Edition, clock: Any
) -> None:
    entrant = handed_in(client, email=ADDRESS)
    before = len(letters(services))
    page = press(entrant)
    assert "남기신 연락처로 그 결과를 한 번 알려 드립니다." in page
    told = letters(services)[before:]
    assert [to for to, _ in told] == [ADDRESS]  # neither the withdrawal's letter nor a second one
    assert "요청: 삭제\n결과: 2024. 8. 20.(화) 10:00에 처리했습니다." in told[0][1]
    assert "http" not in told[0][1]
    assert messages(services, "A3") == []
    with services.database.read() as session:
        gone = session.scalars(select(Submission)).one()
        assert (gone.state, gone.email_sealed, gone.phone_sealed) == (SubmissionState.ERASED, None, None)
    assert ledger(services) == [("entrant_data", 1, "request"), ("entrant_photo", 1, "request")]
    (row,) = messages(services)
    assert row.sent_at is not None
    assert run_erasures(services, clock.now())["message"] == 1
    (row,) = messages(services)
    assert sealed(row) == NOTHING
    assert row.sent_at is not None
    assert run_erasures(services, clock.now())["message"] == 0
    assert ("message", 1, "messages") in ledger(services)
    with pytest.raises(Missing):
        erase_own(services, gone.id, actor=citizen(gone.id), now=clock.now())
    assert len(messages(services)) == 1
    with services.database.read() as session:
        assert broken_link(session) is None
    assert find_faults(services, hashes=False) == []


def test_a_text_waits_for_the_offices_sender_and_is_forgotten_when_told(
    client: FlaskClient, services: Services, edition: Edition, clock: Any, make_account: Any
) -> None:
    press(handed_in(client))
    run_erasures(services, clock.now())
    (row,) = messages(services)
    assert (row.channel, row.sent_at) == ("sms", None)
    assert None not in sealed(row)  # it may still leave
    clerk = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        batch = outbox.bundle_texts(uow, actor=clerk, now=clock.now())
    with services.database.write() as uow:
        taken = outbox.hand_over_texts(uow, services, batch, "sending", actor=clerk, now=clock.now())
    assert taken == [
        (
            "01012345678",
            "[금천구] 요청하신 개인정보 삭제: 2024. 8. 20.(화) 10:00에 처리했습니다. 문의 02-2627-1234",
        )
    ]  # the receipt's own text, not yet sent, left with what it was about
    with services.database.write() as uow:
        outbox.mark_batch_sent(uow, batch, actor=clerk, now=clock.now())
    run_erasures(services, clock.now())
    assert [sealed(one) for one in messages(services)] == [NOTHING]


def test_a_message_that_does_not_leave_within_five_days_is_given_up(
    client: FlaskClient, services: Services, edition: Edition, clock: Any, make_account: Any
) -> None:
    press(handed_in(client))
    begun = clock.now()
    clock.move_to(begun + FAREWELL_DAYS - SECOND)
    assert run_erasures(services, clock.now())["message"] == 0
    clock.move_to(begun + FAREWELL_DAYS)
    assert run_erasures(services, clock.now())["message"] == 1
    (row,) = messages(services)
    assert sealed(row) == NOTHING
    assert row.voided_at == clock.now()
    with services.database.write() as uow, pytest.raises(Conflict):
        outbox.bundle_texts(uow, actor=make_account(Role.OPERATOR), now=clock.now())


def test_at_night_it_waits_for_the_morning(
    client: FlaskClient, services: Services, edition: Edition, clock: Any
) -> None:
    handed_in(client, email=ADDRESS)
    with services.database.read() as session:
        submission_id = session.scalars(select(Submission.id)).one()
    clock.move_to(dt.datetime(2024, 8, 20, 23, 0, tzinfo=KST))
    erase_own(services, submission_id, actor=citizen(submission_id), now=clock.now())
    (row,) = messages(services)
    assert row.not_before == dt.datetime(2024, 8, 21, 9, 0, tzinfo=KST)
    assert run_erasures(services, clock.now())["message"] == 0


def test_ended_before_its_commit_nothing_is_forgotten_and_pressed_again_it_is_told_once(
    client: FlaskClient, services: Services, edition: Edition, clock: Any, monkeypatch: Any
) -> None:
    handed_in(client, email=ADDRESS)
    with services.database.read() as session:
        submission_id = session.scalars(select(Submission.id)).one()

    class Ended(Exception):
        """The process goes here."""

    def end(*_arguments: Any, **_facts: Any) -> None:
        raise Ended

    owner = citizen(submission_id)
    with monkeypatch.context() as patch:
        patch.setattr(erase, "notify", end)
        with pytest.raises(Ended):
            erase_own(services, submission_id, actor=owner, now=clock.now())
    with services.database.read() as session:
        half = session.get_one(Submission, submission_id)
        assert half.state is SubmissionState.WITHDRAWN
        assert half.email_sealed is not None
    assert ledger(services) == []
    assert messages(services) == []
    erase_own(services, submission_id, actor=owner, now=clock.now())
    assert [row.channel for row in messages(services)] == ["mail"]
    assert ledger(services) == [("entrant_data", 1, "request"), ("entrant_photo", 1, "request")]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Outcome: completed, 2024-08-20 10:00."), ("zh", "结果：2024-08-20 10:00 已处理。")],
)
def test_it_speaks_the_entrants_language(
    client: FlaskClient, services: Services, edition: Edition, language: str, words: str
) -> None:
    client.get(f"/?lang={language}")
    entrant = handed_in(client, email=ADDRESS)
    with services.database.write() as uow:
        uow.session.scalars(select(Submission)).one().locale = language
    press(entrant)
    assert words in letters(services)[-1][1]


def test_a_draft_that_its_owner_erases_is_told_and_counted_one_that_expires_only_counted(
    client: FlaskClient, services: Services, edition: Edition, clock: Any, app: Any
) -> None:
    unfinished = Citizen(client).begin()
    unfinished.upload(photograph(1))
    unfinished.describe().identify(email=ADDRESS)
    press(unfinished)
    assert [row.channel for row in messages(services)] == ["mail"]
    assert ledger(services) == [("draft", 1, "request"), ("entrant_photo", 1, "request")]
    nameless = Citizen(app.test_client()).begin()
    nameless.upload(photograph(2))
    assert "남기신 연락처로" not in press(nameless)
    assert len(messages(services)) == 1
    with_papers(services, edition)
    expired = Citizen(app.test_client()).begin()
    expired.upload(photograph(3))
    expired.describe().identify(phone="010-7777-0001")
    expired.get(expired.url("papers"))
    hand_in_paper(expired)
    assert len(list(services.storage.list("entry-papers"))) == 1
    clock.move_to(edition.entry_closes + dt.timedelta(days=7))
    assert run_erasures(services, clock.now())["draft"] == 1
    assert len(messages(services)) == 1
    assert [line for line in ledger(services) if line[2] == "retention.drafts"] == [
        ("draft", 1, "retention.drafts"),
        ("entrant_photo", 1, "retention.drafts"),
        ("paper", 1, "retention.drafts"),
    ]
    assert list(services.storage.list()) == []


def test_a_device_emptied_for_the_next_person_writes_its_lines(
    services: Services, edition: Edition, login_as: Any
) -> None:
    entrant = Citizen(login_as(Role.OPERATOR))
    entrant.get("/staff/kiosk")
    entrant.post("/staff/kiosk", 303)
    entrant.begin()
    entrant.upload(photograph(1))
    entrant.describe().identify(email=ADDRESS)
    entrant.post("/kiosk/clear", 303)
    assert ledger(services) == [("draft", 1, "kiosk"), ("entrant_photo", 1, "kiosk")]
    assert messages(services) == []


def test_a_photograph_taken_out_and_left_over_is_counted(
    client: FlaskClient, services: Services, edition: Edition, clock: Any, monkeypatch: Any
) -> None:
    entrant = Citizen(client).begin()
    first = entrant.upload(photograph(1))
    assert first["state"] == "ok"
    monkeypatch.setattr("contest.operations.uploads.destroy_photo", lambda *_: None)  # ended in between
    entrant.upload(photograph(2), query="?replaces=1")
    clock.advance(hours=25)
    assert run_erasures(services, clock.now())["replaced_photo"] == 1
    assert ledger(services) == [("replaced_photo", 1, "replaced")]


def with_papers(services: Services, edition: Edition) -> None:
    with services.database.write() as uow:
        row = uow.session.get_one(Edition, edition.id)
        held: Any = row.document["entry"]
        row.document = {**row.document, "entry": {**held, "portrait_papers": True}}
        row.version += 1


def hand_in_paper(entrant: Citizen, kind: str = "portrait") -> None:
    answer = entrant.client.post(
        entrant.url("papers"),
        data={
            "csrf_token": entrant.token, "kind": kind,
            "paper": (io.BytesIO(b"%PDF-1.7\n" + b"0" * 500), "서류.pdf"),
        },
        content_type="multipart/form-data",
    )  # fmt: skip
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 303, answer.get_data(as_text=True)


def test_a_guardian_who_refuses_takes_the_signed_form_away_too(
    client: FlaskClient, services: Services, edition: Edition, clock: Any
) -> None:
    child = Citizen(client)
    child.get("/enter/guardian")
    answer = child.post("/enter/guardian", 303, **{
        "c-who": "child", "c-guardian_name": "김보호", "c-guardian_phone": "010-8888-0001",
    })  # fmt: skip
    child.link = answer.headers["Location"].split("/")[2]
    child.get(f"/entry/{child.link}")
    hand_in_paper(child, kind="guardian")
    with services.database.read() as session:
        submission_id = session.scalars(select(Submission.id)).one()
    refuse_as_guardian(services, submission_id, actor=citizen(submission_id), now=clock.now())
    with services.database.read() as session:
        assert session.scalars(select(Submission)).all() == []
        asked = session.scalars(select(Message).where(Message.code == "A4")).one()
        assert (sealed(asked), asked.voided_at is None) == (NOTHING, asked.sent_at is not None)
    assert ledger(services) == [("draft", 1, "refused"), ("paper", 1, "refused")]
    assert list(services.storage.list()) == []
    with pytest.raises(Missing):
        refuse_as_guardian(services, submission_id, actor=citizen(submission_id), now=clock.now())


def test_what_a_restored_backup_brought_back_is_erased_again_and_nobody_is_told(
    app: Any, client: FlaskClient, services: Services, edition: Edition
) -> None:
    handed_in(client, email=ADDRESS)
    with services.database.read() as session:
        submission_id = session.scalars(select(Submission.id)).one()
    before = len(letters(services))
    again = ["erase", "--submission", submission_id]
    result = app.test_cli_runner().invoke(args=again)
    assert (result.exit_code, result.output) == (0, f"다시 지웠습니다: {submission_id}\n")
    with services.database.read() as session:
        assert session.scalars(select(Submission.state)).one() is SubmissionState.ERASED
    assert len(letters(services)) == before
    assert ledger(services) == [("entrant_data", 1, "restored"), ("entrant_photo", 1, "restored")]
    assert app.test_cli_runner().invoke(args=again).exit_code == 1
