"""A server killed with -9: what it acknowledged is there afterwards, and the upload goes on."""

from __future__ import annotations

import hashlib
import http.cookiejar
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from entry_citizen import SLICE, photograph
from servers import free_ports

ROOT = Path(__file__).resolve().parents[3]
NOISE = hashlib.sha256(b"noise").digest() * 80_000


def environment(folder: Path, port: int) -> dict[str, str]:
    return dict(
        os.environ, CHALKAK_DATA=str(folder), CHALKAK_PORT=str(port), JOBS_URL="inline:",
        CHALKAK_PUBLIC_URL=f"http://127.0.0.1:{port}",
    )  # fmt: skip


@contextmanager
def server(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "4", "-w", "1",
            "--no-control-socket", "-b", f"127.0.0.1:{port}", "wsgi:app",
        ],
        cwd=ROOT, env=environment(folder, port), stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        for _ in range(300):
            try:
                # The killed server's socket may still take a connection; only an answer means ready.
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Browser:
    """Cookies and the last page's token over real sockets."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        self.token = ""

    def ask(
        self, path: str, data: bytes | None = None, method: str = "GET", **headers: str
    ) -> tuple[str, str]:
        """(address in the end, body); the token of the page is remembered."""
        request = urllib.request.Request(  # noqa: S310  our own server
            self.base + path, data=data, method=method,
            headers={"X-CSRFToken": self.token, **{k.replace("_", "-"): v for k, v in headers.items()}},
        )  # fmt: skip
        with self.opener.open(request, timeout=60) as answer:
            body = answer.read().decode()
            if found := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', body):
                self.token = found[1]
            return answer.geturl(), body

    def post(self, path: str, **fields: str) -> tuple[str, str]:
        """Send a form."""
        return self.ask(path, urllib.parse.urlencode({"csrf_token": self.token, **fields}).encode(), "POST")


def test_what_was_acknowledged_survives(tmp_path: Path) -> None:
    (port,), data = free_ports(1), photograph(1) + NOISE
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"],
        cwd=ROOT, env=environment(tmp_path, port), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    browser = Browser(port)
    with server(tmp_path, port):
        browser.ask("/enter")
        link = browser.post("/enter", age="adult", privacy="y")[0].split("/")[4]
        announced = json.dumps({"name": "a.jpg", "size": len(data), "type": "image/jpeg"}).encode()
        begun = json.loads(
            browser.ask(f"/upload/{link}", announced, "POST", Content_Type="application/json")[1]
        )
        first = browser.ask(
            begun["url"], data[:SLICE], "PATCH", Upload_Offset="0", Content_Type="application/x"
        )
        assert json.loads(first[1]) == {"offset": SLICE}
    with server(tmp_path, port):
        offset = json.loads(browser.ask(begun["url"])[1])["offset"]
        assert offset == SLICE
        while offset < len(data):
            answer = browser.ask(
                begun["url"], data[offset : offset + SLICE], "PATCH",
                Upload_Offset=str(offset), Content_Type="application/x",
            )  # fmt: skip
            offset = json.loads(answer[1])["offset"]
        entry = f"/entry/{link}"
        browser.ask(f"{entry}/works/1/title")
        browser.post(f"{entry}/works/1/title", title="아침")
        browser.post(f"{entry}/works/1/place", dong="시흥1동")
        browser.post(f"{entry}/person", name="홍길동", phone="010-1234-5678")
        browser.post(f"{entry}/consents", licence="y", pledge="y", **{"portrait-1": "none"})
        page = browser.post(f"{entry}/submit", submit_key="once")[1]
        number = re.search(r"2024-02-\d{4}", page)
        assert number is not None
    with server(tmp_path, port):
        address, page = browser.post(f"{entry}/submit", submit_key="once")
        assert address.endswith(f"/receipt/{link}")
        assert number[0] in page
        kept = json.loads(browser.ask(f"/receipt/{link}/data.json")[1])
        assert [work["sha256"] for work in kept["works"]] == [hashlib.sha256(data).hexdigest()]
    originals = [path for path in (tmp_path / "media" / "originals").iterdir() if path.is_file()]
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in originals] == [
        hashlib.sha256(data).hexdigest()
    ]
