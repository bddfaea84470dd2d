"""A ZIP is made while it is taken: of a large file only the piece on its way is held."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

from contest.infra.zip_stream import Pack

STAMP = dt.datetime(2024, 8, 20, 10, 0)  # noqa: DTZ001  a ZIP knows local time alone


def test_pieces_are_read_as_they_are_taken() -> None:
    read: list[int] = []

    def pieces():
        for number in range(1000):
            read.append(number)
            yield bytes([number % 256]) * 1000

    pack = Pack((("가.jpg", 1_000_000, pieces), ("b.json", 2, lambda: [b"{}"])), STAMP)
    stream, taken = pack.stream(), b""
    while len(read) < 10:
        taken += next(stream)
    assert len(taken) >= 9_000
    taken += b"".join(stream)
    assert len(taken) == pack.size
    with zipfile.ZipFile(io.BytesIO(taken)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["가.jpg", "b.json"]
        assert len(archive.read("가.jpg")) == 1_000_000
