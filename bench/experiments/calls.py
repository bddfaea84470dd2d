"""R3: the order in which one slice of a photograph and one 제출 reach the disk, as the kernel saw it."""

from __future__ import annotations

import random
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from ground import Ground
from integration.contest.entry_citizen import SLICE
from processes import Walker, Wire

from bench.experiments.table import Table

CALLS = "openat,fsync,fdatasync,link,linkat,rename,renameat,renameat2,sendto,sendmsg,send"
_PATTERNS = {
    "fsync of the file": re.compile(r"f(?:data)?sync\(\d+<[^>]*/\.partial/"),
    "its name": re.compile(r"(?:link|linkat|rename\w*)\(.*\.partial/"),
    "fsync of its folder": re.compile(r"fsync\(\d+<[^>]*/media/(?:uploads|originals)[^.>]*>"),
    "fsync of the rows": re.compile(r"f(?:data)?sync\(\d+<[^>]*data\.sqlite3-wal"),
    "the first byte of the answer": re.compile(r"(?:sendto|sendmsg)\(\d+<[^>]*>.*HTTP/1\.1 (?:200|303)"),
}


def order_in(trace: str) -> list[str]:
    """The kinds of calls in the order of their last time before the answer."""
    seen: list[str] = []
    for line in trace.splitlines():
        for name, pattern in _PATTERNS.items():
            if pattern.search(line):
                if name in seen:
                    seen.remove(name)
                seen.append(name)
        if seen and seen[-1] == "the first byte of the answer":
            break
    return seen


def traced(pid: int, trace: Path, act: object) -> str:
    """What a process and its threads asked of the kernel during an act."""
    watcher = subprocess.Popen(
        ["strace", "-f", "-y", "-s", "64", "-e", f"trace={CALLS}", "-p", str(pid), "-o", str(trace)],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watcher.stderr is not None
    watcher.stderr.readline()  # "attached"
    assert callable(act)
    act()
    time.sleep(0.3)
    watcher.send_signal(signal.SIGINT)
    watcher.communicate()
    return trace.read_text() if trace.exists() else ""


def r3(ground: Ground, _scale: float, table: Table) -> None:
    """fsync(file) < name < fsync(folder) < fsync of the rows < the first byte of the answer."""
    if shutil.which("strace") is None:
        table.skip("system calls of an entry", "strace is not installed (apt-get install strace)")
        return
    ground.seed()
    ground.set_clock(ground.clock.now())
    server = ground.serve(workers=1, app="wsgi:app")
    (pid,) = server.workers()
    walker, data = Walker(Wire(server)), random.Random(3).randbytes(SLICE // 2)
    walker.begin()
    begun = walker.begin_upload(len(data))
    trace = traced(pid, ground.folder / "slice.trace", lambda: walker.patch(begun["url"], data, 0))
    if not trace:
        table.skip("system calls of an entry", "this kernel lets nobody trace processes")
        return
    short = ", then ".join
    table.equal("one slice, the whole file with it", short(order_in(trace)), short(_PATTERNS))
    walker.describe().identify().consent()
    walker.get(walker.url("review"))
    trace = traced(
        pid, ground.folder / "submit.trace", lambda: walker.post(walker.url("submit"), submit_key="one")
    )
    table.equal("제출", short(order_in(trace)), short(list(_PATTERNS)[-2:]))
