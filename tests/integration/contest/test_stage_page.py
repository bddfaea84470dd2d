"""The stage page tells everything in the way of the next stage, and moves only for those who may."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable

import pytest
from factories.submissions import make_submission
from flask.testing import FlaskClient

from contest.domain.actors import Role
from contest.domain.stages import Stage
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.photo import Pair, PhotoState
from contest.models.submission import Submission, SubmissionState
from contest.operations.pairs import decide_pair
from contest.queries.screening_gate import count_screening, screening_gate

pytestmark = pytest.mark.any_database

LoginAs = Callable[..., FlaskClient]
CLOSED = dt.datetime(2024, 9, 2, 1, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _no_tokens(app) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


def codes(services: Services, edition: Edition, target: Stage = Stage.JUDGING) -> dict[str, bool]:
    with services.database.read() as session:
        found = screening_gate(session, edition.id, target, services.clock.now())
    return {blocker.code: blocker.is_warning for blocker in found}


def test_the_gate_names_everything_that_is_left_undone(
    services: Services, edition: Edition, clock: SteppedClock, make_account
) -> None:
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    make_submission(services, edition, phone="010-1111-0001")
    make_submission(services, edition, phone="010-1111-0002", photo_state=PhotoState.WAITING)
    make_submission(services, edition, phone="010-1111-0003", photo_state=PhotoState.PARKED)
    asked = make_submission(services, edition, phone="010-1111-0004")
    unfit = make_submission(services, edition, phone="010-1111-0005", entry_state=EntryState.UNFIT)
    make_submission(services, edition, phone="010-1111-0006", state=SubmissionState.AWAITING_GUARDIAN)
    make_submission(services, edition, phone="010-1111-0007", state=SubmissionState.WITHDRAWN)
    clock.move_to(CLOSED)
    with services.database.write() as uow:
        proposed = uow.session.get_one(Entry, asked.entries[0])
        proposed.unfit_proposed_by, proposed.proposed_reason = operator.id, "copy"
        answered = uow.session.get_one(Entry, unfit.entries[0])
        answered.screened_by, answered.reply_until = approver.id, CLOSED + dt.timedelta(days=1)
        answered.reply, answered.replied_at = "금천구가 맞습니다.", CLOSED
        uow.session.get_one(Submission, asked.id).withdrawal_asked_at = CLOSED
    assert codes(services, edition) == {
        "screening.unscreened": False,
        "screening.photos_waiting": False,
        "screening.confirmations": False,
        "screening.too_few": False,
        "screening.replies_open": True,
        "screening.replies_unread": True,
        "screening.withdrawals_asked": True,
        "screening.guardians_awaited": True,
    }
    with services.database.read() as session:
        counts = count_screening(session, edition.id, clock.now())
    assert (counts.unscreened, counts.proposed, counts.fit, counts.unfit) == (3, 1, 0, 1)
    assert (counts.photos_waiting, counts.photos_parked) == (1, 1)


def test_one_person_with_two_works_counts_once(services: Services, edition: Edition) -> None:
    make_submission(services, edition, entries=2, entry_state=EntryState.FIT)
    make_submission(services, edition, name="이가람", phone="010-2222-3333", entry_state=EntryState.FIT)
    with services.database.read() as session:
        counts = count_screening(session, edition.id, services.clock.now())
    assert (counts.fit, counts.persons) == (3, 2)
    assert codes(services, edition) == {"screening.too_few": True}


def test_screening_does_not_begin_while_entry_is_open(
    services: Services, edition: Edition, clock: SteppedClock
) -> None:
    assert codes(services, edition, Stage.SCREENING) == {"screening.entry_open": False}
    clock.move_to(CLOSED)
    assert codes(services, edition, Stage.SCREENING) == {}


def test_the_page_shows_blockers_and_an_operator_only_begins_screening(
    services: Services, edition: Edition, clock: SteppedClock, login_as: LoginAs
) -> None:
    make_submission(services, edition)
    operator, approver = login_as(Role.OPERATOR), login_as(Role.APPROVER)
    form = {"edition": edition.id, "stage": "open", "target": "screening"}
    assert operator.post("/staff/stage", data=form).status_code == 409
    clock.move_to(CLOSED)
    operator, approver = login_as(Role.OPERATOR), login_as(Role.APPROVER)
    assert operator.post("/staff/stage", data=form).status_code == 303
    assert operator.post("/staff/stage", data=form).status_code == 409  # the page was of another stage
    page = approver.get("/staff/stage").get_data(as_text=True)
    assert "자격검토를 마치지 않은 작품이 1점 있습니다." in page
    on = {"edition": edition.id, "stage": "screening", "target": "judging"}
    assert operator.post("/staff/stage", data=on).status_code == 403
    assert approver.post("/staff/stage", data=on).status_code == 409
    with services.database.read() as session:
        assert session.get_one(Edition, edition.id).stage is Stage.SCREENING


def test_a_move_asks_for_the_password_again_and_then_goes_on_with_what_was_posted(
    services: Services, edition: Edition, clock: SteppedClock, login_as: LoginAs
) -> None:
    clock.move_to(edition.entry_closes)
    operator = login_as(Role.OPERATOR)
    clock.advance(minutes=20)
    form = {"edition": edition.id, "stage": "open", "target": "screening", "note": "두 줄의\n<까닭>"}
    asked = operator.post("/staff/stage", data=form, follow_redirects=True)
    assert (asked.status_code, asked.request.path) == (200, "/sign-in/confirm")
    held = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', asked.text))
    assert {name: html.unescape(held[name]) for name in form} == form
    with services.database.read() as session:
        assert session.get_one(Edition, edition.id).stage is Stage.OPEN
    own = dict(re.findall(r'<input name="(confirm-[^"]+)" type="hidden" value="([^"]*)">', asked.text))
    went = operator.post("/sign-in/confirm", data=form | own)
    assert (went.status_code, went.location) == (307, "/staff/stage")
    assert operator.post(went.location, data=form).status_code == 303
    with services.database.read() as session:
        assert session.get_one(Edition, edition.id).stage is Stage.SCREENING


def test_after_confirming_nobody_is_sent_to_an_address_that_only_takes_posts(
    clock: SteppedClock, login_as: LoginAs
) -> None:
    operator = login_as(Role.OPERATOR)
    own = {"confirm-next": "/staff/cases/abcdefghijklmnopqrstuvwxyz/propose"}
    assert operator.post("/sign-in/confirm", data=own).location == "/staff"


def test_pictures_and_originals_reach_staff_alone(
    services: Services, edition: Edition, login_as: LoginAs, client: FlaskClient
) -> None:
    made = make_submission(services, edition)
    from contest.queries.photographs import pictures_of

    with services.database.read() as session:
        preview = pictures_of(session, {made.photos[0]}, "preview")[made.photos[0], "preview"]
    operator = login_as(Role.OPERATOR)
    shown = operator.get(f"/staff/photos/{preview.id}")
    assert shown.status_code == 200
    assert len(shown.data) == preview.bytes
    assert client.get(f"/staff/photos/{preview.id}").status_code == 302
    assert login_as(Role.JUDGE).get(f"/staff/photos/{preview.id}").status_code == 403
    address = f"/staff/photos/{made.photos[0]}/original"
    assert operator.post(address).status_code == 422
    taken = operator.post(address, data={"reason": "identity"})
    assert taken.status_code == 200
    assert taken.headers["Content-Disposition"] == 'attachment; filename="2024-02-0001-1.jpg"'


@pytest.mark.parametrize("kind", ["identical", "near_identical"])
def test_nothing_goes_on_to_judging_while_nobody_has_said_whether_two_pictures_are_one(
    services: Services, edition: Edition, make_account, kind: str
) -> None:
    approver = make_account(Role.APPROVER)
    one = make_submission(services, edition, phone="010-2222-0001", entry_state=EntryState.FIT)
    other = make_submission(
        services, edition, name="이가람", phone="010-2222-0002", entry_state=EntryState.FIT
    )
    suspected = make_submission(services, edition, phone="010-2222-0003", entry_state=EntryState.FIT)
    with services.database.write() as uow:
        for second, likeness in ((other, kind), (suspected, "suspected")):
            uow.session.add(
                Pair(
                    first_photo_id=one.photos[0], second_photo_id=second.photos[0], kind=likeness,
                    found_at=services.clock.now(),
                )
            )  # fmt: skip

    def named() -> list[dict[str, object]]:
        with services.database.read() as session:
            found = screening_gate(session, edition.id, Stage.JUDGING, services.clock.now())
            assert {blocker.link for blocker in found if "pair" in blocker.code} <= {"pairs.index"}
            return [blocker.facts for blocker in found if blocker.code == "screening.pair_undecided"]

    with services.database.read() as session:
        numbers = [session.get_one(Entry, made.entries[0]).entry_number for made in (one, other)]
    assert named() == [{"first": numbers[0], "second": numbers[1]}]
    with services.database.write() as uow:
        decide_pair(uow, one.photos[0], other.photos[0], "distinct", actor=approver, now=services.clock.now())
    assert named() == []
