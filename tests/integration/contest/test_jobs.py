"""The queue delivers ids to another process, inline at once, and a worker asked to stop finishes its job."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contest.infra.jobs import Jobs, QueueNotReadyError, run_worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRET = "a secret of the tests"
WORKER = Path(__file__).with_name("worker_process.py")
ROOT = Path(__file__).parents[3]


def until(met: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 30
    while not met():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)


@contextmanager
def worker(url: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, str(WORKER), url, str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def ringer(url: str) -> Jobs:
    jobs = Jobs(url, SECRET)
    for name in ("note", "slow", "flaky"):
        jobs.task(name)(lambda **_ids: None)
    return jobs


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:{tmp_path}/queue/jobs.sqlite3"
    found: str = request.getfixturevalue("empty_postgres_url")
    return found


def test_a_worker_handles_what_was_rung(url: str, tmp_path: Path) -> None:
    with closing(ringer(url)) as jobs:
        jobs.init()
        jobs.ring("note", photo_id=7)
        assert jobs.pending_count() == 1
        with worker(url, tmp_path) as process:
            until((tmp_path / "note-7").exists, "the ring before the worker began")
            jobs.ring("note", photo_id=8)
            until((tmp_path / "note-8").exists, "the ring while it runs")
            until((tmp_path / "ticks").exists, "the periodic handler")
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
        assert (tmp_path / "stopped").exists()
        assert jobs.pending_count() == 0


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_job_under_way_is_finished_before_the_worker_stops(signum: signal.Signals, tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path}/jobs.sqlite3"
    with closing(ringer(url)) as jobs:
        jobs.init()
        jobs.ring("slow", photo_id=1)
        with worker(url, tmp_path) as process:
            until((tmp_path / "began-1").exists, "the job to begin")
            process.send_signal(signum)
            assert process.wait(30) == 0
    assert (tmp_path / "finished-1").exists()
    assert (tmp_path / "stopped").exists()


def test_a_failed_job_is_tried_again_where_asked(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path}/jobs.sqlite3"
    jobs = Jobs(url, SECRET)
    jobs.task("flaky", retries=2, retry_delay=1)(lambda **_ids: None)
    jobs.init()
    with closing(jobs):
        jobs.ring("flaky", photo_id=1)
        with worker(url, tmp_path):
            until((tmp_path / "recovered-1").exists, "the second attempt")


def test_what_another_secret_signed_is_not_run(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path}/jobs.sqlite3"
    forged = Jobs(url, "another secret")
    forged.task("note")(lambda **_ids: None)
    with closing(ringer(url)) as jobs, closing(forged):
        jobs.init()
        forged.ring("note", photo_id=666)
        jobs.ring("note", photo_id=1)
        with worker(url, tmp_path):
            until((tmp_path / "note-1").exists, "the honest ring behind the forged one")
    assert not (tmp_path / "note-666").exists()


def test_nothing_is_created_before_init(tmp_path: Path) -> None:
    file = tmp_path / "queue" / "jobs.sqlite3"
    jobs = ringer(f"sqlite:{file}")
    for call in (lambda: jobs.ring("note", photo_id=1), jobs.pending_count, lambda: run_worker(jobs)):
        with pytest.raises(QueueNotReadyError):
            call()
    assert list(tmp_path.iterdir()) == []
    jobs.init()
    jobs.init()
    jobs.ring("note", photo_id=1)
    jobs.close()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM task").fetchone() == (1,)


def test_a_redis_queue_is_not_reached_for_on_construction() -> None:
    jobs = Jobs("redis://127.0.0.1:9/0", SECRET)
    jobs.task("note")(lambda: None)
    assert jobs.names() == ("note",)


def test_inline_runs_now_through_the_runner() -> None:
    jobs = Jobs("inline:", SECRET)
    done: list[Any] = []

    @jobs.task("note")
    def note(photo_id: int) -> None:
        done.append(photo_id)

    def runner(name: str, payload: Any) -> None:
        done.append(f"before {name}")
        jobs.handle(name, payload)
        done.append("after")

    jobs.bind(runner)
    jobs.ring("note", photo_id=3)
    assert done == ["before note", 3, "after"]
    assert jobs.pending_count() == 0
    note(4)
    assert done[-1] == 4


def test_inline_errors_come_out() -> None:
    jobs = Jobs("inline:", SECRET)

    @jobs.task("broken")
    def broken() -> None:
        raise LookupError("no such photo")

    with pytest.raises(LookupError):
        jobs.ring("broken")


def test_only_ids_are_carried(tmp_path: Path) -> None:
    jobs = ringer(f"sqlite:{tmp_path}/jobs.sqlite3")
    jobs.init()
    with closing(jobs):
        with pytest.raises(TypeError, match="note takes ids, not list"):
            jobs.ring("note", photo_id=[1])  # type: ignore[arg-type]  # what is refused
        with pytest.raises(KeyError):
            jobs.ring("unknown")
        assert jobs.pending_count() == 0


def test_one_name_one_handler() -> None:
    jobs = Jobs("inline:", SECRET)
    jobs.task("a")(lambda: None)
    with pytest.raises(ValueError):
        jobs.task("a")(lambda: None)


def test_periodic_handlers_keep_their_interval_and_outlive_an_error() -> None:
    jobs = Jobs("inline:", SECRET)
    calls: list[str] = []

    @jobs.periodic("broken", seconds=10)
    def broken() -> None:
        calls.append("broken")
        raise RuntimeError

    @jobs.periodic("sweep", seconds=60)
    def sweep() -> None:
        calls.append("sweep")

    for now in (1000.0, 1009.9, 1010.0, 1059.0, 1060.0):
        jobs.run_due(now)
    assert calls == ["broken", "sweep", "broken", "broken", "sweep"]


@pytest.mark.parametrize("url", ["amqp://x", "jobs.sqlite3"])
def test_queues_of_an_unknown_kind(url: str) -> None:
    with pytest.raises(ValueError):
        Jobs(url, SECRET)
