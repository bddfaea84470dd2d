"""접수대장, 부적격 목록 and 접수 현황: what they hold, masked or with a logged reason, and empty."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable

import pytest
from factories.submissions import make_submission
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from contest.domain.actors import Role
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.submission import SubmissionState

CLOSED = dt.datetime(2024, 9, 2, 1, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _quiet(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


def words(sheet: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(sheet)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in page
        return page + (
            book.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in book.namelist() else ""
        )


def test_the_lists_leave_masked_or_whole_with_a_reason_in_the_trail(
    services: Services, edition: Edition, clock: SteppedClock, login_as: Callable[..., FlaskClient]
) -> None:
    make_submission(services, edition, name="김금천", phone="010-7777-8888", title="=HYPERLINK(1)")
    unfit = make_submission(services, edition, name="이가람", phone="010-7777-9999", title="강 건너")
    make_submission(services, edition, phone="010-7777-0000", state=SubmissionState.DRAFT, title="아직 초안")
    with services.database.write() as uow:
        uow.session.execute(
            update(Entry)
            .where(Entry.id == unfit.entries[0])
            .values(state=EntryState.UNFIT, unfit_reason="copy", screened_at=CLOSED, unfit_note="같은 파일")
        )
    operator = login_as(Role.OPERATOR)
    refused = operator.post("/staff/ledger", data={"reason": "", "people": "full"})
    assert (refused.status_code, "김금천" in refused.get_data(as_text=True)) == (422, False)
    masked = words(operator.post("/staff/ledger", data={"reason": "audit"}).data)
    assert [part in masked for part in ("=HYPERLINK(1)", "김*천", "김금천", "010-7777-8888", "아직 초안")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    whole = words(operator.post("/staff/ledger", data={"reason": "audit", "people": "full"}).data)
    assert [part in whole for part in ("김금천", "010-7777-8888", "이가람")] == [True] * 3
    only = words(operator.post("/staff/ledger", data={"reason": "audit", "list": "unfit"}).data)
    assert [part in only for part in ("이*람", "같은 파일", "김*천")] == [True, True, False]
    narrowed = words(operator.post("/staff/ledger", data={"reason": "audit", "view": "done"}).data)
    assert [part in narrowed for part in ("이*람", "김*천")] == [True, False]
    printed = operator.post("/staff/ledger", data={"reason": "audit", "list": "unfit", "format": "pdf"})
    assert printed.data.startswith(b"%PDF")
    with services.database.read() as session:
        acts = session.execute(
            select(AuditRow.action, AuditRow.facts)
            .where(AuditRow.action.startswith("disclosure."))
            .order_by(AuditRow.seq)
        ).all()
    assert [action for action, _ in acts] == [
        "disclosure.masked_list", "disclosure.export", *["disclosure.masked_list"] * 3,
    ]  # fmt: skip
    assert (acts[1].facts["count"], acts[1].facts["reason"]) == (2, "audit")


def test_the_figures_of_entry_count_what_was_handed_in(
    services: Services, edition: Edition, login_as: Callable[..., FlaskClient]
) -> None:
    operator = login_as(Role.OPERATOR)
    assert "아직 접수된 작품이 없습니다." in operator.get("/staff/intake").get_data(as_text=True)
    assert "담을 작품이 없습니다." in operator.get("/staff/ledger").get_data(as_text=True)
    make_submission(services, edition, phone="010-7777-8888", entries=2)
    make_submission(services, edition, phone="010-7777-0000", state=SubmissionState.DRAFT)
    page = operator.get("/staff/intake").get_data(as_text=True)
    assert "접수 마감까지" in page
    assert page.count("chart__data") == 5
    assert '<th scope="row">시흥1동</th><td class="number">2점</td>' in page
