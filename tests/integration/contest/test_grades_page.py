"""확인 등급: the preview shows which works a change would move; confirmed as shown, exactly those move."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from factories.photos import camera, jpeg
from factories.submissions import Made, make_submission
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from contest.domain.actors import Role
from contest.domain.screening import DEFAULT_GRADES, FindingKind, find
from contest.infra.clock import SteppedClock
from contest.infra.texts import text
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState, FindingRow
from contest.models.photo import Photo
from contest.operations.findings import refresh_findings
from contest.queries.editions import get_edition, rules_of

LoginAs = Callable[..., FlaskClient]
CLOSED = dt.datetime(2024, 9, 2, 1, 0, tzinfo=dt.UTC)
SEEN = "/staff/grades?no_exif=doubtful&border=doubtful"
pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def _plain_forms(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def made(services: Services, edition: Edition, clock: SteppedClock) -> Made:
    """Two works without EXIF, as a note."""
    made = make_submission(services, edition, entries=2, findings=[find(FindingKind.NO_EXIF, DEFAULT_GRADES)])
    clock.move_to(CLOSED)
    return made


def verdicts(services: Services) -> list[str | None]:
    with services.database.read() as session:
        return list(session.scalars(select(Entry.verdict).order_by(Entry.entry_number)))


def shown_on(page: str) -> str:
    found = re.search(r'name="shown" value="(\w+)"', page)
    assert found is not None, page
    return found[1]


def test_what_was_shown_is_applied_as_one_act(services: Services, made: Made, login_as: LoginAs) -> None:
    operator = login_as(Role.OPERATOR)
    page = operator.get(SEEN).text
    assert "이상 없음 → 확인 필요: <strong>2점</strong>" in page
    assert all(number in page for number in made.numbers)
    assert "정직한 작품도 흔히 걸리는" not in page  # that warning is for 부적합 alone
    assert "정직한 작품도 흔히 걸리는" in operator.get("/staff/grades?no_exif=unfit").text
    assert verdicts(services) == ["fit", "fit"]
    sent = {"no_exif": "doubtful", "shown": shown_on(page), "reason": "촬영 정보가 없는 작품을 보려고"}
    assert operator.post("/staff/grades", data={**sent, "reason": ""}).status_code == 422
    assert operator.post("/staff/grades", data={**sent, "shown": "0"}).status_code == 409
    assert operator.post("/staff/grades", data={**sent, "over_cap": "off"}).status_code == 422
    assert operator.post("/staff/grades", data=sent).status_code == 303
    assert verdicts(services) == ["doubtful", "doubtful"]
    with services.database.read() as session:
        rules = rules_of(get_edition(session, session.scalars(select(Edition.id)).one()))
        act = session.scalars(select(AuditRow).where(AuditRow.action == "grades.changed")).one()
    assert rules.grades[FindingKind.NO_EXIF].value == "doubtful"
    assert (act.facts["fields"], act.facts["before"], act.facts["after"], act.facts["works"]) == (
        ["findings.no_exif"], ["note"], ["doubtful"], 2,
    )  # fmt: skip
    assert "보려고" not in str(act.facts)


def test_a_decision_keeps_every_grade_as_it_is(services: Services, made: Made, login_as: LoginAs) -> None:
    operator = login_as(Role.OPERATOR)
    sent = {"no_exif": "doubtful", "shown": shown_on(operator.get(SEEN).text), "reason": "늦은 변경"}
    with services.database.write() as uow:
        work = uow.session.get_one(Entry, made.entries[0])
        work.state, work.screened_at = EntryState.FIT, CLOSED
    page = operator.get(SEEN).text
    assert "결정이 시작되어 등급을 바꿀 수 없습니다" in page
    assert 'name="shown"' not in page
    assert operator.post("/staff/grades", data=sent).status_code == 409
    assert verdicts(services) == ["fit", "fit"]


def test_works_still_looked_at_are_waited_for(services: Services, made: Made, login_as: LoginAs) -> None:
    operator = login_as(Role.OPERATOR)
    with services.database.write() as uow:
        uow.session.execute(update(Entry).where(Entry.id == made.entries[0]).values(verdict=None))
    sent = {"no_exif": "doubtful", "shown": shown_on(operator.get(SEEN).text), "reason": "검사 중 변경"}
    refused = operator.post("/staff/grades", data=sent)
    assert refused.status_code == 409
    assert "아직 검사 중인 작품이 1점" in refused.text
    assert "검사 중 변경" in refused.text  # nothing typed is lost


def test_what_is_switched_off_is_remembered_and_comes_back(
    services: Services, edition: Edition, clock: SteppedClock, login_as: LoginAs
) -> None:
    made = make_submission(
        services, edition, entries=1, picture=jpeg(7, 240, 160, camera(taken=None)), findings=[]
    )
    clock.move_to(CLOSED)
    approver = login_as(Role.APPROVER)
    with services.database.write() as uow:
        uow.session.execute(update(Photo).values(width=4000, height=3000))
        refresh_findings(uow, [uow.session.get_one(Entry, made.entries[0])], now=CLOSED)
        found = uow.session.scalars(select(FindingRow)).all()
    assert len(found) == 1
    kind, said = found[0].kind, text("ko", f"finding.{found[0].kind}", **found[0].facts)
    for grade, verdict in (("off", "fit"), ("doubtful", "doubtful"), ("off", "fit")):
        page = approver.get(f"/staff/grades?{kind}={grade}").text
        sent = {kind: grade, "shown": shown_on(page), "reason": "꺼 보고 다시 켭니다"}
        assert approver.post("/staff/grades", data=sent).status_code == 303
        with services.database.write() as uow:  # looked at anew, it amounts to the same
            refresh_findings(uow, [uow.session.get_one(Entry, made.entries[0])], now=CLOSED)
        assert verdicts(services) == [verdict]
        assert (said in approver.get(f"/staff/screening/{made.entries[0]}").text) == (grade != "off")
        listed = approver.get(f"/staff/screening?view={verdict}&kind={kind}").text
        assert (made.numbers[0] in listed) == (grade != "off")
