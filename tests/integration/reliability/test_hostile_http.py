"""Hostile files and bodies sent by HTTP to a server as it is run: an answer each time, and every process lives on."""

from __future__ import annotations

import http.client
import random
import socket
import time
from collections.abc import Callable, Iterator
from itertools import islice

import pytest
from factories import hostile, photos
from processes import BROKEN, Answer, Server, Walker, Wire
from sqlalchemy import select

from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.photo import Photo, PhotoState
from contest.operations.check import find_faults

Serve = Callable[..., Server]
MEGABYTE = 1024 * 1024
FINAL = {"ok", "note", "bad"}


@pytest.fixture
def server(services: Services, clock: SteppedClock, edition, set_clock, serve: Serve) -> Server:
    """Two workers that examine what they are sent themselves: what a file does, it does to them."""
    set_clock(clock.now())
    server = serve(workers=2, app="wsgi:app", JOBS_URL="inline:")
    while len(server.workers()) < 2:  # the first answers before the second is there
        time.sleep(0.05)
    return server


def form(fields: dict[str, str], name: str, data: bytes) -> tuple[bytes, str]:
    """A form with one file as a browser without script sends it; the name's bytes as they are."""
    boundary = "chalkak-boundary"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    given = (
        name.encode("utf-8", "surrogatepass").replace(b'"', b"%22").replace(b"\r", b"").replace(b"\n", b"")
    )
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="photo"; filename="'.encode()
        + given
        + b'"\r\nContent-Type: image/jpeg\r\n\r\n'
        + data
        + f"\r\n--{boundary}--\r\n".encode()
    )
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


def files(mutations: int) -> Iterator[bytes]:
    yield from (make() for make, _ in hostile.HOSTILE.values())
    yield from hostile.mutations(mutations, 18)
    yield b"\xff\xd8\xff" + b"<html><script>alert(1)</script></html>" * 50
    yield b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(5_000)


def send_whole(walker: Walker, path: str, name: str, data: bytes) -> Answer:
    """The form of photographs, posted whole."""
    walker.client.get(path, follow_redirects=True)  # type: ignore[call-arg]  # a wire
    walker.token = walker.client.token  # type: ignore[attr-defined]  # a wire
    body, kind = form({"csrf_token": walker.token, "more": "1"}, name, data)
    return walker.client.open("POST", path, body, **{"Content-Type": kind})  # type: ignore[return-value]  # a wire


def send_everything(server: Server, mutations: int, step: int) -> int:
    """Each step-th file in slices, in the place of the one before, and every fifth again as a form; how many."""
    walker, sent = Walker(Wire(server)), 0
    walker.begin()
    answers: list[int] = []
    for number, data in enumerate(islice(files(mutations), 0, None, step)):
        begun = walker.client.post(
            f"/upload/{walker.link}{'?replaces=1' if sent else ''}",
            json={
                "name": hostile.NAMES[number % len(hostile.NAMES)],
                "size": len(data),
                "type": "image/jpeg",
            },
            headers={"X-CSRFToken": walker.token, "Accept": "application/json"},
        )
        answers.append(begun.status_code)
        if begun.status_code != 201:
            continue
        addresses, offset = begun.get_json(), 0
        while offset < len(data):
            answer = walker.patch(addresses["url"], data[offset : offset + MEGABYTE], offset)
            answers.append(answer.status_code)
            offset = answer.get_json()["offset"]
        told = walker.client.get(addresses["status_url"])
        answers.append(told.status_code)
        assert told.get_json()["state"] in FINAL
        sent += 1
        if number % 5 == 0:
            name = hostile.NAMES[number % len(hostile.NAMES)]
            answers.append(send_whole(walker, walker.url("works/1/photo"), name, data).status_code)
    assert max(answers) < 500
    return sent


@pytest.mark.parametrize(("mutations", "step"), [(5, 5), pytest.param(2000, 1, marks=pytest.mark.full)])
def test_no_file_ends_a_process_or_gets_an_answer_of_5xx(
    server: Server, services: Services, mutations: int, step: int
) -> None:
    before = server.workers()
    assert send_everything(server, mutations, step) > mutations // step
    assert server.workers() == before
    assert Wire(server).get("/healthz").status_code == 200
    assert find_faults(services, hashes=True) == []
    with services.database.read() as session:
        states = set(session.scalars(select(Photo.state)))
    assert states <= {PhotoState.CHECKED, PhotoState.REFUSED}


def test_a_body_over_the_limit_is_refused_before_it_is_read(server: Server, services: Services) -> None:
    walker = Walker(Wire(server))
    walker.begin()
    begun = walker.begin_upload(2 * MEGABYTE)
    for method, path, most in (
        ("POST", walker.url("photos"), 64_000_000),
        ("POST", walker.url("papers"), 10 * MEGABYTE + 100_000),
        ("POST", "/verification/objection", 50_100_000),
        ("POST", "/sign-in", 1_000_000),
        ("PATCH", begun["url"], MEGABYTE),
    ):
        # Announced, and not a byte of it sent: the answer comes all the same.
        status = announced(server, walker, method, path, most + 1)
        assert status == 413, path
    assert list(services.storage.list()) == []


def announced(server: Server, walker: Walker, method: str, path: str, length: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    cookies = walker.client.cookies  # type: ignore[attr-defined]  # a wire
    connection.putrequest(method, path)
    connection.putheader("Content-Length", str(length))
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.putheader("X-CSRFToken", walker.token)
    connection.putheader("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()))
    connection.putheader("Upload-Offset", "0")
    connection.endheaders()
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_photograph_over_the_editions_limit_is_never_stored(server: Server, services: Services) -> None:
    walker = Walker(Wire(server))
    walker.begin()
    stored: list[str] = []
    answer = send_whole(walker, walker.url("photos"), "a.jpg", photos.jpeg() + bytes(20 * MEGABYTE))
    assert answer.status_code == 413
    assert "20MB" in answer.text
    stored += services.storage.list()
    assert stored == []
    announced_too_large = walker.begin_upload(20 * MEGABYTE + 1, status=413)
    assert "20MB" in str(announced_too_large)
    assert send_whole(walker, walker.url("photos"), "a.jpg", photos.jpeg()).status_code == 303


def test_bytes_that_are_no_request_end_nothing(server: Server) -> None:
    before = server.workers()
    for junk in (
        b"\0" * 5_000,
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /enter HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"\xff\xd8\xff",
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(junk)
            connection.shutdown(socket.SHUT_WR)
            try:
                while connection.recv(65_536):
                    """Whatever it says."""
            except BROKEN:
                pass
    assert server.workers() == before
    assert Wire(server).get("/healthz").status_code == 200
