"""Web server and job worker of one machine, both forked from the process that imported the program once."""

from __future__ import annotations

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from gunicorn.app.wsgiapp import run as run_gunicorn  # type: ignore[import-untyped]  # has no types

READY_SECONDS = 60
STOP_SECONDS = 35
_SETTINGS = str(Path(__file__).with_name("gunicorn_settings.py"))
_ASKED = {0, -signal.SIGTERM, -signal.SIGINT}


def serve(bind: str, work: Callable[[], None], say: Callable[[], None]) -> int:
    """Serve until stopped; when web server or worker ends, so does the other. Returns the exit code.

    work: runs the job worker until SIGINT. say: called once when the web server answers.
    Connections of this process must be closed before: its children would share them.
    """
    web = _fork(lambda: _web(bind))
    worker = _fork(work)
    children = {web: signal.SIGTERM, worker: signal.SIGINT}
    ended: dict[int, int] = {}

    def stop(_signal: int = 0, _frame: FrameType | None = None) -> None:
        for child, ending in children.items():
            if child not in ended:
                os.kill(child, ending)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    is_announced, deadline = False, time.monotonic() + READY_SECONDS
    while not _reap(children, ended):
        if not is_announced and (_is_answering(bind) or time.monotonic() > deadline):
            is_announced = True
            say()
        time.sleep(0.1 if not is_announced else 0.5)
    stop()
    deadline = time.monotonic() + STOP_SECONDS
    while len(ended) < len(children) and time.monotonic() < deadline:
        _reap(children, ended)
        time.sleep(0.05)
    for child in children.keys() - ended.keys():
        os.kill(child, signal.SIGKILL)
    return next((code for code in ended.values() if code not in _ASKED), 0)


def _web(bind: str) -> None:
    sys.argv = ["gunicorn", "--config", _SETTINGS, "--bind", bind, "wsgi:app"]
    run_gunicorn()


def _fork(run: Callable[[], None]) -> int:
    """A child in a session of its own, so that Ctrl+C reaches the parent alone."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    code = 1
    try:
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  the child ends here whatever happened; the hook tells it
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _reap(children: dict[int, signal.Signals], ended: dict[int, int]) -> bool:
    """Note which children ended, with their exit codes; whether any has."""
    for child in children.keys() - ended.keys():
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            ended[child] = os.waitstatus_to_exitcode(status)
    return bool(ended)


def _is_answering(bind: str) -> bool:
    """Whether the web server answers at all; it refuses hosts that are not its own, which is an answer."""
    try:
        with urllib.request.urlopen(f"http://{bind}/healthz", timeout=1):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
