"""An objection is open when the announcement nears: decide it, or put the announcement off in public."""

from __future__ import annotations

import datetime as dt

import pytest
from factories.results import seal_judging
from sqlalchemy import select

from contest.domain.actors import citizen
from contest.domain.stages import Stage
from contest.infra.clock import KST
from contest.operations.stages import move_stage
from gallery.models.publication import Hold
from judging.operations.allocate import allocate_prizes
from judging.operations.objections import Report, file_objection

IN_WINDOW = dt.datetime(2024, 9, 20, 11, 0, tzinfo=KST)
EVE = dt.datetime(2024, 9, 30, 15, 0, tzinfo=KST)


@pytest.fixture
def disputed(services, clock, edition, people) -> str:
    """The number of an open case, on the eve of the announcement, verification not yet ended."""
    sealed = seal_judging(services, edition)
    with services.database.write() as uow:
        allocate_prizes(uow, edition.id, actor=people.operator, now=clock.now())
    with services.database.write() as uow:
        move_stage(
            uow, services.registry, edition.id, Stage.VERIFICATION, actor=people.operator, now=clock.now()
        )
    clock.move_to(IN_WINDOW)
    report = Report(
        sealed.numbers[0], "awarded_elsewhere", "다른 공모전에서 상을 받은 사진입니다.", "https://example.org/2022",
        "고발인", "010-1234-5678",
    )  # fmt: skip
    with services.database.write() as uow:
        case = file_objection(
            uow, edition.id, report, submit_key="k", actor=citizen(network="net"), now=clock.now(), wall=clock.wall()
        )  # fmt: skip
    clock.move_to(EVE)
    return case.case_number


def test_the_page_offers_both_ways_and_putting_off_is_read_by_all(  # noqa: PLR0917  fixtures
    app, services, client, disputed, people, login_as
):
    app.config["WTF_CSRF_ENABLED"] = False
    browser = login_as(people.operator)
    page = browser.get("/staff/publication").text
    assert disputed in page
    assert 'href="/staff/cases"' in page
    assert "공개 안내와 함께 미루기" in page
    assert "발표 승인</button>" not in login_as(people.approver).get("/staff/publication").text
    fields = {"postpone-reason": "이의신청 결정 전", "postpone-notice": ""}
    refused = browser.post("/staff/publication/postpone", data=fields)
    assert refused.status_code == 422
    assert "시민에게 보일 안내를 적어 주세요." in refused.text
    fields["postpone-notice"] = "확인할 것이 있어 발표를 미룹니다."
    assert browser.post("/staff/publication/postpone", data=fields).status_code == 303
    assert "확인할 것이 있어 발표를 미룹니다." in client.get("/").text
    assert "확인할 것이 있어 발표를 미룹니다." in client.get("/results").text
    with services.database.read() as session:
        hold = session.scalars(select(Hold)).one()
        assert (hold.reason, hold.lifted_at) == ("이의신청 결정 전", None)
    held = browser.get("/staff/publication").text
    assert "공개 안내와 함께 미루기" not in held
    assert 'href="/staff/cases"' in held
