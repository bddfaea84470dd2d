"""보완요청: asked once, answered on the private link by papers and words, seen by staff, reminded, erased."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pytest
from factories.submissions import make_submission, tiny_jpeg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.domain.actors import Role, citizen
from contest.domain.errors import Invalid
from contest.domain.supplements import Standing, parse_wanted, require_due, stands
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.outbox import Message
from contest.models.submission import Submission
from contest.models.supplement import Supplement, SupplementFile
from contest.operations.erase import erase_own
from contest.operations.links import sign_link
from contest.operations.timely import send_timely

CLOSED = dt.datetime(2024, 9, 2, 1, 0, tzinfo=dt.UTC)
DUE = dt.datetime(2024, 9, 4, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _quiet(app: Flask, services: Services) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    services.jobs._handlers["zoom"] = lambda **_ids: None


def codes(services: Services) -> list[str]:
    with services.database.read() as session:
        return list(
            session.scalars(select(Message.code).where(Message.voided_at.is_(None)).order_by(Message.code))
        )


def test_papers_are_asked_for_answered_read_and_erased(
    services: Services,
    edition: Edition,
    clock: SteppedClock,
    app: Flask,
    login_as: Callable[..., FlaskClient],
) -> None:
    made = make_submission(services, edition, phone="010-6300-0001", email="hong@example.kr")
    entry_id = made.entries[0]
    clock.move_to(CLOSED)
    operator = login_as(Role.OPERATOR)
    ask = f"/staff/screening/{entry_id}/supplement"
    wrong = operator.post(ask, data={"items": ["other"], "ask_note": "", "due": "2024-09-04T18:00"})
    assert wrong.status_code == 422
    late = operator.post(ask, data={"items": ["portrait"], "ask_note": "서명 면", "due": "2024-12-04T18:00"})
    page = late.get_data(as_text=True)
    assert (late.status_code, "서명 면" in page, "다시 정해 주세요" in page) == (422, True, True)
    form = {"items": ["portrait", "drone"], "ask_note": "서명한 면이 보이게", "due": "2024-09-04T18:00"}
    assert operator.post(ask, data=form).status_code == 303
    assert operator.post(ask, data=form).status_code == 409
    assert set(codes(services)) == {"A6"}
    assert operator.get("/staff/screening?view=asked").get_data(as_text=True).count("보완 답변 기다림") == 1
    # What waits for papers is not found fit among the clean.
    assert entry_id not in operator.get("/staff/screening/clean").get_data(as_text=True)

    with services.database.read() as session:
        asked = session.scalars(select(Supplement)).one()
        link = sign_link(services.crypto, made.id, session.get_one(Submission, made.id).link_epoch)
    assert (asked.due_at, asked.items) == (DUE, ["portrait", "drone"])
    entrant = app.test_client()
    entrant.post(f"/entry/{link}")
    assert "자료 내기" in entrant.get(f"/receipt/{link}").get_data(as_text=True)
    address = f"/receipt/{link}/supplements/{asked.id}"
    page = entrant.get(address).get_data(as_text=True)
    assert [words in page for words in ("초상권", "드론", "서명한 면이 보이게")] == [True] * 3
    assert entrant.post(address, data={"answer": ""}).status_code == 422
    program = {"files": (io.BytesIO(b"MZ\x90"), "동의서.pdf"), "answer": "보냅니다"}
    refused = entrant.post(address, data=program)
    assert (refused.status_code, "보냅니다" in refused.get_data(as_text=True)) == (422, True)
    paper = {"files": (io.BytesIO(tiny_jpeg(1)), "동의서.jpg"), "answer": "보냅니다"}
    assert entrant.post(address, data=paper).status_code == 303
    assert app.test_client().get(address).status_code != 200
    page = operator.get(f"/staff/screening/{entry_id}").get_data(as_text=True)
    assert [words in page for words in ("보완 답변 있음", "동의서.jpg", "보냅니다")] == [True] * 3
    with services.database.read() as session:
        file_id = session.scalars(select(SupplementFile.id)).one()
    assert operator.post(f"/staff/papers/{file_id}", data={"reason": ""}).status_code == 422
    taken = operator.post(f"/staff/papers/{file_id}", data={"reason": "identity"})
    assert taken.data == tiny_jpeg(1)
    assert taken.headers["Content-Disposition"].startswith("attachment")

    operator.post(f"/staff/screening/{entry_id}/fit", data={"view": "asked"})
    with services.database.read() as session:
        assert session.scalars(select(Supplement.outcome)).one() == "met"
        assert session.get_one(Entry, entry_id).state is EntryState.FIT
    clock.move_to(CLOSED + dt.timedelta(hours=1))
    assert entrant.post(address, data={"answer": "더"}).status_code == 409
    erase_own(services, made.id, actor=citizen(made.id, None), now=clock.now())
    with services.database.read() as session:
        assert session.scalars(select(SupplementFile.id)).all() == []
        assert session.scalars(select(Supplement.answer_sealed)).one() is None
    assert f"papers/{file_id}" not in set(services.storage.list("papers/"))


def test_who_has_not_answered_is_reminded_once_and_told_when_it_is_over(
    services: Services, edition: Edition, clock: SteppedClock, login_as: Callable[..., FlaskClient]
) -> None:
    made = make_submission(services, edition, phone="010-6300-0002")
    clock.move_to(CLOSED)
    login_as(Role.OPERATOR).post(
        f"/staff/screening/{made.entries[0]}/supplement", data={"items": ["place"], "due": "2024-09-04T18:00"}
    )

    def reminders() -> list[str]:
        with services.database.read() as session:
            keys = session.scalars(
                select(Message.event_key).where(Message.code == "A7", Message.voided_at.is_(None))
            ).all()
        return [key.split(":")[4] for key in keys]

    for moment, told in (
        (CLOSED, []),
        (DUE - dt.timedelta(hours=20), ["near"]),
        (DUE - dt.timedelta(hours=19), ["near"]),
        (DUE + dt.timedelta(minutes=1), ["passed"]),  # what was not sent in time is taken back
    ):
        clock.move_to(max(moment, clock.now()))
        send_timely(services, clock.now())
        assert reminders() == told, moment


def test_what_is_asked_and_until_when() -> None:
    assert parse_wanted(["other", "drone", "nonsense"], " 도장 ").items == ("drone", "other")
    for items, note in (([], ""), (["other"], " "), (["drone"], "가" * 301)):
        with pytest.raises(Invalid):
            parse_wanted(items, note)
    for due in (None, CLOSED, DUE + dt.timedelta(days=9)):
        with pytest.raises(Invalid, match="supplement.due"):
            require_due(due, DUE, CLOSED)
    assert require_due(DUE, DUE, CLOSED) == DUE
    late = DUE + dt.timedelta(seconds=1)
    assert [stands(DUE, *facts, late) for facts in ((None, None), (CLOSED, None), (None, late))] == [
        Standing.OVERDUE, Standing.ANSWERED, Standing.CLOSED,
    ]  # fmt: skip
