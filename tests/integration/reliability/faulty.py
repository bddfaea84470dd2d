"""The application as it is served, ended by SIGKILL at the moment a test names in the file `fault`.

A fault is "point path count": the count-th time the point is passed by a request whose "METHOD path" matches.
Points: put:<folder>:before, put:<folder>:after (an object), link (a file is about to get its name),
commit:before, commit:after (a transaction), reply (the answer is made, nothing of it is sent).
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from contest.infra.wiring import Services
from wsgi import app as real

FAULT = Path(os.environ["CHALKAK_DATA"]) / "fault"
request = threading.local()
passed: dict[str, int] = {}
lock = threading.Lock()


def pass_by(point: str) -> None:
    """Be ended here if this is the moment."""
    try:
        wanted, path, count = FAULT.read_text().split("\n")
    except (FileNotFoundError, ValueError):
        return
    if wanted != point or not re.search(path, getattr(request, "line", "")):
        return
    with lock:
        passed[wanted + path] = passed.get(wanted + path, 0) + 1
        if passed[wanted + path] == int(count):
            FAULT.unlink(missing_ok=True)  # the next worker lives
            os.kill(os.getpid(), signal.SIGKILL)


def watch_storage(services: Services) -> None:
    backend: Any = services.storage._backend
    put = backend.put

    def watched(key: str, *arguments: Any, **options: Any) -> int:
        folder = key.split("/", 1)[0]
        pass_by(f"put:{folder}:before")
        stored: int = put(key, *arguments, **options)
        pass_by(f"put:{folder}:after")
        return stored

    backend.put = watched


watch_storage(real.extensions["contest"])
event.listen(Session, "before_commit", lambda _session: pass_by("commit:before"))
event.listen(Session, "after_commit", lambda _session: pass_by("commit:after"))
sys.addaudithook(lambda name, _facts: pass_by("link") if name == "os.link" else None)


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The real application between two looks at the fault."""
    request.line = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
    answer = real(environ, start_response)
    pass_by("reply")
    return answer
