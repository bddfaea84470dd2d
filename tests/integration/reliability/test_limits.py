"""Writers side by side, the last minute, a full disk, a shutdown: nothing acknowledged is lost, nobody is lied to."""

from __future__ import annotations

import datetime as dt
import fcntl
import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from factories.submissions import make_submission
from flask import Flask
from ground import DEADLINE, SetClock
from integration.contest.entry_citizen import SLICE
from processes import BROKEN, ROOT, Server, Walker, Wire, in_threads
from sqlalchemy import event, func, select, text, update

from contest.infra.clock import SteppedClock, wall
from contest.infra.wiring import Services
from contest.models.audit import AuditRow
from contest.models.edition import ContestClock
from contest.models.entry import Entry
from contest.models.submission import Submission, SubmissionState, Upload
from contest.operations.audit import broken_link
from contest.operations.check import find_faults
from contest.operations.links import open_link, sign_link

Serve = Callable[..., Server]
WRITER = """
import sys, time
from contest.domain.actors import SYSTEM
from contest.models.edition import Edition
from sqlalchemy import select
from wsgi import app
services = app.extensions["contest"]
print("ready", flush=True)
sys.stdin.readline()
spent = []
for number in range(int(sys.argv[1])):
    begun = time.perf_counter()
    with services.database.write() as uow:
        edition = uow.session.scalars(select(Edition)).one()
        edition.next_receipt += 1
        uow.note("test.wrote", ("edition", edition.id), actor=SYSTEM, now=services.clock.now())
    spent.append(time.perf_counter() - begun)
print("done", sorted(spent)[len(spent) * 99 // 100] * 1000, flush=True)
"""


def test_writers_say_so_from_the_start(services: Services) -> None:
    heard: list[str] = []
    event.listen(
        services.database.engine, "before_cursor_execute", lambda _c, _u, said, *_: heard.append(said)
    )
    with services.database.write() as uow:
        uow.session.scalars(select(Submission)).all()
    with services.database.read() as session:
        session.scalars(select(Submission)).all()
    assert [said for said in heard if said.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]


def test_who_waits_to_write_is_not_passed_by_who_has_just_written(services: Services, folder: Path) -> None:
    order: list[str] = []

    def wait() -> None:
        with services.database.write() as uow:
            uow.session.execute(text("SELECT 1"))  # only now it begins
            order.append("who waited")

    with services.database.write() as uow:
        uow.session.execute(text("SELECT 1"))
        waiting = threading.Thread(target=wait)
        waiting.start()
        held = os.open(folder, os.O_RDONLY)
        while True:  # until it has the next turn
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                break
            fcntl.flock(held, fcntl.LOCK_UN)
            time.sleep(0.01)
        os.close(held)
    with services.database.write() as uow:
        uow.session.execute(text("SELECT 1"))
        order.append("who has just written")
    waiting.join()
    assert order == ["who waited", "who has just written"]


def write_side_by_side(services: Services, folder: Path, edition, each: int) -> float:
    """Eight processes, each so many transactions; the slowest one's 99th percentile in milliseconds."""
    before = edition.next_receipt
    environment = os.environ | {"CHALKAK_DATA": str(folder), "PYTHONPATH": str(ROOT)}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(each)],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(8)
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    slow = []
    for writer in writers:
        said, errors = writer.communicate()
        assert (said[:4], errors, writer.returncode) == ("done", "", 0), errors[-400:]
        slow.append(float(said[4:]))
    with services.database.read() as session:
        assert session.scalars(select(type(edition))).one().next_receipt == before + 8 * each
        wrote = session.scalar(select(func.count()).where(AuditRow.action == "test.wrote"))
        assert wrote == 8 * each
        assert broken_link(session) is None
    return max(slow)


@pytest.mark.parametrize("each", [8, pytest.param(1000, marks=pytest.mark.full)])
def test_eight_writers_are_never_locked_out(services: Services, folder: Path, edition, each: int) -> None:
    write_side_by_side(services, folder, edition, each)


def press_around_the_deadline(
    services: Services,
    edition,
    set_clock: SetClock,
    serve: Serve,
    *,
    zone: str,
    drafts: int,
    spread: float = 2.0,
) -> tuple[int, int]:
    """So many presses of 제출 within `spread` seconds of the deadline; how many were accepted and refused."""
    made = [
        make_submission(services, edition, state=SubmissionState.DRAFT, phone=f"010-6000-{n:04d}")
        for n in range(drafts)
    ]
    with services.database.write() as uow:
        uow.session.execute(update(Entry).values(taken_on=dt.date(2024, 5, 1)))
    set_clock(DEADLINE - dt.timedelta(hours=1))
    server = serve(workers=2, app="wsgi:app", TZ=zone)
    wires = []
    for one in made:
        link, wire = sign_link(services.crypto, one.id, 1), Wire(server)
        wire.press(f"/entry/{link}")
        wire.get(f"/entry/{link}/review")
        wires.append((one.id, link, wire))
    # What a client knows: an answer it had before the minute is a yes, what it sent after is a no.
    begin = wall() + dt.timedelta(seconds=spread + 1)
    set_clock(DEADLINE - (begin - wall()))
    chance = random.Random(18)
    seen: dict[str, tuple[dt.datetime, dt.datetime, int, str]] = {}

    def press(submission_id: str, link: str, wire: Wire, at: dt.datetime) -> None:
        time.sleep(max(0.0, (at - wall()).total_seconds()))
        sent = wall()
        answer = wire.post(f"/entry/{link}/submit", {"csrf_token": wire.token, "submit_key": submission_id})
        seen[submission_id] = (sent, wall(), answer.status_code, answer.text)

    tasks = []
    for number, (submission_id, link, wire) in enumerate(wires):
        at = begin + dt.timedelta(seconds=(-1 if number % 2 else 1) * chance.uniform(0.0, spread))
        tasks.append(lambda a=submission_id, b=link, c=wire, d=at: press(a, b, c, d))
    in_threads(*tasks)
    with services.database.read() as session:
        rows = {row.id: row for row in session.scalars(select(Submission))}
        offset = dt.timedelta(seconds=session.get_one(ContestClock, 1).offset_seconds)
    for submission_id, (sent, answered, status, page) in seen.items():
        row = rows[submission_id]
        is_accepted = row.state is SubmissionState.SUBMITTED
        assert (status == 303) == is_accepted, page
        if is_accepted:
            assert row.submitted_at is not None
            assert row.submitted_at < DEADLINE
            assert sent + offset < DEADLINE
        else:
            assert status == 409, page
            assert "마감" in page
            assert answered + offset >= DEADLINE
    assert {status for _, _, status, _ in seen.values()} == {303, 409}
    numbers = sorted(row.receipt_number for row in rows.values() if row.receipt_number)
    assert numbers == [f"2024-02-{n:04d}" for n in range(1, len(numbers) + 1)]
    return len(numbers), len(made) - len(numbers)


@pytest.mark.parametrize(
    ("zone", "drafts"), [("America/New_York", 24), pytest.param("Asia/Seoul", 150, marks=pytest.mark.full)]
)
def test_the_deadline_is_exact(
    services: Services, edition, set_clock, serve: Serve, *, zone: str, drafts: int
) -> None:
    assert (
        sum(press_around_the_deadline(services, edition, set_clock, serve, zone=zone, drafts=drafts))
        == drafts
    )


def squeeze(server: Server, most: int) -> None:
    """No file of the workers may grow beyond so many bytes: what a full disk looks like to them."""
    for pid in server.workers():
        psutil.Process(pid).rlimit(psutil.RLIMIT_FSIZE, (most, psutil.RLIM_INFINITY))


def test_no_room_for_a_photograph(
    services: Services, clock: SteppedClock, edition, set_clock, serve: Serve
) -> None:
    set_clock(clock.now())
    server = serve()
    walker, data = Walker(Wire(server)), random.Random(1).randbytes(3 * SLICE)
    walker.begin()
    begun = walker.begin_upload(len(data))
    for offset in range(0, 2 * SLICE, SLICE):
        assert walker.patch(begun["url"], data[offset : offset + SLICE], offset).status_code == 200
    squeeze(server, 2 * SLICE)  # a slice still fits, the whole does not
    refused = walker.patch(begun["url"], data[2 * SLICE :], 2 * SLICE)
    assert refused.status_code == 507
    assert "저장 공간이 부족하여" in refused.get_json()["message"]
    assert Wire(server).get("/").status_code == 200
    with services.database.read() as session:
        assert session.scalars(select(Entry.id)).all() == []
    assert list(services.storage.list("originals")) == []
    assert find_faults(services, hashes=True) == []
    squeeze(server, psutil.RLIM_INFINITY)
    assert walker.client.get(begun["status_url"]).get_json()["state"] == "checking"
    with services.database.read() as session:
        photo_id = session.scalars(select(Entry.photo_id)).one()
    assert services.storage.get(f"originals/{photo_id}") == data


def test_no_room_for_a_row(services: Services, clock: SteppedClock, edition, set_clock, serve: Serve) -> None:
    set_clock(clock.now())
    server = serve()
    walker = Walker(Wire(server))
    walker.begin()
    walker.upload(random.Random(1).randbytes(SLICE))
    walker.describe().identify().consent()
    walker.get(walker.url("review"))
    squeeze(server, 0)
    refused = walker.post(walker.url("submit"), submit_key="one")
    assert refused.status_code == 503
    assert "입력하신 내용은 그대로 있습니다." in refused.text
    assert Wire(server).get("/").status_code == 200
    with services.database.read() as session:
        assert session.scalars(select(Submission.state)).all() == [SubmissionState.DRAFT]
        assert broken_link(session) is None
    squeeze(server, psutil.RLIM_INFINITY)
    assert "2024-02-0001" in walker.submit()
    assert find_faults(services, hashes=True) == []


@pytest.mark.parametrize("times", [2, pytest.param(50, marks=pytest.mark.full)])
def test_a_shutdown_finishes_what_it_has_begun(
    services: Services, instance: Flask, clock: SteppedClock, *, edition, set_clock, serve: Serve, times: int
) -> None:
    set_clock(clock.now())
    acknowledged: list[str] = []
    server = serve(workers=2, app="wsgi:app")
    for round_ in range(times):
        if round_:
            server.start()
        assert server.process is not None
        process, data = server.process, random.Random(round_).randbytes(SLICE)
        walker = Walker(Wire(server))
        walker.begin()
        begun = walker.begin_upload(2 * SLICE)
        slow = half_a_slice(walker, begun["url"], data)

        def enter() -> None:
            # From one network (a /24) so many drafts would be held up.
            wire = Wire(server, address=f"127.1.{round_ + 1}.1")  # noqa: B023  called at once
            with suppress(*BROKEN):
                wire.get("/enter")
                while True:
                    answer = wire.post("/enter", {"csrf_token": wire.token, "age": "adult", "privacy": "y"})
                    assert answer.status_code == 303
                    acknowledged.append(answer.headers["Location"].split("/")[2])

        def stop(process=process, slow=slow, data=data) -> None:
            time.sleep(0.4)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            slow.send(data[SLICE // 2 :])
            assert slow.getresponse().read() == b'{"offset":1048576}\n'
            slow.close()
            assert process.wait(35) == 0

        in_threads(enter, enter, enter, stop)
        with services.database.read() as session:
            upload = session.get_one(Upload, begun["url"].rsplit("/", 1)[-1])
            assert upload.received == SLICE
        assert services.storage.get(f"uploads/{upload.id}/0") == data
    assert len(acknowledged) >= times
    with services.database.read() as session:
        for link in acknowledged:
            assert open_link(session, services.crypto, link).state == "draft"
        assert broken_link(session) is None


def half_a_slice(walker: Walker, url: str, data: bytes) -> http.client.HTTPConnection:
    """A slice of which half has been sent."""
    wire: Wire = walker.client  # type: ignore[assignment]  # walkers walk on wires
    connection = http.client.HTTPConnection("127.0.0.1", wire.server.port, timeout=60)
    connection.putrequest("PATCH", url)
    connection.putheader("Cookie", "; ".join(f"{name}={value}" for name, value in wire.cookies.items()))
    for name, value in {
        "X-CSRFToken": walker.token, "Upload-Offset": "0", "Content-Length": str(len(data)),
        "Content-Type": "application/offset+octet-stream", "Accept": "application/json",
    }.items():  # fmt: skip
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(data[: len(data) // 2])
    return connection
