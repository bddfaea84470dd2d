"""A second `make run`: seconds and CPU until the address answers, beside importing the program once."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
READY = "준비되었습니다"


def main(_arguments: object = None) -> None:
    """Prepare a data folder, then measure its second start and the rival."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
        free.close()
        environ = os.environ | {"VENV": sys.prefix, "CHALKAK_DATA": folder, "CHALKAK_PORT": port}
        _start(environ)
        _show("second start", *_start(environ))
        _show("one import of the program", *_measure([sys.executable, "-c", "import wsgi"], environ))


def _show(name: str, wall: float, cpu: float) -> None:
    print(f"{name:<28} {wall:6.2f} s   CPU {cpu:5.2f} s")


def _start(environ: dict[str, str]) -> tuple[float, float]:
    return _measure([sys.executable, "-m", "contest.infra.launch", "run"], environ, until=READY)


def _measure(command: list[str], environ: dict[str, str], until: str = "") -> tuple[float, float]:
    """Wall seconds until a line is printed (or the end), and CPU seconds of the whole, the stop included."""
    before, begun = _cpu(), time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if until and until in line:
            break
    wall = time.monotonic() - begun
    if until:
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
    if process.wait():
        raise SystemExit(f"{command} ended with {process.returncode}")
    return wall, _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
