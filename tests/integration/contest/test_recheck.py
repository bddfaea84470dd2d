"""Looking again: new results beside the old ones, decisions untouched, every photograph once whatever dies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from factories.photos import OUT_OF_DISTRICT, camera, jpeg
from factories.submissions import Made, make_submission
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from contest.domain.actors import Role
from contest.domain.check_version import CHECK_VERSION
from contest.domain.screening import DEFAULT_GRADES, FindingKind, find
from contest.infra.clock import SteppedClock
from contest.infra.imaging.client import ImagingUnavailable
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState, PastResult
from contest.models.outbox import Errand
from contest.models.photo import Photo, PhotoState
from contest.operations import errands
from contest.operations.erase import erase_person
from contest.operations.errands import park_lost_errands

LoginAs = Callable[..., FlaskClient]
CLOSED = dt.datetime(2024, 9, 2, 1, 0, tzinfo=dt.UTC)
OLD = find(FindingKind.NO_EXIF, DEFAULT_GRADES)
#: Taken elsewhere, which the version that looked at it first did not read.
ELSEWHERE = jpeg(7, 240, 160, camera(place=OUT_OF_DISTRICT))


class Killed(BaseException):
    """The worker is gone."""


@pytest.fixture(autouse=True)
def _plain_forms(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def old(services: Services, edition: Edition, clock: SteppedClock) -> Made:
    """Three works, the second already found fit, in whose photographs an older version found nothing wrong."""
    made = make_submission(services, edition, entries=3, picture=ELSEWHERE, findings=[OLD])
    with services.database.write() as uow:
        uow.session.execute(update(Photo).values(width=4000, height=3000))  # as large as the call asks for
        uow.session.get_one(Entry, made.entries[1]).state = EntryState.FIT
        uow.session.get_one(Entry, made.entries[1]).screened_at = services.clock.now()
    clock.move_to(CLOSED)
    return made


def seen(services: Services) -> tuple[list[tuple[str | None, str | None]], list[str | None], list[str]]:
    """Verdicts before and after as kept, verdicts now, states now."""
    with services.database.read() as session:
        past = session.scalars(select(PastResult).order_by(PastResult.id)).all()
        works = session.scalars(select(Entry).order_by(Entry.ordinal)).all()
        return (
            [(one.verdict, one.verdict_after) for one in past],
            [one.verdict for one in works],
            [one.state.value for one in works],
        )


def test_looking_again_keeps_what_was_found_and_leaves_what_was_decided(
    services: Services, old: Made, login_as: LoginAs
) -> None:
    operator = login_as(Role.OPERATOR)
    assert "이전 판으로 검사한 사진이 3장" in operator.get("/staff/intake").text
    assert operator.post("/staff/recheck").status_code == 303
    past, verdicts, states = seen(services)
    assert past == [("fit", "doubtful")] * 3
    assert verdicts == ["doubtful"] * 3
    assert states == ["submitted", "fit", "submitted"]
    page = operator.get("/staff/recheck").text
    assert "사진 3장을 다시 검사했습니다." in page
    assert all(number in page for number in old.numbers)
    work = operator.get(f"/staff/screening/{old.entries[0]}").text
    assert "이전 검사 결과 1건" in work
    assert "판을 적기 전의 검사" in work
    again = operator.post("/staff/recheck")
    assert again.status_code == 409
    assert "다시 검사할 사진이 없습니다." in again.text


def test_a_killed_recheck_goes_on_with_what_is_left(
    services: Services, old: Made, login_as: LoginAs, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contest.operations.recheck.TURN", 2)
    inspect, asked = services.imaging.inspect, []

    def dying(*args, **more):
        asked.append(args)
        if len(asked) == 2:
            raise Killed
        return inspect(*args, **more)

    monkeypatch.setattr(services.imaging, "inspect", dying)
    administrator = login_as(Role.ADMINISTRATOR)
    with pytest.raises(Killed):
        administrator.post("/staff/recheck")
    assert len(seen(services)[0]) == 1
    assert "다시 검사하고 있습니다" in administrator.get("/staff/recheck").text
    assert administrator.post("/staff/recheck").status_code == 409
    far = administrator.get("/staff/recheck?as=json").json
    assert (far["value"], far["max"], far["done"]) == (1, 3, False)
    park_lost_errands(services, clock.now())
    assert len(seen(services)[0]) == 1  # its lease still runs
    clock.advance(seconds=errands.LEASE.total_seconds() + 1)
    park_lost_errands(services, clock.now())
    assert seen(services)[0] == [("fit", "doubtful")] * 3
    assert len(asked) == 4
    with services.database.read() as session:
        done, total, attempts = session.execute(select(Errand.done, Errand.total, Errand.attempts)).one()
        assert (done, total, attempts) == (3, 3, 3)
    services.jobs.ring("recheck", errand_id=administrator_errand(services), turn=1)  # rung twice, taken once
    assert len(asked) == 4


def administrator_errand(services: Services) -> str:
    with services.database.read() as session:
        return session.scalars(select(Errand.id)).one()


def test_a_photograph_that_cannot_be_opened_keeps_its_result_and_stays_due(
    services: Services, old: Made, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_args, **_more):
        raise ImagingUnavailable("gone")

    monkeypatch.setattr(services.imaging, "inspect", unavailable)
    operator = login_as(Role.OPERATOR)
    operator.post("/staff/recheck")
    assert seen(services)[0] == []
    page = operator.get("/staff/recheck").text
    assert "3장은 이번에 보지 못해" in page
    assert "다시 검사 시작" in page


def test_a_refused_photograph_that_can_now_be_read_is_examined_whole(
    services: Services, edition: Edition, login_as: LoginAs
) -> None:
    made = make_submission(services, edition, picture=ELSEWHERE, photo_state=PhotoState.REFUSED)
    login_as(Role.OPERATOR).post("/staff/recheck")
    with services.database.read() as session:
        photo = session.get_one(Photo, made.photos[0])
        assert (photo.state, photo.refusal, photo.checked_with) == (PhotoState.CHECKED, None, CHECK_VERSION)
    assert seen(services)[:2] == ([("fit", None)], ["unfit"])  # it is smaller than the call asks for


def test_old_results_go_with_their_person(
    services: Services, old: Made, login_as: LoginAs, make_account
) -> None:
    login_as(Role.OPERATOR).post("/staff/recheck")
    actor = make_account(Role.OPERATOR)
    with services.database.write() as uow:
        uow.session.execute(update(Photo).values(submission_id=None))
        erase_person(uow, old.id, actor=actor, now=services.clock.now())
    assert seen(services)[0] == []
