"""The queue of the screening desk: filters of the address, counts, undo of many decisions, progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import quote

import pytest
from factories.submissions import make_submission
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.domain.actors import Role
from contest.domain.devices import DeviceClass, classify_device
from contest.domain.screening import DEFAULT_GRADES, FindingKind, find
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.photo import Photo
from contest.queries.screening import load_queue
from contest.queries.screening_sieve import Sieve, View

CLOSED = dt.datetime(2024, 9, 2, 1, 0, tzinfo=dt.UTC)
NEAR = find(FindingKind.NEAR_BOUNDARY, DEFAULT_GRADES, metres=120)
DEVICES = ("Apple iPhone 15", "samsung SM-S918N", "DJI FC3582", "Canon EOS R6", None)


@pytest.fixture(autouse=True)
def _quiet(app, services: Services) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    services.jobs._handlers["zoom"] = lambda **_ids: None


def test_the_filters_of_an_address_meet_in_list_counts_and_next_work(
    services: Services, edition: Edition, clock: SteppedClock, login_as: Callable[..., FlaskClient]
) -> None:
    made = [
        make_submission(services, edition, phone=f"010-6000-000{n}", findings=[NEAR], title=f"작품 100%{n}")
        for n in range(len(DEVICES))
    ]
    make_submission(services, edition, phone="010-6000-0009", title="깨끗한 작품")
    with services.database.write() as uow:
        for n, (one, device) in enumerate(zip(made, DEVICES, strict=True)):
            uow.session.get_one(Entry, one.entries[0]).dong = "가산동" if n < 2 else "독산1동"
            photo = uow.session.get_one(Photo, one.photos[0])
            photo.facts = {"exif": {"device": device}}
    clock.move_to(CLOSED)

    def seen(**address: str) -> tuple[list[str], int]:
        with services.database.read() as session:
            queue = load_queue(session, edition.id, Sieve.of(address, "me"), clock.now())
        return [item.entry_id for item in queue.items], queue.total

    ids = [one.entries[0] for one in made]
    assert seen() == (ids, 5)
    for n, device in enumerate(DEVICES):
        wanted = [
            ids[m] for m, other in enumerate(DEVICES) if classify_device(other) is classify_device(device)
        ]
        assert seen(device=classify_device(device).value) == (wanted, len(wanted)), n
    assert seen(dong="가산동", device=DeviceClass.PHONE)[1] == 2
    assert seen(q="100%3") == ([ids[3]], 1)
    assert seen(q=made[2].numbers[0] or "") == ([ids[2]], 1)
    assert seen(kind="no_exif") == ([], 0)
    assert seen(kind="nonsense", view="nonsense", hand="nonsense")[1] == 5
    with services.database.read() as session:
        queue = load_queue(session, edition.id, Sieve.of({"dong": "독산1동"}, "me"), clock.now())
    assert (queue.counts[View.DOUBTFUL], queue.counts[View.FIT]) == (3, 0)
    assert (queue.kinds, queue.dongs) == ({"near_boundary": 3}, {"가산동": 2, "독산1동": 3})

    operator = login_as(Role.OPERATOR)
    answer = operator.post(
        f"/staff/screening/{ids[2]}/fit", data={"view": "doubtful", "dong": "독산1동", "q": "100%"}
    )
    assert answer.headers["Location"] == (
        f"/staff/screening/{ids[3]}?view=doubtful&dong={quote('독산1동')}&q=100%25&done={ids[2]}"
    )
    page = operator.get("/staff/screening?view=done&hand=mine").get_data(as_text=True)
    assert page.count("queue__item") == 1
    assert "남은 작품 <strong>5점</strong>, 오늘 <strong>1점</strong> (내가 1점)" in page
    assert (
        operator.get("/staff/screening?view=done&hand=others").get_data(as_text=True).count("queue__item")
        == 0
    )
    answer = operator.post(f"/staff/screening/{ids[2]}/reverse", data={"view": "doubtful"})
    assert answer.headers["Location"] == f"/staff/screening/{ids[2]}?view=doubtful"


def test_decisions_made_together_are_taken_back_together(
    services: Services, edition: Edition, clock: SteppedClock, login_as: Callable[..., FlaskClient]
) -> None:
    made = [make_submission(services, edition, phone=f"010-6100-000{n}") for n in range(3)]
    ids = [one.entries[0] for one in made]
    clock.move_to(CLOSED)
    operator, other = login_as(Role.OPERATOR), login_as(Role.OPERATOR)
    other.post(f"/staff/screening/{ids[2]}/fit", data={"view": "fit"})
    answer = operator.post("/staff/screening/clean", data={"entry": ids[:2]})
    page = operator.get(answer.headers["Location"]).get_data(as_text=True)
    assert "모두 되돌리기" in page
    moment = clock.now().isoformat()
    clock.move_to(CLOSED + dt.timedelta(minutes=5))
    # Another person's decisions of the same instant stay.
    other.post("/staff/screening/clean/undo", data={"undo": "2024-09-02T01:00:01+00:00"})
    operator.post("/staff/screening/clean/undo", data={"undo": moment})
    with services.database.read() as session:
        states = [session.scalar(select(Entry.state).where(Entry.id == one)) for one in ids]
    assert states == [EntryState.SUBMITTED, EntryState.SUBMITTED, EntryState.FIT]
