"""A contest served by gunicorn as in production, on a port of its own, and browsers that reach it by HTTP."""

from __future__ import annotations

import http.client
import json as encoding
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil  # type: ignore[import-untyped]  # it has no types of its own
from integration.contest.entry_citizen import SLICE, Citizen
from servers import free_ports

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60
BROKEN = (ConnectionError, http.client.HTTPException, TimeoutError)


class Server:
    """gunicorn with the project's own settings: one worker that is ended and comes again, or as many as asked."""

    def __init__(self, folder: Path, *, workers: int = 1, app: str = "faulty:app", **more: str) -> None:
        self.folder = folder
        (self.port,) = free_ports(1)
        self.app = app
        self.environment = os.environ | {
            "CHALKAK_DATA": str(folder),
            "CHALKAK_PORT": str(self.port),
            "WEB_WORKERS": str(workers),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{Path(__file__).parent}",
            **more,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **more: Any) -> Server:
        """Begin, and wait until it answers."""
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "--config", "contest/infra/gunicorn_settings.py", "--preload",
                "--bind", f"127.0.0.1:{self.port}", self.app,
            ],
            cwd=ROOT, env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, **more,
        )  # fmt: skip
        log.close()
        self.wait()
        return self

    def wait(self, *, may_be_down: bool = False) -> None:
        """Wait until it answers; raises what its log says if it does not, or has ended where nobody restarts it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with suppress(*BROKEN):
                if Wire(self).open("GET", "/healthz").status_code == 200:
                    return
            assert self.process is not None
            has_ended = self.process.poll() is not None and not may_be_down
            if has_ended or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "server.log").read_text()[-2000:])
            time.sleep(0.02)

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        assert self.process is not None
        return [child.pid for child in psutil.Process(self.process.pid).children()]

    def kill_worker(self) -> None:
        """kill -9 of the processes that hold requests; the master starts others."""
        for pid in self.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_in(self, seconds: float) -> threading.Thread:
        """kill_worker a little later; the thread to join."""
        timer = threading.Timer(seconds, self.kill_worker)
        timer.start()
        return timer

    def kill(self) -> None:
        """kill -9 of everything, as when the machine goes down."""
        if self.process is not None:
            with suppress(psutil.NoSuchProcess):
                everybody = psutil.Process(self.process.pid).children(recursive=True)
                with suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                # A worker in the middle of an fsync holds the port until that returns.
                psutil.wait_procs([each for each in everybody if each.is_running()], timeout=PATIENCE)
            self.process.wait()

    def arm(self, point: str, path: str, count: int = 1) -> None:
        """Have the worker end itself at a point; see faulty.py."""
        waiting = self.folder / "fault.arriving"
        waiting.write_text(f"{point}\n{path}\n{count}")
        waiting.replace(self.folder / "fault")

    @property
    def is_armed(self) -> bool:
        """Whether the fault has not happened yet."""
        return (self.folder / "fault").exists()


class Answer:
    """An answer, read whole, with the names that the tests' citizens use."""

    def __init__(self, status: int, headers: http.client.HTTPMessage, body: bytes) -> None:
        self.status_code, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode()

    def get_data(self, *, as_text: bool = False) -> Any:
        return self.text if as_text else self.body

    def get_json(self) -> Any:
        return encoding.loads(self.body)


class Wire:
    """One browser over HTTP: cookies, no connection kept.

    patient: what was broken off is sent again, also to a server that is started anew; address: a loopback of its own.
    """

    def __init__(self, server: Server, *, patient: bool = False, address: str = "127.0.0.1") -> None:
        self.server, self.patient, self.address = server, patient, address
        self.cookies: dict[str, str] = {}
        self.token = ""

    def open(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        while True:
            try:
                return self._once(method, path, body, headers)
            except BROKEN:
                if not self.patient:
                    raise
                self.server.wait(may_be_down=True)

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.port, timeout=PATIENCE, source_address=(self.address, 0)
        )
        try:
            if self.cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            for line in answer.headers.get_all("Set-Cookie") or ():
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            return Answer(answer.status, answer.headers, content)
        finally:
            connection.close()

    def get(self, path: str, *, follow_redirects: bool = False) -> Answer:
        answer = self.open("GET", path)
        while follow_redirects and answer.status_code in {302, 303}:
            answer = self.open("GET", answer.headers["Location"])
        if found := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.body.decode(errors="replace")):
            self.token = found[1]
        return answer

    def post(
        self, path: str, data: Any = None, json: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        if json is not None:
            body, kind = encoding.dumps(json).encode(), "application/json"
        else:
            body, kind = urlencode(data or {}, doseq=True).encode(), "application/x-www-form-urlencoded"
        return self.open("POST", path, body, **{"Content-Type": kind, **(headers or {})})

    def patch(self, path: str, data: bytes, headers: dict[str, str]) -> Answer:
        return self.open("PATCH", path, data, **headers)

    def press(self, path: str, on: str = "", **fields: str) -> Answer:
        """Send a form with the token of the page it stands on."""
        self.get(on or path, follow_redirects=True)
        return self.post(path, {"csrf_token": self.token, **fields})


class Walker(Citizen):
    """A citizen whose slices go on where they broke off, as upload.js does; acknowledged: upload id -> offset."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)  # type: ignore[arg-type]  # a wire answers as a test client does
        self.acknowledged: dict[str, int] = {}

    def upload(self, data: bytes, name: str = "a.jpg", query: str = "") -> Any:
        begun = self.begin_upload(len(data), name, query=query)
        offset = 0
        while offset < len(data):
            answer = self.patch(begun["url"], data[offset : offset + SLICE], offset)
            assert answer.status_code in {200, 409}, answer.get_data(as_text=True)
            offset = answer.get_json()["offset"]
            self.acknowledged[begun["url"].rsplit("/", 1)[-1]] = offset
        return self.client.get(begun["status_url"]).get_json()


def in_threads(*tasks: Any) -> None:
    """Run tasks at once; the first failure of any is raised."""
    failures: list[BaseException] = []

    def run(task: Any) -> None:
        try:
            task()
        except BaseException as failure:  # noqa: BLE001  raised again in the thread of the test
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
