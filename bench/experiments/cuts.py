"""R17: uploads cut at random offsets and taken up again, by their owner and by somebody else."""

from __future__ import annotations

import hashlib
import http.client
import random
import time

from ground import Ground
from integration.contest.entry_citizen import SLICE
from processes import PATIENCE, Walker, Wire
from sqlalchemy import select

from bench.experiments.table import Table
from contest.models.photo import Photo

PAUSE_SECONDS = 600.0


def cut_slice(walker: Walker, url: str, data: bytes, offset: int, sent: int) -> None:
    """Begin a slice and hang up after so many of its bytes."""
    wire: Wire = walker.client  # type: ignore[assignment]  # walkers walk on wires
    line = http.client.HTTPConnection("127.0.0.1", wire.server.port, timeout=PATIENCE)
    line.putrequest("PATCH", url)
    for name, value in {
        "Cookie": "; ".join(f"{name}={value}" for name, value in wire.cookies.items()),
        "X-CSRFToken": walker.token, "Upload-Offset": str(offset), "Content-Length": str(len(data)),
        "Content-Type": "application/offset+octet-stream",
    }.items():  # fmt: skip
        line.putheader(name, value)
    line.endheaders()
    line.send(data[:sent])
    line.close()


def r17(ground: Ground, scale: float, table: Table) -> None:
    """20 files, each cut at 10 random offsets; one of them left alone for ten minutes."""
    files, pause = max(2, round(20 * scale)), PAUSE_SECONDS * scale
    ground.seed()
    ground.set_clock(ground.clock.now())
    server = ground.serve(workers=2, app="wsgi:app")
    chance, digests, foreign, cuts = random.Random(17), set(), set(), 0
    for number in range(files):
        data = random.Random(number).randbytes(3 * SLICE + 4321)
        walker, stranger = Walker(Wire(server)), Walker(Wire(server))
        walker.begin()
        stranger.begin()
        begun = walker.begin_upload(len(data))
        marks = sorted(chance.randrange(len(data)) for _ in range(10))
        offset = 0
        while offset < len(data):
            piece = data[offset : offset + SLICE]
            if marks and offset <= marks[0] < offset + len(piece):
                cut_slice(walker, begun["url"], piece, offset, marks.pop(0) - offset)
                cuts += 1
                if number == 0 and len(marks) == 5:
                    time.sleep(pause)
                theirs = begun["url"].replace(walker.link, stranger.link)
                foreign.add(stranger.patch(theirs, piece, offset).status_code)
                foreign.add(stranger.client.get(begun["url"]).status_code)
                offset = walker.client.get(begun["url"]).get_json()["offset"]
            else:
                offset = walker.patch(begun["url"], piece, offset).get_json()["offset"]
        walker.client.get(begun["status_url"])
        digests.add(hashlib.sha256(data).hexdigest())
    with ground.services.database.read() as session:
        photos = {row.sha256: row.id for row in session.scalars(select(Photo))}
    stored = {
        hashlib.sha256(ground.services.storage.get(f"originals/{key}")).hexdigest() for key in photos.values()
    }
    table.tell("files, cuts, seconds of the long pause", f"{files}, {cuts}, {pause:.0f}")
    table.must(
        "whole files with the hash they had", len(stored & digests), str(files), holds=stored == digests
    )
    table.must("hashes in the rows", len(photos), str(files), holds=set(photos) == digests)
    table.must("answers to a stranger", sorted(foreign), "only 404", holds=foreign <= {404})
    table.equal("slices left behind", len(list(ground.services.storage.list("uploads"))), 0)
