"""A worker as its own process, for the tests of the job queue: jobs write what they did into a folder."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from contest.infra.jobs import Jobs, run_worker

url, folder = sys.argv[1], Path(sys.argv[2])
jobs = Jobs(url, "a secret of the tests")


@jobs.task("note")
def note(photo_id: int) -> None:
    """Leave a file."""
    (folder / f"note-{photo_id}").write_text("handled", encoding="utf-8")


@jobs.task("slow")
def slow(photo_id: int) -> None:
    """Say that it began, take its time, say that it finished."""
    (folder / f"began-{photo_id}").touch()
    time.sleep(1.0)
    (folder / f"finished-{photo_id}").touch()


@jobs.task("flaky", retries=2, retry_delay=1)
def flaky(photo_id: int) -> None:
    """Fail the first time."""
    first = folder / f"failed-{photo_id}"
    if not first.exists():
        first.touch()
        raise RuntimeError("the first attempt fails")
    (folder / f"recovered-{photo_id}").touch()


@jobs.periodic("tick", seconds=1)
def tick() -> None:
    """Count."""
    file = folder / "ticks"
    file.write_text(file.read_text() + "." if file.exists() else ".")


if __name__ == "__main__":
    run_worker(jobs)
    (folder / "stopped").touch()
