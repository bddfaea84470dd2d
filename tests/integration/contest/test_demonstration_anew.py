"""A demonstration begins anew from wherever it stands: nothing of before is left, and its staff stay signed in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from contest.domain.actors import SYSTEM, Role
from contest.domain.schedule import KST
from contest.infra.clock import SteppedClock
from contest.infra.migrations import missing_guards
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.models.edition import ContestClock, Edition
from contest.models.submission import Submission, SubmissionState
from contest.operations.audit import broken_link
from contest.operations.demonstration import FIRST_MORNING, begin_anew, seed_demonstration
from contest.operations.errands import begin_errand


def test_a_new_beginning_leaves_staff_and_nothing_else(services: Services) -> None:
    seed_demonstration(services)
    wall = services.clock.wall()
    with services.database.write() as uow:
        before = uow.session.scalars(select(Edition.id)).one()
        uow.session.add(
            Submission(
                id="s" * 26, edition_id=before, state=SubmissionState.DRAFT, link_epoch=1, locale="ko", age_band="adult",
                step="photos", created_at=wall, updated_at=wall,
            )
        )  # fmt: skip
        uow.session.get_one(ContestClock, 1).offset_seconds += 400 * 86400
        errand = begin_errand(uow, "rehearse", {"until": ""}, actor=SYSTEM, now=wall, wall=wall)
        staff = set(uow.session.scalars(select(Account.id)))
    services.storage.put("originals/left", b"x")

    begin_anew(services, errand)

    with services.database.read() as session:
        assert session.scalars(select(Submission.id)).all() == []
        assert session.scalars(select(Edition.id)).one() != before
        assert set(session.scalars(select(Account.id))) == staff
        shown = wall + dt.timedelta(seconds=session.get_one(ContestClock, 1).offset_seconds)
        assert abs(shown - FIRST_MORNING) < dt.timedelta(minutes=5)
        assert FIRST_MORNING.astimezone(KST).month == 8
        assert broken_link(session) is None
        assert missing_guards(session.connection()) == []
    assert list(services.storage.list()) == []
    with pytest.raises(DBAPIError), services.database.write() as uow:
        uow.session.execute(text("DELETE FROM audit"))


def test_it_is_asked_for_from_any_stage_with_what_goes_said_first(
    services: Services, login_as: Callable[..., FlaskClient], clock: SteppedClock
) -> None:
    seed_demonstration(services)
    clock.move_to(clock.now() + dt.timedelta(days=30))
    operator = login_as(Role.OPERATOR)
    filling = operator.get("/staff/rehearsal").text
    # Entry is over: nobody is asked how many enter, and what is left is offered.
    assert 'name="entrants"' not in filling
    assert 'value="entry"' not in filling
    assert 'value="screening"' in filling
    assert 'href="/staff/rehearsal/anew"' in filling
    preview = operator.get("/staff/rehearsal/anew").text
    assert "응모 0건" in preview
    with services.database.read() as session:
        before = session.scalars(select(Edition.id)).one()

    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', preview)
    assert token is not None
    asked = {"until": "", "entrants": "30", "csrf_token": token.group(1)}
    answer = operator.post("/staff/rehearsal/anew", data=asked)

    assert answer.status_code == 303
    assert "마쳤습니다" in operator.get("/staff/rehearsal").text, "the browser is signed in still"
    with services.database.read() as session:
        assert session.scalars(select(Edition.id)).one() != before
