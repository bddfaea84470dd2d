"""kill -9 during uploads and 제출: what was acknowledged is there, once, byte for byte; nothing is half done."""

from __future__ import annotations

import hashlib
import itertools
import random
import threading
import time
from collections.abc import Callable

import pytest
from integration.contest.entry_citizen import receipt_number
from processes import Server, Walker, Wire, in_threads
from sqlalchemy import func, select

from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.entry import Entry
from contest.models.outbox import Message
from contest.models.photo import Photo
from contest.models.submission import Submission, SubmissionState, Upload
from contest.operations.check import find_faults

Serve = Callable[..., Server]
PATCH = r"^PATCH /upload/"
SUBMIT = r"^POST /entry/.*/submit$"
POINTS = [
    ("put:uploads:before", PATCH, 2),
    ("link", PATCH, 2),
    ("put:uploads:after", PATCH, 2),
    ("commit:before", PATCH, 1),
    ("commit:after", PATCH, 2),
    ("put:originals:before", PATCH, 1),
    ("put:originals:after", PATCH, 1),
    ("commit:before", PATCH, 4),  # the photograph's row
    ("commit:after", PATCH, 4),
    ("reply", PATCH, 3),
    ("commit:before", SUBMIT, 1),
    ("commit:after", SUBMIT, 1),
    ("reply", SUBMIT, 1),
]


@pytest.fixture
def contest(services: Services, clock: SteppedClock, edition, set_clock) -> Services:
    set_clock(clock.now())
    return services


def picture(seed: int) -> bytes:
    """Three slices that nobody looks into: the worker that would is not running."""
    return random.Random(seed).randbytes(2_300_000)


def enter(server: Server, number: int) -> tuple[str, bytes, Walker]:
    """One citizen's whole way; the acknowledged receipt number."""
    walker, data = Walker(Wire(server, patient=True)), picture(number)
    walker.begin()
    walker.upload(data)
    walker.describe().identify(phone=f"010-7000-{number:04d}").consent()
    return receipt_number(walker.submit()), data, walker


def assert_all_there(services: Services, acknowledged: dict[str, bytes]) -> None:
    """Every receipt once, with its acts and its message; originals byte for byte; no row without its file."""
    assert find_faults(services, hashes=True) == []
    with services.database.read() as session:
        rows = session.execute(
            select(Submission.receipt_number, Submission.id, Photo)
            .join(Entry, Entry.submission_id == Submission.id)
            .join(Photo, Photo.id == Entry.photo_id)
            .where(Submission.state == SubmissionState.SUBMITTED)
        ).all()
        assert sorted(row[0] for row in rows) == sorted(acknowledged)
        for number, submission_id, photo in rows:
            assert photo.sha256 == hashlib.sha256(acknowledged[number]).hexdigest()
            told = session.scalar(
                select(func.count()).where(Message.subject_id == submission_id, Message.code == "A1")
            )
            acts = session.scalars(select(AuditRow.action).where(AuditRow.subject_id == submission_id)).all()
            assert told == 1
            assert acts.count("submission.submitted") == 1
        named = {*session.scalars(select(Photo.id)), *session.scalars(select(Upload.photo_id))}
        receipts = session.scalars(
            select(Submission.receipt_number).where(Submission.receipt_number.is_not(None))
        )
        assert len(set(receipts)) == len(acknowledged)
    # What no row names yet belongs to an upload that is going on, and is swept with it.
    assert {key.removeprefix("originals/") for key in services.storage.list("originals")} <= named


def kill_at_each_named_point(contest: Services, serve: Serve) -> int:
    """One citizen for each point; how many receipts there are, all of them whole."""
    server = serve()
    acknowledged: dict[str, bytes] = {}
    for number, (point, path, count) in enumerate(POINTS, start=1):
        server.arm(point, path, count)
        receipt, data, walker = enter(server, number)
        assert not server.is_armed, f"{point} {path} was never passed"
        assert receipt not in acknowledged
        acknowledged[receipt] = data
        # The request repeated after its answer was lost shows the same receipt.
        assert receipt_number(walker.get(f"/receipt/{walker.link}")) == receipt
    assert_all_there(contest, acknowledged)
    return len(acknowledged)


def test_killed_at_each_named_point(contest: Services, serve: Serve) -> None:
    assert kill_at_each_named_point(contest, serve) == len(POINTS)


def kill_at_random_instants(
    contest: Services, serve: Serve, *, citizens: int, kills: int, at_once: int = 3
) -> int:
    """At least so many citizens, going on until workers, now and then the whole server, were killed so often.

    How many receipts there are, all of them whole.
    """
    server = serve()
    chance = random.Random(20240830)
    acknowledged: dict[str, bytes] = {}
    numbers, killed = itertools.count(1), threading.Event()

    def come() -> None:
        while (number := next(numbers)) <= citizens or not killed.is_set():
            receipt, data, _ = enter(server, number)
            assert receipt not in acknowledged
            acknowledged[receipt] = data

    def kill() -> None:
        for number in range(kills):
            time.sleep(chance.uniform(0.05, 0.4))
            if number % 20 == 19:
                server.kill()
                server.start()
            else:
                server.kill_worker()
        killed.set()

    in_threads(*[come] * at_once, kill)
    assert len(acknowledged) >= citizens
    assert_all_there(contest, acknowledged)
    return len(acknowledged)


@pytest.mark.parametrize(("citizens", "kills"), [(6, 6), pytest.param(150, 300, marks=pytest.mark.full)])
def test_killed_at_random_instants(contest: Services, serve: Serve, citizens: int, kills: int) -> None:
    assert kill_at_random_instants(contest, serve, citizens=citizens, kills=kills) >= citizens


def test_slices_acknowledged_before_the_machine_went_down_are_not_asked_for_again(
    contest: Services, serve: Serve
) -> None:
    server = serve()
    walker, data = Walker(Wire(server)), picture(1)
    walker.begin()
    begun = walker.begin_upload(len(data))
    assert walker.patch(begun["url"], data[:1_048_576], 0).get_json() == {"offset": 1_048_576}
    server.kill()
    server.start()
    assert walker.client.get(begun["url"]).get_json() == {"offset": 1_048_576}
    offset = 1_048_576
    while offset < len(data):
        offset = walker.patch(begun["url"], data[offset : offset + 1_048_576], offset).get_json()["offset"]
    with contest.database.read() as session:
        photo = session.scalars(select(Photo)).one()
    assert contest.storage.get(f"originals/{photo.id}") == data
    assert list(contest.storage.list("uploads")) == []


def test_two_presses_at_once_are_one_entry(contest: Services, serve: Serve) -> None:
    server = serve(workers=2)
    walker, data = Walker(Wire(server)), picture(1)
    walker.begin()
    walker.upload(data)
    walker.describe().identify().consent()
    walker.get(walker.url("review"))
    places: list[str] = []

    def press() -> None:
        answer = walker.post(walker.url("submit"), submit_key="0f0f0f0f")
        places.append(f"{answer.status_code} {answer.headers['Location']}")

    in_threads(*[press] * 8)
    assert places == [f"303 /receipt/{walker.link}"] * 8
    number = receipt_number(walker.get(f"/receipt/{walker.link}"))
    assert_all_there(contest, {number: data})
