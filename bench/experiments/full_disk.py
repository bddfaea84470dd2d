"""R13: a disk that is full at an upload, at a row, at a spooled form, at a thumbnail, at a backup."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ground import Ground
from integration.contest.entry_citizen import SLICE, photograph, receipt_number
from processes import ROOT, Server, Walker, Wire
from sqlalchemy import select

from bench.experiments.table import Table
from contest.models.photo import Photo, PhotoState
from contest.models.submission import Submission
from contest.operations.check import find_faults

SIZE_MB = 96


@contextmanager
def small_disk(at: Path) -> Iterator[bool]:
    """A file system of its own in memory; False where this user may not mount one."""
    at.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=700", "tmpfs", str(at)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(at)], check=False)


class Ballast:
    """A file that takes all the room there is."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ballast"

    def fill(self) -> None:
        with self.path.open("ab", buffering=0) as file:
            for size in (1 << 20, 4096, 512, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError as full:
                    if full.errno != errno.ENOSPC:
                        raise

    def leave(self, room: int) -> None:
        """Give back so many bytes."""
        os.truncate(self.path, max(0, self.path.stat().st_size - room))

    def free(self) -> None:
        self.path.unlink(missing_ok=True)


def r13(ground: Ground, _scale: float, table: Table) -> None:
    """Each time: an answer of 507 or 503 in words, nothing half kept, reading goes on, and it recovers by itself."""
    ground.close()
    with small_disk(ground.folder / "disk") as mounted:
        if not mounted:
            table.skip(
                "a full disk", "mounting a small file system needs root; the suite tries a quota instead"
            )
            return
        there = Ground(ground.folder / "disk" / "instance")
        try:
            _fill_everywhere(there, Ballast(ground.folder / "disk"), table)
        finally:
            there.close()


def _refused(table: Table, what: str, status: int, said: str) -> None:
    in_words = "주세요" in said or "주십시오" in said or "그대로 있습니다" in said
    table.must(what, f"{status}, {'in words' if in_words else 'without a word'}", "507 or 503 in words",
               holds=status in {503, 507} and in_words)  # fmt: skip


def _reads(table: Table, server: Server) -> None:
    table.equal("  a page is still read", Wire(server).get("/call").status_code, 200)


def _fill_everywhere(ground: Ground, ballast: Ballast, table: Table) -> None:
    ground.seed()
    ground.set_clock(ground.clock.now())
    spool = ground.folder / "spool"
    spool.mkdir()
    server = ground.serve(workers=1, app="wsgi:app", TMPDIR=str(spool))

    walker, data = Walker(Wire(server)), random.Random(1).randbytes(SLICE + 5)
    walker.begin()
    begun = walker.begin_upload(len(data))
    assert walker.patch(begun["url"], data[:SLICE], 0).status_code == 200
    ballast.fill()
    answer = walker.patch(begun["url"], data[SLICE:], SLICE)
    _refused(table, "full at an upload", answer.status_code, answer.get_json()["message"])
    _reads(table, server)
    ballast.free()
    walker.patch(begun["url"], data[SLICE:], SLICE)
    walker.client.get(begun["status_url"])
    table.equal("  afterwards the upload goes on to its end", _state(ground, "photo"), ["waiting"])

    walker.describe().identify().consent()
    walker.get(walker.url("review"))
    ballast.fill()
    answer = walker.post(walker.url("submit"), submit_key="one")
    _refused(table, "full at a row", answer.status_code, answer.text)
    _reads(table, server)
    table.equal("  nothing is half handed in", _state(ground, "submission"), ["draft"])
    ballast.free()
    number = receipt_number(walker.submit())
    table.must("  afterwards 제출 works", number, "a receipt", holds=bool(number))

    second = Walker(Wire(server))
    second.begin()
    ballast.fill()
    ballast.leave(1_500_000)  # rows still fit, the form does not
    answer = _form(second, photograph(2) + random.Random(2).randbytes(2 * SLICE))
    _refused(table, "full at a spooled form", answer.status_code, answer.text)
    _reads(table, server)
    ballast.free()
    table.equal("  afterwards the form is taken", _form(second, photograph(2)).status_code, 303)

    worker = ground.work()
    ballast.fill()
    time.sleep(8)
    table.must("full at a thumbnail: the worker", "lives" if worker.poll() is None else "is gone", "lives",
               holds=worker.poll() is None)  # fmt: skip
    ballast.free()
    deadline = time.monotonic() + 150  # the sweep rings again each minute
    while time.monotonic() < deadline and "waiting" in _state(ground, "photo"):
        time.sleep(1)
    left = _state(ground, "photo")
    table.must(
        "  afterwards every photograph is examined", left, "checked or refused", holds="waiting" not in left
    )

    ballast.fill()
    environment = os.environ | {"CHALKAK_DATA": str(ground.folder)}
    backup = ["flask", "--app", "wsgi", "backup", str(ground.folder / "backup.tar")]
    ran = subprocess.run(
        [str(ROOT / ".venv/bin/python"), "-m", *backup],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    is_left = (ground.folder / "backup.tar").exists()
    table.must("full at a backup", f"exit {ran.returncode}, {'a file is left' if is_left else 'no file'}",
               "refused, no half backup", holds=ran.returncode != 0 and not is_left)  # fmt: skip
    _reads(table, server)
    ballast.free()
    table.equal("faults found by the check", find_faults(ground.services, hashes=True), [])


def _form(walker: Walker, data: bytes):
    walker.get(walker.url("photos"))
    mark = "frontier"
    body = (
        (
            f'--{mark}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{walker.token}\r\n'
            f'--{mark}\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        ).encode()
        + data
        + f"\r\n--{mark}--\r\n".encode()
    )
    wire: Wire = walker.client  # type: ignore[assignment]  # walkers walk on wires
    return wire.open(
        "POST", walker.url("photos"), body, **{"Content-Type": f"multipart/form-data; boundary={mark}"}
    )


def _state(ground: Ground, kind: str) -> list[str]:
    with ground.services.database.read() as session:
        if kind == "submission":
            return sorted({row.state.value for row in session.scalars(select(Submission))})
        states = (row.state for row in session.scalars(select(Photo)))
        return sorted({state.value if isinstance(state, PhotoState) else str(state) for state in states})
